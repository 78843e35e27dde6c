"""Before anything is sent: what a deployment will cost, and what would make it fail."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hexbytes import HexBytes
from web3 import Web3

from contrafact.ledger.checklist import Check, fail, ok, warn
from contrafact.ledger.connection import GAS_MARGIN, MAX_GAS, Connection
from contrafact.ledger.construction import arguments, creation_code
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment import wanted
from contrafact.ledger.deployment_file import Deployment, Record
from contrafact.ledger.evm import creation_problem, missing_features
from contrafact.ledger.layer_one import data_fee
from contrafact.ledger.networks import FeeKind, Network
from contrafact.ledger.roles import may_set_up

ROLES_GAS = 430_000
"""What giving all roles costs at most; it cannot be estimated before the contracts are there. A test measures it."""
ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Expense:
    """What a contract, or all roles, will cost: gas, and on a chain over another one a fee for the data, in wei."""

    what: str
    gas: int
    data_fee: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is still to be sent. Money in wei; fees in wei per gas, as they are now and at the most that is offered."""

    deployer: str
    balance: int
    fee_now: int
    fee_cap: int
    expenses: tuple[Expense, ...]

    @property
    def gas(self) -> int:
        return sum(one.gas for one in self.expenses)

    @property
    def cost_now(self) -> int:
        """What all of it costs if fees stay as they are."""
        return self._cost(self.fee_now)

    @property
    def cost_cap(self) -> int:
        """The most that it can cost."""
        return self._cost(self.fee_cap)

    @property
    def needed(self) -> int:
        """The least balance with which every step is sent at present fees: a node wants each step's cap covered."""
        spent, most = 0, 0
        for one in self.expenses:
            limit = one.gas + one.gas // GAS_MARGIN
            most = max(most, spent + limit * self.fee_cap + one.data_fee)
            spent += one.gas * self.fee_now + one.data_fee
        return most

    def _cost(self, fee: int) -> int:
        return sum(one.gas * fee + one.data_fee for one in self.expenses)


def plan(connection: Connection, record: Record, deployer: str, *, test_dollar: bool = True) -> Plan:
    """What is still to be sent for the deployment of `record`, and its cost. Raises ChainError and ContractError."""
    missing = [
        name for name in wanted(test_dollar) if name in record["pending"] and not _is_there(connection, record, name)
    ]
    expenses = [_creation(connection, name, record, deployer) for name in missing]
    if missing or _roles_are_open(connection, record, deployer):
        expenses.append(Expense(ROLES, ROLES_GAS))
    now, cap = fees(connection)
    return Plan(deployer, connection.balance(deployer), now, cap, tuple(expenses))


def fees(connection: Connection) -> tuple[int, int]:
    """What a unit of gas costs now and at most, in wei, as `Connection.send` offers it."""
    with connection.failures():
        base = connection.web3.eth.get_block("latest").get("baseFeePerGas", 0)
        tip = connection.web3.eth.max_priority_fee
    return base + tip, 2 * base + tip


def check(connection: Connection, network: Network, record: Record, made: Plan) -> list[Check]:
    """Everything that can be known beforehand; nothing may be sent while one of these fails. Raises ChainError."""
    return [
        _chain(connection, network),
        _clock(connection, network),
        _fee_market(connection, network),
        _instructions(connection),
        *_creations(connection, record, made),
        _sizes(connection, made),
        _balance(network, made),
    ]


def _is_there(connection: Connection, record: Record, name: str) -> bool:
    return bool(connection.code(record["pending"][name]))


def _creation(connection: Connection, name: str, record: Record, deployer: str) -> Expense:
    code = creation_code(name, arguments(name, record["contracts"] | record["pending"], deployer))
    with connection.failures():
        gas = connection.web3.eth.estimate_gas({"from": Web3.to_checksum_address(deployer), "data": HexBytes(code)})
    return Expense(name, gas, data_fee(connection, len(code)))


def _roles_are_open(connection: Connection, record: Record, deployer: str) -> bool:
    return bool(record["contracts"]) and may_set_up(Contracts(connection, Deployment.of(record)), deployer)


