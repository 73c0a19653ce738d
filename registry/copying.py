"""Rows in the text format of PostgreSQL's COPY."""

from collections.abc import Sequence

ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_line(fields: Sequence[str | None]) -> str:
    """One row; None is NULL."""
    line = "\t".join([r"\N" if field is None else field for field in fields])
    absent = fields.count(None)
    whole = line.count("\t") == len(fields) - 1 and line.count("\\") == absent
    if not (whole and "\n" not in line and "\r" not in line):
        line = "\t".join([r"\N" if field is None else field.translate(ESCAPES) for field in fields])
    return line + "\n"
