"""The envelope of a message: its signature, its header and their checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import Request
from pydantic import ValidationError

from api import strict_json
from api.dci.codes import HeaderCode, TransportCode
from api.dci.forms import Header, NoticeHeader
from api.dci.refusal import Refused
from registry.errors import SignatureInvalid
from registry.partners import signatures
from registry.partners.exchanges import Partner

LARGEST_BODY = 4 * 1024 * 1024
MOST_REQUESTS = 100
ACTIONS = frozenset(
    {"search", "on-search", "subscribe", "on-subscribe", "unsubscribe", "on-unsubscribe", "notify",
     "txn-status", "txn-on-status", "enrolled", "on-enrolled"}
)  # fmt: skip
_CODES: Mapping[str, HeaderCode | TransportCode] = MappingProxyType(
    {
        "version": HeaderCode.VERSION,
        "message_ts": HeaderCode.TIMESTAMP,
        "action": HeaderCode.ACTION,
        "total_count": HeaderCode.TOTAL,
        "sender_id": TransportCode.SENDER,
        "sender_uri": TransportCode.SENDER_URI,
        "receiver_id": TransportCode.RECEIVER,
        "is_msg_encrypted": TransportCode.ENCRYPTION,
    }
)


@dataclass(frozen=True)
class Envelope:
    """A message that may be taken."""

    header: Header
    message: dict[str, Any]


async def body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent.

    Raises:
        Refused: it is none, or not sent as JSON, or too long.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(
            TransportCode.BAD, "Messages are sent as application/json.",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )  # fmt: skip
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > LARGEST_BODY:
            raise Refused(
                TransportCode.BAD, "The message is too long.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            )
    try:
        sent = strict_json.parse(raw)
    except ValueError:
        raise Refused(TransportCode.BAD, "The message is no JSON.") from None
    if not isinstance(sent, dict):
        raise Refused(TransportCode.BAD, "A message is an object of signature, header and message.")
    return sent


def check_signature(sent: Mapping[str, Any], partner: Partner, now: datetime) -> None:
    """Let a message pass that its sender signed, if keys were agreed with the sender.

    Raises:
        Refused: there is no signature where there must be, or it is not the sender's.
    """
    if not partner.keys:
        return
    signature = sent.get("signature")
    if not isinstance(signature, str) or not signature.strip():
        raise Refused(
            TransportCode.NO_SIGNATURE, "The message is not signed.", HTTPStatus.UNAUTHORIZED
        )
    try:
        signatures.verify(signature, sent, partner.keys, now)
    except SignatureInvalid as error:
        raise Refused(TransportCode.SIGNATURE, str(error), HTTPStatus.UNAUTHORIZED) from error


def opened(sent: Mapping[str, Any], action: str) -> Envelope:
    """The header and the message of what was sent, for an action.

    Raises:
        Refused: the header is not in order, or is of another action.
    """
    try:
        form = NoticeHeader if action == "notify" else Header
        header = form.model_validate(sent.get("header"))
    except ValidationError as error:
        first = error.errors()[0]
        named = str(first["loc"][0]) if first["loc"] else ""
        code = _CODES.get(named, TransportCode.BAD)
        raise Refused(code, f"The header's {named or 'members'}: {first['msg']}.") from None
    if header.version != "1.0.0":
        raise Refused(HeaderCode.VERSION, "Messages of version 1.0.0 are read.")
    if header.action not in ACTIONS:
        raise Refused(HeaderCode.ACTION, "There is no such action.")
    if header.action != action:
        raise Refused(HeaderCode.NOT_SUPPORTED, f"Here the action is {action}.")
    if header.is_msg_encrypted:
        raise Refused(TransportCode.ENCRYPTION, "Encrypted messages are not read.")
    message = sent.get("message")
    if not isinstance(message, dict):
        raise Refused(TransportCode.BAD, "There is no message.")
    return Envelope(header, message)


def check_parties(header: Header, partner: Partner, receiver: str | None) -> None:
    """Let a header pass that names its sender as agreed, and us where we have a name.

    Raises:
        Refused: it names others.
    """
    if partner.sender is not None and header.sender_id != partner.sender:
        raise Refused(TransportCode.SENDER, "This client sends under another name.")
    if receiver is not None and header.receiver_id not in {None, receiver}:
        raise Refused(TransportCode.RECEIVER, "The message is for somebody else.")


def counted(header: Header, count: int) -> None:
    """Let a header pass that counts its requests as they are.

    Raises:
        Refused: it does not, or there are too many.
    """
    if count > MOST_REQUESTS or header.total_count > MOST_REQUESTS:
        raise Refused(HeaderCode.LIMIT, f"A message has {MOST_REQUESTS} requests at most.")
    if header.total_count != count:
        raise Refused(HeaderCode.TOTAL, f"The message has {count} requests.")
