"""Decoded events → the domain's values. One function for each kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from contrafact.domain.history import Committed, Credited, Funded, Paid, Refunded, SplitVersion, TermsVersion
from contrafact.domain.models import Model
from contrafact.domain.orders import Commit, Quote, Source
from contrafact.domain.terms import Terms, Use
from contrafact.domain.works import Work
from contrafact.ledger.logs import Event

WORK_EVENTS = ("WorkRegistered", "SplitChanged", "LicensorTransferred")


def works(events: Iterable[Event]) -> list[Work]:
    """Each work as it stands after `events`: registrations, changes of the split, transfers of the licensor."""
    found: dict[bytes, Work] = {}
    for event in events:
        a = event.arguments
        if event.name == "WorkRegistered":
            digests = (a["contentDigest"], a["sourceDigest"], a["metadataDigest"], a["splitRoot"])
            found[a["workId"]] = Work(a["workId"], a["licensor"], *digests, event.block)
        elif event.name == "SplitChanged":
            changed = replace(found[a["workId"]], split_root=a["splitRoot"], metadata=a["metadataDigest"])
            found[a["workId"]] = changed
        else:
            found[a["workId"]] = replace(found[a["workId"]], licensor=a["to"])
    return list(found.values())


def split_version(event: Event) -> SplitVersion:
    a = event.arguments
    return SplitVersion(a["workId"], a.get("version", 1), a["splitRoot"], a["metadataDigest"], event.block)


def licensor_change(event: Event) -> tuple[bytes, str, int]:
    a = event.arguments
    return a["workId"], a["licensor"] if event.name == "WorkRegistered" else a["to"], event.block


def terms_version(event: Event) -> TermsVersion:
    a = event.arguments
    return TermsVersion(a["workId"], a["version"], a["licensor"], Terms.from_abi(a["terms"]), event.block)


def model(event: Event) -> Model:
    a = event.arguments
    digests = (a["weightsDigest"], a["manifestRoot"], a["poolSplitRoot"])
    return Model(a["modelId"], a["registrant"], *digests, a["baseRate"], a["token"], a["metadataDigest"], event.block)


def funded(event: Event) -> Funded:
    a = event.arguments
    return Funded(a["orderId"], quote(a["quote"]), a["makerSalt"], a["escrowed"], event.block, event.transaction)


def committed(event: Event) -> Committed:
    a = event.arguments
    digests = (a["orderId"], a["recordDigest"], a["outputDigest"], a["evidenceRoot"])
    commit = Commit(*digests, a["baseShare"], a["shares"])
    return Committed(commit, a["operatorFee"], a["refunded"], event.block, event.transaction)


def refunded(event: Event) -> Refunded:
    return Refunded(event.arguments["orderId"], event.arguments["amount"], event.block, event.transaction)


def credited(event: Event) -> Credited:
    a = event.arguments
    keys = (a["accountId"], a["beneficiary"], a["orderId"], a["splitRoot"])
    return Credited(*keys, a["token"], a["amount"], event.block)


def paid(event: Event) -> Paid:
    a = event.arguments
    leaf = (a["accountId"], a["holder"], a["beneficiary"], a["index"])
    return Paid(*leaf, a["token"], a["amount"], event.block, event.transaction)


def quote(struct: tuple[Any, ...]) -> Quote:
    """The inverse of `Quote.to_abi`."""
    use, sources = Use(struct[4]), tuple(Source(*row) for row in struct[-1])
    return Quote(*struct[:4], use, *struct[5:-1], sources)  # type: ignore[call-arg]
