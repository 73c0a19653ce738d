"""The words for what the registry counts, names and compares; each is in the catalogues."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.pages.languages import message
from registry.access.roles import Role
from registry.entitlements.coverage import Coverage
from registry.entitlements.eligibility import Resolver
from registry.lookups.history import Happening
from registry.people.decisions import Verdict
from registry.people.guards import Reason
from registry.people.links import LinkKind

Words = Mapping[str, str]

VERDICTS: Final[Words] = MappingProxyType(
    {
        Verdict.SAME: message("Same person"),
        Verdict.DIFFERENT: message("Different persons"),
        Verdict.UNSURE: message("Not sure"),
    }
)
REASONS: Final[Words] = MappingProxyType(
    {
        Reason.POSSIBLE: message("Much agrees, and not enough to be certain."),
        Reason.HELD_APART: message("They look like one person, but something holds them apart."),
        Reason.NATIONAL_ID: message("They look like one person, but their national IDs differ."),
        Reason.LISTED_TOGETHER: message("One list names them both, as two members."),
        Reason.TWINS: message("Same household, same birth date, different names: perhaps twins."),
        Reason.YEARS_APART: message("Their birth dates are many years apart."),
        Reason.WEAK_BIRTH_DATE: message("Only the name and an uncertain birth date agree."),
    }
)
LINKS: Final[Words] = MappingProxyType(
    {
        LinkKind.NEW: message("first record of this person"),
        LinkKind.AUTOMATIC: message("certain"),
        LinkKind.LIKELY: message("likely; an officer has yet to look"),
        LinkKind.OFFICER: message("an officer said so"),
    }
)
HAPPENINGS: Final[Words] = MappingProxyType(
    {
        Happening.REGISTERED: message("Registered"),
        Happening.LINKED: message("Record linked"),
        Happening.UNLINKED: message("Record unlinked"),
        Happening.MERGED: message("Merged"),
        Happening.SPLIT: message("Split"),
        Happening.RESTORED: message("Restored"),
        Happening.WITHDRAWN: message("No list names them any more"),
    }
)
ROLES: Final[Words] = MappingProxyType(
    {
        Role.SCHEME_ADMINISTRATOR: message("Scheme administrator"),
        Role.HEALTH_PROVIDER: message("Health provider"),
        Role.DATA_OFFICER: message("Data officer"),
        Role.SUPERVISOR: message("Supervisor"),
        Role.AUDITOR: message("Auditor"),
        Role.NATIONAL_VIEWER: message("National viewer"),
        Role.SYSTEM_ADMINISTRATOR: message("System administrator"),
    }
)
SEXES: Final[Words] = MappingProxyType({"female": message("female"), "male": message("male")})
RELATIONSHIPS: Final[Words] = MappingProxyType(
    {
        "head": message("head"),
        "spouse": message("spouse"),
        "child": message("child"),
        "parent": message("parent"),
        "sibling": message("sibling"),
        "grandchild": message("grandchild"),
        "other": message("other relative"),
    }
)
CATEGORIES: Final[Words] = MappingProxyType(
    {
        "poor_1": message("poor, level 1"),
        "poor_2": message("poor, level 2"),
        "at_risk": message("at risk"),
        "pregnant": message("pregnant woman"),
        "child": message("child under two"),
        "mild": message("mild"),
        "medium": message("medium"),
        "severe": message("severe"),
        "worker": message("worker"),
        "civil_servant": message("civil servant"),
        "self_employed": message("self-employed"),
        "dependant": message("dependant"),
    }
)
VALUES: Final[Words] = MappingProxyType(
    {
        "name": message("Name"),
        "name_khmer": message("Name in Khmer"),
        "name_latin": message("Name in Latin letters"),
        "sex": message("Sex"),
        "birth_date": message("Born"),
        "village": message("Place"),
        "national_id": message("National ID"),
        "birth_certificate": message("Birth certificate"),
        "equity_card": message("Equity card"),
        "phone": message("Phone"),
        "household": message("Household"),
    }
)
COVERAGES: Final[Words] = MappingProxyType(
    {
        Coverage.COVERED: message("Covered"),
        Coverage.NOT_COVERED: message("Not covered"),
        Coverage.UNKNOWN: message("Unknown"),
    }
)
RESOLVERS: Final[Words] = MappingProxyType(
    {
        Resolver.SP_ID: message("SP ID"),
        Resolver.SCHEME_NUMBER: message("member number of a scheme"),
        Resolver.NATIONAL_ID: message("national ID"),
        Resolver.NAME: message("name"),
        Resolver.BIRTH_DATE: message("birth date"),
        Resolver.SEX: message("sex"),
        Resolver.VILLAGE: message("village"),
    }
)
FINDINGS: Final[Words] = MappingProxyType(
    {
        "two_households": message("One person is active in two households."),
        "two_memberships": message("One person has two active memberships."),
        "poor_and_at_risk": message("One person is poor and at risk at once."),
        "child_past_two": message("A child past two is still on the cash transfer."),
        "expired_card_in_use": message("The household's card has expired and a benefit is active."),
        "national_id_of_two": message("A national ID stands on records of two persons."),
        "birth_claimed_twice": message("The same birth is claimed twice."),
        "refer_under_two": message(
            "A child under two of an equity-card household is not on the cash transfer."
        ),
        "refer_sixty": message(
            "A member of an equity-card household is 60 or over; no list says that they are"
            " assisted."
        ),
        "refer_disabled": message(
            "A member of an equity-card household had a disability ID, and no list has it as valid"
            " now."
        ),
    }
)
PURPOSES: Final[Words] = MappingProxyType(
    {
        "review": message("to decide a review"),
        "complaint": message("a complaint or question of the person"),
        "correction": message("to correct a record"),
        "enrolment": message("enrolment in a scheme"),
        "check": message("a check of lists"),
    }
)
SCHEME_NAMES: Final[Words] = MappingProxyType(
    {
        "idpoor": message("IDPoor"),
        "hef": message("Health Equity Fund"),
        "nssf": message("NSSF"),
        "cash_transfer": message("Cash transfer"),
        "disability": message("Disability"),
    }
)


def category_name(code: str) -> str:
    """A category of a scheme, to be translated; as written where the scheme is a configured one."""
    return CATEGORIES.get(code, code)


def scheme_name(code: str) -> str:
    """The short name of a scheme, to be translated; the code of a configured one."""
    return SCHEME_NAMES.get(code, code)
