"""The read model's tables.

`blocks`, `events`, `credits`, `payments` and `pool_moves` only ever grow, row by row in the chain's order; a rollback
deletes the rows above the fork. `works` with `prices` and `work_words`, `orders` with `order_works`, `accounts` and
`models` are derived from the events of one subject, and made again when one of these comes or goes. `documents` and
`holders` are what the content store says; they hang on digests, not on blocks.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, String, Table, Text

from contrafact.store.columns import Address, Amount, Digest
from contrafact.store.database import Base

_metadata = Base.metadata


def _place() -> tuple[Column[int], Column[int]]:
    """Where a fact stands on the chain: the key that all facts have."""
    return Column("block", BigInteger, primary_key=True), Column("log_index", Integer, primary_key=True)


cursor = Table(
    "cursor",
    _metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("identity", Text, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("confirmations", Integer, nullable=False),
    Column("block", BigInteger, nullable=False),
    Column("hash", Digest, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),
)
blocks = Table(
    "blocks",
    _metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Digest, nullable=False),
    Column("parent", Digest, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("eventful", Boolean, nullable=False),
)
events = Table(
    "events",
    _metadata,
    *_place(),
    Column("contract", String(32), nullable=False),
    Column("name", String(64), nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("transaction_hash", String(66), nullable=False),
    Column("arguments", Text, nullable=False),
    Index("events_of_subject", "subject", "block", "log_index"),
    Index("events_of_transaction", "transaction_hash"),
)
credits = Table(
    "credits",
    _metadata,
    *_place(),
    Column("account", Digest, primary_key=True),
    Column("order_id", Digest, nullable=False),
    Column("before", Amount, nullable=False),
    Column("received", Amount, nullable=False),
    Column("transaction_hash", String(66), nullable=False),
    Index("credits_of_account", "account", "block", "log_index"),
    Index("credits_of_order", "order_id"),
)
payments = Table(
    "payments",
    _metadata,
    *_place(),
    Column("account", Digest, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("payee", Address, nullable=False),
    Column("token", Address),
    Column("amount", Amount, nullable=False),
    Column("drawn", Amount, nullable=False),
    Column("transaction_hash", String(66), nullable=False),
    Index("payments_of_place", "account", "place", "block", "log_index"),
    Index("payments_to_payee", "payee", "block", "log_index"),
)
pool_moves = Table(
    "pool_moves",
    _metadata,
    *_place(),
    Column("model_id", Digest, nullable=False),
    Column("token", Address, nullable=False),
    Column("closed", Amount, nullable=False),
    Column("claimed", Amount, nullable=False),
    Column("epochs", Integer, nullable=False),
    Index("pool_moves_of_model", "model_id", "token", "block", "log_index"),
)
works = Table(
    "works",
    _metadata,
    Column("work_id", Digest, primary_key=True),
    Column("block", BigInteger, nullable=False),
    Column("log_index", Integer, nullable=False),
    Column("licensor", Address, nullable=False),
    Column("content", Digest, nullable=False),
    Column("metadata_digest", Digest, nullable=False),
    Column("split_root", Digest, nullable=False),
    Column("recording_of", Digest),
    Column("contested", Boolean, nullable=False),
    Column("barred", Boolean, nullable=False),
    Column("inference", Boolean, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("combinable", Boolean, nullable=False),
    Column("valid_from", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column("title", Text),
    Column("credits", Text, nullable=False),
    Column("collection", Text, nullable=False),
    Column("catalogue_id", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("metre", String(16)),
    Column("key", String(32)),
    Column("folded", Text, nullable=False),
    Column("folded_collection", Text, nullable=False),
    Index("works_in_order", "block", "log_index"),
    Index("works_of_content", "content"),
    Index("works_of_licensor", "licensor"),
    Index("works_of_split", "split_root"),
    Index("works_of_document", "metadata_digest"),
)
prices = Table(
    "prices",
    _metadata,
    Column("work_id", Digest, primary_key=True),
    Column("token", Address, primary_key=True),
    Column("use", Integer, primary_key=True),
    Column("price", Amount, nullable=False),
    Index("prices_by_cost", "token", "use", "price", "work_id"),
)
work_words = Table(
    "work_words",
    _metadata,
    Column("word", LargeBinary(64), primary_key=True),
    Column("work_id", Digest, primary_key=True),
    Index("words_of_work", "work_id"),
)
orders = Table(
    "orders",
    _metadata,
    Column("order_id", Digest, primary_key=True),
    Column("block", BigInteger, nullable=False),
    Column("log_index", Integer, nullable=False),
    Column("newest", BigInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("maker", Address, nullable=False),
    Column("operator", Address, nullable=False),
    Column("use", Integer, nullable=False),
    Column("record", Digest),
    Index("orders_in_order", "block", "log_index"),
    Index("orders_of_maker", "maker", "block", "log_index"),
    Index("orders_of_operator", "operator", "status", "block", "log_index"),
    Index("orders_of_record", "record"),
)
order_works = Table(
    "order_works",
    _metadata,
    Column("order_id", Digest, primary_key=True),
    Column("work_id", Digest, primary_key=True),
    Index("order_works_of_work", "work_id"),
)
accounts = Table(
    "accounts",
    _metadata,
    Column("account", Digest, primary_key=True),
    Column("beneficiary", Digest, nullable=False),
    Column("split_root", Digest, nullable=False),
    Column("token", Address, nullable=False),
    Column("hold_epoch", BigInteger, nullable=False),
    Column("hold_from", Amount, nullable=False),
    Column("hold_cap", Amount, nullable=False),
    Index("accounts_of_split", "split_root"),
    Index("accounts_of_beneficiary", "beneficiary"),
)
models = Table(
    "models",
    _metadata,
    Column("model_id", Digest, primary_key=True),
    Column("block", BigInteger, nullable=False),
    Column("log_index", Integer, nullable=False),
    Column("metadata_digest", Digest, nullable=False),
    Column("name", Text),
    Column("training_works", BigInteger),
    Index("models_of_document", "metadata_digest"),
)
documents = Table(
    "documents",
    _metadata,
    Column("digest", Digest, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("content", LargeBinary),
    Column("metre", String(16)),
    Column("key", String(32)),
    Column("tries", Integer, nullable=False),
    Column("next_try", Float, nullable=False),
    Column("problem", Text, nullable=False),
    Index("documents_to_fetch", "complete", "next_try"),
)
holders = Table(
    "holders",
    _metadata,
    Column("split_root", Digest, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("holder", Address, nullable=False),
    Column("ppm", Integer, nullable=False),
    Index("holders_by_address", "holder"),
)
READ_MODEL = (
    cursor,
    blocks,
    events,
    credits,
    payments,
    pool_moves,
    works,
    prices,
    work_words,
    orders,
    order_works,
    accounts,
    models,
    documents,
    holders,
)
"""All of them; other parts have tables of their own in the same database."""
