"""The weights that are shipped: what their papers say of them is true."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from contrafact.domain import events
from contrafact.domain.generation import GenerationRequest, MusicRequest, SourceInput
from contrafact.errors import NotFound, StoreError
from contrafact.music.checkpoint import RELEASED, load_model, load_network
from contrafact.music.engine import Engine
from contrafact.music.generate import Generator
from contrafact.music.pack import load_pack
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm
from contrafact.ports import Verdict

PAPERS = json.loads(RELEASED.with_suffix(".json").read_text())


def test_the_digest_is_that_of_the_weights_file() -> None:
    model = load_model()
    assert model.digest == hashlib.sha256(RELEASED.read_bytes()).digest()
    assert PAPERS["weights_sha256"] == model.digest.hex()
    assert PAPERS["weights_bytes"] == RELEASED.stat().st_size <= 5_000_000


def test_the_training_works_are_listed_and_none_is_in_the_catalogue_or_a_variant_of_it() -> None:
    listing = RELEASED.with_suffix(".works.txt").read_text()
    works = listing.splitlines()
    assert PAPERS["training_works"] == len(works)
    assert PAPERS["training_works_sha256"] == hashlib.sha256(listing.encode()).hexdigest()
    family = {tune.id: tune.family for tune in load_pack().tunes}
    trained = {family[work] for work in works}
    for role in ("catalogue", "validation"):
        assert not trained & {tune.family for tune in load_pack().by_role(role)}


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    data = bytearray(RELEASED.read_bytes())
    data[-1] ^= 1
    copy = tmp_path / RELEASED.name
    copy.write_bytes(bytes(data))
    copy.with_suffix(".sha256").write_text(RELEASED.with_suffix(".sha256").read_text())
    with pytest.raises(StoreError, match="SHA-256"):
        load_model(copy)


def test_missing_and_foreign_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_model(tmp_path / "none.safetensors")
    foreign = tmp_path / "foreign.safetensors"
    foreign.write_bytes(b"not weights at all")
    with pytest.raises(StoreError):
        load_network(foreign)


def of_three_works(seed: int) -> GenerationRequest:
    jigs = [tune for tune in load_pack().by_role("catalogue") if tune.score.metre == Metre(6, 8)]
    forms = [SourceForm.from_score(tune.score).to_bytes() for tune in jigs[seed : seed + 3]]
    weights = (500_000, 300_000, 200_000)
    sources = tuple(
        SourceInput(f"0x{i:064x}", form, weight, 0) for i, (form, weight) in enumerate(zip(forms, weights, strict=True))
    )
    return GenerationRequest(sources, MusicRequest(30, 120, 2, "major", (6, 8)), bytes([seed]) * 32, 200_000)


@pytest.mark.slow
def test_the_released_model_writes_the_same_with_other_threads() -> None:
    model = load_model()
    one = Generator(model, threads=1).generate(of_three_works(1))
    two = Generator(model, threads=2)
    assert two.generate(of_three_works(1)) == one
    assert two.replay(of_three_works(1), one.events).verdict is Verdict.IDENTICAL


@pytest.mark.slow
def test_shares_come_close_to_the_weights_and_the_base_stays_small() -> None:
    for seed in range(3):
        request = of_three_works(seed)
        base, shares = events.shares(Generator(load_model()).generate(request).events)
        assert base < 200_000
        for share, source in zip(shares, request.sources, strict=True):
            assert abs(share - source.weight * (1_000_000 - base) / 1_000_000) < 80_000


@pytest.mark.slow
def test_an_expert_expects_its_own_source_more_than_the_base_does() -> None:
    """Reading a catalogue tune with itself as the source; with another tune as the source it does not help so."""
    network = load_model().network
    jigs = [tune for tune in load_pack().by_role("catalogue") if tune.score.metre == Metre(6, 8)][:6]
    forms = [SourceForm.from_score(tune.score).sequenced() for tune in jigs]
    for i, own in enumerate(forms):
        engine = Engine(network, [own, forms[i - 1]])
        for row in zip(own.tokens, own.ticks, own.bars, own.left, strict=True):
            engine.append(*(int(x) for x in row))
            engine.of_writer(0)
        likelihood = engine.of_everyone(0)[:, np.arange(2, len(own) - 1), own.tokens[3:]].T
        base, same, other = -np.log(likelihood).mean(axis=0)
        assert same < 0.5 * base
        assert same < 0.5 * other
