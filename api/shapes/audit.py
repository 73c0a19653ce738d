"""Entries of the audit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from registry.auditing.audit import AuditEntry


class EntryOut(BaseModel):
    """One access to people's data."""

    id: int
    at: datetime
    actor: str
    for_whom: str
    action: str
    which: list[str]
    purpose: str
    sp_ids: Annotated[list[str], Field(description="Of the persons whose data it was.")]
    outcome: str
    door: Annotated[str, Field(description="The way in.", examples=["api", "dci", "fhir"])]
    address: str

    @classmethod
    def of(cls, entry: AuditEntry, known: Mapping[int, str]) -> Self:
        """Rendered from the registry's entry; `known` are persons with their SP IDs."""
        own = {"sp_ids": [known[person] for person in entry.persons if person in known]}
        shared = cls.model_fields.keys() - own.keys()
        return cls(**{name: getattr(entry, name) for name in shared}, **own)
