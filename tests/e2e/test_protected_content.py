"""A protected work and a private piece of it, from registration to audit and takedown, by the commands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contrafact.certificates.reading import read
from contrafact.domain.digests import cid, from_hex, sha256
from contrafact.domain.record import AttributionRecord
from contrafact.music.pack import PackedTune, load_pack
from contrafact.records.folder import FolderStore
from contrafact.wiring import Site

from .command import Command, key_file
from .town import Town, maker

pytestmark = pytest.mark.slow

LICENSOR, OPERATOR, MAKER, STRANGER = 3, 2, 1, 9


@dataclass
class Scene:
    """The town's chain with a folder of its own, and somebody's command with that person's home and keys."""

    town: Town
    folder: Path
    readers: dict[str, str]

    def __call__(self, who: str, account: int | None = None) -> Command:
        settings = self.town.settings
        places: dict[str, object] = {
            "rpc_url": settings.rpc_url,
            "deployment": settings.deployment,
            "store": f"folder:{self.folder / 'store'},{settings.store}",
            "home": self.folder / who,
        }
        if who in self.readers:
            places["reader_key_file"] = self.folder / f"{who}.key"
        if account is not None:
            places |= {"key_file": key_file(self.folder, account)}
        if who == "operator":
            places["operator_key_file"] = key_file(self.folder, self.operator)
        return Command({name: str(value) for name, value in places.items()})

    @property
    def operator(self) -> int:
        from contrafact.demo import world

        return world.OPERATOR

    def stored(self) -> list[bytes]:
        return [path.read_bytes() for path in (self.folder / "store").rglob("*") if path.is_file()]


@pytest.fixture
def scene(a_town: Town, tmp_path: Path) -> Scene:
    made = Scene(a_town, tmp_path, {})
    for who in ("licensor", "operator", "maker", "auditor"):
        answer = made("nobody")("keys", "new-reader", tmp_path / f"{who}.key", "--json")
        made.readers[who] = answer.json["reader"]
        assert (tmp_path / f"{who}.key").stat().st_mode & 0o077 == 0
    return made


def tune() -> PackedTune:
    """One that nobody of the town has registered, in six-eight."""
    return [one for one in load_pack().by_role("catalogue") if one.score.metre.beats == 6][9]


def register(scene: Scene) -> str:
    file = scene.folder / "secret.abc"
    file.write_bytes(tune().file)
    licensor = scene("licensor", LICENSOR)
    work = licensor("works", "register", file, "--title", "A secret", "--protected", "--json").json["work"]
    licensor("terms", "set", work, "--price", "private=0.20", "--json").json  # noqa: B018 - fails where it failed
    return str(work)


def quote(scene: Scene, work: str, *more: object) -> Any:
    out = scene.folder / "quote.json"
    music = ("--seconds", "8", "--metre", "6/8", "--mode", tune().score.key.mode)
    asked = ("quote", "--source", f"{work}=1", "--maker", maker().address, "--out", out, *music, *more, "--json")
    return scene("operator")(*asked)


def test_a_protected_work_is_quoted_made_audited_and_withdrawn_by_those_who_may(scene: Scene) -> None:
    work = register(scene)
    nothing_of_it_is_in_the_store(scene)
    who_has_no_key_gets_no_quote(scene, work)
    only_its_licensor_releases_it(scene, work)
    order = a_private_piece_is_made(scene, work)
    the_store_holds_ciphertexts(scene, order)
    an_audit_needs_the_keys_and_says_so(scene, work, order)
    its_evidence_is_one_file(scene, order)
    after_takedown_it_enters_no_order(scene, work)


def nothing_of_it_is_in_the_store(scene: Scene) -> None:
    plain = tune().file
    form = Site(scene.town.settings).derive(plain, tune().media_type)
    music = (plain[plain.index(b"K:") :], form[form.index(b"tokens") :])
    parts = [data[at : at + 16] for data in music for at in range(0, len(data) - 16, 16)]
    for data in scene.stored():
        assert not any(part in data for part in parts)
        assert b"AGE-SECRET" not in data
    assert scene("stranger")("content", "list", "--json").json["works"][0]["can_open"] is False
    assert scene("licensor")("content", "list", "--json").json["works"][0]["can_open"] is True


def who_has_no_key_gets_no_quote(scene: Scene, work: str) -> None:
    assert quote(scene, work).error["code"] == "no_key"
    assert not (scene.folder / "operator" / "orders").exists()


def only_its_licensor_releases_it(scene: Scene, work: str) -> None:
    out, to = scene.folder / "release.json", scene.readers["operator"]
    asked = ("content", "release", work, "--to", to, "--out", out, "--json")
    assert scene("stranger", STRANGER)(*asked).error["code"] == "not_permitted"
    assert scene("stranger", LICENSOR)(*asked).error["code"] == "no_key"
    operator = scene.town.site().address(maker().address)
    ((name, _),) = (one.values() for one in scene("licensor", LICENSOR)(*asked, "--operator", operator).json)
    assert scene("auditor")("content", "import", name, "--json").error["code"] == "no_key"
    assert scene("operator")("content", "import", out, "--json").json["id"] == work


