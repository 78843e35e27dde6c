"""Before anything is sent: what a deployment will cost, and what would make it fail."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hexbytes import HexBytes
from web3 import Web3

from contrafact.errors import ChainError
from contrafact.ledger.checklist import Check, fail, ok, warn
from contrafact.ledger.connection import GAS_MARGIN, MAX_GAS, Connection
from contrafact.ledger.construction import arguments, creation_code
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment import wanted
from contrafact.ledger.deployment_file import Deployment, Record
from contrafact.ledger.evm import creation_problem, missing_features
from contrafact.ledger.failures import NoSuchContract
from contrafact.ledger.fees import GAS_PRICE_ORACLE, data_fee, in_gwei, suggest
from contrafact.ledger.networks import FeeKind, Network
from contrafact.ledger.roles import may_set_up

ROLES_GAS = 430_000
"""What giving all roles costs at most; it cannot be estimated before the contracts are there. A test measures it."""
ROLES = "roles"
_ROLE_STEPS, _ROLE_BYTES = 8, b"\xff" * 200
"""How many transactions give the roles, and no fewer bytes than one has, none of which can be packed."""
_NO_CAP = 2**128
_AMOUNTS = ("fee_now", "fee_offered", "fee_cap", "cost_now", "cost_offered", "cost_cap", "balance")


@dataclass(frozen=True, slots=True)
class Expense:
    """What a contract, or all roles, will cost: gas, and on a chain over another one a fee for the data, in wei."""

    what: str
    gas: int
    data_fee: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is still to be sent. Money in wei; fees in wei per gas: what is taken now, what will be offered, the cap."""

    deployer: str
    balance: int
    fee_now: int
    fee_offered: int
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
    def cost_offered(self) -> int:
        """What it costs if fees rise to what is offered, twice the base fee."""
        return self._cost(self.fee_offered)

    @property
    def cost_cap(self) -> int:
        """The most that it can cost."""
        return self._cost(self.fee_cap)

    @property
    def needed(self) -> int:
        """The least balance with which every step is sent at present fees: each step's offer must be covered."""
        spent, most = 0, 0
        for one in self.expenses:
            limit = one.gas + one.gas // GAS_MARGIN
            most = max(most, spent + limit * self.fee_offered + one.data_fee)
            spent += one.gas * self.fee_now + one.data_fee
        return most

    def _cost(self, fee: int) -> int:
        return sum(one.gas * fee + one.data_fee for one in self.expenses)


def plan(connection: Connection, record: Record, deployer: str, *, test_dollar: bool = True) -> Plan:
    """What is still to be sent for the deployment of `record`, and its cost. Raises ChainError and ContractError."""
    known = record["contracts"] | record["pending"]
    missing = [name for name in wanted(test_dollar) if not connection.code(known[name])]
    expenses = [_creation(connection, name, record, deployer) for name in missing]
    if missing or _roles_are_open(connection, record, deployer):
        fee = _data_fee(connection, _ROLE_BYTES) * _ROLE_STEPS
        expenses.append(Expense(ROLES, ROLES_GAS, fee))
    now, offered = _fees(connection)
    cap = connection.policy.max_fee
    return Plan(deployer, connection.balance(deployer), now, min(offered, cap), cap, tuple(expenses))


def _fees(connection: Connection) -> tuple[int, int]:
    """What a unit of gas costs now, and what will be offered for it, in wei, whatever the cap."""
    with connection.failures():
        found = suggest(connection.web3, connection.network.fees, _NO_CAP)
        base = connection.web3.eth.get_block("latest").get("baseFeePerGas", 0)
    return (found.highest if found.tip is None else base + found.tip), found.highest


def check(connection: Connection, record: Record, made: Plan) -> list[Check]:
    """Everything that can be known beforehand; nothing may be sent while one of these fails. Raises ChainError."""
    return [
        _chain(connection.network),
        _clock(connection, connection.network),
        _fee_market(connection, made),
        _instructions(connection),
        *_creations(connection, record, made),
        _sizes(connection, made),
        _balance(connection.network, made),
    ]


