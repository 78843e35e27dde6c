"""What anybody may read: works, models, content, the index; and what a holder may read of its own money."""

from __future__ import annotations

from fastapi import APIRouter

from contrafact.web.reads import audits, content, holders, models, statements, status, works

ROUTERS: tuple[APIRouter, ...] = (
    works.router,
    models.router,
    content.router,
    holders.router,
    statements.router,
    audits.router,
    status.router,
)
TAGS = (
    ("works", "The catalogue: works, their licence terms, rights splits and orders."),
    ("models", "Models, and the training pools of those whose works they learnt from."),
    ("content", "Files and documents by their CID."),
    ("holders", "What rights holders earn, hold and were paid; monthly statements."),
    ("statements", "Months of operators and of everybody: orders, and where their money went."),
    ("audit", "What the service's audit of its own ledger said; whoever does not believe it runs one."),
    ("status", "How far the index is, and which contracts it follows."),
)
