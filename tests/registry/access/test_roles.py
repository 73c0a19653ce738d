"""The policy: what each role may do, and what it must never."""

import pytest

from registry.access.principals import Principal
from registry.access.roles import POLICY, Permission, Role

PEOPLE = {Permission.LOOK_UP, Permission.READ_PERSONS, Permission.ASK_ELIGIBILITY}


def of(*roles: Role, scopes: frozenset[Permission] | None = None) -> Principal:
    return Principal("officer", 1, "officer", frozenset(roles), scopes=scopes)


def test_every_role_has_its_line() -> None:
    assert set(POLICY) == set(Role)
    assert all(POLICY.values())


def test_every_permission_is_somebodys() -> None:
    assert set().union(*POLICY.values()) == set(Permission)


def test_health_provider_asks_for_eligibility_only() -> None:
    assert POLICY[Role.HEALTH_PROVIDER] == {Permission.ASK_ELIGIBILITY}


@pytest.mark.parametrize(
    "role",
    [
        Role.AUDITOR,
        Role.NATIONAL_VIEWER,
        Role.SYSTEM_ADMINISTRATOR,
        Role.SCHEME_ADMINISTRATOR,
    ],
)
def test_who_needs_nobodys_data_reads_nobodys(role: Role) -> None:
    assert not POLICY[role] & PEOPLE


def test_who_makes_accounts_does_not_audit_them() -> None:
    for allowed in POLICY.values():
        assert not {Permission.MANAGE_ACCOUNTS, Permission.READ_AUDIT} <= allowed


def test_roles_add_up() -> None:
    both = of(Role.AUDITOR, Role.NATIONAL_VIEWER)
    assert both.may(Permission.READ_AUDIT)
    assert both.may(Permission.READ_INDICATORS)
    assert not both.may(Permission.READ_PERSONS)


def test_scopes_take_away_and_never_add() -> None:
    narrowed = of(
        Role.DATA_OFFICER, scopes=frozenset({Permission.LOOK_UP, Permission.MANAGE_ACCOUNTS})
    )
    assert narrowed.permissions == {Permission.LOOK_UP}
