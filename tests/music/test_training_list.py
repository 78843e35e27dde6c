"""What the packaged model learnt from, as the pack has it and as anybody reads it from documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest

from contrafact.domain import source_tokens
from contrafact.domain.digests import sha256
from contrafact.domain.manifests import Leaf
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms
from contrafact.domain.training_works import Described, families_of
from contrafact.errors import InvalidInput, NotFound
from contrafact.music.manifest import training_list
from contrafact.music.pack import load_pack
from contrafact.music.source_form import SourceForm
from contrafact.wiring import collecting

OWNER = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"
TO_TRAIN = Terms(True, False, frozenset(), False, 0, 0, 0, 0, ())


def test_several_ids_may_name_one_file_and_the_first_stands_for_it() -> None:
    learnt = training_list()
    assert (len(learnt.works), len(learnt.tunes)) == (2670, 2662)
    assert all(sha256(tune.file) == content for content, tune in learnt.tunes.items())
    assert sum(len(learnt.of_collection(name)) for name in ("bach", "oneill", "ryan")) == 2662
    assert {tune.role for tune in learnt.tunes.values()} == {"train"}


def test_an_unknown_collection_is_not_found() -> None:
    with pytest.raises(NotFound, match="no collection 'playford'"):
        training_list().of_collection("playford")


@pytest.mark.parametrize("tune", load_pack().by_role("catalogue")[::23], ids=lambda tune: tune.id)
def test_the_pitches_of_a_source_form_are_those_that_the_model_reads(tune: object) -> None:
    form = SourceForm.from_score(tune.score)  # type: ignore[attr-defined]
    expected = [event.pitch for bar in form.bars for event in bar if event.pitch is not None]
    assert source_tokens.pitches(form.to_bytes()) == expected


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"tokens":[-1]}', b'{"tokens":["3"]}', b'{"tokens":7}'])
def test_what_is_no_source_form_has_no_pitches(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="not a source form"):
        source_tokens.pitches(data)


@pytest.mark.slow
def test_families_from_titles_and_source_forms_are_those_of_the_pack() -> None:
    """The pack's were computed from scores, with all tunes that no model learnt from among them."""
    split = Split.of([(OWNER, 1_000_000)])
    described = [
        Described(Leaf(OWNER, work.content, work.licence), work.metadata.title, work.form, split)
        for name in ("bach", "oneill", "ryan")
        for work in collecting.from_pack(name, split, TO_TRAIN).works
    ]
    of_pack = ((tune.family, content) for content, tune in training_list().tunes.items())
    of_documents = ((family, content) for content, family in families_of(described).items())
    assert _partition(of_documents) == _partition(of_pack)


def _partition(named: Iterable[tuple[object, bytes]]) -> set[frozenset[bytes]]:
    found = defaultdict(set)
    for name, member in named:
        found[name].add(member)
    return {frozenset(members) for members in found.values()}
