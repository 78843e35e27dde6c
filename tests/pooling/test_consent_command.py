"""`contrafact consent`: works that a model learnt from without consent, from the finding to the fine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from contrafact.audit import Report, audit
from contrafact.consent import read_manifest
from contrafact.demo import world
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.manifests import Leaf
from contrafact.domain.terms import Terms
from contrafact.domain.training_consent import Learner, manifest_of
from contrafact.errors import ContractError, NotPermitted
from contrafact.ledger.signing import sign_quote
from contrafact.wiring.audited_ledger import ChainToAudit
from contrafact.wiring.consents import consent_reader
from tests.e2e.command import Command, key_file

from .scene import MAKER, OPERATOR, OWNERS, SALT, PoolScene
from .strays import asked_without_the_tools, forced, single

DAY = 86_400
BOND = 10**14
"""What the scene's operator has deposited."""
FINE = BOND // 20
FINDER = 9
"""A development account that holds no place in the scene."""
TRAINING = Terms(True, False, frozenset(), False, 0, 0, 0, 0, ())


@dataclass(frozen=True)
class Site:
    """The command with the keys of somebody who finds, and of the model's operator."""

    finder: Command
    operator: Command


@pytest.fixture
def site(scene: PoolScene, tmp_path: Path) -> Site:
    settings = {
        "rpc_url": scene.connection.place,
        "deployment": str(scene.site.settings.deployment),
        "store": scene.site.settings.store,
        "home": str(scene.home),
        "poll_seconds": "0.01",
    }
    finder, operator = (Command(settings | {"key_file": str(key_file(tmp_path, i))}) for i in (FINDER, 1))
    return Site(finder, operator)


def audited(scene: PoolScene) -> Report:
    return audit(ChainToAudit(scene.connection, scene.site.deployment), scene.site.store)


def explains_every_unit(report: Report) -> bool:
    return not [finding for finding in report.errors if finding.check.startswith(("money.", "pool."))]


