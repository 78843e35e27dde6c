"""The evaluation of retrieval: versions are what they are called, ranks are counted rightly, the page shows them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from contrafact.evaluation.retrieval import Settings, evaluate, place
from contrafact.evaluation.retrieval_report import SECTIONS, markdown, plots
from contrafact.evaluation.retrieval_rows import METHODS
from contrafact.evaluation.retrieval_search import synthetic
from contrafact.evaluation.retrieval_sounds import all_asked, chosen, generator
from contrafact.evaluation.rows import Results
from contrafact.evaluation.styles import style
from contrafact.evaluation.versions import KINDS, TEMPI, Manner, manners, version, worn
from contrafact.music.embedding.spectrum import RATE
from contrafact.music.pack import Pack, PackedTune, load_pack
from tests.music import ears


@pytest.fixture(scope="module")
def pack() -> Pack:
    tunes = load_pack().by_role("catalogue")
    return Pack(tuple(t for c in ("bach", "oneill", "ryan") for t in [x for x in tunes if x.collection == c][:3]))


@pytest.fixture(scope="module")
def tune(pack: Pack) -> PackedTune:
    return next(t for t in pack.tunes if t.collection == "oneill")


@pytest.fixture(scope="module")
def results(pack: Pack, tmp_path_factory: pytest.TempPathFactory, module_patch: pytest.MonkeyPatch) -> Results:
    module_patch.setattr("contrafact.evaluation.retrieval_search.MANY", 2_000)
    settings = Settings(works=3, transcribed=0, pieces=0)
    return evaluate(settings, tmp_path_factory.mktemp("retrieval"), ears.ear(), pack=pack)


@pytest.fixture(scope="module")
def module_patch():  # type: ignore[no-untyped-def]
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_a_version_lasts_as_long_as_its_tempo_says(tune: PackedTune) -> None:
    lengths = [
        len(version(tune, Manner("x", tempo=tempo), np.random.default_rng(1))) / RATE for tempo in (0.5, 1.0, 2.0)
    ]
    ratios = [one / other for one, other in pairwise(lengths)]
    assert all(1.8 < ratio < 2.15 for ratio in ratios)


def test_every_kind_of_version_is_made_and_named(pack: Pack) -> None:
    asked = list(all_asked(pack.tunes, 0))
    kinds = {one.manner.kind for one in asked}
    assert kinds == set(KINDS) - {"half"}
    assert {f"tempo_{tempo:g}" for tempo in TEMPI} < kinds
    assert {one.tune.collection for one in asked if one.manner.kind == "four"} == {"bach"}


@pytest.mark.parametrize("wear", ["noise", "mp3", "room"])
def test_what_a_recording_went_through_is_heard_but_the_music_stays(wear: str) -> None:
    sound = ears.sound(2)
    after = worn(sound, wear, np.random.default_rng(0))
    length = min(len(sound), len(after))
    assert not np.array_equal(sound[:length], after[:length])
    assert abs(len(after) - len(sound)) < RATE // 4


def test_versions_are_functions_of_seed_work_and_kind(tune: PackedTune) -> None:
    one, other = (manners(generator(0, tune.id, "manners"), tune) for _ in range(2))
    assert one == other
    assert one != manners(generator(1, tune.id, "manners"), tune)


def test_more_works_include_those_of_fewer() -> None:
    few, many = ({tune.id for tune in chosen(load_pack(), count, 0)} for count in (20, 40))
    assert few < many
    assert {work.split("/")[0] for work in few} == {"bach", "oneill", "ryan"}


def test_a_rank_counts_rivals_alone_and_shares_equal_places() -> None:
    scores = np.array([0.9, 0.5, 0.7, 0.5, 0.8])
    rivals = np.array([True, False, False, True, True])
    assert place(scores, 1, rivals) == 3.5
    assert place(scores, 0, np.array([False, True, True, True, True])) == 1


def test_styles_are_the_transcribers_and_chorales(pack: Pack) -> None:
    styles = {style(tune) for tune in load_pack().by_role("catalogue")}
    assert {"jig", "reel", "hornpipe", "chorale"} < styles
    assert all(style(t) == "chorale" for t in pack.tunes if t.collection == "bach")


def test_synthetic_vectors_are_new_and_of_length_one() -> None:
    vectors = synthetic(np.eye(8, dtype=np.float32), 50)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(50), abs=1e-5)
    assert len(np.unique(vectors.round(4), axis=0)) == 50


@pytest.mark.slow
def test_every_kind_has_its_rows_and_every_row_its_place_on_the_page(results: Results) -> None:
    ids = [row.id for row in results.rows]
    assert len(ids) == len(set(ids))
    for kind in KINDS:
        assert {f"rank_1_{kind}", f"recall_10_{kind}", f"mrr_{kind}"} <= set(ids)
    for method in METHODS:
        assert f"baseline_{method}_rank_1" in ids
    page = markdown(results)
    for row in results.rows:
        assert any(row.id.startswith(section.prefixes) for section in SECTIONS), row.id
        assert row.name.replace("|", "\\|") in page


@pytest.mark.slow
def test_the_page_and_its_plots_are_functions_of_the_results(results: Results) -> None:
    again = Results.from_json(results.to_json())
    assert markdown(again) == markdown(results)
    assert plots(again) == plots(results)
    assert all(svg.count("<svg") == 1 for svg in plots(results).values())


@pytest.mark.slow
def test_an_evaluation_goes_on_from_what_is_there(results: Results, pack: Pack, tmp_path: Path) -> None:
    settings = Settings(works=2, transcribed=0, pieces=0)
    first = evaluate(settings, tmp_path, ears.ear(), pack=pack)
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "analysed").iterdir()}
    again = evaluate(settings, tmp_path, ears.ear(), pack=pack)
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "analysed").iterdir()} == kept
    timed = ("hnsw_",)
    assert [row for row in first.rows if not row.id.startswith(timed)] == [
        row for row in again.rows if not row.id.startswith(timed)
    ]
