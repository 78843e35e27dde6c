"""The read model: facts of the chain, what is derived from them, and what documents say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_read_model"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account", sa.LargeBinary(32), nullable=False),
        sa.Column("beneficiary", sa.LargeBinary(32), nullable=False),
        sa.Column("split_root", sa.LargeBinary(32), nullable=False),
        sa.Column("token", sa.String(42), nullable=False),
        sa.Column("hold_epoch", sa.BigInteger(), nullable=False),
        sa.Column("hold_from", sa.String(39), nullable=False),
        sa.Column("hold_cap", sa.String(39), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_index("accounts_of_beneficiary", "accounts", ["beneficiary"])
    op.create_index("accounts_of_split", "accounts", ["split_root"])
    op.create_table(
        "blocks",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("parent", sa.LargeBinary(32), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("eventful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "credits",
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("account", sa.LargeBinary(32), nullable=False),
        sa.Column("order_id", sa.LargeBinary(32), nullable=False),
        sa.Column("before", sa.String(39), nullable=False),
        sa.Column("received", sa.String(39), nullable=False),
        sa.Column("transaction_hash", sa.String(66), nullable=False),
        sa.PrimaryKeyConstraint("block", "log_index", "account"),
    )
    op.create_index("credits_of_account", "credits", ["account", "block", "log_index"])
    op.create_index("credits_of_order", "credits", ["order_id"])
    op.create_table(
        "cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("confirmations", sa.Integer(), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "documents",
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("metre", sa.String(16), nullable=True),
        sa.Column("key", sa.String(32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.Float(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("documents_to_fetch", "documents", ["complete", "next_try"])
    op.create_table(
        "events",
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("contract", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("transaction_hash", sa.String(66), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("block", "log_index"),
    )
    op.create_index("events_of_subject", "events", ["subject", "block", "log_index"])
    op.create_table(
        "holders",
        sa.Column("split_root", sa.LargeBinary(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(42), nullable=False),
        sa.Column("ppm", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("split_root", "place"),
    )
    op.create_index("holders_by_address", "holders", ["holder"])
    op.create_table(
        "models",
        sa.Column("model_id", sa.LargeBinary(32), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("metadata_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("training_works", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("model_id"),
    )
    op.create_index("models_of_document", "models", ["metadata_digest"])
    op.create_table(
        "order_works",
        sa.Column("order_id", sa.LargeBinary(32), nullable=False),
        sa.Column("work_id", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "work_id"),
    )
    op.create_index("order_works_of_work", "order_works", ["work_id"])
    op.create_table(
        "orders",
        sa.Column("order_id", sa.LargeBinary(32), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("maker", sa.String(42), nullable=False),
        sa.Column("operator", sa.String(42), nullable=False),
        sa.Column("use", sa.Integer(), nullable=False),
        sa.Column("record", sa.LargeBinary(32), nullable=True),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_index("orders_in_order", "orders", ["block", "log_index"])
    op.create_index("orders_of_maker", "orders", ["maker", "block", "log_index"])
    op.create_index("orders_of_operator", "orders", ["operator", "status", "block", "log_index"])
    op.create_index("orders_of_record", "orders", ["record"])
    op.create_table(
        "payments",
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("account", sa.LargeBinary(32), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("payee", sa.String(42), nullable=False),
        sa.Column("token", sa.String(42), nullable=True),
        sa.Column("amount", sa.String(39), nullable=False),
        sa.Column("drawn", sa.String(39), nullable=False),
        sa.Column("transaction_hash", sa.String(66), nullable=False),
        sa.PrimaryKeyConstraint("block", "log_index"),
    )
    op.create_index("payments_of_place", "payments", ["account", "place", "block", "log_index"])
    op.create_index("payments_to_payee", "payments", ["payee", "block", "log_index"])
    op.create_table(
        "pool_moves",
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.LargeBinary(32), nullable=False),
        sa.Column("token", sa.String(42), nullable=False),
        sa.Column("closed", sa.String(39), nullable=False),
        sa.Column("claimed", sa.String(39), nullable=False),
        sa.Column("epochs", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("block", "log_index"),
    )
    op.create_index("pool_moves_of_model", "pool_moves", ["model_id", "token", "block", "log_index"])
    op.create_table(
        "prices",
        sa.Column("work_id", sa.LargeBinary(32), nullable=False),
        sa.Column("token", sa.String(42), nullable=False),
        sa.Column("use", sa.Integer(), nullable=False),
        sa.Column("price", sa.String(39), nullable=False),
        sa.PrimaryKeyConstraint("work_id", "token", "use"),
    )
    op.create_index("prices_by_cost", "prices", ["token", "use", "price", "work_id"])
    op.create_table(
        "work_words",
        sa.Column("word", sa.LargeBinary(64), nullable=False),
        sa.Column("work_id", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("word", "work_id"),
    )
    op.create_index("words_of_work", "work_words", ["work_id"])
    op.create_table(
        "works",
        sa.Column("work_id", sa.LargeBinary(32), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("licensor", sa.String(42), nullable=False),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.Column("metadata_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("split_root", sa.LargeBinary(32), nullable=False),
        sa.Column("recording_of", sa.LargeBinary(32), nullable=True),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("barred", sa.Boolean(), nullable=False),
        sa.Column("inference", sa.Boolean(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("credits", sa.Text(), nullable=False),
        sa.Column("collection", sa.Text(), nullable=False),
        sa.Column("catalogue_id", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("metre", sa.String(16), nullable=True),
        sa.Column("key", sa.String(32), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("folded_collection", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("work_id"),
    )
    op.create_index("works_in_order", "works", ["block", "log_index"])
    op.create_index("works_of_content", "works", ["content"])
    op.create_index("works_of_document", "works", ["metadata_digest"])
    op.create_index("works_of_licensor", "works", ["licensor"])
    op.create_index("works_of_split", "works", ["split_root"])


def downgrade() -> None:
    for table in (
        "accounts",
        "blocks",
        "credits",
        "cursor",
        "documents",
        "events",
        "holders",
        "models",
        "order_works",
        "orders",
        "payments",
        "pool_moves",
        "prices",
        "work_words",
        "works",
    ):
        op.drop_table(table)
