"""Whether a deployment is what its file says: code, wiring, creation and powers, from the chain alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from web3.exceptions import TransactionNotFound

from contrafact.domain.addresses import checksummed
from contrafact.ledger.artifacts import load, runtime_code_matches
from contrafact.ledger.checklist import Check, fail, ok, warn
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.creations import created_address
from contrafact.ledger.deployment_file import Creation, Deployment
from contrafact.ledger.installing import is_key
from contrafact.ledger.powers import check_powers, scheduled_operations
from contrafact.ledger.reader import Reader
from contrafact.ledger.roles import members
from contrafact.ledger.wiring import problem_of

ASKED = ("admin", "arbiter", "guardian")
_OTHER = "Do not use this deployment; ask whoever gave you the file, or deploy anew."
_POWERS = "Ask the admin why; until that is clear, put no money in."


def check_deployment(connection: Connection, deployment: Deployment, asked: Mapping[str, str]) -> list[Check]:
    """Every check, in order. `asked` are the accounts of admin, arbiter and guardian, as far as they are known.

    Raises ChainError where the node does not answer, or serves another chain.
    """
    contracts = Contracts(connection, deployment)
    found = [*_codes(contracts), *_creations(contracts)]
    if any(check.name == "Authority" and check.verdict == "fail" for check in found):
        return [*found, fail("powers", "nothing is known without the Authority", _OTHER)]
    return [*found, *_powers(contracts, asked), *_admins(contracts), *_scheduled(contracts)]


def _codes(contracts: Contracts) -> Iterator[Check]:
    """Code as compiled, immutables as this deployment's addresses say."""
    reader = Reader(contracts.connection, contracts.deployment)
    for name in REQUIRED:
        problem = problem_of(reader, name)
        yield (
            fail(name, problem, _OTHER) if problem else ok(name, f"as compiled, at {reader.deployment.contracts[name]}")
        )
    dollar = contracts.deployment.test_dollar
    if dollar and not runtime_code_matches(load("TestDollar"), reader.code(dollar)):
        yield fail("TestDollar", f"The code at {dollar} is not that of TestDollar.", _OTHER)
    elif dollar:
        yield ok("TestDollar", f"as compiled, at {dollar}")


def _creations(contracts: Contracts) -> Iterator[Check]:
    """Each contract's transaction, against what the file says of it."""
    deployment = contracts.deployment
    untold = [name for name in deployment.contracts if not _is_told(deployment, name)]
    if untold:
        advice = "The code itself was checked; a block explorer shows the transactions."
        yield warn("creation", f"no transaction is known of {', '.join(untold)}", advice)
    told = [name for name in deployment.contracts if _is_told(deployment, name)]
    problems = {name: _problem_of_creation(contracts, name, deployment.creations[name]) for name in told}
    yield from (problem for problem in problems.values() if problem)
    sound = [name for name in told if problems[name] is None]
    if sound:
        yield ok("creation", f"{len(sound)} transactions carry the bytecode and the arguments of the file")


def _is_told(deployment: Deployment, name: str) -> bool:
    return name in deployment.creations and deployment.creations[name].transaction is not None


def _problem_of_creation(contracts: Contracts, name: str, made: Creation) -> Check | None:
    transaction, check = str(made.transaction), f"creation of {name}"
    if made.bytecode_sha256 != load(name).digest:
        return fail(check, "the file names other bytecode than this version's", "Check with the version of the file.")
    with contracts.connection.failures():
        try:
            sent = contracts.connection.web3.eth.get_transaction(transaction)  # type: ignore[arg-type]
        except TransactionNotFound:
            return warn(check, f"the node does not have {transaction}", "Ask a node that keeps old transactions.")
    expected = load(name).bytecode + bytes.fromhex(made.encoded_arguments.removeprefix("0x"))
    if sent.get("to") or created_address(sent) != checksummed(contracts.deployment.contracts[name]):
        return fail(check, f"{transaction} did not create it", _OTHER)
    if bytes(sent["input"]) != expected or sent["blockNumber"] != made.block:
        return fail(check, f"{transaction} has another block, bytecode or arguments than the file says", _OTHER)
    return None


def _powers(contracts: Contracts, asked: Mapping[str, str]) -> list[Check]:
    if any(name not in asked for name in ASKED):
        has = "; ".join(f"{one.role}: {one.account}" for one in members(contracts.connection, contracts.deployment))
        advice = "Say --admin, --arbiter and --guardian to have them compared."
        return [warn("powers", f"who should have them is not known; {has}", advice)]
    problems = check_powers(contracts, asked)
    if problems:
        return [fail("powers", problem, _POWERS) for problem in problems]
    return [ok("powers", "the roles are as asked, and nobody else has any")]


def _admins(contracts: Contracts) -> Iterator[Check]:
    """Powers that hang on one private key."""
    for one in members(contracts.connection, contracts.deployment):
        if one.role == "admin" and is_key(contracts.connection, one.account):
            found = f"{one.account} is a single key, not a multisig"
            yield warn("admin", found, "Fit for trying out; with other people's money, have a multisig be admin.")


def _scheduled(contracts: Contracts) -> list[Check]:
    operations = scheduled_operations(contracts)
    return [warn("scheduled", operation, "Find out what it is before its time comes.") for operation in operations]
