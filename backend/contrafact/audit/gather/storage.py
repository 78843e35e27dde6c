"""Reading what the contracts store, for what is judged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from contrafact.audit.evidence import Storage
from contrafact.audit.journal.sums import Sums
from contrafact.audit.ports import AuditedLedger
from contrafact.audit.registered import Registered
from contrafact.domain.history import RoyaltyAccount
from contrafact.domain.models import Model
from contrafact.domain.splits import Split
from contrafact.errors import ContractError, NotFound

K = TypeVar("K")
V = TypeVar("V")


def of_order(ledger: AuditedLedger, order_id: bytes) -> Storage:
    """What is stored of an order. Raises ChainError."""
    status, state = ledger.order_status(order_id), ledger.order_state(order_id)
    return Storage(status={order_id: status}, state={order_id: state})


def of_work(ledger: AuditedLedger, chain: Registered, work: bytes) -> Storage:
    """What is stored of a work and its licences. Raises ChainError."""
    versions = {(v.work_id, v.version) for v in chain.terms_of[work]} | {(work, 1)}
    return Storage(
        licensor={work: _or_none(ledger.licensor_of, work)},
        composition={work: ledger.composition_of(work)},
        disputed={work: _or_none(lambda w: (ledger.is_contested(w), ledger.is_barred(w)), work)},
        current_version={work: _or_none(ledger.current_version, work)},
        licence={key: ledger.licence_of(*key) for key in versions},
    )


def of_model(ledger: AuditedLedger, model: Model) -> Storage:
    """What is stored of a model's offers. Raises ChainError."""
    read = ledger.base_rate_of
    return Storage(offer={(model.model_id, to): read(model.model_id, model.pool_split_root, to) for to in model.rates})


def of_accounts(
    ledger: AuditedLedger,
    accounts: Mapping[bytes, bytes | None],
    opened: Mapping[bytes, RoyaltyAccount],
    paid: Iterable[tuple[bytes, int]],
    splits: Mapping[bytes, Split],
) -> Storage:
    """What is stored of royalty accounts: every place in a published split, and every place that was paid.

    `accounts` have the roots of their splits, where those are known; `opened` says what they are for.

    Raises ChainError.
    """
    payees = {place for place in paid if place[0] in accounts}
    known = {account: splits[root] for account, root in accounts.items() if root is not None and root in splits}
    places = payees | {(account, leaf.index) for account, split in known.items() for leaf in split.leaves}
    return Storage(
        received={account: ledger.received(account) for account in accounts},
        held={account: ledger.held_of(opened[account]) for account in accounts if account in opened},
        place={place: ledger.place(*place) for place in places},
        payee={place: ledger.payee_of(*place) for place in payees},
    )


def of_bonds(ledger: AuditedLedger, keys: Collection[tuple[str, str]]) -> Storage:
    """What is stored of operators' bonds. Raises ChainError."""
    return Storage(
        bond={key: ledger.bond(*key) for key in keys},
        withdrawal={key: ledger.withdrawal(*key)[0] for key in keys},
    )


def of_tokens(ledger: AuditedLedger, sums: Sums) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Of each token what the escrow holds, and what it owes outside of accounts. Raises ChainError."""
    tokens, escrow = sums.tokens(), ledger.domain.contract
    owed = {token: sum(ledger.owed(payee, token) for payee in sums.payees(token)) for token in tokens}
    return {token: ledger.balance(escrow, token) for token in tokens}, owed


def times_of(ledger: AuditedLedger, blocks: Iterable[int], known: Mapping[int, int]) -> dict[int, int]:
    """Timestamps of the blocks that are not known. Raises ChainError."""
    return {block: ledger.block_time(block) for block in sorted(set(blocks)) if block not in known}


def _or_none(read: Callable[[K], V], key: K) -> V | None:
    try:
        return read(key)
    except (ContractError, NotFound):
        return None
