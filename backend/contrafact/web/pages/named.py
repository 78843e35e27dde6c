"""Names of people: the chain has addresses alone, and only documents may say whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contrafact.domain.credit_lines import shown
from contrafact.domain.works import WorkMetadata
from contrafact.web.reads.network import own_accounts
from contrafact.web.services import Services


@dataclass(frozen=True, slots=True)
class Name:
    """`documented`: it is a song's document that says so, which its licensor wrote and nobody checked."""

    text: str
    documented: bool = False


def own_names(services: Services) -> Mapping[str, Name]:
    """Of the development chain's own accounts, by address; nowhere else are there any."""
    return {address: Name(name) for address, name in own_accounts(services).items()}


def names_in(document: WorkMetadata | None) -> Mapping[str, Name]:
    """What a work's document calls its holders, by address: the credit that has the same IPI name number, else the
    number itself. Nothing else in a document ties a credit to an address.
    """
    rows = named_holders(document).items()
    return {holder: Name(shown(row["name"]) or f"IPI {row['ipi']}", True) for holder, row in rows}


def named_holders(document: WorkMetadata | None) -> dict[str, dict[str, str]]:
    """Of holders with an IPI name number, by address: `ipi`, and as `name` the credit of the same number, if any."""
    if document is None:
        return {}
    numbers = document.identifiers.ipi
    by_number = {numbers[credit]: credit for credit in document.credits if credit in numbers}
    holders = (leaf.holder for leaf in document.split.leaves if leaf.holder in numbers)
    return {holder: {"name": by_number.get(numbers[holder], ""), "ipi": numbers[holder]} for holder in holders}
