"""What a chain's EVM can do, tried out by calls that create a contract and send nothing."""

from __future__ import annotations

from hexbytes import HexBytes
from web3 import Web3
from web3.exceptions import ContractLogicError, Web3RPCError
from web3.types import TxParams

from contrafact.errors import ChainError
from contrafact.ledger.artifacts import load, runtime_code_matches
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import Argument, creation_code

CODE_LIMIT, INITCODE_LIMIT = 24_576, 49_152
"""The most bytes of a contract's code (EIP-170) and of what creates it (EIP-3860)."""
_TRIES = 3
_RETURN_ONE_BYTE = "60016000f3"
_PROBES = {
    "PUSH0 (EIP-3855, Shanghai)": "5f50",
    "MCOPY (EIP-5656, Cancun)": "6000600060005e",
    "transient storage, TLOAD and TSTORE (EIP-1153, Cancun)": "600160005d60005c50",
}
"""Instructions that the compiled contracts use, each as a piece of code that runs it. Prague added none to them."""


def missing_features(connection: Connection) -> list[str]:
    """The instructions which the contracts need and this chain's EVM does not have.

    Raises ChainError where not even a creation without any of them can be tried out.
    """
    _created(connection, bytes.fromhex(_RETURN_ONE_BYTE), None)
    return [name for name, code in _PROBES.items() if not _runs(connection, bytes.fromhex(code + _RETURN_ONE_BYTE))]


def creation_problem(connection: Connection, name: str, values: list[Argument], sender: str) -> str | None:
    """Why the contract would not be created as it was compiled; None when it would be. Raises ChainError.

    The creation is executed by a call, which costs nothing and changes nothing.
    """
    code = creation_code(name, values)
    if len(code) > INITCODE_LIMIT or len(load(name).runtime_code) > CODE_LIMIT:
        return f"{name} is larger than an EVM permits: {len(load(name).runtime_code)} bytes, {len(code)} to create it."
    try:
        made = _created(connection, code, sender)
    except ChainError as error:
        return f"{name} cannot be created: {error.message}"
    return None if runtime_code_matches(load(name), made) else f"The code of {name} comes out other than compiled."


def _runs(connection: Connection, code: bytes) -> bool:
    """Whether the code runs; asked again before the answer is no, because nodes also refuse who asks too often."""
    with connection.failures():
        for _ in range(_TRIES):
            try:
                connection.web3.eth.call({"data": HexBytes(code)})
            except (ContractLogicError, Web3RPCError):
                continue
            return True
    return False


def _created(connection: Connection, code: bytes, sender: str | None) -> bytes:
    """The runtime code that `code` returns."""
    call: TxParams = {"data": HexBytes(code)}
    if sender is not None:
        call["from"] = Web3.to_checksum_address(sender)
    with connection.failures():
        return bytes(connection.web3.eth.call(call))
