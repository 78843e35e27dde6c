"""Events are found by their transaction."""

from __future__ import annotations

from alembic import op

revision = "0005_transactions"
down_revision = "0004_combinable"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("events_of_transaction", "events", ["transaction_hash"])


def downgrade() -> None:
    op.drop_index("events_of_transaction", "events")
