"""Commands on the models that weigh records."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from registry.cli.opening import open_database
from registry.cli.terminal import output, step
from registry.database import transaction
from registry.matching import learning, model_life, models
from registry.matching.model_life import Difference, Drift

commands = typer.Typer(help="Models that weigh records.", no_args_is_help=True)
Version = Annotated[str, typer.Argument(help="Version of a model, as `model list` shows it.")]
EXAMPLES = 10


@commands.command("train")
def train(
    *,
    use: Annotated[bool, typer.Option(help="Choose the model at once.")] = False,
) -> None:
    """Learn a model from all records that the registry holds."""
    engine = open_database()
    with transaction(engine) as session, step("Training"):
        version = learning.train(session).version
    output.print(f"Model {version} is kept.")
    if use:
        use_model(version)
    else:
        output.print(f"`registry model use {version}` weighs all records with it.")


@commands.command("list")
def list_models() -> None:
    """Show the kept models, which one is in use, and whether training is advised."""
    table = Table()
    for heading in ("model", "trained", "on records", "chosen", ""):
        table.add_column(heading)
    with transaction(open_database()) as session:
        chosen = models.in_use(session)
        for model in models.every(session):
            used = "" if model.used_at is None else f"{model.used_at:%Y-%m-%d %H:%M}"
            records = "shipped" if model.is_shipped else f"{model.records:,}"
            mark = "in use" if model.id == chosen.id else ""
            trained = f"{model.trained_at:%Y-%m-%d %H:%M}"
            table.add_row(model.version, trained, records, used, mark)
        drift = model_life.drift(session)
    output.print(table)
    output.print(drift_message(drift))


@commands.command("compare")
def compare(one: Version, other: Version) -> None:
    """Say which records and reviews would change if OTHER were used in place of ONE."""
    with transaction(open_database()) as session, step("Comparing"):
        found = model_life.compare(session, one, other, datetime.now(UTC))
    output.print(_difference_table(found, one, other))
    for scheme, number in found.moved[:EXAMPLES]:
        output.print(f"  {scheme} {number}", markup=False)


@commands.command("use")
def use_model(version: Version) -> None:
    """Weigh all records with a model from now on; officers' decisions stand."""
    with transaction(open_database()) as session, step("Linking"):
        before = models.in_use(session).version
        linked = model_life.use(session, version, datetime.now(UTC))
    output.print(
        f"Model {version} is in use: {linked.records:,} records of {linked.persons:,} persons, "
        f"{linked.reviews:,} possible links to review. `registry model use {before}` switches back."
    )


def drift_message(drift: Drift) -> str:
    """How far records have gone from the model in use, and what is advised."""
    if drift.is_shipped:
        told = f"Records are weighed with the shipped model; there are {drift.records_now:,}."
    else:
        told = (
            f"Model {drift.model} was trained on {drift.records_then:,} records; "
            f"there are {drift.records_now:,}."
        )
    if drift.new_schemes:
        told += f" It has not seen the lists of {', '.join(drift.new_schemes)}."
    advice = " Training is advised: `registry model train`, then `registry model compare`."
    return told + (advice if drift.is_training_advised else "")


def _difference_table(found: Difference, one: str, other: str) -> Table:
    table = Table(title=f"{other} in place of {one}", title_justify="left", show_header=False)
    table.add_column("what")
    table.add_column("how many", justify="right")
    before, after = found.persons
    table.add_row("persons", f"{before:,} → {after:,}")
    table.add_row("records grouped with others", f"{len(found.moved):,}")
    table.add_row("reviews opened", f"{found.reviews_opened:,}")
    table.add_row("reviews closed", f"{found.reviews_closed:,}")
    return table