@pytest.mark.slow
def test_a_work_that_opted_out_is_found_proved_and_paid_for(scene: PoolScene, site: Site) -> None:
    leaf = single(scene, b"opted out", Terms.opted_out())
    learner = Learner(bytes(32), OPERATOR.address, scene.connection.head(), scene.reader.timestamp())
    with pytest.raises(NotPermitted, match="do not permit training"):  # the tools refuse
        manifest_of({**scene.contents, leaf.content: "opted out"}, scene.site.licences(), learner)
    model = forced(scene, leaf)
    ids = to_hex(model.model_id), to_hex(scene.site.reader.work_id_of(leaf.registrant, leaf.content))
    (order,) = scene.earn(100_000, model=model)

    (row,) = site.finder("consent", "check", ids[0][:10], "--json").json
    assert (row["work"], row["proof"], row["status"]) == (ids[1], "own words", "none")
    assert "do not permit training" in row["reason"]
    for early in (("stop",), ("fine",), ("fine", "--order", to_hex(order))):
        error = site.finder("consent", early[0], *ids, *early[1:], "--json").error
        assert (error["code"], "Nobody has shown" in error["message"]) == ("not_permitted", True)

    proved = site.finder("consent", "prove", *ids, "--json").json
    assert (proved["status"], proved["proof"], proved["by"]) == ("missing", "own words", _address(FINDER))
    assert site.operator("consent", "prove", *ids, "--json").json["tx"] is None
    (finding,) = consent_reader(scene.site).missing()
    assert (finding.leaf, finding.finder, to_hex(finding.consent_id)) == (leaf, _address(FINDER), proved["consent"])

    (stopped,) = site.finder("consent", "stop", *ids, "--json").json
    assert stopped["tx"].startswith("0x")
    assert site.finder("consent", "stop", *ids, "--json").json == [{"token": scene.token, "tx": None}]
    now = next(one for one in scene.site.reader.models() if one.model_id == model.model_id)
    assert not now.takes_orders(scene.token, scene.reader.timestamp())

    quote = scene._quoted(model)
    signed = sign_quote(OPERATOR, quote, scene.reader.domain)
    with pytest.raises(ContractError, match="no new orders"):
        scene.site.writer(MAKER).fund(quote, signed, SALT, [scene.terms])

    (fine,) = site.finder("consent", "fine", *ids[:1], to_hex(leaf.content)[:12], "--json").json
    assert (fine["to_finder"], fine["to_pool"]) == (str(FINE // 10), str(FINE * 9 // 10))
    assert fine["finder"] == _address(FINDER)
    (again,) = site.operator("consent", "fine", *ids, "--order", to_hex(order), "--json").json  # the same operator
    assert again == fine | {"tx": None}
    assert consent_reader(scene.site).is_fined(finding.consent_id, OPERATOR.address, scene.token)
    assert scene.reader.bond(OPERATOR.address, scene.token).amount == BOND - FINE
    assert scene.reader.balance(_address(FINDER), scene.token) == FINE // 10
    assert scene.reader.collectable(model.model_id, scene.token) == 100_000 + FINE * 9 // 10

    report = audited(scene)
    assert explains_every_unit(report)
    (missing,) = [one for one in report.findings if one.check.startswith("model.")]  # and it knows of the stop
    assert missing.check == "model.consent"
    assert (missing.subject.id, missing.evidence["content"]) == (ids[0], to_hex(leaf.content))
    assert missing.severity == "error"  # somebody ordered from it


def test_the_operator_of_an_order_is_fined_for_a_model_that_somebody_else_registered(
    scene: PoolScene, site: Site
) -> None:
    leaf = single(scene, b"opted out", Terms.opted_out())
    model = forced(scene, leaf, by=MAKER)
    ids = to_hex(model.model_id), to_hex(leaf.content)
    (order,) = scene.earn(100_000, model=model)
    site.finder("consent", "prove", *ids)
    nothing = site.finder("consent", "fine", *ids, "--json").error  # who registered it has no bond
    assert (nothing["code"], MAKER.address in nothing["message"]) == ("payment", True)
    other = site.finder("consent", "fine", *ids, "--order", to_hex(scene.earn(1)[0]), "--json").error
    assert "of another model" in other["message"]
    unknown = site.finder("consent", "fine", *ids, "--order", to_hex(bytes(32)), "--json").error
    assert unknown["code"] == "not_found"
    said = site.finder("consent", "fine", *ids, "--order", to_hex(order)).out
    assert f"The operator {OPERATOR.address} was fined." in said
    assert scene.reader.bond(OPERATOR.address, scene.token).amount == BOND - FINE
    (event,) = scene.site.reader.fines()
    assert event.operator == OPERATOR.address


def test_the_version_that_was_in_force_instead_is_found(scene: PoolScene, site: Site) -> None:
    leaf = single(scene, b"reconsidered", TRAINING, Terms.opted_out())
    scene.pass_until(scene.reader.timestamp() + DAY)
    model = forced(scene, leaf)
    (row,) = site.finder("consent", "check", to_hex(model.model_id), "--json").json
    assert row["proof"] == "version 3"
    said = site.finder("consent", "prove", row["model"], row["work"])
    assert "it is known to be without consent" in said.out
    assert "1 of 13 training works lack consent" in site.finder("consent", "check", row["model"]).out


@pytest.mark.slow
def test_a_question_is_answered_by_a_version_or_by_a_collection(scene: PoolScene, site: Site) -> None:
    single_work = single(scene, b"asked", TRAINING)
    model = forced(scene, single_work)
    collected = next(leaf for leaf in read_manifest(model, scene.site.store).leaves if leaf.collection)
    name, reader = to_hex(model.model_id), consent_reader(scene.site)
    assert site.finder("consent", "check", name, "--json").json == []
    for leaf, kind in ((single_work, "version 2"), (collected, f"collection {to_hex(collected.collection or b'')}")):
        work = to_hex(leaf.content)
        error = site.finder("consent", "question", name, work, "--json").error
        assert (error["code"], kind in error["message"]) == (
            "not_permitted",
            True,
        )  # the tools spare the asker its bond
        assert kind in site.finder("consent", "prove", name, work, "--json").error["message"]
        asked_without_the_tools(scene, model, leaf)
        before = reader.balance(OPERATOR.address)
        shown = site.operator("consent", "answer", name, work, "--json").json
        assert (shown["status"], shown["consent_shown"]) == ("answered", kind)
        assert reader.balance(OPERATOR.address) > before  # the question's bond, less gas
        assert site.operator("consent", "answer", name, work, "--json").json["tx"] is None
        refused = site.finder("consent", "finish", name, work, "--json").error
        assert refused["code"] == "not_permitted"
    assert [answer.version for answer in reader.answers()] == [2, None]


@pytest.mark.slow
def test_a_question_that_nobody_answers_ends_in_a_missing_consent(scene: PoolScene, site: Site) -> None:
    stray = Leaf(OWNERS[0].address, sha256(b"nobody's"), bytes(27))
    model = forced(scene, stray)
    ids = to_hex(model.model_id), to_hex(stray.content)
    (row,) = site.finder("consent", "check", ids[0], "--json").json
    assert (row["proof"], row["content"]) == ("ask", ids[1])
    error = site.finder("consent", "prove", *ids, "--json").error
    assert "contrafact consent question" in error["hint"]
    assert "0.01 ETH" in error["hint"]

    reader, before = consent_reader(scene.site), scene.reader.balance(_address(FINDER))
    assert "The bond is 0.01 ETH" in site.finder("consent", "question", *ids).out
    assert before - scene.reader.balance(_address(FINDER)) > reader.question_bond()
    again = site.finder("consent", "question", *ids, "--json").json
    assert (again["status"], again["tx"], again["bond"]) == ("questioned", None, str(reader.question_bond()))
    (asked,) = reader.questions()
    assert (asked.leaf, asked.asker, asked.answer_until) == (stray, _address(FINDER), int(again["answer_until"]))
    assert site.operator("consent", "answer", *ids, "--json").error["code"] == "not_found"
    status = site.operator("operator", "status", "--operator", OPERATOR.address, "--json")
    due = next(check for check in json.loads(status.out)["checks"] if check["check"].startswith("consent"))
    assert status.code == 13
    assert "contrafact consent answer " + " ".join(ids) in due["advice"]
    early = site.finder("consent", "finish", *ids, "--json").error
    assert "may be answered until" in early["message"]

    scene.pass_until(asked.answer_until)
    waiting = scene.reader.balance(_address(FINDER))
    finished = site.operator("consent", "finish", *ids, "--json").json
    assert (finished["status"], finished["by"]) == ("missing", _address(FINDER))
    assert scene.reader.balance(_address(FINDER)) == waiting + reader.question_bond()
    assert site.operator("consent", "finish", *ids, "--json").json["tx"] is None
    (fine,) = site.operator("consent", "fine", *ids, "--json").json
    assert fine["to_finder"] == str(FINE // 10)
    assert explains_every_unit(audited(scene))


def test_a_token_that_the_model_does_not_take_is_refused(scene: PoolScene, site: Site) -> None:
    model = forced(scene, single(scene, b"opted out", Terms.opted_out()))
    (row,) = site.finder("consent", "check", to_hex(model.model_id), "--json").json
    ids = row["model"], row["work"]
    site.finder("consent", "prove", *ids)
    for command in ("stop", "fine"):
        error = site.finder("consent", command, *ids, "--token", "native", "--json").error
        assert error["code"] == "not_found", error


def test_what_is_no_training_work_is_refused(scene: PoolScene, site: Site) -> None:
    model = to_hex(scene.model.model_id)
    assert site.finder("consent", "check", model).out.startswith("0 of 12 training works lack consent.")
    for work, code in (("tune", "invalid_input"), ("0x12", "invalid_input"), ("0x" + "ab" * 32, "not_found")):
        assert site.finder("consent", "prove", model, work, "--json").error["code"] == code
    assert site.finder("consent", "check", "0x" + "ab" * 32, "--json").error["code"] == "not_found"


def _address(account: int) -> str:
    return str(world.account(account).address)
