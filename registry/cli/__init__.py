"""The `registry` command."""

import sys

import typer

from registry.cli import (
    administration,
    batches,
    clients,
    demo,
    keeping,
    lists,
    models,
    officers,
    partners,
    reviews,
    serving,
)
from registry.cli.terminal import errors
from registry.errors import RegistryError, UnknownEncoding

app = typer.Typer(
    name="registry",
    help="One social protection ID for every person on the schemes' lists.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
)
app.command("demo")(demo.demo)
app.command("init")(administration.init)
app.command("import")(lists.import_list)
app.add_typer(lists.exports, name="export")
app.command("evaluate")(lists.evaluate)
app.command("rebuild")(administration.rebuild_partition)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("backup")(keeping.back_up)
app.command("restore")(keeping.restore)
app.add_typer(batches.commands, name="batch")
app.add_typer(models.commands, name="model")
app.add_typer(reviews.commands, name="review")
app.add_typer(clients.commands, name="client")
app.add_typer(officers.commands, name="officer")
app.add_typer(clients.keys, name="keys")
app.add_typer(administration.audits, name="audit")


app.add_typer(partners.partners, name="partner")
app.add_typer(partners.letters, name="delivery")


def run() -> None:
    """Run the command; what is refused is one line on the error stream and exit code 1."""
    try:
        app()
    except UnknownEncoding as error:
        hint = f"To confirm it: --encoding {error.suggestion}"
        errors.print(f"registry: {error} {hint}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)
    except RegistryError as error:
        errors.print(f"registry: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)
