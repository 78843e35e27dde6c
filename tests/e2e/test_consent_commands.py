"""Consent on the command line: anchoring, refusal, registration, proofs, and what an opt-out does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from contrafact.demo import world
from contrafact.domain.digests import sha256, to_hex
from contrafact.music.manifest import training_list
from contrafact.music.pack import PackedTune, load_pack
from hardhat_free_devnet import Devnet

from .command import Command
from .test_cli import Shop

pytestmark = pytest.mark.slow

STEWARDS = {"bach": 11, "oneill": 12, "ryan": 13}
REGISTER = ("models", "register", "--base-rate", "0.20", "--json")
ALL = 2662


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Contracts, and a file of a training work and of one that no model learnt from."""
    folder = tmp_path_factory.mktemp("school")
    with Devnet() as node:
        settings = {
            "rpc_url": node.url,
            "deployment": str(folder / "deployments" / "31337.json"),
            "store": f"folder:{folder / 'store'}",
            "home": str(folder / "home"),
        }
        other = next(tune for tune in load_pack().by_role("catalogue") if tune.media_type.startswith("text/"))
        shop = Shop(folder, Command(settings), (_chorale(), other))
        shop.of(world.DEPLOYER)("deploy", "--json")
        yield shop


def _chorale() -> PackedTune:
    return training_list().of_collection("bach")[0]


def refused(school: Shop, operator: int = world.OPERATOR) -> str:
    error = school.of(operator)(*REGISTER).error
    assert error["code"] == "not_permitted"
    assert "contrafact collections anchor" in error["hint"]
    return error["message"]


def test_a_model_is_registered_once_everybody_consented(school: Shop) -> None:
    first = training_list().works[0]
    assert refused(school).startswith(f"{ALL} of {ALL} training works lack consent: {first} (it is neither registered")
    for name, account in STEWARDS.items():
        dated = ["--sunset", "2040-01-01"] if name == "bach" else []
        anchored = school.of(account)("collections", "anchor", "--packaged", name, "--training", *dated, "--json").json
        assert (anchored["name"], anchored["works"]) == (name, len(training_list().of_collection(name)))
        if name == "bach":
            assert "2373 of" in refused(school)
            again = school.of(account)("collections", "anchor", "--packaged", name, "--training", *dated)
            assert again.out.startswith("Had anchored bach, 289 works")
    listed = {row["name"]: row for row in school.command("collections", "list", "--json").json}
    assert {name: row["licensor"] for name, row in listed.items()} == {
        name: world.account(account).address for name, account in STEWARDS.items()
    }
    assert listed["bach"]["terms"] == ["to train: yes · to condition pieces: no"]
    registered = school.of(world.OPERATOR)(*REGISTER).json
    assert registered["training_works"] == ALL
    manifest = school.command("models", "manifest", registered["model"], "--json").json
    assert (manifest["root"], len(manifest["works"])) == (registered["manifest"], ALL)
    said = school.command("models", "manifest", registered["model"][:10])
    assert said.out.startswith(f"{ALL} works")
    assert school.command("models", "list", "--json").json[0]["training_works"] == ALL


@pytest.fixture
def model(school: Shop) -> str:
    (row,) = school.command("models", "list", "--json").json
    return str(row["model"])


def proof(school: Shop, model: str, work: object, name: str) -> tuple[dict[str, object], Path]:
    out = school.folder / name
    return school.command("models", "manifest", model, "--prove", work, "--out", out, "--json").json, out


def test_who_has_a_file_is_told_whether_the_model_learnt_from_it_with_a_proof(school: Shop, model: str) -> None:
    learnt, other = school.tunes
    found, yes = proof(school, model, school.score(learnt), "yes.json")
    assert (found["learnt"], found["content"]) == (True, to_hex(sha256(learnt.file)))
    found, no = proof(school, model, school.score(other), "no.json")
    assert found["learnt"] is False
    without_store = school.command.under(store=f"folder:{school.folder}/nothing")
    assert without_store("models", "verify-proof", yes, "--json").json["learnt"] is True
    checked = without_store("models", "verify-proof", no)
    assert "learnt from no work with the content" in checked.out


