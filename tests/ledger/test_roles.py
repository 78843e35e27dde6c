"""Who may pause, rule and change roles after a deployment, and how long each must wait."""

from __future__ import annotations

import pytest
from web3.contract.contract import ContractFunction

from contrafact.errors import NotPermitted
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.roles import ADMIN_DELAY, ROLES, UNPAUSE_DELAY, Member, expected_members, members, set_up

from .scene import Scene

SLACK = 600  # a burst of blocks may have put the chain ahead of the clock
PEOPLE = {"admin": "bach", "arbiter": "anon", "guardian": "publisher"}


def given(scene: Scene, **changes: str) -> list[Member]:
    people = {name: scene.address(role) for name, role in (PEOPLE | changes).items()}
    return list(set_up(scene.connection, scene.deployment, scene.keys["deployer"], **people))


def send(scene: Scene, role: str, function: ContractFunction) -> None:
    scene.connection.send(function, scene.keys[role])


def test_roles_are_those_asked_for_and_the_deployer_has_none(scene: Scene) -> None:
    assert set(given(scene)) == {
        Member("admin", scene.address("bach"), ADMIN_DELAY),
        Member("arbiter", scene.address("anon"), 0),
        Member("pause", scene.address("publisher"), 0),
        Member("unpause", scene.address("publisher"), UNPAUSE_DELAY),
    }


def test_setting_up_again_sends_nothing(scene: Scene) -> None:
    first, nonce = given(scene), scene.connection.nonce(scene.address("deployer"))
    assert given(scene, guardian="stranger") == first == list(members(scene.connection, scene.deployment))
    assert scene.connection.nonce(scene.address("deployer")) == nonce


def test_who_an_interrupted_run_gave_a_role_loses_it_when_another_is_asked_for(scene: Scene) -> None:
    manager = Contracts(scene.connection, scene.deployment).authority.functions
    send(scene, "deployer", manager.grantRole(ROLES["arbiter"].number, scene.address("stranger"), 0))
    send(scene, "deployer", manager.grantRole(0, scene.address("stranger"), ADMIN_DELAY))
    people = {name: scene.address(role) for name, role in PEOPLE.items()}
    assert set(given(scene)) == expected_members(**people)


def test_guardian_stops_new_orders_at_once_and_takes_them_again_a_day_later(scene: Scene) -> None:
    given(scene)
    contracts = Contracts(scene.connection, scene.deployment)
    escrow, manager = contracts.escrow, contracts.authority
    send(scene, "publisher", escrow.functions.pause())
    deal = scene.deal()
    with pytest.raises(NotPermitted, match="New orders are paused"):
        scene.writer("maker").fund(*deal.fund_arguments())
    unpause = escrow.encode_abi("unpause")
    with pytest.raises(NotPermitted, match="is not scheduled"):
        send(scene, "publisher", escrow.functions.unpause())
    send(scene, "publisher", manager.functions.schedule(escrow.address, unpause, 0))
    scene.pass_time(UNPAUSE_DELAY + SLACK)
    send(scene, "publisher", escrow.functions.unpause())
    scene.writer("maker").fund(*scene.deal().fund_arguments())


def test_nobody_else_pauses_or_rules(scene: Scene) -> None:
    given(scene)
    contracts = Contracts(scene.connection, scene.deployment)
    for role in ("deployer", "stranger", "anon"):
        with pytest.raises(NotPermitted, match="does not have the role"):
            send(scene, role, contracts.escrow.functions.pause())
    with pytest.raises(NotPermitted, match="does not have the role"):
        send(scene, "publisher", contracts.desk.functions.ruleContest(0, 0))


def test_admin_changes_roles_only_after_it_said_so(scene: Scene) -> None:
    given(scene)
    manager = Contracts(scene.connection, scene.deployment).authority
    grant = manager.functions.grantRole(1, scene.address("stranger"), 0)
    with pytest.raises(NotPermitted, match="is not scheduled"):
        send(scene, "bach", grant)
    send(scene, "bach", manager.functions.schedule(manager.address, grant._encode_transaction_data(), 0))
    scene.pass_time(ADMIN_DELAY + SLACK)
    send(scene, "bach", grant)
    assert Member("pause", scene.address("stranger"), 0) in members(scene.connection, scene.deployment)


def test_deployer_that_stays_admin_waits_as_any_admin(scene: Scene) -> None:
    found = given(scene, admin="deployer")
    assert Member("admin", scene.address("deployer"), ADMIN_DELAY) in found