def a_private_piece_is_made(scene: Scene, work: str) -> str:
    reader = ("--reader", scene.readers["maker"])
    assert quote(scene, work, *reader, "--use", "commercial").error["code"] in ("invalid_order", "not_permitted")
    assert quote(scene, work, "--reader", "age1nonsense").error["code"] == "invalid_input"
    order = quote(scene, work, *reader).json["order"]
    paying = scene("operator").under(key_file=key_file(scene.folder, _maker()))
    done = paying("order", scene.folder / "quote.json", "--json").json
    assert done["order"] == order
    delivered = Path(done["delivery"])
    assert read((delivered / "piece.flac").read_bytes(), "audio/flac").is_sound
    for name in ("release-notes.json", "release-sound.json"):
        scene("maker")("content", "import", delivered / name, "--json").json  # noqa: B018
    assert scene("licensor")("content", "import", delivered / "release-notes.json", "--json").code == 0
    assert scene("licensor")("content", "import", delivered / "release-sound.json", "--json").error["code"] == "no_key"
    return str(order)


def _maker() -> int:
    from contrafact.demo import world

    return world.MAKER


def record_of(scene: Scene, order: str) -> AttributionRecord:
    (committed,) = scene.town.site().reader.committed(from_hex(order))
    return AttributionRecord.from_bytes(FolderStore(scene.folder / "store").get(cid(committed.commit.record_digest)))


def the_store_holds_ciphertexts(scene: Scene, order: str) -> None:
    record, store = record_of(scene, order), FolderStore(scene.folder / "store")
    assert record.protection is not None
    for digest in record.files:
        assert not store.has(cid(digest))
        sealed = record.protection.of(digest)
        assert sealed is not None
        assert store.get(cid(sealed.cipher)).startswith(b"age-encryption.org/v1\n")
    folder = scene.folder / "operator" / "orders" / order
    assert {(folder / name).stat().st_mode & 0o077 for name in ("notes.key", "sound.key")} == {0}
    opened, name = scene.folder / "heard.flac", cid(record.mix.flac)
    scene("maker")("content", "open", name, "--out", opened, "--json").json  # noqa: B018
    assert sha256(opened.read_bytes()) == record.mix.flac
    assert scene("licensor")("content", "open", name, "--out", opened, "--json").error["code"] == "not_found"


def an_audit_needs_the_keys_and_says_so(scene: Scene, work: str, order: str) -> None:
    """The maker has the keys of the piece, a stranger none, the auditor all; nothing fails anywhere."""
    answers = {who: scene(who)("audit", "--json") for who in ("maker", "stranger")}
    assert {who: answer.code for who, answer in answers.items()} == {"maker": 11, "stranger": 11}
    gaps = {who: {gap["check"] for gap in _report(answer)["not_checked"]} for who, answer in answers.items()}
    assert gaps["maker"] == {"work.files", "work.derived", "replay.same", "replay.runs"}
    assert gaps["stranger"] > gaps["maker"] | {"events.ledger", "audio.files", "render.same"}
    assert all("no key" in gap["reason"] for gap in _report(answers["maker"])["not_checked"])
    out, to = scene.folder / "to-auditor.json", scene.readers["auditor"]
    scene("licensor", LICENSOR)("content", "release", work, "--to", to, "--out", out, "--json").json  # noqa: B018
    scene("auditor")("content", "import", out, "--json").json  # noqa: B018
    for one in scene("maker", _maker())("content", "release", order, "--to", to, "--out", out, "--json").json:
        scene("auditor")("content", "import", one["file"], "--json").json  # noqa: B018
    assert (
        scene("stranger", STRANGER)("content", "release", order, "--to", to, "--json").error["code"] == "not_permitted"
    )
    assert scene("auditor")("audit", "--json").json["verdict"] == "ok"


def _report(answer: Any) -> Any:
    import json

    return json.loads(answer.out)


def its_evidence_is_one_file(scene: Scene, order: str) -> None:
    car, empty = scene.folder / "evidence.car", scene.folder / "elsewhere"
    count = scene("stranger")("content", "export", order, "--car", car, "--json").json["contents"]
    elsewhere = scene("stranger").under(store=f"folder:{empty}")
    assert len(elsewhere("content", "import", car, "--json").json["stored"]) == count
    record = record_of(scene, order)
    assert FolderStore(empty).get(cid(record.digest())) == record.to_bytes()
    assert all(FolderStore(empty).has(cid(sealed.cipher)) for sealed in record.protection.contents)  # type: ignore[union-attr]


def after_takedown_it_enters_no_order(scene: Scene, work: str) -> None:
    keeper = scene("operator", scene.operator)
    taken = keeper("content", "withdraw", work, "--reason", "by order of a court", "--json").json
    assert len(taken) == 2
    refused = quote(scene, work).error
    assert refused["code"] == "withdrawn"
    assert "by order of a court" in refused["message"]
    report = _report(scene("operator")("audit", "--json"))
    assert (report["verdict"], report["checks"]["failed"]) == ("incomplete", 0)
    assert any("by order of a court" in gap["reason"] for gap in report["not_checked"])
    checked = scene("stranger")("content", "check", "--json")
    assert _report(checked)["counts"]["withdrawn"] == 4  # two contents in two stores


def test_what_a_store_lost_is_found_and_put_again(scene: Scene, a_town: Town) -> None:
    folder = scene.folder / "copy"
    keeper = scene("keeper").under(store=f"folder:{folder}")
    assert keeper("content", "check", "--json").code == 13
    mended = keeper("content", "check", "--repair", a_town.settings.store, "--json").json["counts"]
    assert (mended["mended"] > 15, mended["missing"]) == (True, 0)
    again = keeper("content", "check", "--json").json["counts"]
    assert (again["here"], again["missing"]) == (mended["mended"], 0)
    first = next(path for path in folder.rglob("bafkrei*"))
    first.write_bytes(b"wrong")
    assert _report(keeper("content", "check", "--json"))["counts"]["damaged"] == 1
    assert keeper("content", "pin", "--json").json["failed"] == []