def test_a_proof_that_was_altered_is_refused(school: Shop, model: str) -> None:
    _, out = proof(school, model, school.score(school.tunes[1]), "altered.json")
    document = json.loads(out.read_text())
    del document["manifest"]["works"][5]
    out.write_text(json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    answer = school.command("models", "verify-proof", out, "--json")
    assert answer.error["code"] == "invalid_input"
    assert "not the one whose root is on the chain" in answer.error["message"]


def test_an_opt_out_binds_the_next_model_and_a_sunset_this_one(school: Shop, model: str) -> None:
    collection = next(r for r in school.command("collections", "list", "--json").json if r["name"] == "bach")
    steward, tune = school.of(STEWARDS["bach"]), school.tunes[0]
    before = school.command("works", "show", _id_of(school, tune)[:12], "--json").json
    assert (before["title"], before["learnt_by"][0]["model"]) == (tune.title, model)
    assert before["anchored_as"] == collection["collection"]
    assert "by its collection's root alone" in school.command("works", "show", _id_of(school, tune)).out
    brought = school.of(world.MAKER)(
        "collections", "materialise", collection["collection"][:10], tune.id, "--json"
    ).json
    work = brought["work"]
    assert (brought["title"], brought["licensor"]) == (tune.title, collection["licensor"])
    (learnt,) = school.command("works", "show", work, "--json").json["learnt_by"]
    assert (learnt["model"], learnt["terms_version"], learnt["still_consents"]) == (model, 1, True)
    assert school.of(world.MAKER)("models", "sunset", model, "0x12345678", "--json").error["code"] == "not_found"

    steward("terms", "set", work, "--opt-out")
    shown = school.command("works", "show", work)
    assert "opted out since: binds the next model" in shown.out
    assert "2040-01-01 00:00 UTC" in shown.out
    assert "1 of 2662 training works lack consent: " + tune.id in refused(school, world.MAKER)

    ended = school.of(world.MAKER)("models", "sunset", model[:10], work, "--json").json
    assert ended["sunset"] == 2208988800
    (learnt,) = school.command("works", "show", work, "--json").json["learnt_by"]
    assert learnt["sunset_enforced_in"] == [ended["token"]]


def test_a_sunset_brings_a_work_of_a_collection_onto_the_chain_first(school: Shop, model: str) -> None:
    """The date is the same as of the work before: the contract then says that there is no earlier one."""
    other = training_list().of_collection("bach")[1]
    work = _id_of(school, other)
    before = len(school.command("works", "list", "--json").json)
    answer = school.of(world.MAKER)("models", "sunset", model, work, "--json")
    assert "sunset" in answer.error["message"]
    assert len(school.command("works", "list", "--json").json) == before + 1


def test_terms_without_a_date_end_no_model(school: Shop, model: str) -> None:
    work = _id_of(school, training_list().of_collection("ryan")[0])
    error = school.of(world.MAKER)("models", "sunset", model, work, "--json").error
    assert (error["code"], "name no date" in error["message"]) == ("not_permitted", True)


def test_a_withdrawn_collection_is_learnt_from_no_more(school: Shop) -> None:
    ryan = next(r for r in school.command("collections", "list", "--json").json if r["name"] == "ryan")
    stranger = school.of(world.MAKER)("collections", "withdraw", ryan["collection"], "--json")
    assert stranger.error["code"] == "not_permitted"
    school.of(STEWARDS["ryan"])("collections", "withdraw", ryan["collection"][:10])
    assert "833 of 2662" in refused(school, world.MAKER)  # with the one that opted out
    withdrawn = next(r for r in school.command("collections", "list", "--json").json if r["name"] == "ryan")
    assert withdrawn["withdrawn"] is True


def test_a_folder_of_scores_is_anchored_with_terms_and_a_split(school: Shop) -> None:
    folder = school.folder / "My Tunes"
    folder.mkdir()
    for tune in school.tunes:
        school.score(tune).rename(
            folder / f"{tune.id.replace('/', '-')}{'.mid' if tune is school.tunes[0] else '.abc'}"
        )
    holders = ["--holder", f"{world.account(4).address}=0.75", "--holder", f"{world.account(5).address}=0.25"]
    terms = ["--price", "private=0.20", "--max-weight", "0.5", "--credit", "a transcriber"]
    owner = school.of(4)
    assert "permit nothing" in owner("collections", "anchor", folder, "--json").error["message"]
    anchored = owner("collections", "anchor", folder, *holders, *terms, "--json").json
    assert (anchored["name"], anchored["works"]) == ("My Tunes", 2)
    reference = f"{school.tunes[1].id.replace('/', '-')}.abc"
    work = owner("collections", "materialise", anchored["collection"], reference, "--json").json["work"]
    shown = school.command("works", "show", work, "--json").json
    assert [row["share"] for row in shown["rights_holders"]] == [750_000, 250_000]
    assert (shown["collection"], shown["credits"], shown["learnt_by"]) == ("My Tunes", ["a transcriber"], [])
    assert shown["terms_versions"][0]["max_weight"] == 500_000
    again = owner("collections", "materialise", anchored["collection"], work, "--json")
    assert "already registered" in again.error["message"]


def test_bad_folders_are_refused_before_anything_is_sent(school: Shop, tmp_path: Path) -> None:
    owner = school.of(5)
    before = len(school.command("collections", "list", "--json").json)
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "noise.abc").write_text("no music")
    (tmp_path / "twice").mkdir()
    for name in ("a.abc", "b.abc"):
        (tmp_path / "twice" / name).write_bytes(school.tunes[1].file)
    for arguments, code, said in (
        ([tmp_path / "missing"], "not_found", "is not a folder"),
        ([tmp_path / "empty"], "not_found", "no score or recording"),
        ([tmp_path / "bad"], "invalid_score", "noise.abc"),
        ([tmp_path / "twice"], "invalid_input", "are the same file"),
        ([], "invalid_input", "no collection, or two"),
        (["--packaged", "unknown"], "not_found", "It learnt from: bach, oneill, ryan"),
    ):
        error = owner("collections", "anchor", *arguments, "--training", "--json").error
        assert (error["code"], said in error["message"] + error["hint"]) == (code, True), error
    assert len(school.command("collections", "list", "--json").json) == before


def _id_of(school: Shop, tune: PackedTune) -> str:
    registrant = world.account(STEWARDS[tune.collection]).address
    return to_hex(school.site.reader.work_id_of(registrant, sha256(tune.file)))
