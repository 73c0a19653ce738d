"""`txn/status`: what became of earlier messages of the same client."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from api.dci import outgoing, search
from api.dci.calls import Call, Operation, acknowledged, answered_now, received
from api.dci.codes import Status, TransportCode
from api.dci.envelope import counted
from api.dci.forms import StatusItem, StatusRequest
from api.dci.refusal import Refused
from registry.access.roles import Permission
from registry.partners import deliveries, exchanges
from registry.partners.exchanges import Exchange

router = APIRouter(tags=["status"])
_NONE = {
    "txnstatus_response": {
        "txn_type": "search",
        "txn_status": {"transaction_id": "", "correlation_id": "", "search_response": []},
    }
}
AT_ONCE = Operation("txn-status", "txn-on-status", Permission.READ_PERSONS, _NONE)
LATER = Operation("txn-status", "txn-on-status", Permission.READ_PERSONS)


@router.post("/sync/txn/status", summary="Status of a transaction, answered at once")
def sync_status(call: Annotated[Call, Depends(received(AT_ONCE))]) -> JSONResponse:
    """Say what became of a transaction; of one that is not known, nothing did."""
    asked = _read(call)
    call.begin(asked.transaction_id)
    return answered_now(call, _body(call, asked))


@router.post("/txn/status", summary="Status of a transaction, answered to the sender's address")
def asynchronous_status(call: Annotated[Call, Depends(received(LATER))]) -> JSONResponse:
    """Acknowledge the message; the worker sends the status."""
    asked = _read(call)
    where = outgoing.address(call)
    exchange = call.begin(asked.transaction_id)
    outgoing.follow(call, exchange, where, _body(call, asked))
    return acknowledged(call)


def _read(call: Call) -> StatusRequest:
    search.transaction_id(call.message)
    try:
        asked = StatusRequest.model_validate(call.message)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(part) for part in first["loc"])
        raise Refused(TransportCode.BAD, f"{where}: {first['msg']}") from None
    counted(call.envelope.header, 1)
    return asked


def _found(call: Call, item: StatusItem) -> list[Exchange]:
    """The messages that the question names, but questions of status themselves."""
    value, client = item.attribute_value, call.principal.id
    if item.attribute_type == "reference_id_list":
        references = value if isinstance(value, list) else [value]
        found = exchanges.of_references(call.session, client, references)
    elif isinstance(value, list):
        raise Refused(TransportCode.BAD, "The value of this attribute is one text.")
    elif item.attribute_type == "correlation_id":
        found = exchanges.of_correlation(call.session, client, value)
    else:
        found = exchanges.of_transaction(call.session, client, value)
    return [each for each in found if each.kind != "txn-status"]


def _body(call: Call, asked: StatusRequest) -> dict[str, Any]:
    found = _found(call, asked.txnstatus_request)
    if asked.txnstatus_request.attribute_type == "reference_id_list":
        value = asked.txnstatus_request.attribute_value
        names: set[str] | None = set(value if isinstance(value, list) else [value])
    else:
        names = None
    responses = [
        each for exchange in found for each in _responses(call, exchange)
        if names is None or each["reference_id"] in names
    ]  # fmt: skip
    last = found[-1] if found else None
    message = {
        "transaction_id": asked.transaction_id,
        "correlation_id": call.correlation_id,
        "txnstatus_response": {
            "txn_type": asked.txnstatus_request.txn_type,
            "txn_status": {
                "transaction_id": last.transaction_id if last else asked.transaction_id,
                "correlation_id": last.correlation_id if last else "",
                "search_response": responses,
            },
        },
    }
    return call.answered(message, Status.SUCCEEDED if found else Status.REJECTED)


def _responses(call: Call, exchange: Exchange) -> list[dict[str, Any]]:
    """What became of the requests of a message, with what was found while it is still kept."""
    kept = deliveries.kept(call.session, exchange.id)
    full = (kept or {}).get("message", {}).get("search_response")
    return full if isinstance(full, list) else exchange.requests
