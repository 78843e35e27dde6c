"""Transactions and messages prepared for wallets, one operation for each action.

They need no sign-in: whoever signs decides, and what is prepared does nothing by itself. `relays` sends signed orders.
"""

from __future__ import annotations

from fastapi import APIRouter

from contrafact.web.transactions import collections, disputes, finished, orders, relays, royalties, works

ROUTERS: tuple[APIRouter, ...] = (
    works.router,
    collections.router,
    orders.router,
    finished.router,
    royalties.router,
    disputes.router,
    relays.router,
)
TAGS = (("transactions", "Transactions and typed data, prepared for any wallet: in plain words, and tried out."),)
