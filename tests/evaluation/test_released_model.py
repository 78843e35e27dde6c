"""With the released weights, regeneration knows a true attribution from a false one."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.evaluation.overlap import Likeness
from contrafact.evaluation.ranks import soundings_of_tune
from contrafact.evaluation.regeneration import of_bars_of_pieces, of_whole_pieces, rows_of_pieces
from contrafact.evaluation.requests import ask
from contrafact.music.checkpoint import load_model
from contrafact.music.pack import load_pack
from tests.evaluation import small


@pytest.mark.slow
def test_a_false_attribution_does_not_explain_what_is_lost(tmp_path: Path) -> None:
    catalogue = load_pack().by_role("catalogue")
    likeness = Likeness({t.id: [note.pitch for note in soundings_of_tune(t)] for t in catalogue})
    studio = small.studio(tmp_path, load_model())
    true = [studio.piece(asked) for asked in ask(catalogue, 3, 24, seed=7)]
    false = [small.rotated(piece) for piece in true]
    for measure in (of_whole_pieces, of_bars_of_pieces):
        of_true, of_false = (
            [m.reshape(-1, m.shape[-1]) for m in measure(studio, pieces, likeness)] for pieces in (true, false)
        )
        before, after = (rows_of_pieces("x", "X", found) for found in (of_true, of_false))
        assert before[0].value > 0.35
        assert after[0].value < before[0].value - 0.3
        assert after[2].value == before[2].value  # the weights are as good as before
