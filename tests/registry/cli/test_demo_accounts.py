"""A newcomer to the demonstration gets in as every role, with what was printed."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from registry.access import sign_in
from registry.access.roles import Role
from registry.access.sign_in import Credentials
from registry.access.web_sessions import Stage
from registry.cli import demo_accounts


def test_every_role_gets_in_and_chooses_a_password(session: Session) -> None:
    given = demo_accounts.give(session)
    assert set(given) == set(Role)
    for login, password in given.values():
        opened = sign_in.begin(session, Credentials(login, password), datetime.now(UTC))
        assert opened is not None
        assert opened.stage == Stage.CHOOSE_PASSWORD


def test_second_run_gives_new_passwords_and_the_old_ones_end(session: Session) -> None:
    login, former = demo_accounts.give(session)[Role.AUDITOR]
    again, newer = demo_accounts.give(session)[Role.AUDITOR]
    assert again == login
    assert newer != former
    now = datetime.now(UTC)
    assert sign_in.begin(session, Credentials(login, former), now) is None
    assert sign_in.begin(session, Credentials(login, newer), now) is not None
