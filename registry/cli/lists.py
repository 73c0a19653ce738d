"""Commands on lists: import one, export the partition, evaluate it."""

import csv
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.table import Table

from registry import batches, imports, partition, schemes
from registry.batches import Batch
from registry.cli.opening import open_database
from registry.cli.terminal import errors, output, step
from registry.database import transaction
from registry.errors import Misconfigured, UnreadableFile
from registry.matching import Linked
from registry.partition import Evaluation

exports = typer.Typer(help="Write out what the registry holds.", no_args_is_help=True)


def import_list(
    scheme: Annotated[str, typer.Argument(help="Code of the scheme the list is of.")],
    file: Annotated[Path, typer.Argument(help="The list: CSV or a workbook.")],
) -> None:
    """Take a scheme's list, through to links. The same file again changes nothing."""
    schemes.adapter(scheme)
    if not file.is_file():
        raise UnreadableFile(f"{file} is not a file: check the path.")
    engine = open_database()
    with step(f"Reading {file.name}"):
        parsed = imports.parse_file(engine, scheme, file)
    if parsed.is_known and parsed.batch.status == batches.BatchStatus.LINKED:
        output.print(f"{file.name} was taken before, as batch {parsed.batch.id}: nothing changed.")
        return
    with step("Linking"):
        linked = imports.link(engine)
    _report(parsed.batch, linked)
    if parsed.batch.rows_rejected:
        with transaction(engine) as session:
            beside = _write_rejected(file, list(batches.rejected_rows(session, parsed.batch)))
        output.print(f"Rejected rows and reasons: {beside}")


@exports.command("links")
def export_links(
    file: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; the output if not given.")
    ] = None,
) -> None:
    """Write the current partition as CSV: scheme, record number, SP ID."""
    target = nullcontext(sys.stdout) if file is None else _opened(file)
    with transaction(open_database()) as session, target as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(partition.COLUMNS)
        writer.writerows(partition.rows(session))


def _opened(file: Path) -> TextIO:
    """A file to write to.

    Raises:
        Misconfigured: it cannot be written.
    """
    try:
        return file.open("w", newline="", encoding="utf-8")
    except OSError as error:
        raise Misconfigured(f"{file} cannot be written: {error.strerror}.") from error


def evaluate(
    truth: Annotated[
        Path, typer.Argument(help="CSV with the headings scheme, scheme_record_id, person.")
    ],
) -> None:
    """Measure the current partition against a truth."""
    known = partition.read_truth(truth)
    with transaction(open_database()) as session:
        output.print(quality_table(partition.evaluate(session, known)))


def quality_table(evaluation: Evaluation) -> Table:
    """Precision, recall and F1, pairwise and by cluster."""
    table = Table(title=f"Quality on {evaluation.records:,} records", title_justify="left")
    for heading in ("", "precision", "recall", "F1"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, quality in (
        ("pairwise", evaluation.pairwise),
        ("cluster", evaluation.cluster),
        ("automatic links alone", evaluation.automatic),
    ):
        figures = (quality.precision, quality.recall, quality.f1)
        table.add_row(name, *(f"{figure:.4f}" for figure in figures))
    if evaluation.absent:
        table.caption = f"{evaluation.absent:,} records of the truth are not in the registry"
    return table


def _report(batch: Batch, linked: Linked) -> None:
    output.print(
        f"{batch.file_name}: {batch.rows_read:,} rows read, {batch.rows_accepted:,} accepted "
        f"({batch.records_new:,} new, {batch.records_changed:,} changed, "
        f"{batch.records_unchanged:,} unchanged), {batch.rows_rejected:,} rejected."
    )
    output.print(
        f"The registry: {linked.records:,} records of {linked.persons:,} persons "
        f"({linked.new_persons:,} new), {linked.reviews:,} possible links to review."
    )


def _write_rejected(file: Path, rows: list[batches.RejectedRowEntry]) -> Path:
    """Write rejected rows beside their file, as sent, with what is wrong in each."""
    beside = file.with_name(f"{file.stem}.rejected.csv")
    headings = list(dict.fromkeys(heading for row in rows for heading in row.as_sent))
    try:
        with beside.open("w", newline="", encoding="utf-8-sig") as out:
            writer = csv.writer(out)
            writer.writerow(["row", "reasons", *headings])
            for row in rows:
                reasons = "; ".join(
                    f"{problem['column']}: {problem['message']}" for problem in row.problems
                )
                cells = [row.as_sent.get(heading, "") for heading in headings]
                writer.writerow([row.row, reasons, *map(_harmless, cells)])
    except OSError as error:
        errors.print(f"{beside} cannot be written: {error.strerror}", style="yellow")
    return beside


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
