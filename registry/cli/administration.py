"""Commands for those who run an installation."""

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from registry import sealing
from registry.auditing import audit, audit_chain, audit_reports
from registry.auditing.audit import Origin
from registry.auditing.audit_reports import Reading
from registry.cli.opening import open_database
from registry.cli.terminal import errors, output
from registry.database import transaction
from registry.errors import NotFound
from registry.people import persons, rebuild
from registry.settings import Settings
from registry.sp_id import parse

audits = typer.Typer(help="The record of who read whose data.", no_args_is_help=True)


def init() -> None:
    """Create the database's tables, or bring them up to date."""
    settings = Settings()
    engine = open_database(settings)
    sealing.keyring(settings)
    output.print(f"The database is ready: {engine.url.render_as_string(hide_password=True)}")


@audits.command("verify")
def verify_audit() -> None:
    """Check that no entry of the audit was changed, taken away or moved; exit 1 if one was.

    Where the audit ends is kept in the registry's home, so that the next time shows whether entries
    were taken from the end since.
    """
    settings = Settings()
    receipt = audit_chain.read_receipt(settings.home)
    with transaction(open_database(settings)) as session:
        found = audit_chain.verify(session, receipt)
    for each in found.breaks:
        at = f" (entry {each.entry})" if each.entry is not None else ""
        errors.print(f"Lane {each.lane}, place {each.position}{at}: {each.what}.", style="red")
    if not found.is_whole:
        raise typer.Exit(1)
    kept = audit_chain.write_receipt(settings.home, found, datetime.now(UTC))
    output.print(f"The audit is whole: {found.entries:,} entries. Its receipt is in {kept}.")


@audits.command("person")
def tell_person(
    sp_id: Annotated[str, typer.Argument(help="SP ID of the person who asks.")],
    purpose: Annotated[str, typer.Option(help="Why it is asked; it is recorded.")],
) -> None:
    """Show who looked at a person's data, for the person."""
    number = parse(sp_id)
    if number is None:
        raise NotFound("This is not an SP ID: its check digit does not fit.")
    table = Table()
    for heading in ("when", "who", "for whom", "why", "what"):
        table.add_column(heading)
    reading = Reading(f"cli: {getpass.getuser()}", purpose, datetime.now(UTC))
    with transaction(open_database()) as session:
        audit.comes_from(session, Origin("cli"))
        person = persons.find(session, number).id
        for look in audit_reports.looks(session, person, reading):
            when = f"{look.at:%Y-%m-%d %H:%M}"
            table.add_row(when, look.actor, look.for_whom, look.purpose, look.action)
    output.print(table)


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
