"""The standard's codes: why a message, a request in it or a transport was refused."""

from enum import StrEnum


class HeaderCode(StrEnum):
    """Why a whole message is refused."""

    VERSION = "rjct.version.invalid"
    DUPLICATE = "rjct.message_id.duplicate"
    TIMESTAMP = "rjct.message_ts.invalid"
    ACTION = "rjct.action.invalid"
    NOT_SUPPORTED = "rjct.action.not_supported"
    TOTAL = "rjct.total_count.invalid"
    LIMIT = "rjct.total_count.limit_exceeded"
    TOO_MANY_ERRORS = "rjct.errors.too_many"


class SearchCode(StrEnum):
    """Why one search of a message is refused."""

    REFERENCE = "rjct.reference_id.invalid"
    DUPLICATE = "rjct.reference_id.duplicate"
    TIMESTAMP = "rjct.timestamp.invalid"
    CRITERIA = "rjct.search_criteria.invalid"
    FILTER = "rjct.filter.invalid"
    SORT = "rjct.sort.invalid"
    PAGINATION = "rjct.pagination.invalid"
    TOO_MANY = "rjct.search.too_many_records_found"


class SubscribeCode(StrEnum):
    """Why one subscription, or the end of one, is refused."""

    REFERENCE = "rjct.reference_id.invalid"
    DUPLICATE = "rjct.reference_id.duplicate"
    TIMESTAMP = "rjct.timestamp.invalid"
    NOTIFY_TYPES = "rjct.notify_types.invalid"
    NOTIFY_DETAILS = "rjct.notify_details.invalid"
    ALREADY = "rjct.event.already_subscribed"
    CODE = "rjct.subscription_code.invalid"
    ALREADY_ENDED = "rjct.event.already_unsubscribed"


class TransportCode(StrEnum):
    """Why nothing was taken at all."""

    BAD = "err.request.bad"
    UNAUTHORIZED = "err.request.unauthorized"
    FORBIDDEN = "err.request.forbidden"
    NOT_FOUND = "err.request.not_found"
    TIMEOUT = "err.request.timeout"
    TOO_MANY = "err.request.too_many_requests"
    VERSION = "err.version.not_supported"
    SENDER = "err.sender_id.invalid"
    SENDER_URI = "err.sender_uri.invalid"
    RECEIVER = "err.receiver_id.invalid"
    NO_SIGNATURE = "err.signature.missing"
    SIGNATURE = "err.signature.invalid"
    ENCRYPTION = "err.encryption.invalid"
    UNAVAILABLE = "err.service.unavailable"


class Status(StrEnum):
    """What became of a message, or of a request in it."""

    RECEIVED = "rcvd"
    PENDING = "pdng"
    SUCCEEDED = "succ"
    REJECTED = "rjct"
