"""Opening the database, and rows in bulk."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from registry.database import address, connect, copy_rows, upgrade
from registry.errors import Misconfigured
from registry.settings import Settings

values = st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.mark.core
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.tuples(values, values), max_size=2500))
def test_copied_rows_come_back_as_they_were(
    session: Session, rows: list[tuple[str | None, str | None]]
) -> None:
    session.execute(text("CREATE TEMPORARY TABLE copied (id serial, a text, b text)"))
    copy_rows(session, "copied", ("a", "b"), rows)
    back = [tuple(row) for row in session.execute(text("SELECT a, b FROM copied ORDER BY id"))]
    session.execute(text("DROP TABLE copied"))
    assert back == rows


def test_an_address_of_any_postgresql_form_is_understood() -> None:
    wanted = "postgresql+psycopg2://somebody:secret@localhost:5433/registry"
    for scheme in ("postgres", "postgresql", "postgresql+psycopg2"):
        given_url = wanted.replace("postgresql+psycopg2", scheme)
        assert address(Settings(database_url=given_url)) == wanted


def test_a_database_that_does_not_answer_is_a_clear_error() -> None:
    with pytest.raises(Misconfigured, match="does not answer"):
        connect("postgresql+psycopg2://nobody@127.0.0.1:1/nothing")


@pytest.mark.core
def test_downgrade_to_nothing_leaves_nothing(engine: Engine) -> None:
    upgrade(engine, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert "source_record" in inspect(engine).get_table_names()
