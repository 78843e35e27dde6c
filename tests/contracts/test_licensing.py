"""Versioned terms, and the rule that says what an order may use: see licensing.tree.

Lists and approvals are in grants.tree, recordings in recordings.tree, the form of an order in quote_form.tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from eth_utils import keccak
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrafact.domain.allow_list import AllowList
from contrafact.domain.prices import TokenPrice, Use
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms
from contrafact.errors import InvalidInput

from .chain import NATIVE, reverts
from .permits import ask, permit
from .world import DAY, PRICES, Catalogued, RuledWorld, World, digest, even

OTHER = "0x" + "77" * 20
ROW = TokenPrice(OTHER, PRICES)
SCOPE = int.from_bytes(Terms(False, True, frozenset(Use), True, PPM, 0, 0, 0, ()).to_words()[0])


@pytest.fixture
def work(world: World) -> Catalogued:
    return world.catalogue_works[0]


def licence(split_root: bytes, words: Sequence[bytes], since: int) -> int:
    """The licence word as the interface states it."""
    return int.from_bytes(keccak(split_root + b"".join(words))) % 2**216 << 40 | since


# Versions


def test_versions_are_counted_over_terms_and_splits(world: World) -> None:
    work_id = world.register(800, world.pool, world.licensor)
    root, other = world.pool.root, digest(8)
    calls = (("setTerms", root, ()), ("changeSplit", other, (digest(9),)), ("setTerms", root, ()))
    for version, (name, split_root, metadata) in enumerate(calls, start=2):
        terms = world.terms(max_weight=version)
        arguments = (work_id, split_root, *metadata, list(terms.to_words()))
        receipt = world.catalogue.send(world.licensor, name, *arguments)
        event = world.event(receipt, "TermsSet").args
        assert (event["workId"], event["version"], event["splitRoot"]) == (work_id, version, split_root)
        assert tuple(event["words"]) == terms.to_words()
        assert world.catalogue.get("currentVersion", work_id) == version
        word = world.catalogue.get("licenceOf", work_id, version)
        assert word == licence(split_root, terms.to_words(), world.chain.now)


def test_a_changed_split_is_told_with_its_metadata(world: World, work: Catalogued) -> None:
    words = list(work.terms.to_words())
    receipt = world.catalogue.send(work.licensor, "changeSplit", work.work_id, digest(8), digest(9), words)
    expected = {"workId": work.work_id, "splitRoot": digest(8), "metadataDigest": digest(9)}
    assert world.event(receipt, "SplitChanged").args == expected


def test_terms_alone_do_not_change_the_metadata(world: World, work: Catalogued) -> None:
    words = list(work.terms.to_words())
    receipt = world.catalogue.send(work.licensor, "setTerms", work.work_id, work.split.root, words)
    assert [event.name for event in world.chain.events(receipt)] == ["TermsSet"]


def test_every_version_can_be_proved_for_ever(world: World, work: Catalogued) -> None:
    changes = [work.terms, *(world.terms(max_weight=weight) for weight in (1, 2)), Terms.opted_out()]
    history = [(work.split, work.terms, licence_of(world, work))]
    for i, terms in enumerate(changes):
        work = world.set_terms(work, terms) if i % 2 else world.change_split(work, Split.of([(OTHER, PPM)]))
        history.append((work.split, work.terms, licence(work.split.root, work.terms.to_words(), world.chain.now)))
        world.chain.travel(world.chain.now + DAY)
    for version, (split, terms, word) in enumerate(history, start=2):
        assert world.catalogue.get("licenceOf", work.work_id, version) == word
        world.catalogue.get("requirePinned", work.work_id, version, split.root, list(terms.to_words()))
    assert len({word for _, _, word in history}) == len(history)


def licence_of(world: World, work: Catalogued) -> int:
    return int(world.catalogue.get("licenceOf", work.work_id, work.version))


def test_versions_that_never_were_have_no_word(world: World, work: Catalogued) -> None:
    assert world.catalogue.get("currentVersion", work.work_id) == 2
    words = [world.catalogue.get("licenceOf", work.work_id, version) for version in (0, 3, 2**32 - 1)]
    assert words == [0, 0, 0]


def test_numbers_beyond_32_bits_are_no_versions(world: World, work: Catalogued) -> None:
    """Neither where they run into the work's id, nor where they spell another work's."""
    words = list(work.terms.to_words())
    for version in (1 << 255 | 2, int.from_bytes(work.work_id) % 2**224 << 32 | 2):
        for work_id in (work.work_id, bytes(32)):
            assert world.catalogue.get("licenceOf", work_id, version) == 0
            with reverts("Licensing_LicenceMismatch", work_id, version):
                world.catalogue.get("requirePinned", work_id, version, work.split.root, words)


def test_nothing_else_proves_a_version(world: World, work: Catalogued) -> None:
    words, root = list(work.terms.to_words()), work.split.root
    other = list(world.terms(training=False).to_words())
    for version, split_root, told in ((2, root, other), (2, digest(1), words), (1, root, words), (3, root, words)):
        with reverts("Licensing_LicenceMismatch", work.work_id, version):
            world.catalogue.get("requirePinned", work.work_id, version, split_root, told)


def test_the_split_and_the_words_are_not_interchangeable(world: World, work: Catalogued) -> None:
    """What is hashed is one run of words: its first is always the split's root."""
    root, *words = work.split.root, *work.terms.to_words()
    with reverts("Licensing_LicenceMismatch", work.work_id, 2):
        world.catalogue.get("requirePinned", work.work_id, 2, words[0], [root, *words[1:]])


