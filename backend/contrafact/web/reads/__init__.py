"""What anybody may read: works, models, content, the index; and what a holder may read of its own money."""

from __future__ import annotations

from fastapi import APIRouter

from contrafact.web.reads import (
    audits,
    content,
    contests,
    earned,
    holders,
    models,
    network,
    places,
    statements,
    status,
    works,
)

ROUTERS: tuple[APIRouter, ...] = (
    works.router,
    places.router,
    models.router,
    content.router,
    holders.router,
    earned.router,
    contests.router,
    statements.router,
    audits.router,
    status.router,
    network.router,
)
TAGS = (
    ("works", "The catalogue: works, their licence terms, rights splits and orders."),
    ("models", "Models, and the training pools of those whose works they learnt from."),
    ("content", "Files and documents by their CID."),
    ("holders", "What rights holders earn, hold and were paid; monthly statements."),
    ("contests", "Contests of works: who says whose a work is, and what they hold."),
    ("statements", "Months of operators and of everybody: orders, and where their money went."),
    ("audit", "What the service's audit of its own ledger said; whoever does not believe it runs one."),
    ("status", "How far the index is, and which contracts it follows."),
    ("network", "The chain, as wallets want to know it."),
)
