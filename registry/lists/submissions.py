"""Statements that a scheme's own system submits one by one: they are taken as a list of changes.

They go the way of every list: a batch with its file, read and linked by the worker, with what is
wrong said row by row.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy.orm import Session

from registry import deferral
from registry.errors import UnknownScheme
from registry.lists import batches
from registry.lists.batches import Batch
from registry.schemes import SCHEMES
from registry.schemes.fields import VOCABULARY, Field


def receive(session: Session, scheme: str, rows: Sequence[Mapping[Field, str]]) -> Batch:
    """Take statements of a scheme as a batch of their own, and queue it.

    What was said before may be said again after something else was: a title line, which no other
    submission has, makes the same statements another file.

    Raises:
        UnknownScheme: statements of that scheme are not taken this way.
    """
    if scheme not in SCHEMES:
        raise UnknownScheme(f"Statements of {scheme} are not taken one by one: send a list.")
    headings = {
        field: known.split("|")[0]
        for field in Field
        if (known := SCHEMES[scheme].headings.get(field) or VOCABULARY.get(field))
        and any(row.get(field) for row in rows)
    }
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{scheme}-submitted.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([f"submission {uuid4()}"])
            writer.writerow(headings.values())
            writer.writerows([row.get(field, "") for field in headings] for row in rows)
        batch = batches.receive(session, scheme, path)
    deferral.defer_import(session, batch.id, scheme)
    return batch
