"""What senders confirmed of a scheme's lists, kept for its next file.

What is remembered helps where it fits and is silent where it does not: a next file without that
sheet, or with other headings, is read by its own marks.
"""

import hashlib
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.schemes.layout import PLAIN, Layout


class SchemeLayout(Row):
    """The layout of a scheme's lists, as confirmed last."""

    __tablename__ = "scheme_layout"

    scheme: Mapped[str] = mapped_column(primary_key=True)
    layout: Mapped[dict[str, Any]] = mapped_column(JSONB)
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[str]


def remembered(session: Session, scheme: str) -> Layout:
    """What was confirmed of a scheme's lists by now."""
    found = session.get(SchemeLayout, scheme)
    return PLAIN if found is None else Layout.from_json(found.layout)


def remember(session: Session, scheme: str, layout: Layout, by: str, now: datetime) -> None:
    """Keep what a sender confirms for the next file; what they do not speak of stays."""
    if layout.says_nothing:
        return
    known = layout.over(remembered(session, scheme))
    session.merge(
        SchemeLayout(scheme=scheme, layout=known.as_json(), confirmed_at=now, confirmed_by=by)
    )
    session.flush()


def forget(session: Session, scheme: str) -> None:
    """Let the next file of a scheme speak for itself."""
    found = session.get(SchemeLayout, scheme)
    if found is not None:
        session.delete(found)
        session.flush()


def digest(layout: Layout) -> str:
    """What tells a layout from others; "" for one that says nothing."""
    if layout.says_nothing:
        return ""
    content = orjson.dumps(layout.as_json(), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()
