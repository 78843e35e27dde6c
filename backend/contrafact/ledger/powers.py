"""Whether the powers over a deployment are those that were asked for: all of them, and nobody else's.

The Authority keeps no list of who has a role, so its events are read from its creation on, and whoever they name is
asked about in its state: what counts is the state, the events only say where to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from contrafact.ledger.contracts import Contracts
from contrafact.ledger.logs import Event, events
from contrafact.ledger.roles import ADMIN, ROLES, Member, expected_members, members, name_of, selectors

_EVENTS = (
    *("RoleGranted", "RoleAdminChanged", "RoleGuardianChanged"),
    *("TargetFunctionRoleUpdated", "TargetClosed", "OperationScheduled"),
)


def check_powers(contracts: Contracts, asked: Mapping[str, str]) -> tuple[str, ...]:
    """What is not as asked, one sentence each; empty when all is well. Raises ChainError.

    `asked` are the accounts of `admin`, `arbiter` and `guardian`.
    """
    manager, last = contracts.authority, contracts.connection.head()
    found = events(contracts.connection, manager, _EVENTS, contracts.deployment.block, last)
    return (
        *_problems_of_members(contracts, asked),
        *_problems_of_pending(contracts, found),
        *_problems_of_functions(contracts, found),
        *_problems_of_rules(contracts, found),
    )


def scheduled_operations(contracts: Contracts) -> tuple[str, ...]:
    """What somebody has said that it will do and has not done yet, one sentence each. Raises ChainError."""
    manager, last = contracts.authority, contracts.connection.head()
    found = events(contracts.connection, manager, ["OperationScheduled"], contracts.deployment.block, last)
    said = []
    for event in {event.arguments["operationId"]: event for event in found}.values():
        operation = event.arguments
        when = contracts.connection.call(manager.functions.getSchedule(operation["operationId"]))
        if when:  # else it was done, cancelled, or has expired
            call = f"0x{operation['data'][:4].hex()} of {operation['target']}"
            said.append(f"{operation['caller']} may call {call} from {when} (seconds since the epoch) on.")
    return tuple(said)


def _problems_of_members(contracts: Contracts, asked: Mapping[str, str]) -> Iterator[str]:
    has = set(members(contracts.connection, contracts.deployment))
    wanted = expected_members(asked["admin"], asked["arbiter"], asked["guardian"])
    for one in _sorted(wanted - has):
        yield f"{one.account} does not have the role {one.role} with a delay of {one.delay} s."
    for one in _sorted(has - wanted):
        yield f"{one.account} has the role {one.role} with a delay of {one.delay} s, which nobody asked for."


def _problems_of_pending(contracts: Contracts, found: Sequence[Event]) -> Iterator[str]:
    """Roles and delays that are given already, but count only later."""
    now = contracts.connection.timestamp()
    granted = [event.arguments for event in found if event.name == "RoleGranted"]
    for number, account in dict.fromkeys((one["roleId"], one["account"]) for one in granted):
        access = contracts.connection.call(contracts.authority.functions.getAccess(number, account))
        since, delay, pending_delay, effect = access
        if since > now:
            yield f"{account} will have the role {name_of(number)} from {since} (seconds since the epoch) on."
        elif since and effect and pending_delay != delay:
            yield f"The delay of {account} as {name_of(number)} will be {pending_delay} s instead of {delay} s."


def _problems_of_functions(contracts: Contracts, found: Sequence[Event]) -> Iterator[str]:
    """Functions whose role is another than this program gives them."""
    wanted = {
        (contracts.named(role.contract).address, selector): role.number
        for role in ROLES.values()
        for selector in selectors(contracts, role)
    }
    changed = [event.arguments for event in found if event.name == "TargetFunctionRoleUpdated"]
    for target, selector in {*wanted, *((one["target"], one["selector"]) for one in changed)}:
        number = contracts.connection.call(contracts.authority.functions.getTargetFunctionRole(target, selector))
        if number != wanted.get((target, selector), ADMIN):
            yield f"The function 0x{selector.hex()} of {target} is for the role {name_of(number)}."


def _problems_of_rules(contracts: Contracts, found: Sequence[Event]) -> Iterator[str]:
    """Roles that another than the admin gives or guards, and contracts whose guarded functions are closed."""
    manager, call = contracts.authority.functions, contracts.connection.call
    for name, ask, what in (
        ("RoleAdminChanged", manager.getRoleAdmin, "is given and taken by"),
        ("RoleGuardianChanged", manager.getRoleGuardian, "can have what it scheduled cancelled by"),
    ):
        for number in {event.arguments["roleId"] for event in found if event.name == name}:
            ruler = call(ask(number))
            if ruler != ADMIN:
                yield f"The role {name_of(number)} {what} the role {name_of(ruler)}."
    for target in {event.arguments["target"] for event in found if event.name == "TargetClosed"}:
        if call(manager.isTargetClosed(target)):
            yield f"The admin has closed the guarded functions of {target}."


def _sorted(found: frozenset[Member] | set[Member]) -> list[Member]:
    return sorted(found, key=lambda one: (one.role, one.account))
