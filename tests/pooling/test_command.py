"""`contrafact pool` as people and scripts call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contrafact.domain.digests import cid, to_hex
from contrafact.domain.epochs import EpochRecord
from contrafact.pooling.closing import EpochCloser
from tests.e2e.command import Command, key_file

from .conftest import HOLDERS, TUNES
from .scene import MAKER, PoolScene


@pytest.fixture
def command(scene: PoolScene, tmp_path: Path) -> Command:
    """The command with the operator's key, which registered the model, on the scene's chain."""
    settings = {
        "rpc_url": scene.connection.place,
        "deployment": str(scene.site.settings.deployment),
        "store": scene.site.settings.store,
        "home": str(scene.home),
        "key_file": str(key_file(tmp_path, 1)),
        "poll_seconds": "0.01",
    }
    return Command(settings)


def model_of(scene: PoolScene) -> str:
    return to_hex(scene.model.model_id)


def test_an_epoch_is_shown_closed_and_claimed(scene: PoolScene, command: Command, tmp_path: Path) -> None:
    scene.earn(100_000, 50_001)
    before = command("pool", "show", model_of(scene)[:12], "--json").json
    (pot,) = before["models"][0]["pots"]
    assert (pot["amount"], pot["collectable"], pot["epochs"]) == ("0", "150001", [])
    assert before["models"][0]["in_force"] == "equal"
    closed = command("pool", "close", model_of(scene), "--json").json
    assert (closed["epoch"], closed["total"], closed["credits"], closed["works"]) == (1, "150001", 2, TUNES)
    record = EpochRecord.from_bytes(scene.site.store.get(closed["record"]))
    assert (cid(record.digest), to_hex(record.tree.root)) == (closed["record"], closed["root"])
    shown = command("pool", "show", "--holder", HOLDERS[0], "--json").json
    leaf = record.tree.leaf_of(HOLDERS[0])
    assert [part["amount"] for part in shown["claimable"]] == [str(leaf.amount)]
    payer = command.under(key_file=key_file(tmp_path, 2))
    before_claim = scene.reader.balance(HOLDERS[0], scene.token)
    (paid,) = payer("pool", "claim", "--holder", HOLDERS[0], "--json").json
    assert (paid["amount"], paid["epoch"]) == (str(leaf.amount), "1")
    assert scene.reader.balance(HOLDERS[0], scene.token) == before_claim + leaf.amount
    assert payer("pool", "claim", "--holder", HOLDERS[0], "--json").json == []
    (epoch,) = command("pool", "show", "--json").json["models"][0]["pots"][0]["epochs"]
    assert (epoch["left"], epoch["claims"]) == (str(150_001 - leaf.amount), 1)


def test_people_are_told_the_same_in_words(scene: PoolScene, command: Command) -> None:
    scene.earn(100_000)
    said = command("pool", "close", model_of(scene)).out
    assert "Epoch 1 is closed: 0.10 TUSD of 1 credit." in said
    assert f"{TUNES} works in" in said
    shown = command("pool", "show", "--holder", HOLDERS[1]).out
    assert "shared by `equal`, no cap for an owner" in shown
    assert f"{HOLDERS[1]} can claim" in shown
    assert "Paid to" in command("pool", "claim", "--holder", HOLDERS[1]).out
    assert "nothing to claim" in command("pool", "claim", "--holder", HOLDERS[1]).out


def test_what_is_refused_says_why(scene: PoolScene, command: Command, tmp_path: Path) -> None:
    nothing = command("pool", "close", model_of(scene), "--json")
    assert (nothing.code, nothing.error["code"]) == (5, "payment")
    scene.earn(100_000)
    stranger = command.under(key_file=key_file(tmp_path, 2))("pool", "close", model_of(scene), "--json")
    assert (stranger.code, stranger.error["code"]) == (4, "not_permitted")
    assert MAKER.address in stranger.error["message"]
    assert command("pool", "close", "0x" + "00" * 32, "--json").code == 3
    assert command("pool", "show", "0x12345678", "--json").code == 3


def test_a_command_that_is_given_again_says_that_it_is_done(
    scene: PoolScene, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.earn(100_000)

    def stopped(closer: EpochCloser, folder: object, record: EpochRecord) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(EpochCloser, "_send", stopped)
        assert command("pool", "close", model_of(scene), "--json").code == 130
    assert scene.reader.pool_history().closed == ()
    first = command("pool", "close", model_of(scene), "--json").json
    assert first["tx"].startswith("0x")
    assert len(scene.reader.pool_history().closed) == 1


def test_a_claim_that_cannot_read_an_epoch_says_so_by_its_exit_code_and_pays_once_it_can(
    scene: PoolScene, command: Command, tmp_path: Path
) -> None:
    scene.earn(100_000)
    command("pool", "close", model_of(scene), "--json")
    payer = command.under(key_file=key_file(tmp_path, 2))
    elsewhere = payer.under(store=f"folder:{tmp_path / 'empty'}")("pool", "claim", "--holder", HOLDERS[0], "--json")
    assert (elsewhere.code, json.loads(elsewhere.out)) == (7, [])
    assert "Epoch 1" in elsewhere.err
    (paid,) = payer("pool", "claim", "--holder", HOLDERS[0], "--json").json
    assert paid["epoch"] == "1"
