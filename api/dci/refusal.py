"""A message that is refused as a whole, and the answer that says so at every place one may look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from api.dci.codes import HeaderCode, SearchCode, Status, SubscribeCode, TransportCode

LONGEST_TEXT = 999


@dataclass
class Refused(Exception):
    """The message is not taken.

    Attributes:
        code: of the header, of the only request in the message, or of the transport.
        text: what is wrong; it repeats nothing that was sent.
    """

    code: HeaderCode | SearchCode | SubscribeCode | TransportCode
    text: str
    status: HTTPStatus = HTTPStatus.BAD_REQUEST

    @property
    def transport_code(self) -> TransportCode:
        """The code of the transport that comes nearest."""
        if isinstance(self.code, TransportCode):
            return self.code
        is_version = self.code == HeaderCode.VERSION
        return TransportCode.VERSION if is_version else TransportCode.BAD


@dataclass(frozen=True)
class Asked:
    """What is known of a message that may be refused: for the answer to name it.

    Attributes:
        action: of the answer, as `on-search`.
        empty: the part of an answer's message that would hold results; None where the answer is
            an acknowledgement alone.
    """

    action: str = ""
    transaction_id: str = ""
    empty: Mapping[str, Any] | None = None
    correlation_id: str = field(default_factory=lambda: str(uuid4()))


def refusal(error: Refused, asked: Asked) -> dict[str, Any]:
    """The answer to a refused message.

    It holds the transport's list of errors, an acknowledgement of `ERR`, and, where the caller
    waits for results, a header that rejects.
    """
    now = datetime.now(UTC).isoformat()
    text = error.text[:LONGEST_TEXT]
    reason = str(error.code) if isinstance(error.code, HeaderCode) else None
    is_named = isinstance(error.code, TransportCode)
    detail = text if is_named else f"{error.code}: {text}"
    fault = {"code": str(error.transport_code), "message": detail[:LONGEST_TEXT]}
    message: dict[str, Any] = {
        "ack_status": "ERR", "timestamp": now, "correlation_id": asked.correlation_id,
        "error": fault,
    }  # fmt: skip
    body: dict[str, Any] = {"errors": [{"code": str(error.code), "message": text}]}
    if asked.empty is not None:
        header = {
            "version": "1.0.0", "message_id": str(uuid4()), "message_ts": now,
            "action": asked.action, "status": Status.REJECTED.value,
            "status_reason_message": text,
        }  # fmt: skip
        body["header"] = header | ({"status_reason_code": reason} if reason else {})
        message |= {"transaction_id": asked.transaction_id, **asked.empty}
    return {**body, "message": message}
