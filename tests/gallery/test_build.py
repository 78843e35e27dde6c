"""A gallery of a tiny model: what is written, what is computed, and that its page is well made."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from contrafact.domain.generation import EventNote
from contrafact.domain.shares import PPM
from contrafact.gallery import sound
from contrafact.gallery.build import build
from contrafact.gallery.figures import catalogue_bounds, melody_figures, sound_figures
from contrafact.gallery.making import Made, make
from contrafact.gallery.specs import SPECS, Spec
from contrafact.music.audio import write_flac
from contrafact.music.generate import Generator
from contrafact.music.inspection import inspect_sound
from tests.music.tiny import model

HOSTILE = "<script>alert('&')</script>"
STEERED = replace(next(spec for spec in SPECS if spec.steer), seconds=12, steer=((5, (10, 80, 10)),), title=HOSTILE)
UNREAD = replace(next(spec for spec in SPECS if 0 in dict(spec.sources).values()), seconds=8, audio=False)


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(model())


@pytest.fixture(scope="module")
def folder(generator: Generator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("gallery")
    (out / "README.md").write_text("mine")
    build(generator, out, specs=(STEERED, UNREAD))
    return out


class Page(HTMLParser):
    """Tags with their attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.tags if name == tag)


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return Page((folder / "index.html").read_text())


def test_page_data_and_sound_are_written_and_nothing_else_is_touched(folder: Path) -> None:
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert written == {"README.md", "index.html", "gallery.json", f"audio/{STEERED.slug}.ogg"}
    assert (folder / "README.md").read_text() == "mine"
    with soundfile.SoundFile(folder / f"audio/{STEERED.slug}.ogg") as file:
        assert (file.channels, file.subtype) == (1, "OPUS")
        assert 12 <= file.frames / file.samplerate < 16


def test_the_data_say_what_came_out(folder: Path) -> None:
    pieces = json.loads((folder / "gallery.json").read_text())["pieces"]
    for piece, spec in zip(pieces, (STEERED, UNREAD), strict=True):
        assert piece["base"] + sum(s["share"] for s in piece["sources"]) == PPM
        assert piece["base"] + sum(s["requested"] for s in piece["sources"]) == PPM
        assert [s["id"] for s in piece["sources"]] == [name for name, _ in spec.sources]
        assert all(s["credits"] for s in piece["sources"])
    assert pieces[1]["sources"][2] == {**pieces[1]["sources"][2], "weight": 0, "share": 0, "longest_run": 0}


def test_full_writes_what_is_delivered_too_and_the_page_links_to_it(generator: Generator, tmp_path: Path) -> None:
    build(generator, tmp_path, specs=(UNREAD,), full=True)
    stems = {path.stem for path in (tmp_path / "full" / UNREAD.slug / "stems").iterdir()}
    assert stems == {"base", "A", "B", "C"}
    links = [a["href"] or "" for a in Page((tmp_path / "index.html").read_text()).of("a")]
    files = [link for link in links if link.startswith("full/")]
    assert len(files) == 3 + 4
    assert all((tmp_path / link).is_file() for link in files)


def test_requested_shares_follow_the_weights_as_they_moved(generator: Generator) -> None:
    made = make(generator, STEERED)
    weights = np.array([w for _, w in STEERED.sources]) * 4 + np.array([10, 80, 10]) * (made.bars - 4)
    wanted = weights / weights.sum() * (PPM - made.shares[0])
    assert made.requested == pytest.approx(wanted, abs=1)
    assert [change.bar for change in made.generation.events.changes] == [4]


def test_the_same_number_gives_the_same_piece_and_another_another(generator: Generator) -> None:
    one, same, other = make(generator, UNREAD), make(generator, UNREAD), make(generator, UNREAD, 1)
    assert one.notes_digest == same.notes_digest != other.notes_digest


def test_hostile_titles_are_text(folder: Path, page: Page) -> None:
    assert "script" not in {tag for tag, _ in page.tags}
    assert (folder / "index.html").read_text().count("&lt;script&gt;") >= 3


