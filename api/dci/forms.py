"""The shapes of DCI messages. What is sent beside them is let pass and not read."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StrictStr

_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})", re.ASCII
)
LARGEST_PAGE = 2_000
LAST_PAGE = 10_000


def _moment(text: str) -> str:
    """A time in ISO 8601 with its zone."""
    if _MOMENT.fullmatch(text) is None:
        raise ValueError("is no time in ISO 8601 with its zone")
    datetime.fromisoformat(text)
    return text


def _is_sendable(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a NUL")
    return text


Id = Annotated[StrictStr, Field(min_length=1, max_length=99), AfterValidator(_is_sendable)]
Moment = Annotated[StrictStr, AfterValidator(_moment)]
Locale = Annotated[StrictStr, Field(pattern=r"^[a-z]{3}$")]
Attribute = Annotated[StrictStr, Field(min_length=1, max_length=99)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Header(_Form):
    """Who sends what, when, and where the answer goes."""

    version: StrictStr = "1.0.0"
    message_id: Id
    message_ts: Moment
    action: StrictStr
    sender_id: Annotated[StrictStr, Field(min_length=1, max_length=999)]
    sender_uri: Annotated[StrictStr, Field(max_length=2000)] | None = None
    receiver_id: Annotated[StrictStr, Field(max_length=999)] | None = None
    total_count: StrictInt
    is_msg_encrypted: bool = False
    meta: dict[str, Any] | None = None


class NoticeHeader(Header):
    """The header of a notice, which need not say who sends it, or how much."""

    sender_id: Annotated[StrictStr, Field(max_length=999)] = ""
    total_count: StrictInt = 1


class Pagination(_Form):
    """Which page of how many records; pages count from 1."""

    page_size: Annotated[StrictInt, Field(ge=1, le=LARGEST_PAGE)]
    page_number: Annotated[StrictInt, Field(ge=1, le=LAST_PAGE)] = 1


class SortBy(_Form):
    """By which attribute records are sorted."""

    attribute_name: Attribute
    sort_order: Literal["asc", "desc"] = "asc"


class Criteria(_Form):
    """What is searched; `query` is read by its type."""

    version: StrictStr = "1.0.0"
    query_type: Literal["idtype-value", "expression", "predicate"]
    response_entity: Literal["Group", "Member"] | None = None
    query: dict[str, Any] | list[Any]
    sort: Annotated[list[SortBy], Field(max_length=5)] = []
    pagination: Pagination | None = None
    consent: dict[str, Any] | None = None
    authorize: dict[str, Any] | None = None


class SearchItem(_Form):
    """One search of a message."""

    reference_id: Id
    timestamp: Moment
    search_criteria: Criteria
    pagination: Pagination | None = None
    locale: Locale | None = None


class SubscribeCriteria(_Form):
    """Of what one wants to be told."""

    reg_event_type: Annotated[StrictStr, Field(min_length=1, max_length=99)]
    filter_type: Literal["idtype-value", "expression", "predicate"] | None = None
    filter: dict[str, Any] | list[Any]
    notify_record_type: Annotated[StrictStr, Field(min_length=1, max_length=99)]
    authorize: dict[str, Any] | None = None


class SubscribeItem(_Form):
    """One subscription of a message."""

    reference_id: Id
    timestamp: Moment
    subscribe_criteria: SubscribeCriteria
    locale: Locale | None = None


class Unsubscribe(_Form):
    """Which subscriptions shall end."""

    transaction_id: Id
    timestamp: Moment
    subscription_codes: Annotated[list[Id], Field(min_length=1, max_length=100)]


class StatusItem(_Form):
    """Of which transaction the status is asked; `subscibe` is how some spell it."""

    reference_id: Id
    txn_type: Literal["search", "subscribe", "subscibe", "receipt"]
    attribute_type: Literal["transaction_id", "reference_id_list", "correlation_id"]
    attribute_value: Id | Annotated[list[Id], Field(min_length=1, max_length=100)]
    locale: Locale | None = None


class StatusRequest(_Form):
    """A question for what became of earlier messages."""

    transaction_id: Id
    txnstatus_request: StatusItem


class EnrolledCriteria(_Form):
    """Whether a person is in a programme."""

    query_type: Literal["idtype-value", "expression", "predicate"] = "idtype-value"
    response_entity: StrictStr | None = None
    query: dict[str, Any]
    authorize: dict[str, Any] | None = None


class EnrolledRequest(_Form):
    """A question for an enrolment."""

    transaction_id: Id
    enrolled_criteria: EnrolledCriteria


class Updates(_Form):
    """What a programme says of its beneficiaries."""

    beneficiaries: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]


class UpdatesRequest(_Form):
    """A notice of enrolments and their changes."""

    transaction_id: Id
    enrolled_updates: Updates
