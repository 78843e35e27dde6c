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
    """The storage of all orders, works, models, accounts and tokens. Raises ChainError."""
    orders, works, accounts, tokens = chain.order_ids, set(chain.work), _accounts(chain), _tokens(chain)
    versions = {(v.work_id, v.version) for v in chain.terms}
    payees = {(to, quote.token) for quote in (e.quote for e in chain.funded) for to in (quote.maker, quote.operator)}
    known = {account: splits[root] for account, root in accounts.items() if root is not None and root in splits}
    leaves = {(account, leaf.index) for account, split in known.items() for leaf in split.leaves}
    leaves |= {(event.account, event.index) for event in chain.paid}
    return Storage(
        status={order: ledger.order_status(order) for order in orders},
        state={order: ledger.order_state(order) for order in orders},
        licensor={work: _or_none(ledger.licensor_of, work) for work in works},
        split_root={work: _or_none(ledger.split_root_of, work) for work in works},
        pool_split_root={model: _or_none(ledger.pool_split_root_of, model) for model in chain.model},
        current_version={work: ledger.current_version(work) for work in works | set(chain.terms_of)},
        terms_hash={key: ledger.terms_hash(*key) for key in versions},
        received={account: ledger.received(account) for account in accounts},
        paid_out={account: ledger.paid_out(account) for account in accounts},
        drawn={leaf: ledger.drawn(*leaf) for leaf in leaves},
        owed={payee: ledger.owed(*payee) for payee in payees},
        balance={token: ledger.balance(chain.domain.contract, token) for token in tokens},
        tokens={token: ledger.currency(token) for token in tokens},
    )


def _accounts(chain: Chain) -> dict[bytes, bytes | None]:
    """Every royalty account that an order or an event names, with its split root where that is known."""
    accounts: dict[bytes, bytes | None] = {event.account: None for event in chain.paid}
    accounts |= {event.account: event.split_root for event in chain.credited}
    for quote in (event.quote for event in chain.funded):
        owners = [(source.work_id, source.split_root) for source in quote.sources]
        if quote.model_id in chain.model:
            owners.append((quote.model_id, chain.model[quote.model_id].pool_split_root))
        accounts |= {account_id(owner, root, quote.token): root for owner, root in owners}
    return accounts


def _tokens(chain: Chain) -> set[str]:
    from_orders = {event.quote.token for event in chain.funded}
    return from_orders | {event.token for event in chain.credited} | {event.token for event in chain.paid}


def _or_none(read: Callable[[K], V], key: K) -> V | None:
    try:
        return read(key)
    except (ContractError, NotFound):
        return None
