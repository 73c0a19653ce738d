"""The drill: what was backed up is all there after it was restored elsewhere."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from registry import backups
from registry.database import connect, transaction, upgrade
from registry.errors import Conflict, Misconfigured
from tests.registry.small_world import Said, World

TABLES = "SELECT relname FROM pg_stat_user_tables ORDER BY 1"


def counts(engine: Engine) -> dict[str, int]:
    """Rows by table."""
    with engine.connect() as connection:
        names = connection.scalars(text(TABLES)).all()
        return {
            name: int(connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0)
            for name in names
        }


@pytest.fixture
def empty(server_url: str, engine: Engine) -> str:
    """Address of an empty database beside the test's own; it goes when the server does."""
    name = f"{engine.url.database}_restored"
    administrator = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    administrator.dispose()
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def test_drill(engine: Engine, empty: str, tmp_path: Path) -> None:
    with transaction(engine) as session:
        World(session).load([(("nssf", "1"), Said("chan dara", "1990-05-04"))])
    file = tmp_path / "backup"
    assert backups.back_up(engine, file) == file.stat().st_size
    assert file.stat().st_mode & 0o077 == 0
    backups.restore(empty, file)
    restored = connect(empty)
    upgrade(restored)
    assert counts(restored) == counts(engine)
    assert counts(restored)["person"] == 1
    restored.dispose()


def test_nothing_is_written_over(engine: Engine, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("precious")
    with pytest.raises(Conflict):
        backups.back_up(engine, file)
    with pytest.raises(Conflict, match="not empty"):
        backups.restore(database_url, file)
    assert file.read_text() == "precious"


def test_what_is_no_backup_leaves_the_database_empty(empty: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("hello")
    with pytest.raises(Misconfigured):
        backups.restore(empty, file)
    engine = connect(empty)
    assert counts(engine) == {}
    engine.dispose()
