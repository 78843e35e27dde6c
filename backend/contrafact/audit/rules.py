"""Every rule of the audit by its stable name, in the order of reports."""

from __future__ import annotations

from collections.abc import Mapping

from contrafact.audit.rule import Promise as Promise
from contrafact.audit.rule import Rule as Rule
from contrafact.audit.rulebook import contracts, models, money, orders, pools, records, settled, works

_ALL = (
    *contracts.RULES,
    *works.WORKS,
    *models.RULES,
    *works.TERMS_RULES,
    *orders.RULES,
    *settled.RULES,
    *records.RULES,
    *money.RULES,
    *pools.RULES,
)
RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}

GROUPS = {
    "code": "Contracts",
    "work": "Works",
    "model": "Models",
    "terms": "Licence terms",
    "order": "Orders",
    "commit": "Orders",
    "record": "Attribution records",
    "events": "Attribution records",
    "audio": "Sound",
    "replay": "Replay",
    "render": "Replay",
    "money": "Money",
    "pool": "Training pools",
}


def title(check: str) -> str:
    """What `check` means when it passes."""
    return RULES[check].means


def group(check: str) -> str:
    """The heading under which a report lists `check`."""
    return GROUPS[check.split(".")[0]]
