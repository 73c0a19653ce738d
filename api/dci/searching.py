"""`search`, at once or with the answer to follow."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from api.dci import outgoing, search
from api.dci.calls import Call, Operation, acknowledged, answered_now, received
from api.dci.codes import Status
from api.dci.refusal import Asked, Refused, refusal
from registry.access.roles import Permission
from registry.partners import exchanges

router = APIRouter(tags=["search"])
AT_ONCE = Operation("search", "on-search", Permission.READ_PERSONS, {"search_response": []})
LATER = Operation("search", "on-search", Permission.READ_PERSONS)


@router.post("/sync/search", summary="Search, answered at once")
def sync_search(call: Annotated[Call, Depends(received(AT_ONCE))]) -> JSONResponse:
    """Answer each search of the message; 400 where none is of the described form."""
    transaction = search.transaction_id(call.message)
    exchange = call.begin(transaction)
    outcome = search.answer(call)
    exchanges.settle(call.session, exchange, _kept(outcome.responses))
    body = _body(call, transaction, outcome.responses)
    if not outcome.is_refused:
        return answered_now(call, body)
    first = search.malformed_all(outcome)
    asked = Asked(AT_ONCE.answer, transaction, None, call.correlation_id)
    refused = refusal(Refused(first.code, first.text), asked)
    message = body["message"] | refused["message"]
    return answered_now(call, {**refused, **body, "message": message}, 400)


@router.post("/search", summary="Search, answered to the sender's address")
def asynchronous_search(call: Annotated[Call, Depends(received(LATER))]) -> JSONResponse:
    """Acknowledge the message; the worker sends what was found."""
    transaction = search.transaction_id(call.message)
    where = outgoing.address(call)
    exchange = call.begin(transaction)
    outcome = search.answer(call)
    if outcome.is_refused:
        first = search.malformed_all(outcome)
        raise Refused(first.code, first.text)
    exchanges.settle(call.session, exchange, _kept(outcome.responses))
    outgoing.follow(call, exchange, where, _body(call, transaction, outcome.responses))
    return acknowledged(call)


def _body(call: Call, transaction: str, responses: list[dict[str, Any]]) -> dict[str, Any]:
    message = {
        "transaction_id": transaction, "correlation_id": call.correlation_id,
        "search_response": responses,
    }  # fmt: skip
    rejected = sum(each["status"] == Status.REJECTED for each in responses)
    status = Status.REJECTED if rejected == len(responses) else Status.SUCCEEDED
    return call.answered(message, status, count=len(responses), done=len(responses))


def _kept(responses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What happened to each search, without what was found."""
    names = ("reference_id", "timestamp", "status", "status_reason_code", "status_reason_message")
    return [{name: each[name] for name in names if name in each} for each in responses]
