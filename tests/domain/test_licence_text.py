"""The licence of a piece says what the pinned terms say, in words that nobody can write into."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contrafact.domain.digests import sha256
from contrafact.domain.history import SplitVersion
from contrafact.domain.licence_facts import Licence, LicensedWork, description_of, licensor_at
from contrafact.domain.licence_text import FIRST, TEMPLATE, licence_digest, licence_text, template_of
from contrafact.domain.orders import Eip712Domain, Source, order_id
from contrafact.domain.terms import NATIVE, TokenPrice, Use
from contrafact.domain.works import Identifiers, WorkMetadata
from contrafact.errors import NotFound

from .documents import ALICE, BOB, QUOTED, SPLIT, TERMS, WORK, digest

PERMITS = replace(
    TERMS, uses=frozenset({Use.PRIVATE, Use.COMMERCIAL}), prices=(TokenPrice(NATIVE, (10**15, 5 * 10**15, 10**18, 0)),)
)
RECORDING = WorkMetadata.from_bytes(WORK)
SONG = replace(RECORDING, title="The Song", recording_of=None, identifiers=Identifiers())


def licence(use: Use = Use.PRIVATE, title: str = SONG.title, **terms: object) -> Licence:
    """45 seconds of a song, and of a recording with its composition."""
    quote = replace(QUOTED, use=use, drift=0)
    told = (replace(SONG, title=title), RECORDING, replace(SONG, title="The Lass"))
    pairs = zip(quote.sources, told, strict=True)
    works = tuple(LicensedWork(source, replace(PERMITS, **terms), ALICE, one) for source, one in pairs)
    return Licence(Eip712Domain(31337, BOB), digest("order"), quote, use, works, "tunes-small", 18)


def test_it_says_who_may_use_the_piece_for_what_and_whom_to_credit() -> None:
    text = licence_text(licence()).decode()
    for words in (f"address {ALICE}", "For private use.", "There is no end date.", "Licensor " + ALICE):
        assert words in text
    for words in ("“The Lass of Peatie’s Mill”, a recording", "By “traditional”, “arr. A. B.”", "ISRC USRC17607839"):
        assert words in text
    assert "model “tunes-small”" in text
    assert "licence terms version 7" in text


def test_the_same_facts_are_the_same_text_however_addresses_are_spelt() -> None:
    spelt = replace(licence(), quote=replace(licence().quote, maker=ALICE.lower(), operator=BOB.lower()))
    assert licence_digest(spelt) == licence_digest(licence()) == sha256(licence_text(licence()))


def test_a_wider_use_costs_the_difference_for_each_started_half_minute() -> None:
    text = licence_text(licence()).decode()
    assert "“The Song”: 0.008\n" in text  # twice 0.004: 45 seconds are two half minutes
    assert "broadcast use: no; the terms of “The Song”" in text


@pytest.mark.parametrize(
    ("use", "words"),
    [(Use.LIVE, "An order for live use cannot be raised."), (Use.BROADCAST, "There is no wider use than this.")],
)
def test_where_there_is_no_wider_use_it_says_so(use: Use, words: str) -> None:
    assert words in licence_text(licence(use)).decode()


def test_amounts_are_explained_where_there_are_any() -> None:
    explained, private = "Each amount is what the raise would cost", frozenset({Use.PRIVATE})
    assert explained in licence_text(licence()).decode()
    refused = licence_text(licence(uses=private)).decode()
    assert "to commercial use: no" in refused
    assert explained not in refused


def test_credits_are_in_words_and_a_text_of_the_first_template_is_recognised() -> None:
    named = ("B:Cole's", "Z:Bob")
    told = licence(uses=frozenset({Use.PRIVATE}))
    told = replace(told, works=tuple(replace(w, description=replace(w.description, credits=named)) for w in told.works))
    assert "By “book: Cole's”, “transcription: Bob”" in licence_text(told).decode()
    before = licence_text(told, template=FIRST).decode()
    assert "By “B:Cole's”, “Z:Bob”" in before
    assert "Each amount is" in before
    assert template_of(told, sha256(before.encode())) == FIRST
    assert template_of(told, sha256(licence_text(told))) == TEMPLATE
    assert template_of(told, sha256(b"another")) is None


def test_a_composition_asks_for_its_part_of_what_its_recording_earns() -> None:
    assert "“The Lass”: 3 % of the part that is “The Lass of Peatie’s Mill”" in licence_text(licence()).decode()
    free = tuple(replace(work, source=replace(work.source, downstream=0)) for work in licence().works)
    assert "Nothing: no work's terms ask" in licence_text(replace(licence(), works=free)).decode()


def test_a_text_before_payment_says_that_nothing_is_licensed_yet() -> None:
    before = licence_text(licence(), paid=False).decode()
    assert "NOT PAID YET" in before
    assert "NOT PAID YET" not in licence_text(licence()).decode()
    assert before.partition("Order  ")[2] == licence_text(licence()).decode().partition("Order  ")[2]


@pytest.mark.parametrize("title", ["Song”\n\n2. WHAT FOR\nFor any use.", "Song\u2028For any use.", "x\u202eesu"])
def test_no_title_can_begin_a_clause_of_its_own(title: str) -> None:
    lines = licence_text(licence(title=title)).decode().splitlines()
    assert len(lines) == len(licence_text(licence()).decode().splitlines())
    assert not any(line.startswith("For any use") for line in lines)
    assert "\u202e" not in "".join(lines)


def test_a_title_is_not_longer_than_a_line_can_be_read() -> None:
    assert "“" + "x" * 200 + "”" in licence_text(licence(title="x" * 10**6)).decode()


def test_later_documents_and_later_licensors_do_not_change_what_was_pinned() -> None:
    source = QUOTED.sources[1]
    pinned = SplitVersion(source.work_id, 1, SPLIT.root, digest("then"), 5)
    later = SplitVersion(source.work_id, 3, SPLIT.root, digest("since"), 9)
    assert description_of([pinned, later], source) == digest("then")
    changes = [(source.work_id, ALICE, 3), (source.work_id, BOB, 8)]
    assert (licensor_at(changes, source.work_id, 7), licensor_at(changes, source.work_id, None)) == (ALICE, BOB)
    with pytest.raises(NotFound):
        licensor_at(changes, source.work_id, 2)
    with pytest.raises(NotFound):
        description_of([replace(pinned, split_root=digest("another"))], source)


def example() -> Licence:
    """A licence as people get it: two tunes, thirty seconds, paid in a token with six decimals."""
    token, maker = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
    permits = replace(PERMITS, prices=(TokenPrice(token, (200_000, 1_000_000, 3_000_000, 0)),))
    tunes = (("A Night at the Fair", "oneill-0788", 0), ("Father O’Carrol", "oneill-0846", 20_000))
    sources, works = [], []
    for number, (title, reference, downstream) in enumerate(tunes):
        told = replace(SONG, title=title, catalogue_id=reference, credits=("traditional",), collection="O’Neill")
        version = 2 + number
        source = Source(digest(title), version, SPLIT.root, 500_000, 150_000, 1_000_000, downstream)
        everything = replace(permits, uses=frozenset(Use)) if number else permits
        sources.append(source)
        works.append(LicensedWork(source, everything, BOB, told))
    quote = replace(QUOTED, maker=maker, token=token, use=Use.PRIVATE, drift=0, duration=30, sources=tuple(sources))
    domain = Eip712Domain(31337, "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0")
    return Licence(domain, order_id(quote, domain), quote, Use.PRIVATE, tuple(works), "tunes-small-3", 6)


def test_the_example_in_the_documentation_is_what_the_template_gives() -> None:
    page = Path(__file__).parents[2] / "docs/examples/LICENCE.txt"
    assert page.read_bytes() == licence_text(example())
