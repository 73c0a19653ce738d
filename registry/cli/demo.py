"""The command that does the main job on the sample lists."""

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import Engine

from registry.access import principals
from registry.access.roles import Role
from registry.cli.demo_accounts import accounts_table, give
from registry.cli.lists import quality_table
from registry.cli.opening import open_database
from registry.cli.serving import HOST, PORT, serve_on
from registry.cli.terminal import output, step
from registry.database import transaction
from registry.indicators import holdings
from registry.indicators.holdings import Figures
from registry.lists import imports
from registry.lists.batches import Batch
from registry.people import partition
from registry.settings import Settings
from registry.sp_id import SpId, printed

SAMPLES = ("idpoor.xlsx", "hef.csv", "nssf.xlsx", "cash_transfer.csv", "disability.csv")


@dataclass(frozen=True)
class _Example:
    """A record to ask for in the printed commands."""

    scheme: str
    scheme_record_id: str
    sp_id: SpId


def demo(
    *,
    serve: Annotated[bool, typer.Option(help="Serve the API when the lists are linked.")] = True,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = HOST,
    port: Annotated[int, typer.Option(help="Port to serve on.")] = PORT,
) -> None:
    """Load and link the sample lists on the embedded database, say what happened, serve the API."""
    started = monotonic()
    settings = Settings(database_url=None)
    engine = open_database(settings)
    with as_file(files("registry") / "samples" / "lists") as folder:
        taken = [_take(engine, folder / name) for name in SAMPLES]
        with step("Learning from the lists, and linking"):
            linked = imports.link(engine)
        with transaction(engine) as session:
            figures = holdings.count(session)
            quality = partition.evaluate(session, partition.read_truth(folder / "truth.csv"))
    output.print(_lists_table(taken))
    output.print(_figures_table(figures))
    output.print(quality_table(quality))
    output.print(f"Model {linked.model}, {linked.pairs:,} scored pairs kept.")
    output.print(f"Done in {monotonic() - started:.1f} seconds.")
    if serve:
        _introduce(engine, f"http://{host}:{port}")
        serve_on(settings, host, port)


def _take(engine: Engine, file: Path) -> Batch:
    with step(f"Reading {file.name}"):
        return imports.parse_file(engine, file.stem, file).batch


def _lists_table(taken: list[Batch]) -> Table:
    table = Table(title="Lists", title_justify="left")
    table.add_column("list")
    for heading in ("read", "accepted", "rejected", "lost"):
        table.add_column(heading, justify="right")
    counts = [(batch.rows_read, batch.rows_accepted, batch.rows_rejected) for batch in taken]
    total = [sum(column) for column in zip(*counts, strict=True)]
    names = [batch.file_name for batch in taken]
    for name, (read, accepted, rejected) in zip([*names, "all"], [*counts, total], strict=True):
        lost = read - accepted - rejected
        table.add_row(name, *(f"{count:,}" for count in (read, accepted, rejected, lost)))
    return table


def _figures_table(figures: Figures) -> Table:
    table = Table(title="The registry", title_justify="left", show_header=False)
    table.add_column("what")
    table.add_column("how many", justify="right")
    lines = {
        "records": sum(figures.records.values()),
        "persons": figures.persons,
        **{f"links: {kind}": number for kind, number in figures.links.items()},
        "possible links to review": figures.open_reviews,
        "persons in more than one scheme": figures.shared_persons,
        "records held by more than one scheme": figures.shared_records,
    }
    for what, number in lines.items():
        table.add_row(what, f"{number:,}")
    return table


def _introduce(engine: Engine, base: str) -> None:
    """Print who may sign in, a token and three commands that answer."""
    with transaction(engine) as session:
        name = f"demo {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
        token = principals.add_client(session, name, Role.DATA_OFFICER)
        given = give(session)
        scheme, number, sp_id = next(
            row for row in partition.rows(session) if row[0] == "cash_transfer"
        )
    example = _Example(scheme, number, SpId(sp_id))
    output.print(f"\nThe API is served on {base}; its description is at {base}/docs.")
    output.print(f"Officers' pages are at {base}/sign-in. Each password is shown this once; who")
    output.print("signs in with it chooses another.")
    output.print(accounts_table(given))
    output.print(f"A token for this demonstration, shown this once: {token}", markup=False)
    output.print(f"Three questions on the person {printed(example.sp_id)}:\n")
    for command in _commands(base, token, example):
        output.print(command + "\n", markup=False)


def _commands(base: str, token: str, example: _Example) -> list[str]:
    head = f"curl -s -H 'Authorization: Bearer {token}'"
    ask = f"{head} -H 'Content-Type: application/json' {base}/v1/lookups -d"
    by_number = (
        f'{{"by": "scheme_number", "scheme": "{example.scheme}", '
        f'"scheme_record_id": "{example.scheme_record_id}", "purpose": "demonstration"}}'
    )
    by_name = (
        '{"by": "name", "name": "Meas Kanha", "birth_date": "1995-08-20", '
        '"purpose": "demonstration"}'
    )
    return [
        f"{head} '{base}/v1/persons/{example.sp_id}?purpose=demonstration'",
        f"{ask} '{by_number}'",
        f"{ask} '{by_name}'",
    ]
