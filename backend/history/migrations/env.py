"""Alembic runs this to migrate: over the connection that `backend.history.migrate` has opened."""

from __future__ import annotations

from alembic import context

from backend.history.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
