"""Files that come in parts: what has come by now, whose it is, and until when it is kept.

The offset of an upload and the bytes before it are written in one transaction: whatever is killed
meanwhile, its sender goes on at the offset, and no byte is lost or there twice. The last part makes
the batch in the same transaction.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import ForeignKey, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry import deferral
from registry.database import Row
from registry.errors import Conflict, NotFound, UnreadableFile
from registry.lists import batches, layouts, list_desk
from registry.lists.batches import BatchStatus, Mode, Sending
from registry.lists.list_desk import Desk
from registry.schemes.layout import PLAIN, Layout
from registry.sealed_columns import SealedBytes
from registry.tables import LIMITS

ID_BYTES = 24
MOST_OPEN = 5
"""Unfinished uploads that one sender may have."""
KEPT_FOR = timedelta(hours=24)
"""How long an upload is kept after its last part."""
LONGEST_NAME = 150


class Upload(Row):
    """A file that comes in parts; without its bytes when it has become a batch."""

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(primary_key=True)
    sent_by: Mapped[str] = mapped_column(index=True)
    scheme: Mapped[str]
    mode: Mapped[Mode]
    file_name: Mapped[str]
    size: Mapped[int]
    received: Mapped[int] = mapped_column(server_default="0")
    layout: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    expires_at: Mapped[datetime]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))


class UploadPart(Row):
    """Bytes of an upload from an offset on."""

    __tablename__ = "upload_part"

    upload_id: Mapped[str] = mapped_column(
        ForeignKey("upload.id", ondelete="CASCADE"), primary_key=True
    )
    start: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(SealedBytes("list"))


@dataclass(frozen=True)
class Announced:
    """A file that somebody is about to send; `size` in bytes."""

    sent_by: str
    scheme: str
    mode: Mode
    file_name: str
    size: int
    layout: Layout = PLAIN


@dataclass(frozen=True)
class Part:
    """The next bytes of an upload, and where its sender believes that they begin."""

    upload: str
    sent_by: str
    start: int
    content: bytes


def begin(session: Session, file: Announced, now: datetime) -> Upload:
    """Let somebody send a file in parts; what nobody continued in time is forgotten.

    Raises:
        UnreadableFile: it is larger than any list.
        Conflict: the sender has too many unfinished uploads.
    """
    session.execute(delete(Upload).where(Upload.expires_at < now))
    if file.size > LIMITS.file_bytes:
        raise UnreadableFile("The file is larger than a list may be: send it in several lists.")
    unfinished = select(func.count()).where(
        Upload.sent_by == file.sent_by, Upload.batch_id.is_(None)
    )
    if (session.scalar(unfinished) or 0) >= MOST_OPEN:
        raise Conflict(f"There are {MOST_OPEN} unfinished uploads: finish or end one of them.")
    upload = Upload(
        id=secrets.token_urlsafe(ID_BYTES), sent_by=file.sent_by, scheme=file.scheme,
        mode=file.mode, file_name=plain_name(file.file_name), size=file.size, received=0,
        layout=None if file.layout.says_nothing else file.layout.as_json(),
        expires_at=now + KEPT_FOR,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload


def find(session: Session, upload: str, sent_by: str, now: datetime) -> Upload:
    """An upload of somebody's own.

    Raises:
        NotFound: there is none, it is somebody else's, or its time is over.
    """
    return _find(session, upload, sent_by, now, lock=False)


def append(session: Session, part: Part, now: datetime) -> Upload:
    """Keep the next bytes of an upload; when they are the last, it becomes a batch to be taken.

    Raises:
        NotFound: there is no such upload of this sender.
        Conflict: the bytes do not begin where those before them end, or are too many.
    """
    upload = _find(session, part.upload, part.sent_by, now, lock=True)
    if part.start != upload.received:
        raise Conflict(f"The upload goes on at {upload.received}, not at {part.start}.")
    end = part.start + len(part.content)
    if end > upload.size:
        raise Conflict(f"The upload would be longer than the {upload.size} bytes announced.")
    if part.content:
        session.add(UploadPart(upload_id=upload.id, start=part.start, content=part.content))
        upload.received = end
        upload.expires_at = now + KEPT_FOR
        session.flush()
    if end == upload.size and upload.batch_id is None:
        _become_batch(session, upload, now)
    return upload


def end(session: Session, upload: str, sent_by: str, now: datetime) -> None:
    """Forget an upload and its bytes; a batch that it became stays.

    Raises:
        NotFound: there is no such upload of this sender.
    """
    session.delete(_find(session, upload, sent_by, now, lock=True))
    session.flush()


def plain_name(name: str) -> str:
    """A file's name without any path, or signs that a system refuses."""
    last = Path(name.replace("\\", "/")).name
    plain = "".join(sign for sign in last if sign.isprintable() and sign not in ':*?"<>|')
    return plain[-LONGEST_NAME:].strip(". ") or "list"


def _find(session: Session, upload: str, sent_by: str, now: datetime, *, lock: bool) -> Upload:
    found = session.get(Upload, upload, with_for_update=lock, populate_existing=True)
    if found is None or found.sent_by != sent_by or found.expires_at < now:
        raise NotFound("There is no such upload.")
    return found


def _become_batch(session: Session, upload: Upload, now: datetime) -> None:
    layout = Layout.from_json(upload.layout)
    with TemporaryDirectory(prefix="registry-upload-") as folder:
        path = Path(folder) / upload.file_name
        with path.open("wb") as file:
            for content in _parts(session, upload.id):
                file.write(content)
        batch = batches.receive(
            session, upload.scheme, path, upload.mode, Sending(layout, upload.sent_by)
        )
    if batch.status == BatchStatus.RECEIVED and not deferral.has_import(session, batch.id):
        deferral.defer_import(session, batch.id, batch.scheme)
    layouts.remember(session, upload.scheme, layout, upload.sent_by, now)
    list_desk.record(session, batch, "send a list", Desk(upload.sent_by, upload.scheme, now))
    upload.batch_id = batch.id
    session.execute(delete(UploadPart).where(UploadPart.upload_id == upload.id))
    session.flush()


def _parts(session: Session, upload: str) -> Iterator[bytes]:
    """The bytes of an upload, part by part."""
    starts = select(UploadPart.start).where(UploadPart.upload_id == upload)
    for start in session.scalars(starts.order_by(UploadPart.start)).all():
        content = session.scalar(
            select(UploadPart.content).where(
                UploadPart.upload_id == upload, UploadPart.start == start
            )
        )
        yield content or b""
