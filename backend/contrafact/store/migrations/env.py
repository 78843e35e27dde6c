"""How Alembic reaches the database: by the connection that `Database.migrate` gives it."""

from __future__ import annotations

from alembic import context

from contrafact.store.database import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
