"""Commands for those who run an installation."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from registry import access, audit, rebuild
from registry.cli.opening import open_database
from registry.cli.terminal import errors, output
from registry.database import transaction
from registry.parsing import adapter_of
from registry.roles import Role
from registry.settings import Settings

clients = typer.Typer(help="Machine clients of the API.", no_args_is_help=True)
audits = typer.Typer(help="The record of who read whose data.", no_args_is_help=True)


def init() -> None:
    """Create the database's tables, or bring them up to date."""
    engine = open_database()
    output.print(f"The database is ready: {engine.url.render_as_string(hide_password=True)}")


@clients.command("add")
def add_client(
    name: Annotated[str, typer.Argument(help="What the client is called.")],
    *,
    role: Annotated[Role, typer.Option(help="What it may do.")] = Role.HEALTH_PROVIDER,
    scheme: Annotated[
        str | None, typer.Option(help="Code of the only scheme whose lists it handles.")
    ] = None,
    facility: Annotated[str | None, typer.Option(help="Where it is used, for the audit.")] = None,
) -> None:
    """Add a client and show its token, this once."""
    settings = Settings()
    if scheme is not None:
        adapter_of(scheme, settings.schemes)
    with transaction(open_database(settings)) as session:
        token = access.add_client(session, name, role, scheme=scheme, facility=facility)
    errors.print("Keep this token safe: it is not stored and cannot be shown again.")
    output.print(token, markup=False)


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
