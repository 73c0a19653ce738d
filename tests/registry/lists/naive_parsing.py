"""The slow twin of `registry.lists.parsing`: one row after the other."""

from collections.abc import Sequence

from registry.lists.lines import rejected_line, statement_line
from registry.lists.parsing import ListHead, ParsedRows, adapter_of
from registry.lists.tallies import Counter
from registry.schemes.rows import RowReader, is_blank
from registry.schemes.statements import Statement
from registry.sealer import Sealer
from registry.tables import Row


def parse(head: ListHead, rows: Sequence[Row]) -> ParsedRows:
    """Read those of some rows that are behind `head.after` and not blank."""
    sealer = Sealer(head.keys)
    scheme = adapter_of(head.scheme, head.descriptions).scheme
    reader = RowReader(scheme, head.headings, head.today)
    counter, statements, rejections = Counter(), "", ""
    accepted = rejected = 0
    for row in rows:
        if row.number <= head.after or is_blank(row):
            continue
        found = reader.read(row)
        if isinstance(found, Statement):
            counter.add(found.row, found.warnings)
            statements += statement_line(head.batch, found, sealer)
            accepted += 1
        else:
            counter.add(found.row, found.problems)
            rejections += rejected_line(head.batch, found, sealer)
            rejected += 1
    last = rows[-1].number if rows else head.after
    return ParsedRows(
        last, accepted, rejected, statements.encode("utf-8", "replace"),
        rejections.encode("utf-8", "replace"), counter.tallies(),
    )  # fmt: skip
