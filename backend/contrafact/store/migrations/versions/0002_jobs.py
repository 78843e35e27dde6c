"""The table of order jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_jobs"
down_revision = "0001_read_model"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("order_id", sa.LargeBinary(32), primary_key=True),
        sa.Column("deadline", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("step", sa.String(16)),
        sa.Column("bar", sa.Integer, nullable=False),
        sa.Column("bars", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("repeats", sa.Integer, nullable=False),
        sa.Column("next_try", sa.Float),
        sa.Column("error", sa.JSON(none_as_null=True)),
        sa.Column("updated", sa.Float, nullable=False),
        sa.Column("owner", sa.String(64)),
        sa.Column("beats", sa.BigInteger, nullable=False),
    )
    op.create_index("jobs_by_status", "jobs", ["status", "deadline"])


def downgrade() -> None:
    op.drop_table("jobs")