def _creation(connection: Connection, name: str, record: Record, deployer: str) -> Expense:
    code = creation_code(name, arguments(name, record["contracts"] | record["pending"], deployer))
    with connection.failures():
        gas = connection.web3.eth.estimate_gas({"from": Web3.to_checksum_address(deployer), "data": HexBytes(code)})
    return Expense(name, gas, _data_fee(connection, code))


def _data_fee(connection: Connection, data: bytes) -> int:
    try:
        with connection.failures():
            return data_fee(connection.web3, connection.network.fees, data)
    except NoSuchContract:
        text = f"{connection.place} has no oracle of fees at {GAS_PRICE_ORACLE}, as every chain of the OP Stack has."
        hint = f"Use a node of {connection.network.name}, or describe the network in a file with other fees."
        raise ChainError(text, hint) from None


def _roles_are_open(connection: Connection, record: Record, deployer: str) -> bool:
    return bool(record["contracts"]) and may_set_up(Contracts(connection, Deployment.of(record)), deployer)


def _chain(network: Network) -> Check:
    found = f"{network.name}, chain id {network.chain_id}"
    if network.testnet:
        return ok("chain", found)
    advice = (
        "Nobody outside has audited the contracts: no other people's money. A test network is said to be one in a file."
    )
    return warn("chain", f"{found}, is not known as a test network", advice)


def _clock(connection: Connection, network: Network) -> Check:
    """A node that hangs, or is still catching up, shows a state that is long past."""
    age, late = int(time.time()) - connection.timestamp(), max(120, int(20 * network.block_seconds))
    found = f"newest block is {age} s old" if age >= 0 else f"newest block is {-age} s ahead of this machine's clock"
    if network.name == "devnet" or -30 <= age <= late:
        return ok("clock", found)
    if age < 0:
        return warn("clock", found, "Set this machine's clock.")
    return fail("clock", found, "The node is behind or the chain stands still: wait, or use another node.")


def _fee_market(connection: Connection, made: Plan) -> Check:
    with connection.failures():
        base = connection.web3.eth.get_block("latest").get("baseFeePerGas")
    kind = "a gas price, no base fee" if base is None else f"EIP-1559, base fee {in_gwei(base)}"
    if made.fee_now > made.fee_cap:
        advice = "Wait until fees fall, or raise CONTRAFACT_MAX_FEE_GWEI."
        return fail("fees", f"{in_gwei(made.fee_now)}; at most {in_gwei(made.fee_cap)} may be paid", advice)
    if base is None and connection.network.fees is not FeeKind.LEGACY:
        return warn("fees", f"{kind}, other than {connection.network.name} should have", "Is the URL of that network?")
    return ok("fees", kind)


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
    found = f"{coins(made.balance)}; {coins(made.cost_now)} at present fees, {coins(made.cost_offered)} if they double"
    if made.balance < made.needed:
        lacking = at_least(made.needed - made.balance)
        return fail("balance", f"{found}; {lacking} are missing", f"Send them to {made.deployer}. {network.faucet}")
    if made.balance < made.cost_offered:
        return warn("balance", found, "Enough unless fees rise; a deployment that stops for it goes on when repeated.")
    return ok("balance", found)


def coins(wei: int) -> str:
    """An amount of the chain's coin, with six significant digits: `0.0123456`."""
    return f"{wei / 10**18:.6g}" if wei else "0"


def at_least(wei: int) -> str:
    """An amount of the chain's coin, rounded up to six decimals: who sends that much has sent enough."""
    return f"{Decimal(-(-wei // 10**12)).scaleb(-6).normalize():f}"


def to_dict(made: Plan, checks: Sequence[Check]) -> dict[str, Any]:
    """The plan and its checks; amounts of wei as texts."""
    return {
        "deployer": made.deployer,
        "gas": made.gas,
        "steps": [{"what": one.what, "gas": one.gas, "data_fee": str(one.data_fee)} for one in made.expenses],
        **{name: str(getattr(made, name)) for name in _AMOUNTS},
        "missing": str(max(0, made.needed - made.balance)),
        "checks": [one.to_dict() for one in checks],
    }
