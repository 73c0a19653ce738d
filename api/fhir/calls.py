"""What an operation is handed: who asks, in which form, why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request
from sqlalchemy.orm import Session

from api import purposes, strict_json
from api.dependencies import DatabaseSession, Now, allowed, enter
from api.fhir import wire
from api.fhir.outcome import Refused
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.lookups import person_search, profiles
from registry.lookups.conditions import Condition
from registry.lookups.lookup import Reader
from registry.lookups.person_search import Scope, Search
from registry.lookups.profiles import Profile


@dataclass(frozen=True)
class Call:
    """A request under work."""

    session: Session
    principal: Principal
    now: datetime
    purpose: str
    base: str

    @property
    def scope(self) -> Scope:
        """Whose data who asks may see."""
        return Scope(self.principal.scheme, self.principal.provinces)

    def reader(self, what: str) -> Reader:
        """Who reads, by which operation, why."""
        return Reader(self.principal.name, f"FHIR {what}: {self.purpose}", self.now)

    def found(self, what: str, condition: Condition, size: int = 2) -> tuple[list[Profile], int]:
        """Persons who meet a condition, a first page of them; the read is recorded."""
        search = Search(condition, size=size, scope=self.scope)
        page = person_search.find(self.session, search, self.now)
        read = profiles.read(self.session, page.persons, self.reader(what), self.scope.scheme)
        return read, page.total


def spoken(
    request: Request,
    accept: Annotated[str, Header()] = "",
    wanted: Annotated[str | None, Query(alias="_format", max_length=100)] = None,
) -> None:
    """Let pass who takes JSON.

    Raises:
        Refused: only other forms are taken.
    """
    if request.url.path.endswith(".ndjson"):
        return
    if not wire.is_spoken(accept, wanted):
        text = "Resources are sent as application/fhir+json only."
        raise Refused(HTTPStatus.NOT_ACCEPTABLE, "not-supported", text)


def asking(permission: Permission) -> Callable[..., Call]:
    """A dependency that gives a call of who may ask so."""

    def call(
        request: Request,
        principal: Annotated[Principal, Depends(allowed(permission))],
        session: DatabaseSession,
        now: Now,
        purpose: Annotated[
            str,
            Header(
                max_length=200,
                description="Why the data is read; it is recorded. Without it, what is agreed.",
            ),
        ] = "",
    ) -> Call:
        enter(session, request, principal, door="fhir")
        base = request.app.state.settings.public_url.rstrip("/") + "/fhir"
        return Call(session, principal, now, purposes.of(principal, purpose), base)

    return call


async def resource(request: Request) -> dict[str, Any]:
    """The resource that was sent.

    Raises:
        Refused: it is no JSON object, or not sent as JSON.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in wire.JSON_TYPES:
        text = "Resources are taken as application/fhir+json."
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-supported", text)
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > wire.LARGEST_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-long", "It is too long.")
    try:
        sent = strict_json.parse(raw)
    except ValueError:
        raise Refused(HTTPStatus.BAD_REQUEST, "structure", "This is no JSON.") from None
    if not isinstance(sent, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "structure", "A resource is a JSON object.")
    return sent


def parameters(sent: dict[str, Any]) -> list[dict[str, Any]]:
    """The parameters that have a name.

    Raises:
        Refused: what was sent is no Parameters.
    """
    listed = sent.get("parameter", [])
    if sent.get("resourceType") != "Parameters" or not isinstance(listed, list):
        raise Refused(HTTPStatus.BAD_REQUEST, "required", "Parameters are sent to an operation.")
    return [each for each in listed if isinstance(each, dict) and isinstance(each.get("name"), str)]


Resource = Annotated[dict[str, Any], Depends(resource)]
