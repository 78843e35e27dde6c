"""Reads of models, each with its training pools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from contrafact.domain import decoding
from contrafact.domain.digests import to_hex
from contrafact.errors import NotFound
from contrafact.read_model import ModelRow, PoolRow
from contrafact.store.cursor import Cursor
from contrafact.store.facts import Fact, facts_of
from contrafact.store.tables import accounts, credits, models, pool_moves
from contrafact.store.totals import newest


def find(session: Session, at: Cursor, *conditions: ColumnElement[bool]) -> Sequence[ModelRow]:
    """Models as they were registered, oldest first."""
    query = select(models).where(*conditions).order_by(models.c.block, models.c.log_index)
    rows = session.execute(query).all()
    facts = facts_of(session, [row.model_id for row in rows], decoding.MODEL_EVENTS)
    return [_model(session, row, facts[row.model_id], at) for row in rows]


def get(session: Session, at: Cursor, model_id: bytes) -> ModelRow:
    """Raises NotFound."""
    found = find(session, at, models.c.model_id == model_id)
    if not found:
        text = f"Model {to_hex(model_id)} is not registered on this chain."
        raise NotFound(text, "It may be in a block that is not indexed yet.")
    return found[0]


def _model(session: Session, row: Any, facts: Sequence[Fact], at: Cursor) -> ModelRow:
    (model,) = decoding.models(facts)
    pools = tuple(_pool(session, row.model_id, token) for token in _tokens(session, row.model_id))
    return ModelRow(model, model.block <= at.confirmed, row.name, row.training_works, pools)


def _tokens(session: Session, model_id: bytes) -> Sequence[str]:
    """The tokens that a pool of the model has earned something in, or closed an epoch in."""
    earned = select(accounts.c.token).where(accounts.c.beneficiary == model_id)
    moved = select(pool_moves.c.token).where(pool_moves.c.model_id == model_id)
    return sorted(session.execute(earned.union(moved)).scalars())


def _pool(session: Session, model_id: bytes, token: str) -> PoolRow:
    mine = (accounts.c.beneficiary == model_id) & (accounts.c.token == token)
    ids = session.execute(select(accounts.c.account).where(mine)).scalars().all()
    lasts = [newest(session, credits, credits.c.account == account) for account in ids]
    moved = newest(session, pool_moves, pool_moves.c.model_id == model_id, pool_moves.c.token == token)
    closed, claimed, epochs = (moved.closed, moved.claimed, moved.epochs) if moved else (0, 0, 0)
    return PoolRow(model_id, token, sum(last.received for last in lasts if last), closed, claimed, epochs)