def _chain(connection: Connection, network: Network) -> Check:
    if connection.chain_id == network.chain_id:
        return ok("chain", f"{network.name}, chain id {network.chain_id}")
    found = f"{connection.place} serves chain {connection.chain_id}; {network.name} is {network.chain_id}"
    return fail("chain", found, "Set CONTRAFACT_RPC_URL to a node of that network, or name another network.")


def _clock(connection: Connection, network: Network) -> Check:
    """A node that hangs, or is still catching up, shows a state that is long past."""
    age, late = int(time.time()) - connection.timestamp(), max(120, int(20 * network.block_seconds))
    found = f"newest block is {age} s old" if age >= 0 else f"newest block is {-age} s ahead of this machine's clock"
    if network.name == "devnet" or -30 <= age <= late:
        return ok("clock", found)
    if age < 0:
        return warn("clock", found, "Set this machine's clock.")
    return fail("clock", found, "The node is behind or the chain stands still: wait, or use another node.")


def _fee_market(connection: Connection, network: Network) -> Check:
    with connection.failures():
        base = connection.web3.eth.get_block("latest").get("baseFeePerGas")
    if base is not None:
        return ok("fees", f"EIP-1559, base fee {base} wei")
    if network.fees is FeeKind.LEGACY:
        return ok("fees", "a gas price, no base fee")
    return fail("fees", "blocks have no base fee", 'Name the network in a file, with fees = "legacy".')


def _instructions(connection: Connection) -> Check:
    missing = missing_features(connection)
    if not missing:
        return ok("EVM", "has all instructions that the contracts use (Cancun)")
    return fail("EVM", f"lacks {'; '.join(missing)}", "Deploy to a chain that has activated Cancun.")


def _creations(connection: Connection, record: Record, made: Plan) -> Iterator[Check]:
    known = record["contracts"] | record["pending"]
    names = [one.what for one in made.expenses if one.what != ROLES]
    found = [creation_problem(connection, name, arguments(name, known, made.deployer), made.deployer) for name in names]
    problems = [problem for problem in found if problem]
    yield from (
        fail("creation", problem, "Choose another chain; the contracts cannot be there.") for problem in problems
    )
    if not problems:
        yield ok("creation", f"{len(names)} contracts come out as compiled" if names else "nothing is missing")


def _sizes(connection: Connection, made: Plan) -> Check:
    """The contracts' own sizes are tried out; this is whether a block, and a transaction, hold the gas."""
    with connection.failures():
        limit = min(MAX_GAS, connection.web3.eth.get_block("latest")["gasLimit"])
    most = max((one.gas + one.gas // GAS_MARGIN for one in made.expenses if one.what != ROLES), default=0)
    if most <= limit:
        return ok("gas", f"dearest transaction {most} of {limit} gas")
    return fail("gas", f"a transaction needs {most} gas; one may have {limit}", "Choose a chain with larger blocks.")


def _balance(network: Network, made: Plan) -> Check:
    found = f"{coins(made.balance)} of {coins(made.cost_now)} at present fees, {coins(made.cost_cap)} at most"
    if made.balance < made.needed:
        lacking = coins(made.needed - made.balance)
        return fail("balance", f"{found}; {lacking} are missing", f"Send them to {made.deployer}. {network.faucet}")
    if made.balance < made.cost_cap:
        return warn("balance", found, "Enough unless fees rise; a deployment that stops for it goes on when repeated.")
    return ok("balance", found)


def coins(wei: int) -> str:
    """An amount of the chain's coin, with six significant digits: `0.0123456`."""
    return f"{wei / 10**18:.6g}" if wei else "0"


def to_dict(made: Plan, checks: Sequence[Check]) -> dict[str, Any]:
    """The plan and its checks; amounts of wei as texts."""
    return {
        "deployer": made.deployer,
        "gas": made.gas,
        "steps": [{"what": one.what, "gas": one.gas, "data_fee": str(one.data_fee)} for one in made.expenses],
        **{name: str(getattr(made, name)) for name in ("fee_now", "fee_cap", "cost_now", "cost_cap", "balance")},
        "missing": str(max(0, made.needed - made.balance)),
        "checks": [one.to_dict() for one in checks],
    }
