"""The slow twin of `registry.lists.parsing`: one row after the other."""

from collections.abc import Sequence

from registry.lists.lines import rejected_line, statement_values
from registry.lists.parsing import ListHead, ParsedRows, adapter_of
from registry.lists.relating import packed
from registry.lists.sent_rows import storable
from registry.lists.tallies import Counter
from registry.records.stated import Stated
from registry.schemes.cross_rows import CHILD, HEAD, SPOUSE, Relative
from registry.schemes.fields import Field
from registry.schemes.rows import RowReader, is_blank
from registry.schemes.statements import Statement
from registry.sealer import Sealer
from registry.tables import Row


def parse(head: ListHead, rows: Sequence[Row]) -> ParsedRows:
    """Read those of some rows that are behind `head.after` and not blank."""
    sealer = Sealer(head.keys)
    scheme = adapter_of(head.scheme, head.descriptions).scheme
    reader = RowReader(scheme, head.headings, head.today)
    counter, rejections = Counter(), ""
    statements: list[tuple[Statement, bytes]] = []
    rejected = 0
    for row in rows:
        if row.number <= head.after or is_blank(row):
            continue
        found = reader.read(row)
        if isinstance(found, Statement):
            counter.add(found.row, found.warnings)
            statements.append((found, statement_values(found, sealer)))
        else:
            counter.add(found.row, found.problems)
            rejections += rejected_line(head.batch, found, sealer)
            rejected += 1
    last = rows[-1].number if rows else head.after
    stated = Stated.of(
        [one.row for one, _ in statements],
        [one.scheme_record_id for one, _ in statements],
        [values for _, values in statements],
    )
    return ParsedRows(
        last, len(statements), rejected, stated, rejections.encode("utf-8", "replace"),
        counter.tallies(), packed(one for each, _ in statements for one in _relatives(head, each)),
    )  # fmt: skip


def _relatives(head: ListHead, one: Statement) -> list[Relative]:
    """Somebody of whom it is said how they are related to others."""
    person, columns = one.person, head.headings.columns
    told = Field.RELATIONSHIP in columns or Field.CATEGORY in columns or Field.MOTHER in columns
    is_mother = Field.MOTHER in columns and person.sex == "female"
    is_related = person.relationship in {HEAD, SPOUSE, CHILD} or person.mother is not None
    relative = Relative.of(one, head.headings)
    plain = [storable(value) for value in relative]
    return [Relative(*plain)] if (is_related and told) or is_mother else []