def test_the_page_needs_nothing_from_elsewhere(folder: Path, page: Page) -> None:
    assert not re.search(r"https?://|@import|url\(", re.sub(r"<dd>.*?</dd>", "", (folder / "index.html").read_text()))
    assert {tag for tag, _ in page.tags}.isdisjoint({"link", "img", "iframe"})


def test_headings_follow_one_another_and_names_stand_once(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = Counter(a["id"] for _, a in page.tags if "id" in a)
    assert set(ids.values()) == {1}
    assert {(a["href"] or "")[1:] for a in page.of("a")} <= ids.keys()


def test_everything_that_is_seen_or_heard_has_a_name(page: Page) -> None:
    assert all(a["role"] == "img" and a["aria-label"] for a in page.of("svg"))
    assert all(a["aria-label"] and a["preload"] == "none" and "controls" in a for a in page.of("audio"))
    assert all(a["aria-label"] and a["tabindex"] == "0" for a in page.of("div") if a.get("class") == "scroll")
    assert all(a.get("scope") in ("row", "col") for a in page.of("th"))
    assert len(list(page.of("table"))) == len(list(page.of("caption")))
    assert next(page.of("html"))["lang"] == "en"


def test_the_page_says_that_nobody_listened(folder: Path) -> None:
    assert "Nobody has listened" in (folder / "index.html").read_text()


def made_of(generator: Generator, spec: Spec, pitches: list[int]) -> Made:
    made = make(generator, spec)
    notes = tuple(EventNote(i // 4, 24 * i, 24, p, (0, 500_000, 500_000, 0)) for i, p in enumerate(pitches))
    return replace(made, generation=replace(made.generation, events=replace(made.generation.events, notes=notes)))


def test_a_melody_outside_what_is_usual_is_told_in_words(generator: Generator) -> None:
    found = {f.key: f for f in melody_figures(made_of(generator, UNREAD, [60, 96] * 6 + [61] * 12))}
    assert found["range"].flag == "wide range"
    assert found["largest_leap"].flag == "a large leap"
    assert found["longest_repetition"].value == 12
    assert found["longest_repetition"].flag == "one pitch is repeated often"
    assert found["key_fit"].flag == "many notes outside the key"
    usual = {f.key: f for f in melody_figures(made_of(generator, UNREAD, [67, 69, 70, 67, 72, 74, 79, 74, 70, 62] * 2))}
    assert not usual["range"].flag
    assert not usual["key_fit"].flag


def test_bounds_are_those_of_tunes_that_meet_the_metre_or_of_all() -> None:
    jigs, all_tunes = catalogue_bounds((6, 8)), catalogue_bounds((3, 2))
    assert jigs != all_tunes
    for low, high in (*jigs.values(), *all_tunes.values()):
        assert low <= high
    assert jigs["key_fit"][1] == 1


def test_sound_that_clips_or_is_silent_is_told_in_words() -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(-32_768, 32_767, (96_000, 2), endpoint=True).astype(np.int16)
    flags = {f.key: f.flag for f in sound_figures(inspect_sound(noise))}
    assert flags["clipped"] == "it clips"
    assert flags["loudness"]
    silence = np.zeros((96_000, 2), np.int16)
    assert {f.key: f.flag for f in sound_figures(inspect_sound(silence))}["longest_silence"] == "a long silence"


def test_compact_sound_keeps_length_and_level() -> None:
    wave = 0.25 * np.sin(2 * np.pi * 440 * np.arange(96_000) / 48_000)
    pcm = np.repeat((wave * 32_767).astype(np.int16)[:, None], 2, axis=1)
    samples, rate = soundfile.read(io.BytesIO(sound.compact(write_flac(pcm))))
    assert samples.shape == (2 * rate,)
    assert np.std(samples) == pytest.approx(np.std(wave), rel=0.05)
