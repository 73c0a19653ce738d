"""The command that serves the API."""

import os
from typing import Annotated

import typer
import uvicorn

from registry.cli.opening import open_database
from registry.settings import Settings

HOST = "127.0.0.1"
PORT = 8000
APPLICATION = "api.app:create_app"


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = HOST,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = PORT,
) -> None:
    """Serve the API until stopped."""
    serve_on(Settings(), host, port)


def serve_on(settings: Settings, host: str, port: int) -> None:
    """Serve the API of an installation; its database is opened here, so that it is up to date."""
    url = open_database(settings).url.render_as_string(hide_password=False)
    os.environ["REGISTRY_DATABASE_URL"] = url
    uvicorn.run(APPLICATION, factory=True, host=host, port=port, server_header=False,
                access_log=False)  # fmt: skip
