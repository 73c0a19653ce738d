"""`subscribe` and `unsubscribe`: what a client wants to be told, and no longer."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from api.dci import outgoing, queries, search
from api.dci.calls import Call, Operation, acknowledged, received
from api.dci.codes import Status, SubscribeCode, TransportCode
from api.dci.envelope import counted
from api.dci.forms import SubscribeItem, Unsubscribe
from api.dci.refusal import Refused
from registry.access.roles import Permission
from registry.errors import Conflict, InvalidSearch, NotFound, RegistryError
from registry.partners import exchanges, subscriptions
from registry.partners.subscriptions import Happening, Subscription, Wish

router = APIRouter(tags=["subscriptions"])
SUBSCRIBE = Operation("subscribe", "on-subscribe", Permission.READ_PERSONS)
UNSUBSCRIBE = Operation("unsubscribe", "on-unsubscribe", Permission.READ_PERSONS)
EVENTS = {
    "REGISTER": Happening.REGISTERED, "UPDATE": Happening.CHANGED, "LINK": Happening.CHANGED,
    "UNLINK": Happening.CHANGED, "NEWHOUSEHOLDMEMBER": Happening.CHANGED,
}  # fmt: skip
RECORDS = frozenset({"member", "srperson", "person"})


@router.post("/subscribe", summary="Be told what happens to some persons")
def subscribe(call: Annotated[Call, Depends(received(SUBSCRIBE))]) -> JSONResponse:
    """Acknowledge the message; the worker sends the codes of the subscriptions."""
    transaction = search.transaction_id(call.message)
    sent = search.requests(call, "subscribe_request")
    items = [_read(each) for each in sent]
    where = outgoing.address(call)
    if where is None:
        raise Refused(TransportCode.SENDER_URI, "A subscription needs an address to tell.")
    exchange = call.begin(transaction)
    responses = [_begin(call, item, where) for item in items]
    kept = ("reference_id", "timestamp", "status", "status_reason_code")
    exchanges.settle(
        call.session, exchange,
        [{name: each[name] for name in kept if name in each} for each in responses],
    )  # fmt: skip
    message = {
        "transaction_id": transaction, "correlation_id": call.correlation_id,
        "subscribe_response": responses,
    }  # fmt: skip
    rejected = all(each["status"] == Status.REJECTED for each in responses)
    status = Status.REJECTED if rejected else Status.SUCCEEDED
    outgoing.follow(call, exchange, where, call.answered(message, status, count=len(items)))
    return acknowledged(call)


@router.post("/unsubscribe", summary="End subscriptions")
def unsubscribe(call: Annotated[Call, Depends(received(UNSUBSCRIBE))]) -> JSONResponse:
    """Acknowledge the message; the worker sends what became of the subscriptions."""
    transaction = search.transaction_id(call.message)
    try:
        asked = Unsubscribe.model_validate(call.message)
    except ValidationError as error:
        first = error.errors()[0]
        is_time = first["loc"][:1] == ("timestamp",)
        code = SubscribeCode.TIMESTAMP if is_time else SubscribeCode.CODE
        where = "/".join(str(part) for part in first["loc"])
        raise Refused(code, f"{where}: {first['msg']}") from None
    if call.envelope.header.total_count != len(asked.subscription_codes):
        counted(call.envelope.header, 1)
    address = outgoing.address(call)
    exchange = call.begin(transaction)
    ends = {code: _end(call, code) for code in dict.fromkeys(asked.subscription_codes)}
    refused = next((error for error in ends.values() if error is not None), None)
    message: dict[str, Any] = {
        "transaction_id": transaction, "correlation_id": call.correlation_id,
        "timestamp": call.now.isoformat(),
        "status": Status.SUCCEEDED.value if refused is None else Status.REJECTED.value,
        "subscription_status": [
            {"code": code, "status": "unsubscribe"}
            for code, error in ends.items() if error is None or isinstance(error, Conflict)
        ],
    }  # fmt: skip
    if refused is not None:
        is_ended = isinstance(refused, Conflict)
        code = SubscribeCode.ALREADY_ENDED if is_ended else SubscribeCode.CODE
        message |= {"status_reason_code": code.value, "status_reason_message": str(refused)}
    body = call.answered(message, Status(message["status"]))
    outgoing.follow(call, exchange, address, body)
    return acknowledged(call)


def _read(sent: Any) -> SubscribeItem:
    try:
        return SubscribeItem.model_validate(sent)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        codes = {"reference_id": SubscribeCode.REFERENCE, "timestamp": SubscribeCode.TIMESTAMP}
        where = "/".join(str(part) for part in first["loc"])
        code = codes.get(name, SubscribeCode.NOTIFY_DETAILS)
        raise Refused(code, f"{where}: {first['msg']}") from None


def _begin(call: Call, item: SubscribeItem, where: str) -> dict[str, Any]:
    """Begin one subscription, or say why not."""
    criteria = item.subscribe_criteria
    happening = EVENTS.get(criteria.reg_event_type.rsplit(":", 1)[-1].upper())
    record = criteria.notify_record_type.rsplit(":", 1)[-1].lower()
    if happening is None or record not in RECORDS:
        text = f"One may be told of {', '.join(EVENTS)}, as Member records."
        return _refused(call, item, SubscribeCode.NOTIFY_TYPES, text)
    query_type = _type(criteria.filter_type, criteria.filter)
    asked = {"type": query_type, "filter": criteria.filter}
    try:
        queries.condition(query_type, criteria.filter)
        wish = Wish(call.principal.id, happening, asked, where)
        subscription = subscriptions.begin(call.session, wish, call.now)
    except InvalidSearch as error:
        return _refused(call, item, SubscribeCode.NOTIFY_DETAILS, str(error))
    except Conflict as error:
        return _refused(call, item, SubscribeCode.ALREADY, str(error))
    return {
        "reference_id": item.reference_id, "timestamp": call.now.isoformat(),
        "status": Status.SUCCEEDED.value,
        "subscriptions": [_told(subscription, item)], "locale": item.locale or "eng",
    }  # fmt: skip


def _type(stated: str | None, query: dict[str, Any] | list[Any]) -> str:
    """The type of a filter; where it is not stated, its shape says."""
    if stated is not None:
        return stated
    if isinstance(query, list):
        return "predicate"
    return "expression" if isinstance(query.get("value"), dict) else "idtype-value"


def _told(subscription: Subscription, item: SubscribeItem) -> dict[str, Any]:
    criteria = item.subscribe_criteria
    return {
        "version": "1.0.0", "code": subscription.code, "status": "subscribe",
        "timestamp": subscription.began_at.isoformat(),
        "reg_event_type": criteria.reg_event_type, "filter_type": subscription.asked["type"],
        "filter": criteria.filter, "notify_record_type": criteria.notify_record_type,
    }  # fmt: skip


def _refused(call: Call, item: SubscribeItem, code: SubscribeCode, text: str) -> dict[str, Any]:
    return {
        "reference_id": item.reference_id, "timestamp": call.now.isoformat(),
        "status": Status.REJECTED.value, "status_reason_code": code.value,
        "status_reason_message": text[:999],
    }  # fmt: skip


def _end(call: Call, code: str) -> RegistryError | None:
    """End a subscription; why it cannot be, if it cannot."""
    try:
        subscriptions.end(call.session, call.principal.id, code, call.now)
    except (NotFound, Conflict) as error:
        return error
    return None
