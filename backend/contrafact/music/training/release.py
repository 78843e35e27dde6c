"""A training run from the pack to a weights file with its papers: digest, log, list of training works."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from contrafact.errors import InvalidScore
from contrafact.music.checkpoint import save_weights
from contrafact.music.layers import ModelConfig
from contrafact.music.model import Network
from contrafact.music.pack import PackedTune, load_pack
from contrafact.music.source_form import SourceForm
from contrafact.music.training.evaluate import heldout, heldout_by_kind
from contrafact.music.training.loop import Corpus, Recipe, Run

QUICK_TUNES = 48  # for the evaluations on the way; the last one takes all


def train_and_export(config: ModelConfig, recipe: Recipe, folder: Path, out: Path, tunes: int | None = None) -> None:
    """Train (or resume) in `folder`; write weights to `out` at every evaluation, and their papers beside it."""
    pack = load_pack()
    training = dict(list(readable(pack.by_role("train")).items())[:tunes])
    validation = list(readable(pack.by_role("validation")).values())[:tunes]
    run = Run(Corpus(list(training.values())), config, recipe, folder)

    def evaluate(network: Network) -> dict[str, float]:
        digest = save_weights(network, out)
        out.with_suffix(".sha256").write_text(f"{digest}  {out.name}\n")
        if run.finished:
            return {**heldout(network, validation), **heldout_by_kind(network, validation)}
        return heldout(network, validation[:: max(1, len(validation) // QUICK_TUNES)])

    run.train(evaluate)
    write_papers(run, list(training), out)


def readable(items: Iterable[PackedTune]) -> dict[str, SourceForm]:
    """The source forms of the items that have one, by work id, long enough to learn from."""
    forms = {}
    for item in items:
        try:
            form = SourceForm.from_score(item.score)
        except InvalidScore:
            continue
        if len(form.body) >= 4:
            forms[item.id] = form
    return forms


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
        "target_tokens": run.tokens,
        "log": run.history,
    }
    out.with_suffix(".json").write_text(json.dumps(papers, indent=1) + "\n")
