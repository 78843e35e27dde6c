"""The chain without any of the project's code: eth_getLogs, the ABIs as they are compiled, and plain arithmetic."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from eth_utils.abi import event_abi_to_log_topic
from web3 import Web3

ARTIFACTS = Path(__file__).parents[2] / "contracts/artifacts"
MILLION = 10**6


@dataclass(frozen=True)
class Raw:
    """A decoded log with the second of its block."""

    contract: str
    name: str
    args: Mapping[str, Any]
    at: int
    place: tuple[int, int]


@dataclass
class RawChain:
    """`splits` are (holder, ppm) by place, for the registered and for the changed split of each work, in that order."""

    web3: Web3
    addresses: Mapping[str, str]
    splits: Sequence[Sequence[tuple[str, int]]]
    _seconds: dict[int, int] = field(default_factory=dict)

    def contract(self, name: str) -> Any:
        abi = json.loads((ARTIFACTS / f"{name}.json").read_text())["abi"]
        return self.web3.eth.contract(address=self.addresses[name], abi=abi)  # type: ignore[call-overload]

    @cached_property
    def events(self) -> list[Raw]:
        found = [raw for name in self.addresses for raw in self._of(name)]
        return sorted(found, key=lambda raw: raw.place)

    def _of(self, name: str) -> list[Raw]:
        contract = self.contract(name)
        abis = [entry for entry in contract.abi if entry["type"] == "event"]
        by_topic = {event_abi_to_log_topic(abi): contract.events[abi["name"]]() for abi in abis}
        logs = self.web3.eth.get_logs({"fromBlock": 0, "toBlock": "latest", "address": contract.address})
        return [self._decoded(name, by_topic[bytes(log["topics"][0])], log) for log in logs]

    def _decoded(self, name: str, event: Any, log: Any) -> Raw:
        told = event.process_log(log)
        at = self._second(log["blockNumber"])
        return Raw(name, told["event"], told["args"], at, (log["blockNumber"], log["logIndex"]))

    def _second(self, block: int) -> int:
        if block not in self._seconds:
            self._seconds[block] = self.web3.eth.get_block(block)["timestamp"]
        return self._seconds[block]

    def named(self, *names: str) -> list[Raw]:
        return [raw for raw in self.events if raw.name in names]

    @cached_property
    def roots(self) -> dict[bytes, Sequence[tuple[str, int]]]:
        """Who holds which place of which split: the registered ones in their order, then the one that was changed."""
        told = [raw.args["splitRoot"] for raw in self.named("WorkRegistered", "SplitChanged")]
        return dict(zip(told, self.splits, strict=True))

    @cached_property
    def accounts(self) -> dict[bytes, Mapping[str, Any]]:
        return {raw.args["accountId"]: raw.args for raw in self.named("AccountOpened")}

    def received(self, account: bytes, before: int) -> int:
        total = 0
        for raw in self.named("Credited", "HeldMoved"):
            if raw.at >= before:
                continue
            if raw.name == "Credited" and raw.args["accountId"] == account:
                total += raw.args["amount"]
            elif raw.name == "HeldMoved":
                total += raw.args["amount"] * (
                    (raw.args["toAccount"] == account) - (raw.args["fromAccount"] == account)
                )
        return total

    def places(self, holder: str) -> list[tuple[bytes, int, int]]:
        """Account, place and parts per million."""
        return [
            (account, index, ppm)
            for account, opened in self.accounts.items()
            for index, (who, ppm) in enumerate(self.roots.get(opened["splitRoot"], ()))
            if who == holder
        ]

    def earned(self, holder: str, before: int) -> Counter[str]:
        """By token, all that was the holder's before a second: parts of accounts rounded down, and epochs claimed."""
        sums = Counter[str]()
        for account, _, ppm in self.places(holder):
            sums[self.accounts[account]["token"]] += self.received(account, before) * ppm // MILLION
        return sums + self._epochs(holder, before)

    def paid(self, holder: str, before: int) -> Counter[str]:
        mine, sums = {(account, index) for account, index, _ in self.places(holder)}, Counter[str]()
        for raw in self.named("Paid"):
            if raw.at < before and (raw.args["accountId"], raw.args["index"]) in mine:
                sums[self.accounts[raw.args["accountId"]]["token"]] += raw.args["amount"]
        return sums + self._epochs(holder, before)

    def _epochs(self, holder: str, before: int) -> Counter[str]:
        sums = Counter[str]()
        for raw in self.named("EpochClaimed"):
            if raw.at < before and raw.args["holder"] == holder:
                sums[raw.args["token"]] += raw.args["amount"]
        return sums


@dataclass(frozen=True)
class RawOrder:
    """An order's words unpacked as `Types.sol` says."""

    token: str
    operator: str
    use: int
    fee: int
    escrowed: int
    model: bytes

    @classmethod
    def of(cls, funded: Raw) -> RawOrder:
        quote, low = funded.args["quote"], 2**160 - 1
        token = Web3.to_checksum_address(f"0x{quote['tokenWord'] & low:040x}")
        use, fee = quote["makerWord"] >> 160 & 0xFF, quote["amounts"] >> 96
        return cls(token, funded.args["operator"], use, fee, funded.args["escrowed"], quote["modelId"])
