"""Refusals about roles: who may pause new orders, rule on disputes, and change who may."""

from __future__ import annotations

from contrafact.errors import ContractError
from contrafact.ledger.revert_messages.kinds import REPORT, InputRefused, Meaning, Refused

_SCHEDULE = "Schedule it first, wait for its delay, and run it before it expires."
_ROLES = "Sign with an account that has the role, or let the admin grant it."

MEANINGS = {
    "AccessManagedUnauthorized": Meaning(Refused, "{caller} does not have the role for this.", _ROLES),
    "AccessManagedRequiredDelay": Meaning(
        Refused, "{caller} may do this only {delay} seconds after it said so.", _SCHEDULE
    ),
    "AccessManagedInvalidAuthority": Meaning(
        InputRefused, "{authority} is not an authority.", "Give a contract's address."
    ),
    "AccessManagerUnauthorizedAccount": Meaning(Refused, "{msgsender} does not have the role {roleId}.", _ROLES),
    "AccessManagerUnauthorizedCall": Meaning(Refused, "{caller} may not call {selector} of {target}.", _ROLES),
    "AccessManagerUnauthorizedCancel": Meaning(
        Refused,
        "{msgsender} may not cancel what {caller} scheduled: {selector} of {target}.",
        "Let who scheduled it, the role's guardian or an admin cancel it.",
    ),
    "AccessManagerUnauthorizedConsume": Meaning(Refused, "{target} is not a contract that takes schedules.", REPORT),
    "AccessManagerAlreadyScheduled": Meaning(
        Refused, "The operation {operationId} is scheduled already.", "Wait for it, or cancel it first."
    ),
    "AccessManagerNotScheduled": Meaning(Refused, "The operation {operationId} is not scheduled.", _SCHEDULE),
    "AccessManagerNotReady": Meaning(Refused, "The operation {operationId} is not ready yet.", "Wait for its delay."),
    "AccessManagerExpired": Meaning(Refused, "The operation {operationId} has expired.", "Schedule it anew."),
    "AccessManagerBadConfirmation": Meaning(
        InputRefused, "A role is given up by its own account only.", "Name the account that signs."
    ),
    "AccessManagerInvalidInitialAdmin": Meaning(
        InputRefused, "{initialAdmin} cannot be the first admin.", "Give an address that is not zero."
    ),
    "AccessManagerLockedFunction": Meaning(Refused, "The function {selector} is locked.", REPORT),
    "AccessManagerLockedRole": Meaning(Refused, "The role {roleId} is locked.", "Choose a role other than these two."),
    "EnforcedPause": Meaning(
        Refused, "New orders are paused.", "Wait until they are taken again; orders that are funded go on."
    ),
    "ExpectedPause": Meaning(Refused, "New orders are not paused.", "There is nothing to end."),
    "AddressEmptyCode": Meaning(InputRefused, "There is no contract at {target}.", "Check the address."),
    "FailedCall": Meaning(ContractError, "A call that a contract made failed without a reason.", REPORT),
    "InsufficientBalance": Meaning(ContractError, "A contract holds {balance}, {needed} are needed.", REPORT),
}
