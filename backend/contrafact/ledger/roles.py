"""Who may do what few things are not everybody's: roles in the Authority, OpenZeppelin's AccessManager.

A guardian may stop new orders at once, and take them again a day after it said so. An arbiter rules on disputes. The
admin may change who has these roles, two days after it said so. Nobody has any power over balances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eth_utils.abi import function_abi_to_4byte_selector
from web3.contract.contract import ContractFunction

from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment_file import Deployment
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
    """Gives the roles to these and to nobody else, the admin's last, and returns who has them then.

    Safe to repeat: what is so already is left alone, and who an interrupted run gave a role to that is another's now
    loses it. Once the deployer is not admin, or waits as any admin, nothing is changed any more; who has the roles then
    can differ from what is asked here.
    """
    contracts, wanted = Contracts(connection, deployment), expected_members(admin, arbiter, guardian)
    if may_set_up(contracts, deployer.address):
        steps = [*_assignments(contracts), *_grants(contracts, wanted), *_dismissals(contracts, deployer, wanted)]
        for step in (*steps, *_hand_over(contracts, deployer.address, admin)):
            connection.send(step, deployer)
    return members(connection, deployment)


def expected_members(admin: str, arbiter: str, guardian: str) -> frozenset[Member]:
    """Who has which role, with which delay, after `set_up` for these accounts."""
    accounts = {"pause": guardian, "unpause": guardian, "arbiter": arbiter}
    others = {Member(name, accounts[name], role.delay) for name, role in ROLES.items()}
    return frozenset({Member(NAMES[ADMIN], admin, ADMIN_DELAY), *others})


def members(connection: Connection, deployment: Deployment) -> Sequence[Member]:
    """Everybody who has a role."""
    contracts, last = Contracts(connection, deployment), connection.head()
    granted = events(connection, contracts.authority, ["RoleGranted"], deployment.block, last)
    named = dict.fromkeys((event.arguments["roleId"], event.arguments["account"]) for event in granted)
    found = ((role, account, *_membership(contracts, role, account)) for role, account in named)
    return [Member(name_of(number), account, delay) for number, account, has, delay in found if has]


def has_role(contracts: Contracts, role: str, account: str) -> bool:
    """Whether the account has the role now. Raises ChainError."""
    return _membership(contracts, _number(role), account)[0]


def name_of(role: int) -> str:
    """What the role of this number is called here; `role 9` for one that `set_up` does not know."""
    return NAMES.get(role, f"role {role}")


def _membership(contracts: Contracts, role: int, account: str) -> tuple[bool, int]:
    has, delay = contracts.connection.call(contracts.authority.functions.hasRole(role, account))
    return bool(has), int(delay)


def may_set_up(contracts: Contracts, account: str) -> bool:
    """Whether `account` is admin and need not wait."""
    return _membership(contracts, ADMIN, account) == (True, 0)


def selectors(contracts: Contracts, role: Role) -> list[bytes]:
    """The 4-byte selectors of the functions that need the role."""
    target = contracts.named(role.contract)
    return [function_abi_to_4byte_selector(target.get_function_by_name(name).abi) for name in role.functions]


def _assignments(contracts: Contracts) -> list[ContractFunction]:
    """Functions that still have to be told which role they need."""
    steps, manager = [], contracts.authority.functions
    for role in ROLES.values():
        target, wanted = contracts.named(role.contract).address, selectors(contracts, role)
        assigned = (contracts.connection.call(manager.getTargetFunctionRole(target, one)) for one in wanted)
        if any(number != role.number for number in assigned):
            steps.append(manager.setTargetFunctionRole(target, wanted, role.number))
    return steps


def _grants(contracts: Contracts, wanted: Iterable[Member]) -> list[ContractFunction]:
    """Roles that still have to be given, all but the admin's."""
    found = []
    for member in sorted(wanted, key=lambda one: one.role):
        number = _number(member.role)
        if number != ADMIN and _membership(contracts, number, member.account) != (True, member.delay):
            found.append(contracts.authority.functions.grantRole(number, member.account, member.delay))
    return found


def _dismissals(contracts: Contracts, deployer: Signer, wanted: Iterable[Member]) -> list[ContractFunction]:
    """Roles that somebody has who shall not have them; the deployer's own power is needed until the end."""
    kept = {(one.role, one.account) for one in wanted} | {(NAMES[ADMIN], deployer.address)}
    others = (one for one in members(contracts.connection, contracts.deployment) if (one.role, one.account) not in kept)
    return [contracts.authority.functions.revokeRole(_number(one.role), one.account) for one in others]


def _number(role: str) -> int:
    """The inverse of `name_of`."""
    known = {name: number for number, name in NAMES.items()}
    return known[role] if role in known else int(role.removeprefix("role "))


def _hand_over(contracts: Contracts, deployer: str, admin: str) -> list[ContractFunction]:
    """The admin's role, with its delay; the deployer gives its own up where it is another account."""
    manager = contracts.authority.functions
    has = _membership(contracts, ADMIN, admin) == (True, ADMIN_DELAY)
    steps = [] if has else [manager.grantRole(ADMIN, admin, ADMIN_DELAY)]
    return steps if admin == deployer else [*steps, manager.renounceRole(ADMIN, deployer)]
