"""What the columns with unknown headings may be about, for an officer to confirm.

A heading speaks by how like a known one it is written, its cells by whether they can be read as
what the field holds. What is confirmed is known in the next file (`Scheme.knowing`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from jellyfish import jaro_winkler_similarity

from linkage.text import has_khmer
from registry.schemes.fields import VOCABULARY, Field
from registry.schemes.headings import Headings
from registry.schemes.rows import plain_fields
from registry.schemes.scheme import Scheme
from registry.schemes.values.dates import parse_date
from registry.schemes.values.plain import fold, tidy
from registry.tables import Row

LIKE: Final = 0.82
"""Similarity of headings below which it says nothing (Jaro-Winkler)."""
SHORTEST: Final = 4
"""Headings of fewer letters are too easily alike."""
BELIEVED: Final = 0.5
READABLE: Final = 0.9
"""Share of cells that must be readable for the cells to speak alone."""
FEWEST_CELLS: Final = 3
LIFETIME: Final = 15
"""Years between the dates of a column beyond which they are births."""
YEAR: Final = len("2026")

Reads = Callable[[str], bool]


@dataclass(frozen=True)
class Suggestion:
    """What a column may be about.

    Attributes:
        heading: of the column, as the file has it.
        field: what it may be about.
        confidence: from 0.5 to 1.
    """

    heading: str
    field: Field
    confidence: float


def suggest(scheme: Scheme, headings: Headings, rows: Iterable[Row]) -> tuple[Suggestion, ...]:
    """Suggestions for the columns that the headings do not tell, the surest first.

    Args:
        scheme: whose list it is.
        headings: of the list.
        rows: its first rows.
    """
    below = [row.cells for row in rows if row.number > headings.row]
    taken = set(headings.columns.values())
    free = [field for field in Field if field not in headings.columns]
    rated: list[Suggestion] = []
    for index, name in enumerate(headings.names):
        cells = [cells[index] for cells in below if index < len(cells) and tidy(cells[index])]
        if index not in taken:
            rated.extend(_rate(scheme, name, cells, free))
    return _assigned(sorted(rated, key=lambda each: (-each.confidence, each.heading)))


def _rate(
    scheme: Scheme, heading: str, cells: list[str], fields: Iterable[Field]
) -> Iterable[Suggestion]:
    readers, speaking = _readers(scheme), _speaking_readers(scheme)
    for field in fields:
        likeness = _likeness(fold(heading), _known_headings(scheme, field))
        readable = _share(cells, readers.get(field))
        confidence = 0.0
        if likeness >= LIKE:
            confidence = 0.6 * likeness + 0.4 * readable
        elif len(cells) >= FEWEST_CELLS and field in speaking:
            alone = _share(cells, speaking[field])
            confidence = 0.7 * alone if alone >= READABLE else 0.0
        if field is Field.BIRTH_DATE and likeness < LIKE:
            confidence = 0.6 if _spans_lifetimes(cells) else 0.0
        if confidence >= BELIEVED:
            yield Suggestion(heading, field, round(confidence, 2))


def _assigned(rated: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """Each heading and each field once, the surest first."""
    found: dict[str, Suggestion] = {}
    fields: set[Field] = set()
    for each in rated:
        if each.heading not in found and each.field not in fields:
            found[each.heading] = each
            fields.add(each.field)
    return tuple(found.values())


def _known_headings(scheme: Scheme, field: Field) -> list[str]:
    rows = f"{scheme.headings.get(field, '')}|{VOCABULARY.get(field, '')}"
    return [fold(heading) for heading in rows.split("|") if heading]


def _likeness(heading: str, known: Iterable[str]) -> float:
    if len(heading) < SHORTEST:
        return 0.0
    return max(
        (jaro_winkler_similarity(heading, other) for other in known if len(other) >= SHORTEST),
        default=0.0,
    )


def _share(cells: list[str], reads: Reads | None) -> float:
    """Share of the cells that can be read; all of them where any text will do."""
    if reads is None:
        return 1.0
    return sum(map(reads, cells)) / len(cells) if cells else BELIEVED


def _readers(scheme: Scheme) -> Mapping[Field, Reads]:
    """How cells are read as what a field holds."""
    readers: dict[Field, Reads] = {
        field: lambda text, parse=parse: parse(text).value is not None  # type: ignore[misc]
        for field, parse in plain_fields(scheme).items()
    }
    dates = (Field.BIRTH_DATE, Field.VALID_FROM, Field.VALID_UNTIL, Field.REGISTERED_ON)
    readers.update(dict.fromkeys(dates, lambda text: parse_date(text).value is not None))
    readers[Field.BIRTH_YEAR] = lambda text: len(parse_date(text).value or "") == YEAR
    readers[Field.AGE] = lambda text: tidy(text).isdecimal()
    readers[Field.RECORD_NUMBER] = lambda text: scheme.number.fits(scheme.number.tidy(text))
    names = (Field.FAMILY_KHMER, Field.GIVEN_KHMER, Field.NAME_KHMER)
    readers.update(dict.fromkeys(names, has_khmer))
    return readers


def _speaking_readers(scheme: Scheme) -> Mapping[Field, Reads]:
    """Fields whose cells look like those of no other field, so that they speak alone."""
    readers = _readers(scheme)
    worded: dict[Field, Reads] = {
        field: lambda text, reads=readers[field]: not tidy(text).isdecimal() and reads(text)  # type: ignore[misc]
        for field in (Field.SEX, Field.RELATIONSHIP)
    }
    if not scheme.number.fits("?"):
        worded[Field.RECORD_NUMBER] = readers[Field.RECORD_NUMBER]
    worded[Field.VILLAGE] = readers[Field.VILLAGE]
    worded[Field.EQUITY_CARD] = lambda text: "-" in text and readers[Field.EQUITY_CARD](text)
    return worded


def _spans_lifetimes(cells: list[str]) -> bool:
    dates = [parse_date(cell).value for cell in cells]
    years = [int(date[:YEAR]) for date in dates if date is not None]
    is_dates = len(years) >= FEWEST_CELLS and len(years) >= READABLE * len(cells)
    return is_dates and max(years) - min(years) > LIFETIME