@pytest.mark.parametrize("version", [1, 2])
def test_no_words_prove_nothing(world: World, work: Catalogued, version: int) -> None:
    with reverts("Licensing_NoTerms", work.work_id):
        world.catalogue.get("requirePinned", work.work_id, version, work.split.root, [])


# Validity


def words_of(scope: int, *rest: int) -> list[bytes]:
    return [scope.to_bytes(32), *(word.to_bytes(32) for word in rest)]


def rows_of(count: int, **changes: int) -> list[int]:
    """So many tokens' rows, all different."""
    return [word for i in range(count) for word in (i + 1, changes.get("second", 0))]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "number of words"),
        (words_of(SCOPE | 1 << 6, *rows_of(1)), "unknown use or flag"),
        (words_of(SCOPE | 1 << 7, *rows_of(1)), "unknown use or flag"),
        (words_of(SCOPE | 1 << 12, *rows_of(1)), "unknown use or flag"),
        (words_of(SCOPE | 1 << 15, *rows_of(1)), "unknown use or flag"),
        (words_of(SCOPE + (1 << 16), *rows_of(1)), "part above 1000000"),
        (words_of(SCOPE | PPM + 1 << 40, *rows_of(1)), "part above 1000000"),
        (words_of(SCOPE | 5 << 64 | 5 << 104, *rows_of(1)), "validUntil not after validFrom"),
        (words_of(SCOPE | 5 << 64 | 4 << 104, *rows_of(1)), "validUntil not after validFrom"),
        (words_of(SCOPE, *rows_of(1), 7), "number of words"),
        (words_of(SCOPE | 16, *rows_of(1)), "number of words"),
        (words_of(SCOPE | 32, *rows_of(1)), "number of words"),
        (words_of(0, 7), "number of words"),
        (words_of(16), "number of words"),
        (words_of(SCOPE, *rows_of(5)), "number of words"),
        (words_of(SCOPE | 16, *rows_of(5), 7), "number of words"),
        (words_of(SCOPE & ~0xF00, *rows_of(1)), "inference without a use, a weight or a price"),
        (words_of(SCOPE & ~(0xFFFFFF << 16), *rows_of(1)), "inference without a use, a weight or a price"),
        (words_of(SCOPE), "inference without a use, a weight or a price"),
        (words_of(SCOPE | 16, 7), "inference without a use, a weight or a price"),
        (words_of(SCOPE, 1 | 1 << 240, 0), "spare bits in a price"),
        (words_of(SCOPE, 1, 1 << 240), "spare bits in a price"),
        (words_of(SCOPE, 1, 0, 2, 0, 3, 1 << 255), "spare bits in a price"),
        (words_of(SCOPE, 1, 0, 2, 0, 1, 0), "token given twice"),
        (words_of(SCOPE, 1, 0, 1 | 5 << 160, 0), "token given twice"),
        (words_of(SCOPE, 0, 0, 0, 0), "token given twice"),
    ],
)
def test_words_that_are_no_terms_revert_with_the_reason(
    world: World, work: Catalogued, words: list[bytes], reason: str
) -> None:
    for name, arguments in (("setTerms", ()), ("changeSplit", (digest(9),))):
        with reverts("TermsInvalid", reason):
            world.catalogue.send(work.licensor, name, work.work_id, work.split.root, *arguments, words)
    with reverts("TermsInvalid", reason):
        world.catalogue.get("readTerms", words)


