"""The life of the data keys that values are sealed under: made, sealed anew, renewed.

One key seals at a time, the newest; former ones open what is sealed under them. One key makes the
hashes that numbers are looked up by, and one the numbers by which the engine finds records: these
are never renewed, for all that is made with them would have to be made anew at once.
"""

import base64
import os
from datetime import UTC, datetime

from sqlalchemy import Identity, LargeBinary, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.key_holder import ENGINE, MATCH, SEAL, said_of
from registry.sealing import KEY_BYTES, Keyring

ENGINE_CHARACTERS = 16


class DataKey(Row):
    """A key of values, sealed under a master key; its number stands in each value."""

    __tablename__ = "data_key"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purpose: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    replaced_at: Mapped[datetime | None]


def make_first(session: Session, ring: Keyring) -> None:
    """Make the keys of an installation that has none."""
    if session.scalar(select(func.count()).select_from(DataKey)):
        return
    characters = base64.b64encode(os.urandom(ENGINE_CHARACTERS))[:ENGINE_CHARACTERS]
    for purpose, key in ((SEAL, None), (MATCH, None), (ENGINE, characters)):
        make(session, ring, purpose, key)


def make(session: Session, ring: Keyring, purpose: str, key: bytes | None = None) -> DataKey:
    """Make a key."""
    made = DataKey(purpose=purpose, sealed=b"", made_at=datetime.now(UTC))
    session.add(made)
    session.flush()
    made.sealed = ring.seal(key or os.urandom(KEY_BYTES), said_of(made.id))
    session.flush()
    return made


def reseal(session: Session, ring: Keyring) -> int:
    """Seal the keys anew that are not sealed under the present master key; how many they were."""
    count = 0
    for key in session.scalars(select(DataKey).order_by(DataKey.id).with_for_update()):
        if not ring.is_current(key.sealed):
            key.sealed = ring.seal(ring.open(key.sealed, said_of(key.id)), said_of(key.id))
            count += 1
    session.flush()
    return count
