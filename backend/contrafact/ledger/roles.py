"""Who may do what few things are not everybody's: roles in the Authority, OpenZeppelin's AccessManager.

A guardian may stop new orders at once, and take them again a day after it said so. An arbiter rules on disputes. The
admin may change who has these roles, two days after it said so. Nobody has any power over balances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eth_utils.abi import function_abi_to_4byte_selector
from web3.contract.contract import ContractFunction

from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment import Deployment
from contrafact.ledger.logs import events
from contrafact.ledger.signer import Signer

DAY = 86_400
ADMIN_DELAY = 2 * DAY
UNPAUSE_DELAY = DAY


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its number, the functions of a contract that need it, and the seconds between saying and doing."""

    number: int
    contract: str
    functions: tuple[str, ...]
    delay: int


ADMIN = 0
ROLES = {
    "pause": Role(1, "GenerationEscrow", ("pause",), 0),
    "unpause": Role(2, "GenerationEscrow", ("unpause",), UNPAUSE_DELAY),
    "arbiter": Role(3, "DisputeDesk", ("ruleContest", "ruleChallenge"), 0),
}
NAMES = {ADMIN: "admin"} | {role.number: name for name, role in ROLES.items()}


@dataclass(frozen=True, slots=True)
class Member:
    """An account that has a role, and its delay in seconds."""

    role: str
    account: str
    delay: int


def set_up(
    connection: Connection, deployment: Deployment, deployer: Signer, *, admin: str, arbiter: str, guardian: str
) -> Sequence[Member]:
    """Gives the roles, the admin's last, and returns who has them then.

    Safe to repeat: what is so already is left alone. Once the deployer is not admin, or waits as any admin, nothing is
    changed any more; who has the roles then can differ from what is asked here.
    """
    contracts = Contracts(connection, deployment)
    if _may_set_up(contracts, deployer.address):
        accounts = {"pause": guardian, "unpause": guardian, "arbiter": arbiter}
        for step in (*_steps(contracts, accounts), *_hand_over(contracts, deployer.address, admin)):
            connection.send(step, deployer)
    return members(connection, deployment)


def members(connection: Connection, deployment: Deployment) -> Sequence[Member]:
    """Everybody who has a role."""
    contracts, last = Contracts(connection, deployment), connection.head()
    granted = events(connection, contracts.authority, ["RoleGranted"], deployment.block, last)
    named = dict.fromkeys((event.arguments["roleId"], event.arguments["account"]) for event in granted)
    found = ((role, account, *_membership(contracts, role, account)) for role, account in named)
    return [Member(NAMES.get(r, f"role {r}"), account, delay) for r, account, has, delay in found if has]


def _membership(contracts: Contracts, role: int, account: str) -> tuple[bool, int]:
    has, delay = contracts.connection.call(contracts.authority.functions.hasRole(role, account))
    return bool(has), int(delay)


def _may_set_up(contracts: Contracts, account: str) -> bool:
    return _membership(contracts, ADMIN, account) == (True, 0)


def _steps(contracts: Contracts, accounts: Mapping[str, str]) -> list[ContractFunction]:
    """What is still to be done for every role but the admin's."""
    steps, manager = [], contracts.authority.functions
    for name, role in ROLES.items():
        target = contracts.named(role.contract)
        selectors = [function_abi_to_4byte_selector(target.get_function_by_name(f).abi) for f in role.functions]
        assigned = (contracts.connection.call(manager.getTargetFunctionRole(target.address, s)) for s in selectors)
        if any(number != role.number for number in assigned):
            steps.append(manager.setTargetFunctionRole(target.address, selectors, role.number))
        if _membership(contracts, role.number, accounts[name]) != (True, role.delay):
            steps.append(manager.grantRole(role.number, accounts[name], role.delay))
    return steps


def _hand_over(contracts: Contracts, deployer: str, admin: str) -> list[ContractFunction]:
    """The admin's role, with its delay; the deployer gives its own up where it is another account."""
    manager = contracts.authority.functions
    steps = [manager.grantRole(ADMIN, admin, ADMIN_DELAY)]
    return steps if admin == deployer else [*steps, manager.renounceRole(ADMIN, deployer)]