@pytest.mark.parametrize(
    "words",
    [
        words_of(0),
        words_of(SCOPE, *rows_of(4)),
        words_of(SCOPE | 16, *rows_of(4), 7),
        words_of(SCOPE | 48, *rows_of(1), 0),
        words_of(SCOPE | PPM << 40 | 4 << 64 | 5 << 104 | 1 << 144 | 1 << 255, *rows_of(1, second=2**240 - 1)),
        words_of(SCOPE | 2**40 - 1 << 64, *rows_of(1)),
        words_of(16, 7),
    ],
    ids=["opt-out", "four tokens", "four tokens and a list", "an empty list", "bounds", "from far on", "list only"],
)
def test_words_at_their_bounds_are_terms(world: World, work: Catalogued, words: list[bytes]) -> None:
    world.catalogue.send(work.licensor, "setTerms", work.work_id, work.split.root, words)
    word = world.catalogue.get("licenceOf", work.work_id, 3)
    assert word == licence(work.split.root, words, world.chain.now)


def test_terms_are_readable(world: World) -> None:
    prices = (TokenPrice(OTHER, (1, 2, 3, 2**80 - 1)), TokenPrice(NATIVE, (5, 6, 7, 8)))
    terms = Terms(
        training=True, inference=True, uses=frozenset({Use.PRIVATE, Use.LIVE}), combinable=False, max_weight=900_000,
        valid_from=11, valid_until=2**40 - 1, training_price=2**72 - 1, prices=prices, approval=True, downstream=70_000,
        sunset=2**40 - 2, allow=AllowList(True, False, digest(5)),
    )  # fmt: skip
    tokens = tuple((row.token, row.prices) for row in prices)
    numbers = (0b1001, 900_000, 70_000, 11, 2**40 - 1, 2**40 - 2, 2**72 - 1, digest(5), tokens)
    assert world.catalogue.get("readTerms", list(terms.to_words())) == (True, True, False, True, True, False, *numbers)


@pytest.mark.parametrize("place", [0, 2, 3])
def test_each_flag_is_read_for_itself(world: World, place: int) -> None:
    """Training, combinable, approval; inference asks for more words."""
    read = world.catalogue.get("readTerms", words_of(1 << place))
    assert read[:6] == tuple(i == place for i in range(6))


@pytest.mark.parametrize("place", [4, 5])
def test_each_list_is_read_for_itself(world: World, place: int) -> None:
    read = world.catalogue.get("readTerms", words_of(1 << place, 7))
    assert (read[:6], read[13]) == (tuple(i == place for i in range(6)), digest(7))


# Any words


ROW_WORDS = st.builds(lambda token, price: token | price << 160, st.integers(0, 20), st.integers(0, 2**80))


@st.composite
def any_words(draw: st.DrawFn) -> list[bytes]:
    """Words that are nearly terms: each member at a bound, or anything; now and then some bit flipped."""
    weights = st.sampled_from([0, 1, PPM, PPM, PPM + 1, 2**24 - 1])
    times = st.sampled_from([0, 0, 1, 2, 2**40 - 1])
    scope = draw(st.integers(0, 63)) | draw(st.integers(0, 15)) << 8 | draw(weights) << 16 | draw(weights) << 40
    scope |= draw(times) << 64 | draw(times) << 104 | draw(times) << 144 | draw(st.integers(0, 2**72 - 1)) << 184
    if draw(st.integers(0, 9)) == 0:
        scope ^= 1 << draw(st.integers(0, 255))
    rows = draw(st.lists(st.tuples(ROW_WORDS, ROW_WORDS), max_size=5))
    tail = draw(st.lists(st.integers(0, 2**256 - 1), max_size=1)) if draw(st.booleans()) else [7] * bool(scope & 48)
    return words_of(scope, *(word for row in rows for word in row), *tail)


