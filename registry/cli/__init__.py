"""The `registry` command.

What a command needs takes seconds to import, for some of them: only the one that is asked for is
opened; of the others, this module knows what is said of them where all are listed.
"""

import sys
from importlib import import_module
from typing import Final

import typer

from registry.cli.giving_way import give_way_at_once
from registry.cli.terminal import errors
from registry.errors import RegistryError, UnknownEncoding
from registry.settings import Settings

COMMANDS: Final = {
    "demo": (
        "demo:demo",
        (
            "Load and link the sample lists on the embedded database, say what happened, "
            "serve the API."
        ),
    ),
    "init": ("administration:init", "Create the database's tables, or bring them up to date."),
    "import": (
        "lists:import_list",
        "Take a scheme's list, through to links. The same file again changes nothing.",
    ),
    "evaluate": ("lists:evaluate", "Measure the current partition against a truth."),
    "rebuild": (
        "administration:rebuild_partition",
        "Make the partition anew from records, pairs and decisions, compare, and swap it in.",
    ),
    "serve": (
        "serving:serve",
        "Serve the API until stopped; what is being answered is answered to its end.",
    ),
    "worker": ("serving:worker", "Take and link the lists that are queued, until stopped."),
    "backup": (
        "keeping:back_up",
        "Write all that the database holds into one file; keep the master key elsewhere.",
    ),
    "restore": (
        "keeping:restore",
        "Fill an empty database from a backup, and bring its tables up to date.",
    ),
    "export": ("lists:exports", "Write out what the registry holds."),
    "batch": ("batches:commands", "Lists that were received."),
    "model": ("models:commands", "Models that weigh records."),
    "review": ("reviews:commands", "Possible links that wait for officers."),
    "client": ("clients:commands", "Machine clients of the API."),
    "officer": ("officers:commands", "Officers: people with an account."),
    "keys": ("clients:keys", "Keys that tokens are signed with."),
    "audit": ("administration:audits", "The record of who read whose data."),
    "partner": ("partners:partners", "What is agreed with partner systems."),
    "delivery": ("partners:letters", "Messages to partner systems."),
}
"""Where each command is, a function or a group of commands, and what is said of it."""
BEHIND: Final = {"import", "worker"}
"""Commands that give way to others on the machine, before what they need is imported."""


def application(chosen: str | None = None) -> typer.Typer:
    """The command as a whole, of which the chosen command is opened, and the others are listed."""
    app = typer.Typer(
        name="registry",
        help="One social protection ID for every person on the schemes' lists.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        rich_markup_mode="rich",
    )
    for name, (place, said) in COMMANDS.items():
        if name != chosen:
            app.command(name, help=said)(_listed)
            continue
        module, attribute = place.split(":")
        opened = getattr(import_module(f"registry.cli.{module}"), attribute)
        if isinstance(opened, typer.Typer):
            app.add_typer(opened, name=name)
        else:
            app.command(name)(opened)
    return app


def _listed() -> None:
    """Stands for a command that is not the chosen one."""


def run() -> None:
    """Run the command; what is refused is one line on the error stream and exit code 1."""
    chosen = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    try:
        if chosen in BEHIND:
            give_way_at_once(Settings())
        application(chosen)()
    except UnknownEncoding as error:
        hint = f"To confirm it: --encoding {error.suggestion}"
        errors.print(f"registry: {error} {hint}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)
    except RegistryError as error:
        errors.print(f"registry: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)
