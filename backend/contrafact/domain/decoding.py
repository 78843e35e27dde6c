"""Decoded events → the domain's values. One function for each kind; the chain's reader and the index share them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from contrafact.domain.history import (
    Anchored,
    BondMoved,
    Committed,
    Confirmed,
    Credited,
    DownstreamPaid,
    Fined,
    Funded,
    HeldMoved,
    Materialised,
    Paid,
    Raised,
    Refunded,
    RoyaltyAccount,
    Ruled,
    SplitVersion,
    TermsVersion,
)
from contrafact.domain.models import Model
from contrafact.domain.order_form import MAX_SOURCES
from contrafact.domain.orders import Commit, Quote
from contrafact.domain.terms import NATIVE, Terms, Use
from contrafact.domain.works import Work


class Event(Protocol):
    """A decoded event: its arguments (structs as tuples), and where it stands."""

    @property
    def name(self) -> str: ...
    @property
    def arguments(self) -> Mapping[str, Any]: ...
    @property
    def block(self) -> int: ...
    @property
    def transaction(self) -> str: ...


SPLIT_EVENTS = ("WorkRegistered", "TermsSet", "SplitChanged")
WORK_EVENTS = (*SPLIT_EVENTS, "LicensorTransferred", "ContestsChanged", "WorkBarred")
MODEL_EVENTS = ("ModelRegistered", "BaseRateSet", "SunsetEnforced", "ModelStopped")
COLLECTION_EVENTS = ("CollectionAnchored", "CollectionWithdrawn")
BOND_EVENTS = ("BondDeposited", "BondWithdrawn", "BondPaid")

Accounts = Mapping[bytes, RoyaltyAccount]
"""What each royalty account is for, by its id."""
UNKNOWN = RoyaltyAccount(bytes(32), bytes(32), NATIVE)
"""Of an account that was never described, which the published contract does before it credits one."""


def works(events: Iterable[Event]) -> list[Work]:
    """Each registered work as it stands after `events`, which are all `WORK_EVENTS`."""
    found: dict[bytes, Work] = {}
    for event in events:
        a = event.arguments
        if event.name == "WorkRegistered":
            found[a["workId"]] = _work(event)
        elif a["workId"] in found:
            found[a["workId"]] = replace(found[a["workId"]], **_changes(event))
    return list(found.values())


def _work(event: Event) -> Work:
    a = event.arguments
    digests = (a["contentDigest"], a["sourceDigest"], a["metadataDigest"], a["splitRoot"])
    composition = a["recordingOf"] if any(a["recordingOf"]) else None
    return Work(a["workId"], a["licensor"], *digests, event.block, composition)


def _changes(event: Event) -> dict[str, Any]:
    a = event.arguments
    if event.name == "TermsSet":
        return {"split_root": a["splitRoot"]}
    if event.name == "SplitChanged":
        return {"split_root": a["splitRoot"], "metadata": a["metadataDigest"]}
    if event.name == "LicensorTransferred":
        return {"licensor": a["to"]}
    return {"contested": a["open"] > 0} if event.name == "ContestsChanged" else {"barred": True}


def splits(events: Iterable[Event]) -> list[SplitVersion]:
    """Every rights split in `events`, which are all `SPLIT_EVENTS`.

    A split that was set together with terms, without a document that tells it, has the document of the one before.
    """
    found: list[SplitVersion] = []
    latest: dict[bytes, SplitVersion] = {}
    for event in events:
        before = latest.get(event.arguments["workId"])
        after = _split(event, before)
        if event.name == "SplitChanged" and found and found[-1] == before:
            found[-1] = after  # the version's terms came just before, without the document
        elif before is None or event.name == "SplitChanged" or after.split_root != before.split_root:
            found.append(after)
        latest[after.work_id] = after
    return found


def _split(event: Event, before: SplitVersion | None) -> SplitVersion:
    a = event.arguments
    if before is None:
        return SplitVersion(a["workId"], 1, a["splitRoot"], a.get("metadataDigest", bytes(32)), event.block)
    version, metadata = a.get("version", before.version), a.get("metadataDigest", before.metadata)
    return SplitVersion(a["workId"], version, a["splitRoot"], metadata, event.block)


def licensor_change(event: Event) -> tuple[bytes, str, int]:
    a = event.arguments
    return a["workId"], a["licensor"] if event.name == "WorkRegistered" else a["to"], event.block


def terms_version(event: Event) -> TermsVersion:
    a = event.arguments
    return TermsVersion(a["workId"], a["version"], Terms.from_words(a["words"]), a["splitRoot"], event.block)


def collections(events: Iterable[Event]) -> list[Anchored]:
    """Each collection as it stands after `events`, which are all `COLLECTION_EVENTS`."""
    found: dict[tuple[str, bytes], Anchored] = {}
    for event in events:
        a = event.arguments
        key = a["licensor"], a["root"]
        if event.name == "CollectionAnchored":
            found[key] = Anchored(*key, a["metadataDigest"], event.block)
        elif key in found:
            found[key] = replace(found[key], withdrawn=event.block)
    return list(found.values())


def materialised(event: Event) -> Materialised:
    a = event.arguments
    return Materialised(a["workId"], a["licensor"], a["root"], event.block)


def models(events: Iterable[Event]) -> list[Model]:
    """Each registered model with its rates; `events` are all `MODEL_EVENTS`."""
    found: dict[bytes, Model] = {}
    for event in events:
        a = event.arguments
        if event.name == "ModelRegistered":
            found[a["modelId"]] = _model(event)
        elif model := found.get(a["modelId"]):
            rates, sunsets = {**model.rates}, {**model.sunsets}
            if event.name == "BaseRateSet":
                rates[a["token"]] = a["rate"]
            else:
                sunsets[a["token"]] = a["sunset"]
            found[a["modelId"]] = replace(model, rates=rates, sunsets=sunsets)
    return list(found.values())


def _model(event: Event) -> Model:
    a = event.arguments
    digests = (a["weightsDigest"], a["manifestRoot"], a["poolRoot"])
    return Model(a["modelId"], a["registrant"], *digests, {}, a["metadataDigest"], event.block, a["sunset"])


def funded(event: Event) -> Funded:
    a = event.arguments
    quote = Quote.from_abi(a["quote"])
    return Funded(a["orderId"], quote, a["makerSalt"], a["escrowed"], event.block, event.transaction)


def committed(event: Event, quote: Quote | None) -> Committed:
    """A commit; `quote` is that of its order, None where none was funded.

    A contract would refuse shares of more works than the order has; they are kept so that an auditor sees them.
    """
    a = event.arguments
    struct = (a["recordDigest"], a["outputDigest"], a["evidenceRoot"], a["shares"])
    commit = Commit.from_abi(struct, a["orderId"], MAX_SOURCES)
    works = len(quote.inference_set) if quote else 0
    count = max([works, *(i for i, share in enumerate(commit.shares, start=1) if share)])
    commit, fee = replace(commit, shares=commit.shares[:count]), quote.operator_fee if quote else 0
    return Committed(commit, fee, a["refunded"], event.block, event.transaction)


def refunded(event: Event) -> Refunded:
    a = event.arguments
    return Refunded(a["orderId"], a["amount"], event.block, event.transaction, a["penalty"])


def raised(event: Event) -> Raised:
    a = event.arguments
    uses = Use(a["from"]), Use(a["to"])
    return Raised(a["orderId"], a["payer"], *uses, a["paid"], event.block, event.transaction)


def downstream_paid(event: Event) -> DownstreamPaid:
    a = event.arguments
    amounts = a["amount"], a["toMaker"]
    return DownstreamPaid(a["orderId"], a["payer"], *amounts, event.block, event.transaction)


def bond_moved(event: Event) -> BondMoved:
    a = event.arguments
    amount = a["amount"] if event.name == "BondDeposited" else -a["amount"]
    return BondMoved(a["operator"], a["token"], amount, event.block, event.transaction, a.get("orderId"))


def ruled(event: Event) -> Ruled:
    a = event.arguments
    return Ruled(a["orderId"], a["toSources"], a["toMaker"], event.block)


def fined(event: Event) -> Fined:
    a = event.arguments
    parties = (a["consentId"], a["operator"], a["token"], a["finder"])
    return Fined(*parties, a["toFinder"], a["toPool"], event.block)


def account(event: Event) -> tuple[bytes, RoyaltyAccount]:
    """An account's id, and what it is for."""
    a = event.arguments
    return a["accountId"], RoyaltyAccount(a["beneficiary"], a["splitRoot"], a["token"])


def credited(event: Event, accounts: Accounts) -> Credited:
    a = event.arguments
    of = accounts.get(a["accountId"], UNKNOWN)
    keys = (a["accountId"], of.beneficiary, a["orderId"], of.split_root, of.token)
    return Credited(*keys, a["amount"], event.block)


def held_moved(event: Event) -> HeldMoved:
    a = event.arguments
    return HeldMoved(a["fromAccount"], a["toAccount"], a["amount"], event.block)


def confirmed(event: Event) -> Confirmed:
    a = event.arguments
    return Confirmed(a["accountId"], a["holder"], a["index"], event.block)


def paid(event: Event, accounts: Accounts) -> Paid:
    a = event.arguments
    of = accounts.get(a["accountId"], UNKNOWN)
    place = (a["accountId"], a["payee"], of.beneficiary, a["index"], of.token)
    return Paid(*place, a["amount"], event.block, event.transaction)
