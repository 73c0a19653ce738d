"""Which subject of which provider is which officer, as an administrator says.

Who signs in with a provider has no password here: whom the provider shuts out is out.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.access.officers import Officer
from registry.access.provider import LONGEST_SUBJECT, Identity
from registry.database import Row
from registry.errors import Conflict, RegistryError


class OfficerIdentity(Row):
    """A subject that signs in as an officer."""

    __tablename__ = "officer_identity"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), unique=True)
    connected_at: Mapped[datetime] = mapped_column(server_default=func.now())


def connect(session: Session, officer: Officer, identity: Identity) -> None:
    """Let a subject sign in as an officer, in place of the one before and of a password.

    Raises:
        Conflict: the subject signs in as another officer.
        RegistryError: it is not a subject.
    """
    if not 0 < len(identity.subject) <= LONGEST_SUBJECT or not identity.subject.isprintable():
        raise RegistryError("Give the subject (sub) by which the provider knows the officer.")
    held = session.get(OfficerIdentity, (identity.issuer, identity.subject))
    if held is not None and held.officer_id != officer.id:
        raise Conflict("This subject signs in as another officer: disconnect that one first.")
    disconnect(session, officer)
    officer.password_hash = officer.password_ends_at = None
    session.add(
        OfficerIdentity(
            issuer=identity.issuer, subject=identity.subject, officer_id=officer.id
        )
    )  # fmt: skip
    session.flush()


def disconnect(session: Session, officer: Officer) -> None:
    """Let nobody sign in as an officer through a provider any more."""
    session.execute(delete(OfficerIdentity).where(OfficerIdentity.officer_id == officer.id))


def is_connected(session: Session, officer: Officer) -> bool:
    """Whether an officer signs in with a provider."""
    mine = select(OfficerIdentity.issuer).where(OfficerIdentity.officer_id == officer.id)
    return session.scalar(mine) is not None


def officer_of(session: Session, identity: Identity) -> Officer | None:
    """The officer as whom a subject signs in, locked for a change; None where it is nobody's."""
    named = (
        select(Officer)
        .join(OfficerIdentity, OfficerIdentity.officer_id == Officer.id)
        .where(
            OfficerIdentity.issuer == identity.issuer, OfficerIdentity.subject == identity.subject
        )
    )
    return session.scalar(
        named.with_for_update(of=Officer).execution_options(populate_existing=True)
    )


def subjects(session: Session) -> Mapping[int, str]:
    """Officer → the subject that signs in as them."""
    found = session.execute(select(OfficerIdentity.officer_id, OfficerIdentity.subject))
    return {row.officer_id: row.subject for row in found}
