"""Accounts of the demonstration: an officer of every role, whose password is told once."""

from datetime import UTC, datetime

from rich.table import Table
from sqlalchemy.orm import Session

from registry.access import accounts, officers
from registry.access.accounts import Steward
from registry.access.officers import NewOfficer
from registry.access.roles import NEEDS_SCHEME, Role

SCHEME = "hef"
PLACES = {
    Role.SCHEME_ADMINISTRATOR: "Lists",
    Role.HEALTH_PROVIDER: "Check coverage",
    Role.DATA_OFFICER: "Reviews, People",
    Role.SUPERVISOR: "Reviews, People",
    Role.AUDITOR: "Audit",
    Role.NATIONAL_VIEWER: "Figures",
    Role.SYSTEM_ADMINISTRATOR: "Accounts",
}
"""The pages that each role opens first."""


def give(session: Session) -> dict[Role, tuple[str, str]]:
    """Login and first password of an officer of each role; those of an earlier run get new ones.

    Nobody needs a phone for them. Their passwords are worth nothing after a week, unless changed.
    """
    return {role: _give(session, role) for role in Role}


def accounts_table(given: dict[Role, tuple[str, str]]) -> Table:
    """The accounts to print, with what there is to see for each."""
    shown = Table(title="Officers to sign in as", title_justify="left")
    for heading in ("login", "first password", "pages"):
        shown.add_column(heading)
    for role, (login, password) in given.items():
        shown.add_row(login, password, PLACES[role])
    return shown


def _give(session: Session, role: Role) -> tuple[str, str]:
    by = Steward("demonstration", datetime.now(UTC))
    login = f"demo-{role.value.replace('_', '-')}"
    if officers.by_login(session, login) is not None:
        return login, accounts.reset_officer(session, login, by) or ""
    new = NewOfficer(
        login, f"Demonstration: {role.value.replace('_', ' ')}", frozenset({role}),
        scheme=SCHEME if role in NEEDS_SCHEME else None, needs_second_factor=False,
    )  # fmt: skip
    return login, accounts.add_officer(session, new, by) or ""
