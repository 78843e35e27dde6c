"""A training run from the pack to a weights file with its papers: digest, log, list of training works."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from contrafact.music.embedding.encoder import Encoder, EncoderConfig
from contrafact.music.embedding.training.loop import Recipe, Run
from contrafact.music.embedding.training.pairs import Corpus
from contrafact.music.embedding.training.palette import Palette
from contrafact.music.embedding.training.validate import retrieval
from contrafact.music.embedding.training.views import Tune, tune_of
from contrafact.music.embedding.weights import save_encoder
from contrafact.music.pack import load_pack

_DISTRACTORS = 9  # every ninth training tune stands among those that validation tunes are found in


def train_and_export(
    config: EncoderConfig, recipe: Recipe, folder: Path, out: Path, palette: Palette, tunes: int | None = None
) -> None:
    """Train (or resume) in `folder`; write weights to `out` at every evaluation, and their papers beside it."""
    training, validation = _tunes("train")[:tunes], _tunes("validation")[:tunes]
    run = Run(Corpus.of(palette, training), config, recipe, folder)

    def evaluate(network: Encoder) -> dict[str, float]:
        digest = save_encoder(network, out)
        out.with_suffix(".sha256").write_text(f"{digest}  {out.name}\n")
        return retrieval(network, palette, validation, training[::_DISTRACTORS])

    run.train(evaluate)
    write_papers(run, [tune.id for tune in training], out)


def write_papers(run: Run, works: list[str], out: Path) -> None:
    """`.works.txt`: a work id a line, sorted; `.json`: what was trained, how, and how well it does."""
    listing = "".join(f"{work}\n" for work in sorted(works))
    out.with_suffix(".works.txt").write_text(listing)
    papers = {
        "weights": out.name,
        "weights_sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "weights_bytes": out.stat().st_size,
        "training_works": len(works),
        "training_works_sha256": hashlib.sha256(listing.encode()).hexdigest(),
        "config": run.network.config.to_dict(),
        "parameters": sum(p.numel() for p in run.network.parameters()),
        "recipe": asdict(run.recipe),
        "steps": run.step,
        "minutes": round(run.seconds / 60, 2),
        "log": run.history,
    }
    out.with_suffix(".json").write_text(json.dumps(papers, indent=1) + "\n")


def _tunes(role: str) -> list[Tune]:
    found = map(tune_of, load_pack().by_role(role))
    return [tune for tune in found if tune is not None]
