"""Commands on batches: see how far one is, confirm or cancel one."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from registry.cli.lists import held_message, link_and_report, problems_table, terms_of
from registry.cli.opening import open_database
from registry.cli.terminal import output, step
from registry.cli.watching import watching
from registry.database import transaction
from registry.lists import batches, imports, ledger, progress, returning
from registry.lists.batches import Batch, BatchStatus
from registry.settings import Settings

commands = typer.Typer(help="Lists that were received.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="Number of the batch.")]
MOST = 50


@commands.command("list")
def list_batches() -> None:
    """Show the batches received last, and what each changed."""
    table = Table()
    for heading in ("batch", "scheme", "file", "mode", "received", "status"):
        table.add_column(heading, no_wrap=heading == "file")
    table.add_column("what it changed")
    with transaction(open_database()) as session:
        for batch in batches.latest(session, MOST):
            received = f"{batch.received_at:%Y-%m-%d %H:%M}"
            table.add_row(
                str(batch.id), batch.scheme, batch.file_name, batch.mode, received, batch.status,
                _changes(batch),
            )  # fmt: skip
    output.print(table)


def _changes(batch: Batch) -> str:
    """What a list changed, in the numbers that are not nought."""
    counts = {
        "new": batch.records_new, "changed": batch.records_changed,
        "unchanged": batch.records_unchanged, "ended": batch.records_ending,
        "rejected": batch.rows_rejected,
    }  # fmt: skip
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


@commands.command("show")
def show(number: Number) -> None:
    """Show how far a batch is, and what is wrong with its rows."""
    with transaction(open_database()) as session:
        batch = batches.find(session, number)
        now = progress.read(session, number)
        problems = ledger.problems(session, number)
    expected = "" if now.rows_expected is None else f" of about {now.rows_expected:,}"
    output.print(
        f"{batch.file_name} ({batch.scheme}, {batch.mode}) is {now.status}: "
        f"{now.rows_read:,} rows{expected} read, {now.rows_accepted:,} accepted, "
        f"{now.rows_rejected:,} rejected, {now.records_linked:,} linked.",
        markup=False,
    )
    if now.seconds_left is not None:
        output.print(f"About {now.seconds_left:.0f} seconds are left.")
    if now.error is not None:
        output.print(now.error, markup=False)
    if now.status == BatchStatus.HELD:
        output.print(held_message(number, batch.records_ending))
    if problems:
        output.print(problems_table(problems))


@commands.command("corrections")
def corrections(
    number: Number,
    output_file: Annotated[Path, typer.Option("--output", "-o", help="The workbook to write.")],
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="All rows, not the rejected ones alone.")
    ] = False,
) -> None:
    """Write a batch's rows with what is wrong beside each, to be corrected and sent again."""
    settings = Settings()
    with transaction(open_database(settings)) as session, step(f"Writing {output_file.name}"):
        batch = batches.find(session, number)
        if everything:
            count = returning.write_all(session, batch, output_file, settings.schemes)
        else:
            count = returning.write_rejected(session, batch, output_file)
    output.print(f"{count:,} rows of batch {number}: {output_file}")


@commands.command("confirm")
def confirm(number: Number) -> None:
    """Let a held batch end the records that it does not have, and link."""
    settings = Settings()
    engine = open_database(settings)
    with watching(engine, f"batch {number}") as heard:
        batch = imports.confirm(engine, number, terms_of(settings, batches.Mode.SNAPSHOT, heard))
    link_and_report(engine, batch)


@commands.command("cancel")
def cancel(number: Number) -> None:
    """Give up a batch whose rows are not taken yet."""
    with transaction(open_database()) as session:
        batches.cancel(session, batches.find(session, number), datetime.now(UTC))
    output.print(f"Batch {number} is cancelled: nothing of it was taken.")
