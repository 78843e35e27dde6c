"""Names of the people of an order: the chain has addresses alone, and only documents may say whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contrafact.domain.credit_lines import shown
from contrafact.domain.works import WorkMetadata
from contrafact.read_model import OrderRow
from contrafact.web.documents import Documents
from contrafact.web.reads.network import own_accounts
from contrafact.web.services import Services
from contrafact.web.works import pinned_document, row_of


@dataclass(frozen=True, slots=True)
class Name:
    """`documented`: it is a song's document that says so, which its licensor wrote and nobody checked."""

    text: str
    documented: bool = False


def names(row: OrderRow, services: Services) -> Mapping[str, Name]:
    """By address: of the holders whom the songs' documents name, and of the development chain's own accounts."""
    found: dict[str, Name] = {}
    for source in row.quote.sources:
        work = row_of(services, source.work_id)
        document = pinned_document(services, work, source.split_root) if work else None
        said = Documents(services.published).work(document) if document else None
        found |= {address: Name(text, documented=True) for address, text in (credited(said) if said else {}).items()}
    return found | {address: Name(name) for address, name in own_accounts(services).items()}


def credited(document: WorkMetadata) -> Mapping[str, str]:
    """What the document calls its holders, by address: the credit that has the same IPI name number, else the number
    itself. Nothing else in a document ties a credit to an address.
    """
    numbers = document.identifiers.ipi
    by_number = {numbers[credit]: shown(credit) for credit in document.credits if credit in numbers}
    holders = (leaf.holder for leaf in document.split.leaves if leaf.holder in numbers)
    return {holder: by_number.get(numbers[holder], f"IPI {numbers[holder]}") for holder in holders}
