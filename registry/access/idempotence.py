"""Answers kept by the key that their caller chose, so that what is sent twice is done once.

The key is taken in the transaction of the work: when the work fails, the key is free again; who
sends it a second time meanwhile waits for the first. Keys are kept for a day. What is kept names no
person: answers that do are of requests that change nothing when they are sent again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, delete, func
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry import key_holder
from registry.database import Row
from registry.errors import KeyReused
from registry.sealed_columns import SealedJson

KEPT = timedelta(days=1)


class KeptAnswer(Row):
    """The answer to what a caller sent under a key; none while the work goes on."""

    __tablename__ = "kept_answer"

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    headers: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    body: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("answer"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())


@dataclass(frozen=True)
class Sent:
    """What a caller sent: who they are, the key, and all that it asks for, part by part."""

    caller: str
    key: str
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """An answer as it is sent; without a body when there is nothing to say."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]


def begin(session: Session, sent: Sent, now: datetime) -> Answer | None:
    """Take a key; the answer that was given before, when the same was sent under it.

    Raises:
        KeyReused: the key was used for something else.
    """
    session.execute(
        delete(KeptAnswer).where(KeptAnswer.caller == sent.caller, KeptAnswer.at < now - KEPT)
    )
    digest = _digest(session, sent.asked)
    take = insert(KeptAnswer).values(
        caller=sent.caller, key=sent.key, request_digest=digest, at=now
    )
    session.execute(take.on_conflict_do_nothing())
    kept = session.get_one(KeptAnswer, (sent.caller, sent.key), populate_existing=True)
    if bytes(kept.request_digest) != digest:
        raise KeyReused
    return None if kept.status is None else Answer(kept.status, kept.headers or {}, kept.body or {})


def end(session: Session, sent: Sent, answer: Answer) -> None:
    """Keep the answer to what was begun."""
    kept = session.get_one(KeptAnswer, (sent.caller, sent.key))
    kept.status, kept.headers, kept.body = answer.status, answer.headers, answer.body
    session.flush()


def _digest(session: Session, parts: tuple[str, ...]) -> bytes:
    """The digest of a request's parts, each told from the next."""
    whole = b"".join(len(raw).to_bytes(8, "big") + raw for raw in (part.encode() for part in parts))
    return key_holder.of(session).sealer().digest(whole)