def is_valid(words: list[bytes]) -> bool:
    """By the twin's reading of the words, and the bounds that the interface states."""
    try:
        terms = Terms.from_words(words)
    except InvalidInput:
        return False
    assert list(terms.to_words()) == words  # one form only
    tokens = {row.token for row in terms.prices}
    usable = not terms.inference or (terms.uses and terms.max_weight and terms.prices)
    bounded = terms.max_weight <= PPM >= terms.downstream and (
        not terms.valid_until or terms.valid_until > terms.valid_from
    )
    return bool(usable and bounded and len(tokens) == len(terms.prices) <= 4)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=any_words())
def test_any_words_are_terms_for_the_catalogue_where_they_are_for_the_domain(world: World, words: list[bytes]) -> None:
    if not is_valid(words):
        with reverts("TermsInvalid"):
            world.catalogue.get("readTerms", words)
        return
    terms, read = Terms.from_words(words), world.catalogue.get("readTerms", words)
    flags = (terms.training, terms.inference, terms.combinable, terms.approval)
    assert read[:6] == (*flags, terms.allow.lists_operators, terms.allow.lists_models)
    numbers = (
        terms.max_weight,
        terms.downstream,
        terms.valid_from,
        terms.valid_until,
        terms.sunset,
        terms.training_price,
    )
    assert read[7:13] == numbers
    assert read[14] == tuple((row.token.lower(), row.prices) for row in terms.prices)


# Who


def test_terms_by_anybody_but_the_licensor_revert(world: World, work: Catalogued) -> None:
    with reverts("WorkRegistry_NotLicensor", work.work_id, world.maker):
        world.set_terms(replace(work, licensor=world.maker), world.terms())
    with reverts("WorkRegistry_NotLicensor", work.work_id, world.maker):
        world.change_split(replace(work, licensor=world.maker), work.split)


def test_an_empty_split_or_metadata_digest_is_refused(world: World, work: Catalogued) -> None:
    words = list(work.terms.to_words())
    for name, arguments in (
        ("setTerms", (bytes(32), words)),
        ("changeSplit", (bytes(32), digest(9), words)),
        ("changeSplit", (digest(8), bytes(32), words)),
    ):
        with reverts("WorkRegistry_EmptyDigest"):
            world.catalogue.send(work.licensor, name, work.work_id, *arguments)


def test_only_the_new_licensor_sets_terms_after_a_transfer(world: World, work: Catalogued) -> None:
    world.catalogue.send(work.licensor, "transferLicensor", work.work_id, world.maker)
    world.catalogue.send(world.maker, "acceptLicensor", work.work_id)
    with reverts("WorkRegistry_NotLicensor", work.work_id, work.licensor):
        world.set_terms(work, world.terms())
    assert world.set_terms(replace(work, licensor=world.maker), world.terms()).version == 3


# The rule


@pytest.mark.parametrize("use", list(Use))
def test_sources_within_their_terms_are_permitted(world: World, use: Use) -> None:
    for token in (NATIVE, world.usd.address, world.quirky.address):
        permit(world, world.catalogue_works, token, use)


def test_an_unknown_work_is_refused(world: World, work: Catalogued) -> None:
    with reverts("WorkRegistry_UnknownWork", digest(1)):
        permit(world, [replace(work, work_id=digest(1))])


def test_a_work_without_terms_is_refused(world: World, work: Catalogued) -> None:
    bare = replace(work, work_id=world.register(801, work.split, world.licensor), version=1)
    with reverts("Licensing_LicenceMismatch", bare.work_id, 1):
        permit(world, [bare])
    quote = world.quote([bare], NATIVE)
    with reverts("Licensing_NoTerms", bare.work_id):
        world.catalogue.get("requirePermitted", quote.to_abi(), [[]], [])


