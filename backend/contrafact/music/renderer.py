"""The renderer behind the port: an event ledger becomes a MIDI file, a mix, and one stem per component."""

from __future__ import annotations

from contrafact.domain.generation import EventLedger
from contrafact.domain.shares import PPM
from contrafact.music.audio import pcm_digest, write_flac
from contrafact.music.midi import Heading, PlayedNote, write_midi
from contrafact.music.render import render_stems, renderer_identity
from contrafact.ports import Rendered

PROGRAM = 73  # General MIDI flute
VELOCITY = 90


class SoundfontRenderer:
    """Implements the port Renderer with the packaged soundfont; the same events give the same PCM."""

    @property
    def identity(self) -> dict[str, object]:
        """What must be the same for another rendering to be equal; stands in the attribution record."""
        return {**renderer_identity(), "program": PROGRAM, "velocity": VELOCITY}

    def render(self, events: EventLedger, tempo: int) -> Rendered:
        """Mix and stems, in which a note sounds as loud as the component's responsibility for it."""
        notes = [PlayedNote(n.onset, n.duration, n.pitch, VELOCITY, PROGRAM) for n in events.notes]
        gains = [[part / PPM for part in n.responsibilities] for n in events.notes]
        rendering = render_stems(notes, gains, tempo)
        return Rendered(
            mix=write_flac(rendering.mix),
            stems=tuple(write_flac(stem) for stem in rendering.stems),
            midi=write_midi({"melody": notes}, Heading(tempo=tempo)),
            pcm_digest=pcm_digest(rendering.mix),
            stem_pcm_digests=tuple(pcm_digest(stem) for stem in rendering.stems),
        )
