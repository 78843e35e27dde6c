"""Reads of the training pool: its events as the domain's values, its pots and epochs as the contract stores them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from web3.contract import Contract

from contrafact.domain.history import Claim, RoyaltyAccount
from contrafact.domain.pool_history import (
    EarnedBase,
    EpochCarried,
    EpochClaimed,
    EpochClosed,
    EpochState,
    PoolHistory,
    PotEntry,
    PotKey,
)
from contrafact.domain.pool_rule import PoolRule, Rule
from contrafact.domain.pot import Credit, Earned, Entry, Kind
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.errors import ContractError
from contrafact.ledger.logs import Event
from contrafact.ledger.reader import Reader

_EVENTS = ("Collected", "EpochClosed", "EpochClaimed", "EpochCarried")
_NOTHING_NEW = "TrainingPool_NothingToCollect"


class PoolReader(Reader):
    """A reader that also reads the training pool: implements the port PoolLedger."""

    def at(self, block: int) -> PoolReader:
        """This ledger as it was at the end of `block`."""
        return PoolReader(self.connection, self.deployment, block=block, log_range=self._log_range)

    def as_confirmed(self) -> PoolReader:
        """This ledger as of the newest block that has the network's confirmations."""
        return self.at(self.connection.confirmed_head())

    @property
    def pool_address(self) -> str:
        """The training pool's contract."""
        return str(self._pool.address)

    @property
    def pool_root(self) -> bytes:
        """The rights split of a model whose training pool is the contract."""
        return Split.of([(self.pool_address, PPM)]).root

    def pool_rules(self) -> Mapping[bytes, PoolRule]:
        """How each model's epochs are to be shared, as it was registered."""
        found = self._events(self._contracts.catalogue, "PoolRuleSet")
        return {event.arguments["modelId"]: _rule(event) for event in found}

    def pool_history(self) -> PoolHistory:
        """What every model's pot has earned, collected and paid out."""
        events: dict[str, list[Event]] = {name: [] for name in _EVENTS}
        for event in self._events(self._pool, *_EVENTS):
            events[event.name].append(event)
        entries = [_collected(event) for event in events["Collected"]]
        entries += [_carried_entry(event) for event in events["EpochCarried"]]
        return PoolHistory(
            earned=tuple(self._earned()),
            entries=tuple(sorted(entries, key=lambda event: event.entry.at)),
            closed=tuple(map(_closed, events["EpochClosed"])),
            claimed=tuple(map(_claimed, events["EpochClaimed"])),
            carried=tuple(map(_carried, events["EpochCarried"])),
        )

    def pot(self, model_id: bytes, token: str) -> tuple[int, int]:
        """What is in no epoch yet, and how many epochs there were."""
        amount, epochs = self._call(self._pool.functions.potOf(model_id, token))
        return int(amount), int(epochs)

    def collectable(self, model_id: bytes, token: str) -> int:
        """What `collect` would bring into the pot now."""
        try:
            return int(self._call(self._pool.functions.collect(model_id, token)))
        except ContractError as error:
            if error.name == _NOTHING_NEW:
                return 0
            raise

    def epoch(self, model_id: bytes, token: str, number: int) -> EpochState:
        """An epoch as the contract stores it."""
        root, *amounts = self._call(self._pool.functions.epochOf(model_id, token, number))
        return EpochState(bytes(root), *map(int, amounts))

    def pool_claim(self, model_id: bytes, token: str) -> Claim:
        """The claim on the contract's own place in a model's split, which anybody can make once it was collected."""
        split = Split.of([(self.pool_address, PPM)])
        return Claim(model_id, split.root, token, split.leaves[0], split.proof(0))

    @property
    def _pool(self) -> Contract:
        return self._contracts.named("TrainingPool")

    def _earned(self) -> list[EarnedBase]:
        """What came to the accounts of models whose training pool is the contract: from orders, and from fines."""
        root = self.pool_root
        ours = {account: of for account, of in self.accounts().items() if of.split_root == root}
        credited = self._events(self._contracts.escrow, "Credited") if ours else []
        mine = [event for event in credited if event.arguments["accountId"] in ours]
        fines = {fine.consent_id for fine in self.fines()}
        return [_base(event, ours[event.arguments["accountId"]], fines) for event in mine]


def _rule(event: Event) -> PoolRule:
    a = event.arguments
    return PoolRule(list(Rule)[a["rule"]], a["ownerCap"], a["evidenceDigest"])


def _pot(event: Event) -> PotKey:
    return event.arguments["modelId"], event.arguments["token"]


def _at(event: Event) -> tuple[int, int]:
    return event.block, event.index


def _base(event: Event, account: RoyaltyAccount, fines: Collection[bytes]) -> EarnedBase:
    """A credit; that of a fine has the id of the missing consent in the place of an order's."""
    source, amount = event.arguments["orderId"], event.arguments["amount"]
    kind = Kind.FINE if source in fines else Kind.ORDER
    return EarnedBase((account.beneficiary, account.token), Earned(source, amount, _at(event), kind))


def _collected(event: Event) -> PotEntry:
    return PotEntry(_pot(event), Entry(event.arguments["amount"], _at(event)))


def _carried_entry(event: Event) -> PotEntry:
    credit = Credit(Kind.CARRIED, event.arguments["epoch"].to_bytes(32), event.arguments["amount"])
    return PotEntry(_pot(event), Entry(credit.amount, _at(event), credit))


def _closed(event: Event) -> EpochClosed:
    a = event.arguments
    digests = (a["root"], a["total"], a["evidenceDigest"], a["openUntil"])
    return EpochClosed(_pot(event), a["epoch"], *digests, _at(event), event.transaction)


def _claimed(event: Event) -> EpochClaimed:
    a = event.arguments
    return EpochClaimed(_pot(event), a["epoch"], a["index"], a["holder"], a["amount"], _at(event), event.transaction)


def _carried(event: Event) -> EpochCarried:
    return EpochCarried(_pot(event), event.arguments["epoch"], event.arguments["amount"], _at(event))
