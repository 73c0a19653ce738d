"""A turn: one question and one word, all or nothing, seen as far as its session sees."""

import pytest
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from registry.access import sight
from registry.turns import turn

KEEP = "INSERT INTO use_count (who, what, ends_at, count) VALUES (%(who)s, 'a turn', now(), 1)"
KEPT = "SELECT who FROM use_count WHERE what = 'a turn'"
WHO_WORKS = "SELECT current_user AS role, %(said)s AS said"


def narrowed(engine: Engine) -> Session:
    session = Session(engine)
    sight.narrow(session, sight.NOTHING)
    return session


def kept(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text(KEPT)))


def _ask_and_refuse(engine: Engine) -> None:
    with turn(narrowed(engine)) as opened:
        opened.ask(WHO_WORKS, {"said": ""})
        raise LookupError


def _ask_and_keep(session: Session, statement: str) -> None:
    with turn(session) as opened:
        opened.ask(WHO_WORKS, {"said": ""})
        opened.keep(statement, {"who": "refused"})


def test_what_is_asked_and_kept_is_one_transaction_of_a_narrowed_role(engine: Engine) -> None:
    with turn(narrowed(engine)) as opened:
        rows = opened.ask(WHO_WORKS, {"said": "it's 100%"})
        assert [(row.role, row.said) for row in rows] == [("registry_api", "it's 100%")]
        assert kept(engine) == []
        opened.keep(KEEP, {"who": "'; COMMIT; --"})
        assert kept(engine) == ["'; COMMIT; --"]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) != "registry_api"


def test_a_word_may_be_kept_without_a_question(engine: Engine) -> None:
    with turn(narrowed(engine)) as opened:
        opened.keep(KEEP, {"who": "alone"})
    assert kept(engine) == ["alone"]


def test_who_is_refused_leaves_nothing_behind_and_a_clean_connection(engine: Engine) -> None:
    with pytest.raises(LookupError):
        _ask_and_refuse(engine)
    pooled = engine.raw_connection()
    driver = pooled.driver_connection
    assert driver is not None
    assert driver.info.transaction_status == TRANSACTION_STATUS_IDLE
    assert driver.autocommit is False
    pooled.close()
    assert kept(engine) == []


@pytest.mark.parametrize(
    "refused",
    ["SELECT * FROM signing_key", "DELETE FROM audit_entry", "SELECT nothing_of_that_name()"],
)
def test_what_the_database_refuses_is_told_and_nothing_of_it_kept(
    engine: Engine, refused: str
) -> None:
    session = Session(engine)
    sight.narrow(session, sight.EVERYBODY)
    with pytest.raises(DBAPIError):
        _ask_and_keep(session, f"{KEEP}; {refused}")
    assert kept(engine) == []
    with turn(session) as opened:
        assert opened.ask(WHO_WORKS, {"said": "still there"})[0].said == "still there"
