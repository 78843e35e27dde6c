"""Reading what the contracts store, for everything that an event names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from contrafact.audit.evidence import Chain, Storage
from contrafact.audit.ports import AuditedLedger
from contrafact.domain.splits import Split, account_id
from contrafact.errors import ContractError, NotFound

K = TypeVar("K")
V = TypeVar("V")


def read_storage(ledger: AuditedLedger, chain: Chain, splits: Mapping[bytes, Split]) -> Storage:
    """The storage of all orders, works, models, accounts, operators and tokens. Raises ChainError."""
    orders, works, accounts, tokens = chain.order_ids, set(chain.work), _accounts(chain), _tokens(chain)
    versions = {(v.work_id, v.version) for v in chain.terms} | {(work, 1) for work in works}
    offers = [(model, token) for model in chain.models for token in model.rates]
    payees = {(to, quote.token) for quote in (e.quote for e in chain.funded) for to in (quote.maker, quote.operator)}
    payees |= {(fine.finder, fine.token) for fine in chain.fines}
    places, operators = _places(chain, accounts, splits), _operators(chain)
    return Storage(
        status={order: ledger.order_status(order) for order in orders},
        state={order: ledger.order_state(order) for order in orders},
        licensor={work: _or_none(ledger.licensor_of, work) for work in works},
        composition={work: ledger.composition_of(work) for work in works},
        disputed={work: _or_none(lambda w: (ledger.is_contested(w), ledger.is_barred(w)), work) for work in works},
        current_version={work: _or_none(ledger.current_version, work) for work in works | set(chain.terms_of)},
        licence={key: ledger.licence_of(*key) for key in versions},
        offer={(m.model_id, token): ledger.base_rate_of(m.model_id, m.pool_split_root, token) for m, token in offers},
        received={account: ledger.received(account) for account in accounts},
        place={place: ledger.place(*place) for place in places},
        payee={place: ledger.payee_of(*place) for place in {(event.account, event.index) for event in chain.paid}},
        bond={key: ledger.bond(*key) for key in operators},
        withdrawal={key: ledger.withdrawal(*key)[0] for key in operators},
        owed={payee: ledger.owed(*payee) for payee in payees},
        balance={token: ledger.balance(chain.domain.contract, token) for token in tokens},
        tokens={token: ledger.currency(token) for token in tokens},
    )


def _places(
    chain: Chain, accounts: Mapping[bytes, bytes | None], splits: Mapping[bytes, Split]
) -> set[tuple[bytes, int]]:
    """Every place in a published split, and every place that was paid."""
    known = {account: splits[root] for account, root in accounts.items() if root is not None and root in splits}
    leaves = {(account, leaf.index) for account, split in known.items() for leaf in split.leaves}
    return leaves | {(event.account, event.index) for event in chain.paid}


def _operators(chain: Chain) -> set[tuple[str, str]]:
    """Every operator with each token that it has a bond or an order in."""
    return set(chain.bonds_of) | {(event.quote.operator, event.quote.token) for event in chain.funded}


def _accounts(chain: Chain) -> dict[bytes, bytes | None]:
    """Every royalty account that an order or an event names, with its split root where that is known."""
    accounts: dict[bytes, bytes | None] = {event.account: None for event in chain.paid}
    accounts |= {account: None for moved in chain.held_moved for account in (moved.account, moved.to)}
    accounts |= {account: of.split_root for account, of in chain.accounts.items()}
    for quote in (event.quote for event in chain.funded):
        owners = [(source.work_id, source.split_root) for source in quote.sources]
        owners.append((quote.model_id, quote.pool_root))
        accounts |= {account_id(owner, root, quote.token): root for owner, root in owners}
    return accounts | {event.account: event.split_root for event in chain.credited}


def _tokens(chain: Chain) -> set[str]:
    of_orders = {event.quote.token for event in chain.funded} | {event.token for event in chain.bonds}
    return of_orders | {event.token for event in chain.credited} | {event.token for event in chain.paid}


def _or_none(read: Callable[[K], V], key: K) -> V | None:
    try:
        return read(key)
    except (ContractError, NotFound):
        return None
