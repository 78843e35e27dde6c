"""Damaged files of every kind: a score or `InvalidScore`, never anything else, never without end."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrafact.errors import InvalidScore
from contrafact.music.pack import load_pack
from contrafact.music.reading import read_score
from contrafact.music.reading.apart import ReaderProcess
from contrafact.music.reading.draft import MAX_BARS, METRES, MIN_NOTES
from contrafact.music.score import Score

ASSETS = Path(__file__).parents[1] / "assets" / "scores"
CHORALE = load_pack().tune("bach/bwv66.6").file
REEL = (ASSETS / "reel.abc").read_bytes()
WALTZ = (ASSETS / "waltz.musicxml").read_bytes()
ABC_SIGNS = st.sampled_from(
    [b"|", b":", b"[", b"]", b"(3", b"(", b"{", b"-", b"/", b">", b"9", b"z", b"K:", b"\n", b"M:", b"^", b"'"]
)
READER = ReaderProcess(time_limit=5.0)
Mutation = tuple[float, int, bytes]


@pytest.fixture(autouse=True, scope="module")
def _close_reader() -> Iterator[None]:
    yield
    READER.close()


def mutations(insertions: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[Mutation]]:
    """Places (as a part of the file), how many bytes to take out there, and what to put in."""
    return st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), insertions), min_size=1, max_size=6)


def mutated(data: bytes, changes: list[Mutation]) -> bytes:
    for place, removed, inserted in changes:
        at = int(place * len(data))
        data = data[:at] + inserted + data[at + removed :]
    return data


def check(score: Score) -> None:
    """What everyone downstream relies on."""
    assert (score.metre.beats, score.metre.unit) in METRES
    assert len(score.bars) <= MAX_BARS
    assert sum(len(bar.notes) for bar in score.bars) >= MIN_NOTES
    assert all(bar.ticks == score.metre.ticks for bar in score.bars[1:])
    for bar in score.bars:
        end = 0
        for note in bar.notes:
            assert end <= note.onset
            assert note.duration > 0
            assert 0 <= note.pitch <= 127
            end = note.onset + note.duration
        assert end <= bar.ticks


def survives(read: Callable[[bytes, str], Score], data: bytes, kind: str) -> None:
    with suppress(InvalidScore):
        check(read(data, kind))


@settings(max_examples=200, deadline=None)
@given(mutations(st.binary(max_size=6)))
def test_damaged_midi(changes: list[Mutation]) -> None:
    survives(read_score, mutated(CHORALE, changes), "a.mid")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations(ABC_SIGNS))
def test_damaged_abc(changes: list[Mutation]) -> None:
    survives(READER.read, mutated(REEL, changes), "abc")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations(st.sampled_from([b"<", b">", b"/", b"9", b"-", b"<note>", b"<tie/>", b"<divisions>0</divisions>"])))
def test_damaged_musicxml(changes: list[Mutation]) -> None:
    survives(READER.read, mutated(WALTZ, changes), "musicxml")


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["divisions", "beats", "beat-type", "duration", "octave", "fifths", "alter", "per-minute"]),
    st.sampled_from(["", "0", "-1", "3", "99999999", "1e9", "1/3", "nan", "x"]),
)
def test_musicxml_with_absurd_numbers(tag: str, value: str) -> None:
    text = WALTZ.decode()
    head, _, rest = text.partition(f"<{tag}>")
    survives(READER.read, f"{head}<{tag}>{value}</{tag}>{rest.partition(f'</{tag}>')[2]}".encode(), "musicxml")


@settings(max_examples=40, deadline=None)
@given(mutations(st.binary(max_size=4)))
def test_damaged_archives(changes: list[Mutation]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="a.xml"/></container>')
        archive.writestr("a.xml", WALTZ)
    survives(READER.read, mutated(buffer.getvalue(), changes), "musicxml")


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.sampled_from(["abc", "musicxml"]))
def test_bytes_of_no_format(data: bytes, kind: str) -> None:
    survives(READER.read, data, kind)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_any_name(name: str) -> None:
    with pytest.raises(InvalidScore):
        read_score(b"?", name)


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), mutations(st.binary(max_size=4) | ABC_SIGNS))
def test_damaged_tunes_of_the_pack_through_the_reader_process(index: int, changes: list[Mutation]) -> None:
    tunes = load_pack().tunes
    tune = tunes[index % len(tunes)]
    survives(read_score, mutated(tune.file, changes), tune.media_type)
