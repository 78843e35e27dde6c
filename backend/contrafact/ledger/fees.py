"""Fees: what a transaction offers per gas, bounded by a cap, and what it can cost in all. Amounts in wei."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_low
from typing import Any, cast

from web3 import Web3
from web3.exceptions import Web3RPCError
from web3.types import TxParams, Wei

from contrafact.errors import ChainError
from contrafact.ledger.networks import FeeKind

GWEI = 10**9
HISTORY_BLOCKS = 10
PERCENTILE = 50.0  # of the tips in a block
RAISE_DIVISOR = 8  # nodes take a replacement from 10 % on, some from 12.5 %
GAS_PRICE_ORACLE = Web3.to_checksum_address("0x420000000000000000000000000000000000000f")  # OP-stack chains' predeploy
DATA_MARGIN = 4  # a quarter more: the price of data on layer 1 moves meanwhile
_ORACLE_ABI: Any = [
    {
        "type": "function",
        "name": "getL1Fee",
        "stateMutability": "view",
        "inputs": [{"name": "data", "type": "bytes"}],
        "outputs": [{"name": "", "type": "uint256"}],
    }
]


@dataclass(frozen=True, slots=True)
class Fees:
    """What a transaction offers per gas: at most `highest`, `tip` of it to the block's producer; None: a gas price."""

    highest: int
    tip: int | None

    def fields(self) -> TxParams:
        """The transaction's fields that say so."""
        if self.tip is None:
            return {"gasPrice": Wei(self.highest)}
        return {"maxFeePerGas": Wei(self.highest), "maxPriorityFeePerGas": Wei(self.tip)}

    @classmethod
    def of(cls, transaction: TxParams) -> Fees:
        """What a transaction offers."""
        if "gasPrice" in transaction:
            return cls(int(transaction["gasPrice"]), None)
        return cls(int(cast(int, transaction["maxFeePerGas"])), int(cast(int, transaction["maxPriorityFeePerGas"])))

    def raised(self, now: Fees, cap: int) -> Fees | None:
        """What a replacement offers: an eighth more of both, or what is usual `now` where that is more.

        None where the cap does not leave room for it.
        """
        highest, tip = _more(self.highest), self.tip
        if highest > cap:
            return None
        if tip is None:
            return Fees(min(max(highest, now.highest), cap), None)
        tip = max(_more(tip), now.tip or 0)
        highest = min(max(highest, now.highest, tip), cap)
        return Fees(highest, min(tip, highest))


@dataclass(frozen=True, slots=True)
class Cost:
    """The most that a transaction takes from its sender beside its value: gas, and data on layer 1 where that is."""

    gas: int
    fees: Fees
    data_fee: int = 0

    @property
    def total(self) -> int:
        return self.gas * self.fees.highest + self.data_fee


def suggest(web3: Web3, kind: FeeKind, cap: int) -> Fees:
    """What gets a transaction into one of the next blocks, by what the last ones took.

    Twice the base fee, so that it stays valid while the base fee rises, and the usual tip; both within the cap.
    Raises ChainError where the cap, per gas, is below what a block takes at all.
    """
    if kind is FeeKind.LEGACY or web3.eth.get_block("latest").get("baseFeePerGas") is None:
        price = int(web3.eth.gas_price)
        _require_within(cap, price, "gas price")
        return Fees(price, None)
    base, tips = _history(web3)
    _require_within(cap, base, "base fee")
    tip = min(median_low(tips) if tips else int(web3.eth.max_priority_fee), cap - base)
    return Fees(min(2 * base + tip, cap), tip)


def data_fee(web3: Web3, kind: FeeKind, unsigned: bytes) -> int:
    """What an OP-stack chain takes for the transaction's data on layer 1, with a margin; 0 elsewhere."""
    if kind is not FeeKind.OP_STACK:
        return 0
    oracle = web3.eth.contract(GAS_PRICE_ORACLE, abi=_ORACLE_ABI)
    fee = int(oracle.functions.getL1Fee(unsigned).call())
    return fee + fee // DATA_MARGIN


def in_gwei(wei: int) -> str:
    """An amount per gas as people write it: `12.5 gwei`."""
    return f"{wei / GWEI:.9f}".rstrip("0").rstrip(".") + " gwei"


def _history(web3: Web3) -> tuple[int, list[int]]:
    """The base fee of the next block, and the usual tips of the last ones that had any."""
    try:
        history = web3.eth.fee_history(HISTORY_BLOCKS, "latest", [PERCENTILE])
    except Web3RPCError:  # a node without that method; a base fee rises by an eighth a block at most
        return _more(int(web3.eth.get_block("latest")["baseFeePerGas"])), []
    tips = [int(block[0]) for block in history.get("reward") or [] if block[0]]
    return int(history["baseFeePerGas"][-1]), tips


def _more(fee: int) -> int:
    return fee + -(-fee // RAISE_DIVISOR) + 1


def _require_within(cap: int, fee: int, what: str) -> None:
    if fee > cap:
        text = f"The chain's {what} is {in_gwei(fee)}; at most {in_gwei(cap)} may be paid."
        raise ChainError(text, "Wait until it falls, or raise CONTRAFACT_MAX_FEE_GWEI.")
