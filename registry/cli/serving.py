"""The commands that go on until they are stopped: the API, the worker."""

import logging
import os
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from registry import jobs, listening
from registry.cli.lists import terms_of
from registry.cli.opening import open_behind, open_database
from registry.jobs import Work
from registry.lists.batches import Mode
from registry.partners.courier import Courier
from registry.settings import Settings

HOST = "127.0.0.1"
PORT = 8000
APPLICATION = "api.app:served"
PROTOCOL = "api.one_write:OneWrite"
GRACE_SECONDS = 20
PATIENCE_SECONDS = 60
"""How long a process may say nothing, as it does while it starts on a busy machine."""
TELLER = "api.dci.notices:tell"
LOGS = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(message)s"}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        name: {"handlers": ["errors"], "level": "INFO", "propagate": False}
        for name in ("uvicorn", "registry")
    },
}
"""Plain lines on the error stream; the service's own are JSON."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = HOST,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = PORT,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 1,
) -> None:
    """Serve the API until stopped; what is being answered is answered to its end."""
    serve_on(Settings(), host, port, workers=workers)


def worker(
    side_by_side: Annotated[int, typer.Option(min=1, help="Lists taken at once.")] = 2,
    *,
    until_idle: Annotated[bool, typer.Option(help="End when nothing is left to do.")] = False,
) -> None:
    """Take and link the lists that are queued, until stopped."""
    settings = Settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    terms = terms_of(settings, Mode.DELTA)
    how = Work(terms, side_by_side, until_idle, send=Courier(settings).send, tell=_teller(settings))
    jobs.work(open_behind(settings), how)


def _teller(settings: Settings) -> Callable[[Session, datetime], None]:
    """What the API has for the worker: how subscribers are told; named here, never imported."""
    module, _, name = TELLER.partition(":")
    tell: Callable[[Session, datetime, Settings], None] = getattr(import_module(module), name)
    return lambda session, now: tell(session, now, settings)


def serve_on(settings: Settings, host: str, port: int, *, workers: int = 1) -> None:
    """Serve the API of an installation; its database is opened here, so that it is up to date."""
    url = open_database(settings).url.render_as_string(hide_password=False)
    os.environ["REGISTRY_DATABASE_URL"] = url
    listening.serve(
        APPLICATION, host, port, workers=workers, factory=True, server_header=False,
        access_log=False, log_config=LOGS, timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_worker_healthcheck=PATIENCE_SECONDS, http=PROTOCOL,
    )  # fmt: skip
