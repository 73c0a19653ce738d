"""A real PostgreSQL for the tests, built by the migrations.

It is the embedded server, or the one that REGISTRY_TEST_DATABASE_URL names. Each test has a
transaction that is rolled back, or, where the code under test commits, a database of its own. All
of them are of one master key.
"""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from registry.database import connect, upgrade
from registry.embedded import EmbeddedServer

os.environ["REGISTRY_MASTER_KEY"] = base64.b64encode(b"k" * 32).decode()
settings.register_profile("registry", deadline=None)  # kernels compile when first called
settings.load_profile("registry")
UNDURABLE = ("fsync", "synchronous_commit", "full_page_writes")
"""What a server that is thrown away does without; whether one that is killed loses anything is
proven on servers of those tests' own."""


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server on which databases may be made."""
    given = os.environ.get("REGISTRY_TEST_DATABASE_URL")
    if given is not None:
        yield given
        return
    server = EmbeddedServer.at(tmp_path_factory.mktemp("home"))
    url = server.start()
    for setting in UNDURABLE:
        _administer(url, f"ALTER SYSTEM SET {setting} = off")
    _administer(url, "SELECT pg_reload_conf()")
    yield url
    server.destroy()


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """Name of a database with the tables of now and no rows."""
    name = f"registry_template_{os.getpid()}"
    _create(server_url, name)
    engine = connect(_url(server_url, name))
    upgrade(engine)
    engine.dispose()
    yield name
    _drop(server_url, name)


@pytest.fixture
def database_url(server_url: str, template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a database of the test's own."""
    name = f"registry_test_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**8}"
    _create(server_url, name, template)
    yield _url(server_url, name)
    _drop(server_url, name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a database of the test's own."""
    opened = connect(database_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def shared_engine(server_url: str, template: str) -> Iterator[Engine]:
    """An engine on a database that stays empty: what tests do in it is rolled back."""
    name = f"registry_shared_{os.getpid()}"
    _create(server_url, name, template)
    opened = connect(_url(server_url, name))
    yield opened
    opened.dispose()
    _drop(server_url, name)


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    """A session whose work is undone after the test."""
    with shared_engine.connect() as connection, connection.begin() as outer:
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as opened:
            yield opened
        outer.rollback()


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the sample lists."""
    return Path(__file__).parents[1] / "registry" / "samples" / "lists"


def _url(server_url: str, database: str) -> str:
    return make_url(server_url).set(database=database).render_as_string(hide_password=False)


def _create(server_url: str, name: str, template: str = "template0") -> None:
    copied = f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy'
    _administer(server_url, copied)


def _drop(server_url: str, name: str) -> None:
    _administer(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(server_url: str, statement: str) -> None:
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
