"""Commands on machine clients and on the keys of their tokens."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from registry import data_keys, renewal, sealing
from registry.access import (
    accounts,
    client_assertions,
    officers,
    principals,
    second_factor,
    signing_keys,
)
from registry.access.accounts import NewClient, Secret
from registry.access.roles import Role
from registry.cli.opening import open_database, steward
from registry.cli.terminal import errors, output, step
from registry.database import transaction
from registry.errors import UnreadableFile
from registry.lists.parsing import adapter_of
from registry.partners import message_keys
from registry.settings import Settings

commands = typer.Typer(help="Machine clients of the API.", no_args_is_help=True)
keys = typer.Typer(help="Keys that tokens are signed with.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="What the client is called.")]


@commands.command("add")
def add(
    name: Name,
    *,
    role: Annotated[Role, typer.Option(help="What it may do.")] = Role.HEALTH_PROVIDER,
    scheme: Annotated[
        str | None, typer.Option(help="Code of the only scheme whose lists it handles.")
    ] = None,
    facility: Annotated[str | None, typer.Option(help="Where it is used, for the audit.")] = None,
    purpose: Annotated[
        str | None, typer.Option(help="What it asks for, as agreed; that of its role when unset.")
    ] = None,
) -> None:
    """Add a client and show its secret, this once."""
    settings = Settings()
    if scheme is not None:
        adapter_of(scheme, settings.schemes)
    with steward(settings) as (session, by):
        new = NewClient(name, role, scheme, facility, purpose)
        secret = accounts.add_client(session, new, by)
    _show(secret)


@commands.command("list")
def list_clients() -> None:
    """Show all clients."""
    table = Table()
    for heading in ("id", "name", "role", "scheme", "facility", "asks for", "secret of", "revoked"):
        table.add_column(heading)
    with transaction(open_database()) as session:
        for client in principals.clients(session):
            revoked = "" if client.revoked_at is None else f"{client.revoked_at:%Y-%m-%d}"
            table.add_row(
                str(client.id), client.name, client.role, client.scheme, client.facility,
                client.purpose, f"{client.token_made_at:%Y-%m-%d}", revoked,
            )  # fmt: skip
    output.print(table)


@commands.command("purpose")
def agree(
    name: Name,
    purpose: Annotated[str, typer.Argument(help="What it asks for, as agreed.")],
) -> None:
    """Agree with a client on what it asks for, where messages of a standard state nothing."""
    with steward() as (session, by):
        accounts.agree_purpose(session, name, purpose, by)
    output.print(f"{name} asks for: {purpose}", markup=False)


@commands.command("renew")
def renew(name: Name) -> None:
    """Give a client a new secret and show it, this once; the former one is worth nothing."""
    with steward() as (session, by):
        secret = accounts.renew_client(session, name, by)
    _show(secret)


@commands.command("revoke")
def revoke(name: Name) -> None:
    """Let a client call no more."""
    with steward() as (session, by):
        accounts.revoke_client(session, name, by)
    output.print(f"{name} is revoked.", markup=False)


@commands.command("key")
def register_keys(
    name: Name,
    file: Annotated[Path, typer.Argument(help="Its public keys: a JSON Web Key Set.")],
) -> None:
    """Let a client prove itself with signatures (private_key_jwt)."""
    if not file.is_file():
        raise UnreadableFile(f"{file} is not a file: check the path.")
    with transaction(open_database()) as session:
        client = principals.find_client(session, name)
        count = client_assertions.register_keys(session, client, file.read_text(encoding="utf-8"))
    output.print(f"{name} (client id {client.id}) may sign with {count} key(s).", markup=False)


@keys.command("rotate")
def rotate() -> None:
    """Sign tokens with a new key from now on; tokens of before hold until they end."""
    settings = Settings()
    with transaction(open_database(settings)) as session:
        key = signing_keys.rotate(session, sealing.keyring(settings), datetime.now(UTC))
    output.print(f"Tokens are signed with the key {key.kid} from now on.", markup=False)


@keys.command("reseal")
def reseal() -> None:
    """Seal all secrets under the master key that is first now."""
    settings = Settings()
    with transaction(open_database(settings)) as session:
        keyring = sealing.keyring(settings)
        count = signing_keys.reseal(session, keyring)
        count += message_keys.reseal(session, keyring)
        count += second_factor.reseal(session, officers.everybody(session), keyring)
        count += data_keys.reseal(session, keyring)
    output.print(f"{count} secret(s) were sealed anew; former master keys are not needed any more.")


@keys.command("renew")
def renew_data_key(
    *,
    rest: Annotated[
        bool, typer.Option("--rest", help="Make no new key: only seal what is left to seal.")
    ] = False,
) -> None:
    """Seal people's numbers, rows and files under a new data key.

    Lists and lookups go on meanwhile. When it was interrupted, go on with --rest.
    """
    engine, now = open_database(), datetime.now(UTC)
    if not rest:
        with transaction(engine) as session:
            renewal.replace_key(session, now)
    with step("Sealing anew"):
        count = renewal.seal_anew(engine)
    with transaction(engine) as session:
        forgotten = renewal.forget_keys(session, now)
    output.print(f"{count:,} row(s) were sealed anew; {forgotten} former key(s) are forgotten.")


def _show(secret: Secret) -> None:
    errors.print(
        f"Client id {secret.client}. Keep this secret safe: it is not stored and cannot be shown "
        "again."
    )
    output.print(secret.token, markup=False)
