"""Commands for those who run an installation."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from registry import audit, rebuild, sealing
from registry.cli.opening import open_database
from registry.cli.terminal import errors, output
from registry.database import transaction
from registry.settings import Settings

audits = typer.Typer(help="The record of who read whose data.", no_args_is_help=True)


def init() -> None:
    """Create the database's tables, or bring them up to date."""
    settings = Settings()
    engine = open_database(settings)
    sealing.keyring(settings)
    output.print(f"The database is ready: {engine.url.render_as_string(hide_password=True)}")


@audits.command("verify")
def verify_audit() -> None:
    """Check that no entry of the audit was changed, removed or moved; exit 1 if one was."""
    with transaction(open_database()) as session:
        broken = audit.first_broken(session)
    if broken is not None:
        errors.print(f"The audit is broken at entry {broken}.", style="red")
        raise typer.Exit(1)
    output.print("The audit is whole.")


def rebuild_partition(
    *,
    swap: Annotated[
        bool, typer.Option(help="Put the rebuilt partition in the place of the live one.")
    ] = True,
) -> None:
    """Make the partition anew from records, pairs and decisions, compare, and swap it in."""
    with transaction(open_database()) as session:
        found = rebuild.compare(session)
        output.print(
            f"{found.records:,} records: {found.live:,} persons live, {found.rebuilt:,} rebuilt; "
            f"{len(found.differing):,} records are grouped differently."
        )
        if swap and found.differing:
            rebuild.swap(session, datetime.now(UTC))
            output.print("The rebuilt partition is live; SP IDs stayed where most records are.")
