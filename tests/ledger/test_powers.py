"""Whatever power somebody has who was not to have it is found, and so is one that is missing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from web3.contract.contract import ContractFunction

from contrafact.ledger.contracts import Contracts
from contrafact.ledger.powers import check_powers, scheduled_operations
from contrafact.ledger.roles import ADMIN_DELAY, set_up

from .scene import Scene

SLACK = 600
PEOPLE = {"admin": "bach", "arbiter": "anon", "guardian": "publisher"}
PUBLIC = 2**64 - 1


def asked(scene: Scene) -> dict[str, str]:
    return {name: scene.address(role) for name, role in PEOPLE.items()}


def problems(scene: Scene) -> Sequence[str]:
    return check_powers(Contracts(scene.connection, scene.deployment), asked(scene))


@pytest.fixture
def ruled(scene: Scene) -> Scene:
    """The scene with its roles given."""
    set_up(scene.connection, scene.deployment, scene.keys["deployer"], **asked(scene))
    return scene


def by_admin(scene: Scene, change: ContractFunction) -> None:
    """The admin says what it will do, waits, and does it."""
    manager = Contracts(scene.connection, scene.deployment).authority
    schedule = manager.functions.schedule(manager.address, change._encode_transaction_data(), 0)
    scene.connection.send(schedule, scene.keys["bach"])
    scene.pass_time(ADMIN_DELAY + SLACK)
    scene.connection.send(change, scene.keys["bach"])


def test_roles_that_were_given_as_asked_are_no_problem(ruled: Scene) -> None:
    assert problems(ruled) == ()
    assert scheduled_operations(Contracts(ruled.connection, ruled.deployment)) == ()


def test_before_roles_are_given_everything_is_missing_and_the_deployer_has_too_much(scene: Scene) -> None:
    found = problems(scene)
    assert sum("does not have the role" in one for one in found) == 4
    assert f"{scene.address('deployer')} has the role admin with a delay of 0 s, which nobody asked for." in found
    assert sum("is for the role admin" in one for one in found) == 4


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda s, m: m.grantRole(1, s.address("stranger"), 0), "has the role pause with a delay of 0 s, which nobody"),
        (lambda s, m: m.grantRole(77, s.address("stranger"), 5), "has the role role 77 with a delay of 5 s"),
        (lambda s, m: m.grantRole(0, s.address("stranger"), 0), "has the role admin with a delay of 0 s, which nobody"),
        (lambda s, m: m.revokeRole(3, s.address("anon")), "does not have the role arbiter with a delay of 0 s"),
        (lambda s, m: m.setRoleAdmin(3, 1), "The role arbiter is given and taken by the role pause."),
        (lambda s, m: m.setRoleGuardian(2, 3), "The role unpause can have what it scheduled cancelled by the role arb"),
        (lambda s, m: m.setTargetClosed(s.deployment.escrow, True), "The admin has closed the guarded functions of 0x"),
        (lambda s, m: m.setTargetFunctionRole(s.deployment.escrow, [bytes.fromhex("8456cb59")], PUBLIC), "0x8456cb59"),
        (lambda s, m: m.setTargetFunctionRole(s.dollar, [b"\1\2\3\4"], 1), "The function 0x01020304 of 0x"),
        (lambda s, m: m.grantRole(0, s.address("bach"), 0), "The delay of 0x"),
    ],
    ids=["pauser", "new-role", "admin", "no-arbiter", "giver", "canceller", "closed", "public", "foreign", "hasty"],
)  # fmt: skip
def test_what_the_admin_changed_is_found(ruled: Scene, change: object, expected: str) -> None:
    manager = Contracts(ruled.connection, ruled.deployment).authority
    by_admin(ruled, change(ruled, manager.functions))  # type: ignore[operator]
    (found,) = problems(ruled)
    assert expected in found


def test_a_role_that_counts_only_later_is_found_now(ruled: Scene) -> None:
    manager = Contracts(ruled.connection, ruled.deployment).authority
    by_admin(ruled, manager.functions.setGrantDelay(1, 30 * 86_400))
    ruled.pass_time(6 * 86_400)  # the delay itself counts only after five days
    by_admin(ruled, manager.functions.grantRole(1, ruled.address("stranger"), 0))
    (found,) = problems(ruled)
    assert f"{ruled.address('stranger')} will have the role pause from " in found


def test_what_the_admin_says_it_will_do_is_told_until_it_is_done(ruled: Scene) -> None:
    contracts = Contracts(ruled.connection, ruled.deployment)
    manager = contracts.authority
    grant = manager.functions.grantRole(1, ruled.address("stranger"), 0)
    schedule = manager.functions.schedule(manager.address, grant._encode_transaction_data(), 0)
    ruled.connection.send(schedule, ruled.keys["bach"])
    (said,) = scheduled_operations(contracts)
    assert said.startswith(f"{ruled.address('bach')} may call 0x25c471a0 of {manager.address} from ")
    ruled.pass_time(ADMIN_DELAY + SLACK)
    ruled.connection.send(grant, ruled.keys["bach"])
    assert scheduled_operations(contracts) == ()
