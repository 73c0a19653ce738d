"""Commands on lists: import one, export the partition, evaluate it."""

import csv
import sys
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Engine

from registry import jobs
from registry.cli.models import drift_message
from registry.cli.opening import open_behind, open_database
from registry.cli.options import taking
from registry.cli.terminal import errors, output, step
from registry.cli.watching import first_example, watching
from registry.database import transaction
from registry.errors import Misconfigured, UnreadableFile
from registry.lists import batches, imports
from registry.lists.batches import Batch, BatchStatus, Mode, Sending
from registry.lists.imports import Terms, Trial
from registry.lists.parsing import adapter_of
from registry.lists.reading import Pace
from registry.lists.tallies import Tally
from registry.matching import model_life
from registry.matching.linking import Linked
from registry.people import partition
from registry.people.partition import Evaluation
from registry.schemes.fields import Field
from registry.schemes.layout import Confirmed, Layout
from registry.settings import Settings
from registry.tables.table import HEAD

COMMAND_LINE = "command line"
exports = typer.Typer(help="Write out what the registry holds.", no_args_is_help=True)


@dataclass(frozen=True)
class Importing:
    """The arguments and options of `registry import`."""

    scheme: Annotated[str, typer.Argument(help="Code of the scheme the list is of.")]
    file: Annotated[Path, typer.Argument(help="The list: CSV or a workbook.")]
    mode: Annotated[
        Mode,
        typer.Option(
            help="delta: rows that are new or changed; snapshot: the whole list, of which the "
            "records that it does not have end."
        ),
    ] = Mode.DELTA
    dry_run: Annotated[bool, typer.Option(help="Say what would come of it; write nothing.")] = False
    queue: Annotated[bool, typer.Option(help="Leave the work to a worker.")] = False
    heading: Annotated[
        list[str] | None,
        typer.Option(
            help="What a column is about, as 'HEADING=field', or 'HEADING=' for nothing; may be "
            "said several times. Remembered for the scheme's next file, as are the next three."
        ),
    ] = None
    sheet: Annotated[str | None, typer.Option(help="Name of the sheet that is the list.")] = None
    heading_row: Annotated[
        int | None, typer.Option(min=1, max=HEAD, help="Row that holds the headings.")
    ] = None
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of a text that is not in Unicode, as cp1252.")
    ] = None

    @property
    def layout(self) -> Layout:
        """What is said of the list's layout."""
        headings = confirmed_headings(self.heading or [])
        return Layout(self.encoding, self.sheet, self.heading_row, headings)


@taking(Importing)
def import_list(asked: Importing) -> None:
    """Take a scheme's list, through to links. The same file again changes nothing."""
    scheme, file, said = asked.scheme, asked.file, asked.layout
    settings = Settings()
    adapter_of(scheme, settings.schemes)
    if not file.is_file():
        raise UnreadableFile(f"{file} is not a file: check the path.")
    engine = open_behind(settings)
    terms = replace(terms_of(settings, asked.mode), sending=Sending(said, COMMAND_LINE))
    if asked.dry_run:
        with step(f"Trying {file.name}"):
            trial = imports.try_out(engine, scheme, file, terms)
        _report_trial(trial)
    elif asked.queue:
        batch = imports.receive(engine, scheme, file, terms)
        jobs.queue(engine, batch)
        output.print(f"{file.name} is batch {batch.id}: `registry batch show {batch.id}`.")
    else:
        _import_now(engine, scheme, file, terms)


def confirmed_headings(said: Iterable[str]) -> Confirmed:
    """What columns are about, from `HEADING=field`.

    Raises:
        typer.BadParameter: there is no such field, or nothing is said of the heading.
    """
    found: dict[str, Field | None] = {}
    for one in said:
        heading, equals, word = one.rpartition("=")
        if not equals or not heading or (word and word not in set(Field)):
            fields = ", ".join(Field)
            message = f"{one!r} is not HEADING=field; the fields are {fields}."
            raise typer.BadParameter(message, param_hint="--heading")
        found[heading] = Field(word) if word else None
    return found


def terms_of(
    settings: Settings, mode: Mode, heard: Callable[[int], None] = lambda _: None
) -> Terms:
    """How this installation takes a list."""
    processes = settings.parsing_processes or Pace.of_this_machine().processes
    return Terms(
        mode=mode, hold_share=settings.snapshot_hold_share, descriptions=settings.schemes,
        pace=Pace(processes, settings.chunk_rows), heard=heard,
    )  # fmt: skip


def _import_now(engine: Engine, scheme: str, file: Path, terms: Terms) -> None:
    with watching(engine, file.name) as heard:
        parsed = imports.parse_file(engine, scheme, file, replace(terms, heard=heard))
    if parsed.is_known and parsed.batch.status == BatchStatus.LINKED:
        output.print(f"{file.name} was taken before, as batch {parsed.batch.id}: nothing changed.")
        return
    link_and_report(engine, parsed.batch)
    if parsed.batch.rows_rejected:
        with transaction(engine) as session:
            beside = _write_rejected(file, list(batches.rejected_rows(session, parsed.batch)))
        output.print(f"Rejected rows and reasons: {beside}")


def link_and_report(engine: Engine, batch: Batch) -> None:
    """Link what is parsed and say what came of a batch, or that it is held."""
    if batch.status == BatchStatus.HELD:
        output.print(_rows(batch))
        output.print(held_message(batch.id, batch.records_ending))
        return
    with step("Linking"):
        linked = imports.link(engine)
        with transaction(engine) as session:
            drift = model_life.drift(session)
    _report(batch, linked)
    if drift.is_training_advised:
        output.print(drift_message(drift))


def held_message(number: int, ending: int) -> str:
    """What to do with a held batch."""
    return (
        f"The list would end {ending:,} records, more than is done without asking. "
        f"`registry batch confirm {number}` ends them, `registry batch cancel {number}` gives "
        "the list up."
    )


def problems_table(problems: Iterable[Tally]) -> Table:
    """What is wrong with rows, by code, with an example of each."""
    table = Table(title="Problems", title_justify="left")
    table.add_column("problem")
    table.add_column("cells", justify="right")
    table.add_column("the first one")
    for tally in problems:
        kind = "error" if tally.is_error else "warning"
        table.add_row(f"{tally.code} ({kind})", f"{tally.cells:,}", escape(first_example(tally)))
    return table


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


def _rows(batch: Batch) -> str:
    """Rows read and rejected, where nothing is taken yet."""
    return f"{batch.file_name}: {batch.rows_read:,} rows read, {batch.rows_rejected:,} rejected."


def _records(batch: Batch) -> str:
    ending = f", {batch.records_ending:,} ended" if batch.mode == Mode.SNAPSHOT else ""
    return (
        f"{batch.file_name}: {batch.rows_read:,} rows read, {batch.rows_accepted:,} accepted "
        f"({batch.records_new:,} new, {batch.records_changed:,} changed, "
        f"{batch.records_unchanged:,} unchanged){ending}, {batch.rows_rejected:,} rejected."
    )


def _report(batch: Batch, linked: Linked) -> None:
    output.print(_records(batch))
    output.print(
        f"The registry: {linked.records:,} records of {linked.persons:,} persons "
        f"({linked.new_persons:,} new), {linked.reviews:,} possible links to review."
    )


def _report_trial(trial: Trial) -> None:
    output.print("Nothing is written. If the list were taken now:")
    output.print(_records(trial.batch))
    if trial.is_held:
        output.print("It would be held: it ends more records than is done without asking.")
    if trial.problems:
        output.print(problems_table(trial.problems))


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
