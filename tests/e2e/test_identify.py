"""Copies and versions of registered works: identified, refused, acknowledged, used as sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact import registration
from contrafact.demo import world
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.domain.works import WorkMetadata
from contrafact.errors import NotPermitted
from contrafact.order.quoting import OrderRequest

from ..identification.conftest import STRANGER, notated, performance, tune
from .command import Command, key_file
from .town import DOLLAR, Town, maker, operator

pytestmark = pytest.mark.slow
COUSIN = 7


@pytest.fixture
def command(a_town: Town, tmp_path: Path) -> Command:
    kept = a_town.settings
    return Command(
        {
            "rpc_url": kept.rpc_url,
            "deployment": str(kept.deployment),
            "store": kept.store,
            "home": str(tmp_path / "home"),
        }
    )


def file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_files_are_identified_and_stand_for_works(a_town: Town, command: Command, tmp_path: Path) -> None:
    first, second = a_town.tunes[:2]
    score = file(tmp_path, "copy.abc", first.file)
    played = file(tmp_path, "played.wav", performance(second.id, key=3, program=71))
    other = file(tmp_path, "other.abc", tune(STRANGER).file)
    found = command("identify", score, "--json").json
    assert (found["verdict"], found["candidates"][0]["work"]) == ("copy", to_hex(a_town.works[0]))
    found = command("identify", played, "--json").json
    assert (found["verdict"], found["candidates"][0]["work"]) == ("version", to_hex(a_town.works[1]))
    assert found["candidates"][0]["transposition"] == 3
    assert "played.wav is a version of a registered work." in command("identify", played).out
    nothing = {"verdict": "new", "candidates": [], "pieces": [], "pieces_not_compared": 0}
    assert command("identify", other, "--json").json == nothing
    keys = command.under(operator_key_file=key_file(tmp_path, world.OPERATOR), token="usd")
    asked = ("--maker", maker().address, "--seconds", "8", "--metre", "6/8", "--out", tmp_path / "quote.json")
    answer = keys("quote", "--source", f"{played}=1.0", *asked)
    assert answer.code == 0, answer.err
    assert f"played.wav is a version of {second.title}" in answer.err
    assert keys("quote", "--source", f"{other}=1.0", *asked, "--json").error["code"] == "not_found"


def test_copies_are_refused_and_versions_acknowledged(a_town: Town, command: Command, tmp_path: Path) -> None:
    cousin = command.under(key_file=key_file(tmp_path, COUSIN))
    first = to_hex(a_town.works[0])
    copy = file(tmp_path, "copy.abc", a_town.tunes[0].file + b"\n% mine\n")
    refused = cousin("works", "register", copy, "--title", "Mine", "--json").error
    assert refused["code"] == "not_permitted"
    assert world.account(3).address in refused["message"]
    version = file(tmp_path, "version.mid", notated(a_town.tunes[0].id, higher=2, wrong=9))
    refused = cousin("works", "register", version, "--title", "Mine too", "--json").error
    assert f"--version-of {first}" in refused["hint"]
    made = cousin("works", "register", version, "--title", "Mine too", "--version-of", first, "--json").json
    assert cousin("works", "show", made["work"], "--json").json["note"] == made["note"]
    assert first in made["note"]
    contested = cousin("works", "register", copy, "--title", "Mine", "--contest", first)
    assert contested.code == 0, contested.err
    assert "DisputeDesk" in contested.out


def test_no_order_has_two_versions_of_one_tune(a_town: Town, tmp_path: Path) -> None:
    site, licensor = a_town.site(home=tmp_path), world.account(COUSIN)
    split = Split.of([(licensor.address, 1_000_000)])
    draft = registration.Draft("A clone", "", "", (), "audio/midi", split)
    content = notated(a_town.tunes[0].id, higher=2, wrong=9)
    clone = registration.register(draft, content, site.derive, site.store, site.writer(licensor))
    prices = TokenPrice(site.token(), (DOLLAR // 100,) * 4)
    terms = Terms(False, True, frozenset(Use), True, 1_000_000, 0, 0, 0, (prices,))
    site.writer(licensor).set_terms(clone, split.root, terms)
    (work,) = [one for one in site.reader.works() if one.work_id == clone]
    assert WorkMetadata.from_bytes(site.store.get(cid(work.metadata))).title == "A clone"
    asked = a_town.request()
    halves = ((a_town.works[0], 500_000), (clone, 500_000))
    with pytest.raises(NotPermitted, match=to_hex(clone)) as refused:
        site.quoting(operator()).offer(OrderRequest(asked.maker, halves, asked.use, asked.music, asked.token))
    assert to_hex(a_town.works[0]) in refused.value.message
    alone = ((clone, 1_000_000),)
    assert site.quoting(operator()).offer(OrderRequest(asked.maker, alone, asked.use, asked.music, asked.token))
