"""Whether the contracts on a chain are those of this repository, wired to each other: what an auditor checks first."""

from __future__ import annotations

from eth_abi.abi import encode
from eth_utils.address import to_canonical_address
from eth_utils.crypto import keccak

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.ledger.artifacts import immutable_values, load, runtime_code_matches
from contrafact.ledger.construction import DEPENDS_ON, MIN_CONTEST_BOND, REQUIRED
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.reader import Reader

_DOMAIN_TYPE = keccak(text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
_SIBLINGS = {
    "Catalogue": {"desk": "DisputeDesk"},
    "GenerationEscrow": {"catalogue": "Catalogue", "desk": "DisputeDesk", "recovery": "HolderRecovery"},
    "HolderRecovery": {"catalogue": "Catalogue", "vault": "GenerationEscrow"},
    "DisputeDesk": {"catalogue": "Catalogue", "escrow": "GenerationEscrow"},
    "TrainingPool": {"catalogue": "Catalogue", "escrow": "GenerationEscrow"},
}
"""Immutable variables that hold the address of a contract of the same deployment."""


def check_contracts(reader: Reader) -> tuple[str, ...]:
    """What is wrong with the deployment, one sentence each; empty when all is well.

    The runtime code must be that of the artifacts, and every variable that a constructor wrote into it must hold
    the address of this deployment that belongs there, or its constant of the escrow's EIP-712 domain. (The test dollar
    is left out: it is money as any other token.) Raises ChainError.
    """
    return tuple(problem for name in REQUIRED if (problem := problem_of(reader, name)))


def problem_of(reader: Reader, name: str) -> str | None:
    """How the contract `name` is not the published one, wired to its siblings; None when it is. Raises ChainError."""
    deployment = reader.deployment
    address = deployment.contracts[name]
    code = reader.code(address)
    if not code:
        return f"There is no contract at {address}, where {name} should be."
    artifact = load(name)
    if not runtime_code_matches(artifact, code):
        return f"The code at {address} is not that of {name}."
    expected = _expected(name, deployment)
    found = immutable_values(artifact, code)
    foreign = [(key, value) for key, values in found.items() for value in values if value != expected[key]]
    if foreign:
        values = ", ".join(sorted(f"{key} = 0x{value.hex()}" for key, value in foreign))
        return f"{name} at {address} was built with values that are not this deployment's: {values}."
    return _problem_of_authority(reader, name)


def _problem_of_authority(reader: Reader, name: str) -> str | None:
    """The authority is stored, not built in: an authority can hand a contract over to another one."""
    if "Authority" not in DEPENDS_ON.get(name, ()):
        return None
    found = reader.authority_of(name)
    if found == reader.deployment.contracts["Authority"]:
        return None
    return f"{name} obeys the authority {found}, which is not this deployment's."


def _expected(name: str, deployment: Deployment) -> dict[str, bytes]:
    """Immutable variable → the value that it has in the contract `name` of this deployment."""
    siblings = {variable: _padded(deployment.contracts[other]) for variable, other in _SIBLINGS.get(name, {}).items()}
    return siblings | _own_values(name, deployment)


def _own_values(name: str, deployment: Deployment) -> dict[str, bytes]:
    if name == "GenerationEscrow":
        return _domain_values(deployment)
    if name == "DisputeDesk":
        return {"MIN_BOND": MIN_CONTEST_BOND.to_bytes(32)}
    return {"poolRoot": Split.of([(deployment.contracts[name], PPM)]).root} if name == "TrainingPool" else {}


def _domain_values(deployment: Deployment) -> dict[str, bytes]:
    """What OpenZeppelin's EIP712 keeps: hashes and short strings of name and version, chain, contract, separator."""
    domain = deployment.domain.to_dict()
    name, version = str(domain["name"]), str(domain["version"])
    hashes = [keccak(text=name), keccak(text=version)]
    words = ["bytes32", "bytes32", "bytes32", "uint256", "address"]
    return {
        "_hashedName": hashes[0],
        "_hashedVersion": hashes[1],
        "_name": _short_string(name),
        "_version": _short_string(version),
        "_cachedDomainSeparator": keccak(
            encode(words, [_DOMAIN_TYPE, *hashes, deployment.chain_id, deployment.escrow])
        ),
        "_cachedChainId": deployment.chain_id.to_bytes(32),
        "_cachedThis": _padded(deployment.escrow),
    }


def _padded(address: str) -> bytes:
    return to_canonical_address(address).rjust(32, b"\0")


def _short_string(text: str) -> bytes:
    """Up to 31 bytes of text, with the length in the last byte."""
    return text.encode().ljust(31, b"\0") + bytes([len(text)])
