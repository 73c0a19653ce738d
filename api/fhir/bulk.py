"""Bulk export: all Patients of the scheme whose system asks, as NDJSON."""

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api.fhir import patients, wire
from api.fhir.calls import Call, asking
from api.fhir.outcome import Refused
from api.schemas import Moment
from registry.access import sight
from registry.access.roles import Permission
from registry.database import transaction
from registry.errors import Forbidden
from registry.lookups import profiles
from registry.partners import exchanges, exports
from registry.partners.exchanges import Exchange, Opening

router = APIRouter(tags=["bulk export"])
Asker = Annotated[Call, Depends(asking(Permission.READ_BATCHES))]
KIND = "export"
SINCE = "_since"
CHUNK = 500
NDJSON = "application/fhir+ndjson"


@router.get("/$export", summary="Begin an export", status_code=202)
@router.get("/Patient/$export", summary="Begin an export of Patients", status_code=202)
def begin(
    call: Asker,
    prefer: Annotated[str, Header()] = "",
    kinds: Annotated[str, Query(alias="_type", max_length=200)] = "Patient",
    form: Annotated[str, Query(alias="_outputFormat", max_length=100)] = NDJSON,
    since: Annotated[
        Moment | None, Query(alias="_since", description="Changed then or later.")
    ] = None,
) -> Response:
    """Ask for all Patients of the scheme that the client is of; 202 says where to look."""
    if "respond-async" not in prefer:
        text = "An export is asked for with `Prefer: respond-async`."
        raise Refused(HTTPStatus.BAD_REQUEST, "required", text)
    if kinds != "Patient" or form not in {NDJSON, "application/ndjson", "ndjson"}:
        text = "Patients are exported, as application/fhir+ndjson."
        raise Refused(HTTPStatus.BAD_REQUEST, "not-supported", text)
    _scheme(call)
    number = str(uuid4())
    opening = Opening(call.principal.id, number, number, number, KIND, call.now)
    exchange = exchanges.begin(call.session, opening)
    if since is not None and exchange is not None:
        exchanges.settle(call.session, exchange, [{SINCE: since.isoformat()}])
    where = f"{call.base}/bulk/{number}"
    return Response(status_code=HTTPStatus.ACCEPTED, headers={"Content-Location": where})


@router.get("/bulk/{number}", summary="How far an export is")
def status(number: UUID, call: Asker) -> Response:
    """The manifest, with where the file is."""
    found = _find(call, number)
    since = _since(found)
    count = exports.count(call.session, _scheme(call), since)
    asked = "" if since is None else "?" + urlencode({SINCE: since.isoformat()})
    url = f"{call.base}/bulk/{number}/Patient.ndjson"
    output = [{"type": "Patient", "url": url, "count": count}] if count else []
    return JSONResponse({
        "transactionTime": found.at.isoformat(), "request": f"{call.base}/$export{asked}",
        "requiresAccessToken": True, "output": output, "error": [],
    })  # fmt: skip


@router.get("/bulk/{number}/Patient.ndjson", summary="The Patients of an export")
def download(number: UUID, call: Asker, request: Request) -> Response:
    """A Patient a line, as the lists stand now; the read is recorded."""
    since = _since(_find(call, number))
    scheme = _scheme(call)
    everybody = exports.persons(call.session, scheme, call.reader("$export"), since)
    engine = request.app.state.engine

    def lines() -> Iterator[bytes]:
        for start in range(0, len(everybody), CHUNK):
            with transaction(engine) as session:
                sight.narrow(session, sight.of(call.principal))
                chunk = everybody[start : start + CHUNK]
                for profile in profiles.of_persons(session, chunk, scheme):
                    yield wire.encoded(patients.patient(profile)) + b"\n"

    return StreamingResponse(lines(), media_type=NDJSON)


@router.delete("/bulk/{number}", summary="Give an export up", status_code=202)
def give_up(number: UUID, call: Asker) -> Response:
    """Nothing is kept of an export but that it was asked for."""
    _find(call, number)
    return Response(status_code=HTTPStatus.ACCEPTED)


def _scheme(call: Call) -> str:
    if call.principal.scheme is None:
        raise Forbidden("Only a scheme's own system exports, and that scheme's persons.")
    return call.principal.scheme


def _since(asked: Exchange) -> datetime | None:
    """From when on something must have changed of a person who is exported."""
    return datetime.fromisoformat(asked.requests[0][SINCE]) if asked.requests else None


def _find(call: Call, number: UUID) -> Exchange:
    found = exchanges.of_correlation(call.session, call.principal.id, str(number))
    if not found or found[0].kind != KIND:
        raise Refused(HTTPStatus.NOT_FOUND, "not-found", "There is no such export.")
    return found[0]
