"""Alembic migrations: the database from nothing to now."""
