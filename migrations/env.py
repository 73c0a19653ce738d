"""Runs the migrations on the connection that the registry hands over."""

from alembic import context

from registry.schema import METADATA, is_of_the_queue

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=True,
    include_name=lambda name, kind, _: not (kind == "table" and is_of_the_queue(name)),
)
with context.begin_transaction():
    context.run_migrations()
