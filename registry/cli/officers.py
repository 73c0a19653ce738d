"""Commands on officers: people with an account."""

from typing import Annotated

import typer
from rich.table import Table

from registry.access import accounts, officers
from registry.access.officers import NewOfficer
from registry.access.provider import Identity
from registry.access.roles import Role
from registry.cli.opening import open_database, steward
from registry.cli.terminal import errors, output
from registry.database import transaction
from registry.errors import Misconfigured, RegistryError
from registry.lists.parsing import adapter_of
from registry.schemes.values.places import is_province
from registry.settings import Settings

commands = typer.Typer(help="Officers: people with an account.", no_args_is_help=True)
Login = Annotated[str, typer.Argument(help="What they sign in with.")]


@commands.command("add")
def add(  # noqa: PLR0913 - the options of a command
    login: Login,
    role: Annotated[list[Role], typer.Option(help="What they may do; may be given repeatedly.")],
    *,
    name: Annotated[str, typer.Option(help="What they are called.")] = "",
    scheme: Annotated[
        str | None, typer.Option(help="Code of the only scheme whose lists they handle.")
    ] = None,
    province: Annotated[
        list[str] | None, typer.Option(help="Code of a province; all when none is given.")
    ] = None,
    second_factor: Annotated[
        bool, typer.Option(help="Whether they need a one-time code beside the password.")
    ] = True,
) -> None:
    """Add an officer and show their initial password, this once."""
    settings = Settings()
    if scheme is not None:
        adapter_of(scheme, settings.schemes)
    new = NewOfficer(
        login, name or login, frozenset(role), scheme, _provinces(province),
        needs_second_factor=second_factor,
    )  # fmt: skip
    with steward(settings) as (session, by):
        password = accounts.add_officer(session, new, by)
    if password is not None:
        _show(password)


@commands.command("list")
def list_officers() -> None:
    """Show all officers."""
    table = Table()
    for heading in ("login", "name", "roles", "scheme", "provinces", "second factor", "closed"):
        table.add_column(heading)
    with transaction(open_database()) as session:
        for officer in officers.everybody(session):
            closed = "" if officer.closed_at is None else f"{officer.closed_at:%Y-%m-%d}"
            table.add_row(
                officer.login, officer.name, " ".join(officer.roles), officer.scheme,
                "all" if officer.provinces is None else " ".join(officer.provinces),
                "yes" if officer.has_second_factor else "no", closed,
            )  # fmt: skip
    output.print(table)


@commands.command("reset")
def reset(login: Login) -> None:
    """Give an officer a new initial password, and let them enrol a new phone."""
    with steward() as (session, by):
        password = accounts.reset_officer(session, login, by)
    if password is None:
        output.print(f"{login} enrols a new phone when they next sign in.", markup=False)
    else:
        _show(password)


@commands.command("connect")
def connect(
    login: Login,
    subject: Annotated[str, typer.Argument(help="Subject (sub) of the provider's tokens.")],
) -> None:
    """Let an officer sign in with the provider of OpenID Connect, and no more with a password."""
    settings = Settings()
    if settings.sign_in_issuer is None:
        raise Misconfigured("Set REGISTRY_SIGN_IN_ISSUER first: the subject is one of its.")
    with steward(settings) as (session, by):
        identity = Identity(settings.sign_in_issuer, subject)
        accounts.connect_officer(session, login, identity, by)
    output.print(f"{login} signs in with {settings.sign_in_issuer}.", markup=False)


@commands.command("disconnect")
def disconnect(login: Login) -> None:
    """Let an officer sign in with a password again, and show an initial one."""
    with steward() as (session, by):
        password = accounts.disconnect_officer(session, login, by)
    _show(password)


@commands.command("unlock")
def unlock(login: Login) -> None:
    """Let an officer try again at once whose account is locked after failures."""
    with steward() as (session, by):
        accounts.unlock_officer(session, login, by)
    output.print(f"{login} may try again.", markup=False)


@commands.command("close")
def close(login: Login) -> None:
    """Let an officer in no more."""
    with steward() as (session, by):
        accounts.close_officer(session, login, by)
    output.print(f"The account of {login} is closed.", markup=False)


def _provinces(given: list[str] | None) -> frozenset[str] | None:
    """Codes of provinces, as the gazetteer has them.

    Raises:
        RegistryError: there is no such province.
    """
    for code in given or ():
        if not is_province(code):
            raise RegistryError(f"There is no province {code}: give a code of two digits.")
    return frozenset(given) if given else None


def _show(password: str) -> None:
    errors.print("This password is shown this once and must be changed within a week.")
    output.print(password, markup=False)
