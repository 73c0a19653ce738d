"""The model of Cambodia's social protection lists: columns and table.

The columns of a record are those of decision 1. Names of both scripts are brought to Latin letters,
so that one comparison serves all of them.
"""

from collections.abc import Mapping, Sequence

from linkage.model import Comparison, Model, Rule
from linkage.romanisation import romanise

Columns = Mapping[str, Sequence[str | None]]

MODEL = Model(
    comparisons=(
        Comparison("name", ("family_given", "given_family"), "jaro_winkler", (1, 0.94, 0.88, 0.8)),
        Comparison("birth year", ("birth_year",), "exact", (1,)),
        Comparison("birth day", ("birth_day",), "exact", (1,)),
        Comparison("sex", ("sex",), "exact", (1,)),
        Comparison("place", ("village",), "prefix", (1, 0.75, 0.5)),
        Comparison("national ID", ("national_id",), "exact", (1,)),
        Comparison("equity card", ("equity_card",), "exact", (1,)),
        Comparison("phone", ("phone",), "exact", (1,)),
    ),
    rules=(
        Rule(("national_id",), ("national ID",)),
        Rule(("equity_card", "birth_year"), ("equity card", "birth year", "place", "phone")),
        Rule(("phone", "birth_year"), ("phone", "birth year", "place", "equity card")),
        Rule(("birth_day", "birth_year", "sex"), ("birth day", "birth year", "sex")),
        Rule(("skeleton", "birth_year"), ("name", "birth year")),
        Rule(("skeleton", "district"), ("name", "place")),
    ),
    apart=("national_id",),
)


def derive(columns: Columns) -> dict[str, list[str | None]]:
    """The columns that the model compares, from those of normalised records."""
    family = _latin(columns["family_latin"], columns["family_khmer"])
    given = _latin(columns["given_latin"], columns["given_khmer"])
    joined = _latin(columns["name_latin"], columns["name_khmer"])
    family, given = _split(family, given, joined)
    births = columns["birth_date"]
    return {
        "family_given": _both(family, given),
        "given_family": _both(given, family),
        "given": given,
        "skeleton": [_skeleton(text) for text in given],
        "birth_year": [None if birth is None else birth[:4] for birth in births],
        "birth_day": [birth[5:] if birth and len(birth) == len("1976-10-10") else None
                      for birth in births],
        "district": [place[:4] if place else None for place in columns["village"]],
        **{name: list(columns[name])
           for name in ("sex", "village", "national_id", "equity_card", "phone")},
    }  # fmt: skip


def _latin(latin: Sequence[str | None], khmer: Sequence[str | None]) -> list[str | None]:
    """The spelling in Latin letters, from the Khmer where the list gives none."""
    return [a or (romanise(b) if b else None) for a, b in zip(latin, khmer, strict=True)]


def _split(
    family: list[str | None], given: list[str | None], joined: list[str | None]
) -> tuple[list[str | None], list[str | None]]:
    """Parts of names; of a joined name the first word is the family's."""
    for at, name in enumerate(joined):
        if name and not given[at]:
            first, _, rest = name.partition(" ")
            family[at], given[at] = (first, rest) if rest else (None, first)
    return family, given


def _both(first: Sequence[str | None], second: Sequence[str | None]) -> list[str | None]:
    pairs = zip(first, second, strict=True)
    return [((a or "") + (b or "")).replace(" ", "") or None for a, b in pairs]


def _skeleton(text: str | None) -> str | None:
    """The consonants of a spelling, which survive most ways to write it."""
    if text is None:
        return None
    letters = [letter for letter in text if letter not in "aeiouyh "]
    kept = [letter for at, letter in enumerate(letters) if at == 0 or letters[at - 1] != letter]
    return "".join(kept) or text[:1]