def test_an_older_or_later_version_is_refused(world: World, work: Catalogued) -> None:
    world.set_terms(work, world.terms(max_weight=999_999))
    for version in (2, 4):
        with reverts("Licensing_StaleVersion", work.work_id, version, 3):
            permit(world, [replace(work, version=version)])


def test_other_terms_than_the_pinned_version_are_refused(world: World, work: Catalogued) -> None:
    with reverts("Licensing_LicenceMismatch", work.work_id, 2):
        permit(world, [replace(work, terms=world.terms(training=False))])


def test_another_split_than_the_pinned_version_is_refused(world: World, work: Catalogued) -> None:
    with reverts("Licensing_LicenceMismatch", work.work_id, 2):
        permit(world, [replace(work, split=world.pool)])


def test_a_new_split_makes_the_old_version_stale(world: World, work: Catalogued) -> None:
    changed = world.change_split(work, world.pool)
    permit(world, [changed])
    with reverts("Licensing_StaleVersion", work.work_id, 2, 3):
        permit(world, [work])


def test_an_opt_out_counts_from_the_next_order(world: World, work: Catalogued) -> None:
    permit(world, [work])
    opted_out = world.set_terms(work, replace(Terms.opted_out(), prices=(TokenPrice(NATIVE, PRICES),)))
    with reverts("Licensing_InferenceNotPermitted", work.work_id):
        permit(world, [opted_out])


@pytest.mark.parametrize("use", list(Use))
def test_a_use_that_is_not_permitted_is_refused(world: World, work: Catalogued, use: Use) -> None:
    limited = world.set_terms(work, world.terms(uses=frozenset(Use) - {use}))
    for other in set(Use) - {use}:
        permit(world, [limited], use=other)
    with reverts("Licensing_UseNotPermitted", work.work_id, int(use)):
        permit(world, [limited], use=use)


def test_weight_is_permitted_up_to_the_highest(world: World) -> None:
    works = [world.set_terms(work, world.terms(max_weight=500_000)) for work in world.catalogue_works[:2]]
    permit(world, works)
    works[1] = world.set_terms(works[1], world.terms(max_weight=499_999))
    with reverts("Licensing_WeightTooHigh", works[1].work_id, 500_000, 499_999):
        permit(world, works)


def test_a_live_weight_counts_with_its_drift(world: World) -> None:
    works = [world.set_terms(work, world.terms(max_weight=700_000)) for work in world.catalogue_works[:2]]
    permit(world, works, use=Use.LIVE, drift=200_000)
    with reverts("Licensing_WeightTooHigh", works[0].work_id, 700_001, 700_000):
        permit(world, works, use=Use.LIVE, drift=200_001)


def test_drift_never_lifts_a_weight_above_the_whole(world: World) -> None:
    permit(world, world.catalogue_works[:2], use=Use.LIVE, drift=PPM)


WINDOWS = [(0, 100, True), (0, 0, True), (60, 0, False), (-99, -9, False)]  # start and end from now, permitted


@pytest.mark.parametrize(("start", "end", "permitted"), WINDOWS)
def test_terms_count_in_their_window_only(
    world: World, work: Catalogued, start: int, end: int, permitted: bool
) -> None:
    now = world.chain.now
    terms = world.terms(valid_from=now + start, valid_until=now + end if end else 0)
    timed = world.set_terms(work, terms)
    if permitted:
        permit(world, [timed])
        return
    with reverts("Licensing_NotInForce", work.work_id, terms.valid_from, terms.valid_until):
        permit(world, [timed])


def test_valid_from_is_inclusive_and_valid_until_exclusive(world: World, work: Catalogued) -> None:
    start = world.chain.now + DAY
    timed = world.set_terms(work, world.terms(valid_from=start, valid_until=start + 60))
    for second, permitted in ((start - 1, False), (start, True), (start + 59, True), (start + 60, False)):
        world.chain.travel(second)
        assert world.chain.now == second
        if permitted:
            permit(world, [timed])
            continue
        with reverts("Licensing_NotInForce", work.work_id, start, start + 60):
            permit(world, [timed])


