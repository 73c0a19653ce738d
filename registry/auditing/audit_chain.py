"""Verifying the audit: every changed, missing or moved entry shows, the last ones too.

What the database cannot witness against itself, because somebody who owns it may take away entries
and witnesses together, a receipt outside it does: where every lane ended when it was last verified.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.auditing.audit import chained
from registry.errors import Misconfigured

FIRST = "0" * 64
RECEIPT = "audit.receipt"
_TEXTS = (
    """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
    "e.actor", "e.for_whom", "e.action", "*e.which", "e.purpose", "*e.persons", "e.outcome",
    "e.door", "e.address",
)  # fmt: skip
"""What an entry says, in the order of `audit.content_digest`; a star marks a list."""

_LIST = """
length(cardinality({items})::text) || ':' || cardinality({items}) || CASE
  WHEN cardinality({items}) = 0 THEN ''
  ELSE (SELECT string_agg(octet_length(i::text) || ':' || i::text, '' ORDER BY place)
    FROM unnest({items}) WITH ORDINALITY AS listed(i, place)) END
"""

Place = tuple[int, int, int | None, str | None, str | None, str | None]
"""Lane, position, the entry's id and hash, the witness's hash, and all that the entry says."""


def _packed(value: str) -> str:
    """SQL that packs a text or a list as `audit.content_digest` does."""
    if not value.startswith("*"):
        return f"octet_length({value}) || ':' || {value}"
    items = value.removeprefix("*")
    return _LIST.format(items=items)


PACKED: Final = " || ".join(map(_packed, _TEXTS))
"""SQL for all that an entry, named `e`, says: what `audit.content_digest` takes the digest of."""

_ENTRIES = f"""
SELECT coalesce(e.lane, w.lane), coalesce(e.position, w.position), e.id, e.hash, w.hash,
  {PACKED}
FROM audit_entry e FULL JOIN audit_witness w ON w.lane = e.lane AND w.position = e.position
ORDER BY 1, 2
"""  # noqa: S608 - made of the names of our own columns

Heads = dict[int, tuple[int, str]]
"""Lane → position and hash of its last entry."""


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold; `entry` is the id of what is there, if anything is."""

    lane: int
    position: int
    entry: int | None
    what: str


@dataclass(frozen=True)
class Verified:
    """What verifying found: how many entries there are, where lanes end, and the first breaks."""

    entries: int
    heads: Heads
    breaks: tuple[Break, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, moved or taken away."""
        return not self.breaks


@dataclass
class _Walk:
    """A walk along the lanes, and what it found."""

    receipt: Mapping[int, tuple[int, str]]
    lane: int = -1
    position: int = 0
    previous: str = FIRST
    entries: int = 0
    heads: Heads = field(default_factory=dict)
    breaks: dict[int, Break] = field(default_factory=dict)

    def find(self, place: tuple[int, int], entry: int | None, what: str) -> None:
        """Keep the first break of a lane."""
        self.breaks.setdefault(place[0], Break(*place, entry, what))


def verify(session: Session, receipt: Mapping[int, tuple[int, str]] | None = None) -> Verified:
    """Walk along all lanes, from the first entry to the last.

    Args:
        session: sees all entries.
        receipt: where lanes ended when they were last verified.
    """
    walk = _Walk(receipt or {})
    for row in _rows(session):
        _step(walk, row)
    for lane, (position, _) in walk.receipt.items():
        if walk.heads.get(lane, (0, FIRST))[0] < position:
            walk.find((lane, position), None, "the last entries are missing")
    return Verified(walk.entries, walk.heads, tuple(walk.breaks.values()))


def read_receipt(folder: Path) -> Heads:
    """Where lanes ended when they were last verified; nothing before the first time.

    Raises:
        Misconfigured: the receipt cannot be read.
    """
    path = folder / RECEIPT
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="ascii"))["lanes"]
        return {int(lane): (int(position), str(end)) for lane, (position, end) in kept.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise Misconfigured(f"{path} is not a receipt of the audit any more.") from error


def write_receipt(folder: Path, verified: Verified, now: datetime) -> Path:
    """Keep where lanes end now; for what is whole only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / RECEIPT
    draft = path.with_suffix(".new")
    content = {"at": now.isoformat(), "entries": verified.entries, "lanes": verified.heads}
    draft.write_text(json.dumps(content), encoding="ascii")
    draft.replace(path)
    return path


def _step(walk: _Walk, row: Place) -> None:
    """Look at one place of one lane."""
    lane, position, entry, found, witness, said = row
    place = (lane, position)
    if lane != walk.lane:
        walk.lane, walk.position, walk.previous = lane, 0, FIRST
    if position != walk.position + 1:
        walk.find((lane, walk.position + 1), None, "an entry is missing")
    if entry is None:
        walk.find(place, None, "an entry is missing")
    else:
        walk.entries += 1
        content = hashlib.sha256((said or "").encode()).hexdigest()
        if chained(lane, position, walk.previous, content) != found:
            walk.find(place, entry, "an entry was changed or moved")
        elif witness != found:
            walk.find(place, entry, "an entry was added, or its witness changed")
    if lane in walk.receipt and walk.receipt[lane][0] == position != 0:
        kept = walk.receipt[lane][1]
        if kept != found:
            walk.find(place, entry, "an entry is another than when it was last verified")
    walk.position, walk.previous = position, str(found or witness)
    walk.heads[lane] = (position, walk.previous)


def _rows(session: Session) -> Iterator[Place]:
    """All places in order, packed where they lie: hashing alone is left to do here."""
    places = session.execute(text(_ENTRIES), execution_options={"yield_per": 5000})
    for some in places.partitions():
        yield from map(tuple, some)
