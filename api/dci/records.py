"""A person and a household as records of the standard: Member, Group, Beneficiary."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from registry.lookups.profiles import Name, Profile
from registry.records.enrolments import Enrolment
from registry.schemes import SCHEMES

_NUMBERS = (
    ("NIN", "national_id"), ("BRN", "birth_certificate"), ("EQUITY_CARD", "equity_card"),
)  # fmt: skip
_LEVELS = {"poor_1": 1, "poor_2": 2, "at_risk": 3}


def identifier(kind: str, value: str) -> dict[str, str]:
    """A number with its kind."""
    return {"@type": "Identifier", "identifier_type": kind, "identifier_value": value}


def member(profile: Profile, today: date) -> dict[str, Any]:
    """A person: numbers, names in both scripts, birth date, sex, place, enrolments."""
    numbers = _numbers(profile)
    person = {
        "@type": "SRPerson",
        "identifier": numbers,
        "name": _name(profile),
        "other_names": [_in_script(profile.khmer, "Khmr")] if _has_both(profile) else None,
        "sex": profile.sex,
        "birth_date": profile.birth_date.rstrip("~") if profile.birth_date else None,
        "birth_date_is_estimated": True if (profile.birth_date or "").endswith("~") else None,
        "phone_number": [profile.phone] if profile.phone else None,
        "address": _address(profile.village),
        "registration_date": profile.registered_at.isoformat(),
        "last_updated": profile.updated_at.isoformat(),
    }
    return _told({
        "@type": "Member",
        "member_identifier": numbers,
        "demographic_info": _told(person),
        "is_disabled": True if _is_in("disability", profile, today) else None,
        "related_households": [
            _told({"programme": each.scheme, "household": each.number,
                   "relationship": each.relationship})
            for each in profile.households
        ],
        "programme_identifier": [_enrolment(each, today) for each in profile.enrolments],
        "registration_date": profile.registered_at.isoformat(),
        "last_updated": profile.updated_at.isoformat(),
    })  # fmt: skip


def group(scheme: str, number: str, profiles: Sequence[Profile], today: date) -> dict[str, Any]:
    """A household of a scheme with its members."""
    heads = [each for each in profiles if _relationship(each, scheme, number) == "head"]
    levels = [
        _LEVELS[each.category]
        for profile in profiles for each in profile.enrolments
        if each.category in _LEVELS and each.household == number
    ]  # fmt: skip
    places = [each.village for each in (*heads, *profiles) if each.village]
    return _told({
        "@type": "Group",
        "group_identifier": [identifier("HOUSEHOLD_ID", number)],
        "group_type": "household",
        "programme": scheme,
        "address": _address(places[0] if places else None),
        "place_address": 1 if places else None,
        "poverty_score": min(levels) if levels else None,
        "poverty_score_type": "poverty level: 1 poor 1, 2 poor 2, 3 at risk" if levels else None,
        "group_head_info": member(heads[0], today) if heads else None,
        "group_size": len(profiles),
        "member_list": [member(each, today) for each in profiles],
        "registration_date": min(each.registered_at for each in profiles).isoformat(),
        "last_updated": max(each.updated_at for each in profiles).isoformat(),
    })  # fmt: skip


def _numbers(profile: Profile) -> list[dict[str, str]]:
    """The SP ID first, then papers, then the schemes' numbers."""
    papers = ((kind, getattr(profile, name)) for kind, name in _NUMBERS)
    return [
        identifier("UIN", profile.sp_id),
        *(identifier(kind, value) for kind, value in papers if value),
        *(identifier(each.scheme.upper(), each.number) for each in profile.enrolments),
    ]


def _has_both(profile: Profile) -> bool:
    return profile.latin is not None and profile.khmer is not None


def _name(profile: Profile) -> dict[str, str] | None:
    if profile.latin is not None:
        return _in_script(profile.latin, "Latn")
    return _in_script(profile.khmer, "Khmr")


def _in_script(name: Name | None, script: str) -> dict[str, str] | None:
    """A name in one script; where its parts are not known apart, the first word is the surname."""
    if name is None:
        return None
    first, _, rest = name.whole.partition(" ")
    surname, given = name.family or (first if rest else None), name.given or (rest or first)
    return _told({
        "@type": "Name", "surname": surname, "given_name": given, "full_name": name.whole,
        "script": script,
    })  # fmt: skip


def _address(village: str | None) -> list[dict[str, str]] | None:
    """A place by its official code, and the codes of what it is in."""
    if village is None:
        return None
    levels = (("province", 2), ("district", 4), ("commune", 6), ("village", 8))
    codes = {name: village[:size] for name, size in levels if len(village) >= size}
    return [{"@type": "Address", "country": "KHM", **codes}]


def _is_in(scheme: str, profile: Profile, today: date) -> bool:
    return any(each.scheme == scheme and each.is_active(today) for each in profile.enrolments)


def _relationship(profile: Profile, scheme: str, number: str) -> str | None:
    found: Iterable[str | None] = (
        each.relationship
        for each in profile.households
        if (each.scheme, each.number) == (scheme, number)
    )
    return next(iter(found), None)


def _enrolment(enrolment: Enrolment, today: date) -> dict[str, Any]:
    scheme = SCHEMES.get(enrolment.scheme)
    return _told({
        "programme": {
            "programme_identifier": enrolment.scheme,
            "programme_name": scheme.name if scheme is not None else enrolment.scheme,
        },
        "beneficiary_identifier": enrolment.number,
        "category": enrolment.category,
        "enrolment_date": enrolment.valid_from.isoformat() if enrolment.valid_from else None,
        "enrolment_end_date": enrolment.valid_until.isoformat() if enrolment.valid_until else None,
        "enrolment_status": "Active" if enrolment.is_active(today) else "Inactive",
    })  # fmt: skip


def _told(members: dict[str, Any]) -> dict[str, Any]:
    """What is known; members without a value are left out."""
    return {name: value for name, value in members.items() if value not in (None, [])}
