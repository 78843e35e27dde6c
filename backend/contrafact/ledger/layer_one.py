"""The fee for a transaction's data on layer 1, which chains of the OP Stack take beside the gas."""

from __future__ import annotations

from hexbytes import HexBytes
from web3 import Web3
from web3.exceptions import ContractLogicError

from contrafact.ledger.connection import Connection

ORACLE = Web3.to_checksum_address("0x420000000000000000000000000000000000000F")
"""GasPriceOracle, at this address on every chain of the OP Stack."""
_UPPER_BOUND = Web3.keccak(text="getL1FeeUpperBound(uint256)")[:4]
_ENVELOPE = 200
"""More bytes than a creation has beside its data: nonce, fees, gas, signature."""


def data_fee(connection: Connection, data_bytes: int) -> int:
    """The most that a transaction with so much data pays for layer 1, in wei; 0 on a chain that takes nothing.

    (GasPriceOracle.getL1FeeUpperBound, since the upgrade Fjord.) Raises ChainError.
    """
    call = {"to": ORACLE, "data": HexBytes(_UPPER_BOUND + (data_bytes + _ENVELOPE).to_bytes(32))}
    with connection.failures():
        try:
            return int.from_bytes(connection.web3.eth.call(call))  # type: ignore[arg-type]
        except ContractLogicError:  # an oracle from before Fjord
            return 0
