"""A deployment is checked against its file: code, creation, powers; and who else holds any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from contrafact.errors import ChainError, InvalidInput
from contrafact.ledger.checklist import Check, Verdict
from contrafact.ledger.deployment_check import check_deployment
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.installing import install, require_admin

from .scene import Scene

PEOPLE = {"admin": "bach", "arbiter": "anon", "guardian": "publisher"}
NOT_OK = (Verdict.WARN, Verdict.FAIL)


@pytest.fixture
def installed(scene: Scene, tmp_path: Path) -> tuple[Scene, Deployment]:
    people = {name: scene.address(role) for name, role in PEOPLE.items()}
    install(scene.connection, scene.keys["deployer"], tmp_path / "d.json", people)
    return scene, Deployment.load(tmp_path / "d.json")


def findings(scene: Scene, deployment: Deployment, asked: Mapping[str, str] | None = None) -> list[Check]:
    checks = check_deployment(scene.connection, deployment, deployment.roles if asked is None else asked)
    return [check for check in checks if check.verdict in NOT_OK]


def test_a_sound_deployment_has_nothing_but_a_single_key_as_admin(installed: tuple[Scene, Deployment]) -> None:
    (check,) = findings(*installed)
    assert (check.name, check.verdict) == ("admin", Verdict.WARN)


def test_a_contract_as_admin_is_no_finding(scene: Scene, tmp_path: Path) -> None:
    people = {name: scene.address(role) for name, role in PEOPLE.items()} | {"admin": scene.deployment.catalogue}
    install(scene.connection, scene.keys["deployer"], tmp_path / "d.json", people)
    assert findings(scene, Deployment.load(tmp_path / "d.json")) == []


def test_contracts_of_another_deployment_are_found(installed: tuple[Scene, Deployment]) -> None:
    scene, made = installed
    mixed = replace(made, contracts={**made.contracts, "TrainingPool": scene.deployment.contracts["TrainingPool"]})
    failed = [check.name for check in findings(scene, mixed) if check.verdict is Verdict.FAIL]
    assert failed == ["TrainingPool", "creation of TrainingPool"]


def test_a_missing_authority_is_found_and_ends_the_check(installed: tuple[Scene, Deployment]) -> None:
    scene, made = installed
    nowhere = replace(made, contracts={**made.contracts, "Authority": scene.address("stranger")})
    assert [check.name for check in findings(scene, nowhere)][-1] == "powers"


def test_another_token_in_the_dollars_place_is_found(installed: tuple[Scene, Deployment]) -> None:
    scene, made = installed
    other = replace(made, contracts={**made.contracts, "TestDollar": made.catalogue}, creations={})
    assert [check.name for check in findings(scene, other) if check.verdict is Verdict.FAIL] == ["TestDollar"]


@pytest.mark.parametrize(
    ("change", "verdict", "words"),
    [
        ({"encoded_arguments": "0x" + "00" * 31 + "01"}, Verdict.FAIL, "another block, bytecode or arguments"),
        ({"block": 1}, Verdict.FAIL, "another block, bytecode or arguments"),
        ({"bytecode_sha256": "00" * 32}, Verdict.FAIL, "other bytecode than this version's"),
        ({"transaction": "0x" + "11" * 32}, Verdict.WARN, "the node does not have"),
        ({"transaction": None}, Verdict.WARN, "no transaction is known of Catalogue"),
    ],
)
def test_what_the_file_says_of_a_creation_is_compared(
    installed: tuple[Scene, Deployment], change: dict[str, object], verdict: Verdict, words: str
) -> None:
    scene, made = installed
    told = replace(made.creations["Catalogue"], **change)  # type: ignore[arg-type]
    (check, _) = findings(scene, replace(made, creations={**made.creations, "Catalogue": told}))
    assert check.verdict is verdict
    assert words in check.found


def test_anothers_transaction_is_found(installed: tuple[Scene, Deployment]) -> None:
    scene, made = installed
    told = replace(made.creations["Catalogue"], transaction=made.creations["TrainingPool"].transaction)
    (check, _) = findings(scene, replace(made, creations={**made.creations, "Catalogue": told}))
    assert "did not create it" in check.found


def test_other_people_than_asked_for_are_found(installed: tuple[Scene, Deployment]) -> None:
    scene, made = installed
    found = findings(scene, made, {**made.roles, "arbiter": scene.address("stranger")})
    assert [check.name for check in found if check.verdict is Verdict.FAIL] == ["powers", "powers"]


def test_roles_that_nobody_named_are_shown_and_warned_of(installed: tuple[Scene, Deployment]) -> None:
    scene, made = installed
    (check, _) = findings(scene, made, {})
    assert check.verdict is Verdict.WARN
    assert f"arbiter: {scene.address('anon')}" in check.found


def test_an_admin_without_code_must_be_said_to_be_a_key(scene: Scene) -> None:
    deployer, stranger = scene.address("deployer"), scene.address("stranger")
    with pytest.raises(InvalidInput, match="no contract at the admin's address") as caught:
        require_admin(scene.connection, stranger, deployer)
    assert "--admin-is-a-key" in caught.value.hint
    require_admin(scene.connection, stranger, deployer, is_a_key=True)
    require_admin(scene.connection, scene.deployment.catalogue, deployer)
    require_admin(scene.connection, deployer, deployer)


def test_another_chain_is_refused(installed: tuple[Scene, Deployment]) -> None:
    scene, made = installed
    with pytest.raises(ChainError, match="on chain 1,"):
        check_deployment(scene.connection, replace(made, chain_id=1), {})
