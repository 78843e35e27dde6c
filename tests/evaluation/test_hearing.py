"""A tune is found in its recording."""

from __future__ import annotations

import pytest

from contrafact.evaluation.hearing import identify_audio
from contrafact.evaluation.ranks import soundings_of_tune
from contrafact.music.identification.coverage import Identifier
from contrafact.music.midi import PlayedNote
from contrafact.music.pack import load_pack
from contrafact.music.render import SAMPLE_RATE, render_mix

pytest.importorskip("onnxruntime")


@pytest.mark.slow
def test_a_tune_played_in_another_key_on_another_instrument_is_found():
    tunes = {tune.id: soundings_of_tune(tune) for tune in load_pack().by_role("validation")}
    notes = [n for n in tunes["oneill/1225"] if n.onset < 8 * 96]
    played = [PlayedNote(round(n.onset), round(n.duration), n.pitch + 3, 90, 40) for n in notes]
    pcm = render_mix(played, tempo=132).mix
    scores = identify_audio(pcm, SAMPLE_RATE, Identifier(tunes))
    assert max(scores, key=lambda work: scores[work]) == "oneill/1225"
    assert identify_audio(pcm[:, 0], SAMPLE_RATE, Identifier(tunes))["oneill/1225"] > 0
