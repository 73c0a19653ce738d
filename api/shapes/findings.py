"""Findings and referrals: what an officer should look at that is not a link."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from registry.reviewing.finding_work import Found


class FindingOut(BaseModel):
    """Something to look at on a person; it never cancels anything.

    `evidence` are numbers of cards and records. It closes by itself when its cause goes.
    """

    id: int
    kind: str
    says: str
    sp_id: str
    evidence: list[Any]
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    note: str | None

    @classmethod
    def of(cls, found: Found) -> Self:
        """Rendered from the registry's finding."""
        own = {"says": found.says, "sp_id": found.sp_id}
        shared = cls.model_fields.keys() - own.keys()
        return cls(**{name: getattr(found.finding, name) for name in shared}, **own)
