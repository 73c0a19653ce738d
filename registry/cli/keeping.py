"""Commands that keep an installation's data: back up, restore."""

from pathlib import Path
from typing import Annotated

import typer

from registry import backups, key_holder
from registry.cli.opening import open_database
from registry.cli.terminal import output, step
from registry.database import address, connect, upgrade
from registry.settings import Settings

File = Annotated[Path, typer.Argument(help="The backup.")]


def back_up(file: File) -> None:
    """Write all that the database holds into one file; keep the master key elsewhere."""
    engine = open_database()
    with step("Backing up"):
        size = backups.back_up(engine, file)
    output.print(f"{file}: {size:,} bytes.", markup=False)


def restore(file: File) -> None:
    """Fill an empty database from a backup, and bring its tables up to date."""
    settings = Settings()
    url = address(settings)
    with step("Restoring"):
        backups.restore(url, file)
        engine = connect(url, settings)
        upgrade(engine)
        key_holder.of(engine).sealer()
    output.print("The database is restored.")
