"""The model of Cambodia's social protection lists: columns and table.

The columns of a record are those of decision 1. Names of both scripts are brought to Latin letters,
so that one comparison serves all of them.
"""

from collections.abc import Mapping, Sequence

from linkage.blocking import Key, Rule
from linkage.comparison import Comparison, damerau, exact, jaro_winkler, same_form
from linkage.model import Model
from linkage.romanisation import romanise

Columns = Mapping[str, Sequence[str | None]]

NAMES = (exact(frequency=1), jaro_winkler(0.94), jaro_winkler(0.88), jaro_winkler(0.8))
MODEL = Model(
    comparisons=(
        Comparison("name", NAMES),
        Comparison("birth_year", (exact(), damerau(1))),
        Comparison("birth_day", (exact(), damerau(1))),
        Comparison("sex", (exact(),)),
        Comparison("village", (exact(), same_form("first 6"), same_form("first 4"))),
        Comparison("national_id", (exact(), damerau(1))),
        Comparison("equity_card", (exact(),)),
        Comparison("phone", (exact(),)),
    ),
    rules=(
        Rule((Key("national_id"),)),
        Rule((Key("equity_card"), Key("birth_year"))),
        Rule((Key("phone"), Key("birth_year"))),
        Rule((Key("birth_day"), Key("birth_year"), Key("sex"))),
        Rule((Key("skeleton"), Key("birth_year"))),
        Rule((Key("skeleton"), Key("village", "first 4"))),
    ),
)


def derive(columns: Columns) -> dict[str, list[str | None]]:
    """The columns that the model compares, from those of normalised records."""
    family = _latin(columns["family_latin"], columns["family_khmer"])
    given = _latin(columns["given_latin"], columns["given_khmer"])
    joined = _latin(columns["name_latin"], columns["name_khmer"])
    family, given = _split(family, given, joined)
    births = columns["birth_date"]
    return {
        "name": _both(family, given),
        "skeleton": [_skeleton(text) for text in given],
        "birth_year": [None if birth is None else birth[:4] for birth in births],
        "birth_day": [birth[5:] if birth and len(birth) == len("1976-10-10") else None
                      for birth in births],
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
