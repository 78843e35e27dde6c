"""The renderer behind the port: an event ledger becomes a MIDI file, a mix, and one stem per component."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from contrafact.domain.generation import EventLedger, EventNote, MusicRequest
from contrafact.errors import InvalidInput
from contrafact.music.audio import FlacWriter
from contrafact.music.levels import DRUMS, SEATS, programs_of, require_part, volume_of
from contrafact.music.midi import Heading, PlayedNote, write_midi
from contrafact.music.render import Mixdown, renderer_identity
from contrafact.music.score import Key, Metre
from contrafact.ports import Rendered


class SoundfontRenderer:
    """Implements the port Renderer with the packaged soundfont; the same events give the same PCM."""

    @property
    def identity(self) -> dict[str, object]:
        """What must be the same for another rendering to be equal; stands in the attribution record."""
        return {**renderer_identity(), "parts": {part: asdict(seat) for part, seat in SEATS.items()}}

    def render(self, events: EventLedger, music: MusicRequest) -> Rendered:
        """Mix and stems, in which a note sounds as loud as the component's responsibility for it.

        Tempo and instruments are those of `music`; its key and metre stand in the MIDI file only. Raises InvalidInput
        for a part, program, pitch, velocity or length that is none, and where there are no notes.
        """
        if not events.notes:
            raise InvalidInput("There are no notes to render.", "Render a piece of one bar or more.")
        tracks = played(events.notes, music.programs)
        notes = [note for track in tracks.values() for note in track]
        shares = [n.responsibilities for part in tracks for n in events.notes if n.part == part]
        mix, *stems = _written(Mixdown.of(notes, shares, music.tempo))
        return Rendered(
            mix=mix.data,
            stems=tuple(stem.data for stem in stems),
            midi=write_midi(tracks, _heading(music)),
            pcm_digest=mix.digest,
            stem_pcm_digests=tuple(stem.digest for stem in stems),
        )


def played(notes: Iterable[EventNote], programs: Mapping[str, int] | None = None) -> dict[str, list[PlayedNote]]:
    """The notes of each part that has any, in the order of `SEATS`, with instrument, volume and place.

    Raises InvalidInput for a part, program, pitch, velocity or length that is none.
    """
    instruments = programs_of(programs)
    tracks: dict[str, list[PlayedNote]] = {part: [] for part in SEATS}
    for note in notes:
        _require_playable(note)
        tracks[note.part].append(_played(note, instruments[note.part]))
    return {part: track for part, track in tracks.items() if track}


def _require_playable(note: EventNote) -> None:
    require_part(note.part)
    if not 0 <= note.pitch <= 127 or not 1 <= note.velocity <= 127:
        text = f"A note of the {note.part} has pitch {note.pitch} and velocity {note.velocity}."
        raise InvalidInput(text, "Pitches go from 0 to 127, velocities from 1 to 127.")
    if note.onset < 0 or note.duration < 1:
        text = f"A note of the {note.part} begins at tick {note.onset} and lasts {note.duration}."
        raise InvalidInput(text, "A note begins at tick 0 or later, and lasts a tick or more.")


def _played(note: EventNote, program: int) -> PlayedNote:
    return PlayedNote(
        onset=note.onset,
        duration=note.duration,
        pitch=note.pitch,
        velocity=note.velocity,
        program=program,
        drums=note.part == DRUMS,
        volume=volume_of(note.part, program),
        pan=SEATS[note.part].pan,
    )


def _written(mixdown: Mixdown) -> Sequence[FlacWriter]:
    """The files of the mix and of each stem, written block by block, so that no whole stem is held as PCM."""
    writers = [FlacWriter(mixdown.frames) for _ in range(1 + mixdown.stems)]
    try:
        for mix, stems in mixdown.pcm():
            for writer, pcm in zip(writers, (mix, *stems), strict=True):
                writer.write(pcm)
        for writer in writers:
            writer.close()
    except BaseException:
        for writer in writers:
            writer.abandon()
        raise
    return writers


def _heading(music: MusicRequest) -> Heading:
    return Heading(tempo=music.tempo, key=Key(music.tonic, music.mode), metre=Metre(*music.metre))
