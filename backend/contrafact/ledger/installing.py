"""A whole deployment: contracts, roles, and whether the powers came out as asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contrafact.errors import InvalidInput
from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment import deploy
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.powers import check_powers
from contrafact.ledger.roles import Member, may_set_up, set_up
from contrafact.ledger.signer import Signer

_DELEGATION = bytes.fromhex("ef0100")  # EIP-7702: an account with a key that borrows code


@dataclass(frozen=True, slots=True)
class Installation:
    """What was deployed, who has which role, and what of the powers is not as asked."""

    deployment: Deployment
    members: Sequence[Member]
    problems: Sequence[str]


def install(
    connection: Connection,
    deployer: Signer,
    path: Path,
    asked: Mapping[str, str],
    *,
    test_dollar: bool = True,
    on_step: Callable[[str], None] = lambda step: None,
) -> Installation:
    """Deploys, gives the roles of `admin`, `arbiter` and `guardian`, and looks who has which power then.

    Goes on where an interrupted run stopped. Raises as `deploy` does.
    """
    made = deploy(connection, deployer, path, test_dollar=test_dollar, roles=asked, on_step=on_step)
    contracts = Contracts(connection, made)
    if may_set_up(contracts, deployer.address) and made.roles != dict(asked):
        made = replace(made, roles=dict(asked))
        made.save(path)
    on_step("roles")
    members = set_up(connection, made, deployer, **asked)
    return Installation(made, members, check_powers(contracts, asked))


def require_admin(connection: Connection, admin: str, deployer: str, *, is_a_key: bool = False) -> None:
    """Raises InvalidInput where another admin than the deployer has no code on this chain and is not said to be a key.

    A multisig has its address on the chains where it was created: on others nobody answers at it, and no power that
    is given to it there can ever be used or taken back.
    """
    if is_a_key or admin == deployer or _is_contract(connection.code(admin)):
        return
    text = f"There is no contract at the admin's address {admin} on chain {connection.chain_id}."
    raise InvalidInput(
        text, "Create the multisig on this chain first, or say --admin-is-a-key if somebody holds its key."
    )


def is_key(connection: Connection, address: str) -> bool:
    """Whether the account is one with a private key, and not a contract."""
    return not _is_contract(connection.code(address))


def _is_contract(code: bytes) -> bool:
    return bool(code) and not code.startswith(_DELEGATION)