def test_a_token_that_is_not_accepted_is_refused(world: World, work: Catalogued) -> None:
    dollars = TokenPrice(world.usd.address, PRICES)
    limited = world.set_terms(work, world.terms(prices=(dollars, ROW)))
    permit(world, [limited], world.usd.address)
    with reverts("Licensing_TokenNotAccepted", work.work_id, NATIVE):
        permit(world, [limited])


def test_each_token_has_its_own_prices(world: World, work: Catalogued) -> None:
    tokens = (world.usd.address, NATIVE, world.quirky.address)
    rows = tuple(TokenPrice(token, (i, 10 + i, 20 + i, 30 + i)) for i, token in enumerate(tokens))
    priced = world.set_terms(work, world.terms(prices=rows))
    for i, token in enumerate(tokens):
        for use in Use:
            quote = world.quote([priced], token, use=use)
            assert quote.sources[0].price == 10 * use + i
            ask(world, quote, [priced.terms])


@pytest.mark.parametrize("difference", [-1, 1])
def test_any_other_price_is_refused(world: World, work: Catalogued, difference: int) -> None:
    quote = world.quote([work], NATIVE)
    (source,) = quote.sources
    wrong = replace(source, price=source.price + difference)
    with reverts("Licensing_PriceMismatch", work.work_id, source.price, wrong.price):
        ask(world, replace(quote, sources=(wrong,)), [work.terms])


@pytest.mark.parametrize("difference", [-1, 1])
def test_any_other_downstream_share_is_refused(world: World, work: Catalogued, difference: int) -> None:
    sharing = world.set_terms(work, world.terms(downstream=70_000))
    permit(world, [sharing])
    quote = world.quote([sharing], NATIVE)
    wrong = replace(quote.sources[0], downstream=70_000 + difference)
    with reverts("Licensing_DownstreamMismatch", work.work_id, 70_000, 70_000 + difference):
        ask(world, replace(quote, sources=(wrong,)), [sharing.terms])


def test_a_work_that_may_not_be_combined_stands_with_its_licensor_only(world: World) -> None:
    mine = [work for work in world.catalogue_works if work.licensor == world.licensor]
    foreign = next(work for work in world.catalogue_works if work.licensor == world.licensor2)
    mine[0] = world.set_terms(mine[0], world.terms(combinable=False))
    permit(world, mine[:1])
    permit(world, mine)
    for works in ([*mine, foreign], [foreign, mine[0]]):
        with reverts("Licensing_NotCombinable", mine[0].work_id):
            permit(world, sorted(works, key=lambda work: work.work_id))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_terms_must_be_one_for_each_source(world: World, count: int) -> None:
    quote = world.quote(world.catalogue_works[:2], NATIVE)
    words = [list(world.terms().to_words())] * count
    with reverts("Licensing_TermsCount", 2, count):
        world.catalogue.get("requirePermitted", quote.to_abi(), words, [])


def test_every_source_is_checked(world: World) -> None:
    for i, work in enumerate(world.catalogue_works):
        with world.chain.undone():
            changed = world.set_terms(work, world.terms(max_weight=1))
            works = [changed if j == i else other for j, other in enumerate(world.catalogue_works)]
            with reverts("Licensing_WeightTooHigh", work.work_id, even(3)[i], 1):
                permit(world, works)


# Disputes


def test_a_contested_work_is_refused_until_every_contest_has_closed(ruled: RuledWorld) -> None:
    work = ruled.catalogue_works[1]
    for name in ("openContest", "openContest", "closeContest"):
        ruled.catalogue.send(ruled.desk_address, name, work.work_id)
        with reverts("Licensing_WorkContested", work.work_id):
            permit(ruled, ruled.catalogue_works)
    ruled.catalogue.send(ruled.desk_address, "closeContest", work.work_id)
    permit(ruled, ruled.catalogue_works)


def test_a_barred_work_is_refused_whatever_its_licensor_does(ruled: RuledWorld) -> None:
    work = ruled.catalogue_works[1]
    ruled.catalogue.send(ruled.desk_address, "bar", work.work_id)
    with reverts("Licensing_WorkBarred", work.work_id):
        permit(ruled, [work])
    with reverts("Licensing_WorkBarred", work.work_id):
        permit(ruled, [ruled.set_terms(work, work.terms)])
    permit(ruled, [other for other in ruled.catalogue_works if other != work])
