"""A scope, looked up: the orders, works, models, accounts and operators that are judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contrafact.audit.checks import BOND_CHECKS, EPOCH_CHECKS, POOL_CHECKS, TOKEN_CHECKS
from contrafact.audit.evidence import Catalogue
from contrafact.audit.journal import Journal
from contrafact.audit.journal.selection import Selection
from contrafact.audit.journal.sums import Sums
from contrafact.audit.registered import Registered
from contrafact.audit.results import Done
from contrafact.audit.scope import Scope, require_known
from contrafact.domain.digests import to_hex
from contrafact.domain.models import Model
from contrafact.domain.works import Work


@dataclass(frozen=True, slots=True)
class Selected:
    """What is judged. `accounts` have the roots of their splits, where known; `bonds` are operators and tokens.

    `epochs` are the models whose epochs are judged; None for all.
    """

    scope: Scope
    orders: Selection
    works: Sequence[Work]
    models: Sequence[Model]
    accounts: Mapping[bytes, bytes | None]
    bonds: Sequence[tuple[str, str]]
    epochs: frozenset[bytes] | None

    @property
    def not_done(self) -> tuple[str, ...]:
        """The checks of the whole that a narrowed audit does not do."""
        if self.scope.is_everything:
            return ()
        left = [*TOKEN_CHECKS, *POOL_CHECKS]
        left += [] if self.scope.is_operators else list(BOND_CHECKS)
        left += [] if self.epochs else list(EPOCH_CHECKS)
        return tuple(left)


def select(journal: Journal, registered: Registered, catalogue: Catalogue, scope: Scope) -> Selected:
    """What a scope consists of. Raises NotFound for something in it that the chain does not have."""
    of_holders = {name: _works_of(name, registered, catalogue) for name in scope.holders}
    holders_works = sorted({work for works in of_holders.values() for work in works})
    orders, sums = Selection(journal, scope, holders_works), Sums(journal)
    require_known("order", orders.unknown_orders())
    require_known("operator with a bond or an order", orders.unknown_operators())
    require_known("work", [work for work in scope.works if bytes.fromhex(work[2:]) not in registered.work])
    require_known("model", [model for model in scope.models if bytes.fromhex(model[2:]) not in registered.model])
    require_known("work in whose published split there is", [name for name, works in of_holders.items() if not works])
    accounts = sums.splits_of_accounts() | {account: of.split_root for account, of in registered.accounts.items()}
    if scope.is_everything:
        return Selected(scope, orders, registered.works, registered.models, accounts, sums.operators(), None)
    things = {bytes.fromhex(thing[2:]) for thing in (*orders.things(), *scope.works, *scope.models, *holders_works)}
    known = registered.accounts
    return Selected(
        scope,
        orders,
        works=[work for work in registered.works if work.work_id in things],
        models=[model for model in registered.models if model.model_id in things],
        accounts={a: root for a, root in accounts.items() if a in known and known[a].beneficiary in things},
        bonds=[key for key in sums.operators() if key[0] in scope.operators] if scope.is_operators else [],
        epochs=frozenset(bytes.fromhex(model[2:]) for model in scope.models),
    )


def _works_of(holder: str, registered: Registered, catalogue: Catalogue) -> set[str]:
    """The works that ever had a published split with a place of the holder's."""
    found = set()
    for version in registered.splits:
        described = catalogue.works.get(version.metadata)
        if isinstance(described, Done):
            holders = {leaf.holder.lower() for leaf in described.value.split.leaves}
            found |= {to_hex(version.work_id)} if holder.lower() in holders else set()
    return found
