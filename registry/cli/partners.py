"""Commands for the exchange of messages with partner systems."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import select

from registry.access.principals import Client
from registry.cli.opening import open_database
from registry.cli.terminal import output
from registry.database import transaction
from registry.errors import NotFound
from registry.partners import deliveries, exchanges, sending, signatures
from registry.settings import Settings

partners = typer.Typer(help="What is agreed with partner systems.", no_args_is_help=True)
letters = typer.Typer(help="Messages to partner systems.", no_args_is_help=True)


@partners.command("set")
def agree(
    client: Annotated[str, typer.Argument(help="Name of the client.")],
    *,
    sender: Annotated[str | None, typer.Option(help="Name under which it sends.")] = None,
    address: Annotated[
        str | None, typer.Option(help="Where answers go when a message names no place.")
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option(help="File with an ed25519 public key, PEM or JWK; messages must be signed."),
    ] = None,
) -> None:
    """Agree with a client on its name, its address and its keys, in place of what was agreed."""
    settings = Settings()
    if address is not None:
        sending.judge(address, settings.networks)
    keys = [signatures.public_key(path.read_text("utf-8")) for path in key or []]
    with transaction(open_database(settings)) as session:
        found = session.scalar(select(Client).where(Client.name == client))
        if found is None:
            raise NotFound(f"There is no client named {client}.")
        exchanges.agree(session, found.id, sender=sender, address=address, keys=keys)
    output.print(f"Agreed with {client}; messages are {'signed' if keys else 'not signed'}.")


@letters.command("dead")
def list_dead() -> None:
    """List the messages that could not be delivered."""
    table = Table("delivery", "client", "address", "queued", "tries", "problem")
    with transaction(open_database()) as session:
        for each in deliveries.dead(session):
            queued = f"{each.queued_at:%Y-%m-%d %H:%M}"
            name = session.get_one(Client, each.client_id).name
            table.add_row(str(each.id), name, each.address, queued, str(each.tries), each.problem)
    output.print(table if table.row_count else "Every message was delivered, or waits its turn.")


@letters.command("send")
def send_again(number: Annotated[int, typer.Argument(help="Number of the delivery.")]) -> None:
    """Give a message that could not be delivered three more tries."""
    with transaction(open_database()) as session:
        deliveries.send_again(session, number)
    output.print(f"Delivery {number} is queued again at {datetime.now(UTC):%H:%M:%S} UTC.")
