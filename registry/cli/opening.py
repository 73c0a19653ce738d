"""Opening the database of this installation for a command."""

from sqlalchemy import Engine

from registry.cli.terminal import step
from registry.database import address, connect, upgrade
from registry.settings import Settings


def open_database(settings: Settings | None = None) -> Engine:
    """The database, its tables brought up to date first."""
    with step("Opening the database"):
        engine = connect(address(settings or Settings()))
        upgrade(engine)
    return engine
