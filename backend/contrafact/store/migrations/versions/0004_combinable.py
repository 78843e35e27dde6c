"""Whether a work may be combined with other owners' works becomes a column of its own, told by the events kept."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004_combinable"
down_revision = "0003_web"
branch_labels = None
depends_on = None

_COMBINABLE = 2
"""The bit of a terms' first word; see `domain.terms`."""


def upgrade() -> None:
    op.add_column("works", sa.Column("combinable", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    asked = "SELECT subject, arguments FROM events WHERE name = 'TermsSet' ORDER BY block, log_index"
    permits = {bytes(row.subject): _is_combinable(row.arguments) for row in connection.execute(sa.text(asked))}
    works = sa.table("works", sa.column("work_id", sa.LargeBinary), sa.column("combinable", sa.Boolean))
    for work_id in (key for key, may in permits.items() if may):
        connection.execute(works.update().where(works.c.work_id == work_id).values(combinable=True))


def _is_combinable(arguments: str) -> bool:
    first = json.loads(arguments)["words"][0]
    return bool(int(first[1:], 16) >> _COMBINABLE & 1)


def downgrade() -> None:
    op.drop_column("works", "combinable")
