"""Who may do what: the roles, the permissions, and the policy that joins them.

The policy is the one table below. What a permission opens is narrowed further by the scope of who
holds it (`registry.access.principals.Principal`): a scheme, provinces, a facility.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is to the registry."""

    SCHEME_ADMINISTRATOR = "scheme_administrator"
    HEALTH_PROVIDER = "health_provider"
    DATA_OFFICER = "data_officer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    NATIONAL_VIEWER = "national_viewer"
    SYSTEM_ADMINISTRATOR = "system_administrator"


class Permission(StrEnum):
    """One thing that a door asks for; also the name of the OAuth scope that stands for it."""

    ASK_ELIGIBILITY = "ask_eligibility"
    LOOK_UP = "look_up"
    READ_PERSONS = "read_persons"
    UPLOAD_BATCHES = "upload_batches"
    READ_BATCHES = "read_batches"
    DECIDE_REVIEWS = "decide_reviews"
    SUPERVISE_REVIEWS = "supervise_reviews"
    READ_FINDINGS = "read_findings"
    CLOSE_FINDINGS = "close_findings"
    READ_INDICATORS = "read_indicators"
    READ_AUDIT = "read_audit"
    MANAGE_ACCOUNTS = "manage_accounts"


_OFFICER = frozenset(
    {
        Permission.ASK_ELIGIBILITY,
        Permission.LOOK_UP,
        Permission.READ_PERSONS,
        Permission.DECIDE_REVIEWS,
        Permission.READ_FINDINGS,
        Permission.CLOSE_FINDINGS,
        Permission.READ_INDICATORS,
    }
)
POLICY: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.SCHEME_ADMINISTRATOR: frozenset({Permission.UPLOAD_BATCHES, Permission.READ_BATCHES}),
        Role.HEALTH_PROVIDER: frozenset({Permission.ASK_ELIGIBILITY}),
        Role.DATA_OFFICER: _OFFICER,
        Role.SUPERVISOR: _OFFICER | {Permission.SUPERVISE_REVIEWS},
        Role.AUDITOR: frozenset({Permission.READ_AUDIT}),
        Role.NATIONAL_VIEWER: frozenset({Permission.READ_INDICATORS}),
        Role.SYSTEM_ADMINISTRATOR: frozenset({Permission.MANAGE_ACCOUNTS}),
    }
)
PURPOSES: Mapping[Role, str] = MappingProxyType(
    {
        Role.SCHEME_ADMINISTRATOR: "administration of the scheme",
        Role.HEALTH_PROVIDER: "treatment",
        Role.DATA_OFFICER: "identification of beneficiaries",
        Role.SUPERVISOR: "identification of beneficiaries",
    }
)
"""What a client of a role asks for, unless something else is agreed with it."""
NEEDS_SCHEME = frozenset({Role.SCHEME_ADMINISTRATOR})
"""Roles that mean nothing without a scheme."""


def permissions(roles: frozenset[Role]) -> frozenset[Permission]:
    """All that some roles together may do."""
    return frozenset(permission for role in roles for permission in POLICY[role])
