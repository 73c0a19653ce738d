"""What an operation is handed: who asks, the opened message, and how an answer is made of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Request
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from api import purposes
from api.dci import envelope
from api.dci.codes import HeaderCode, Status
from api.dci.envelope import Envelope
from api.dci.refusal import Asked, Refused
from api.dependencies import DatabaseSession, Now, allowed, enter
from registry.access.principals import Principal
from registry.access.roles import Permission
from registry.lookups.lookup import Reader
from registry.lookups.person_search import Scope
from registry.partners import exchanges, message_keys
from registry.partners.courier import OUR_NAME
from registry.partners.exchanges import Opening, Partner
from registry.partners.signatures import Signer
from registry.sealing import keyring
from registry.settings import Settings

NAMESPACE = "spdci"
"""Under which messages are signed; whoever sends one puts the signature in its place."""


@dataclass(frozen=True)
class Operation:
    """One path of the standard.

    Attributes:
        action: what its messages say they do.
        answer: the action of the answer.
        permission: what who asks must be allowed.
        empty: the results of an answer that has none; None where messages are acknowledged only.
    """

    action: str
    answer: str
    permission: Permission
    empty: dict[str, Any] | None = None


@dataclass(frozen=True)
class Call:
    """A message under work."""

    session: Session
    principal: Principal
    now: datetime
    settings: Settings
    partner: Partner
    operation: Operation
    envelope: Envelope
    correlation_id: str

    @property
    def message(self) -> dict[str, Any]:
        """The message of the envelope."""
        return self.envelope.message

    @property
    def scope(self) -> Scope:
        """Whose data who asks may see."""
        return Scope(self.principal.scheme, self.principal.provinces)

    def reader(self, *stated: dict[str, Any] | None) -> Reader:
        """Who reads, with the first purpose that is stated, or the one agreed with the client.

        Raises:
            PurposeNeeded: there is neither.
        """
        found = (_purpose(each) for each in (*stated, self.envelope.header.meta))
        purpose = purposes.of(self.principal, next((each for each in found if each), ""))
        return Reader(self.principal.name, f"DCI {self.operation.action}: {purpose}", self.now)

    def begin(self, transaction_id: str) -> int:
        """Take the message, once.

        Raises:
            Refused: it was taken before.
        """
        opening = Opening(
            self.principal.id, self.envelope.header.message_id, self.correlation_id,
            transaction_id, self.operation.action, self.now,
        )  # fmt: skip
        number = exchanges.begin(self.session, opening)
        if number is None:
            raise Refused(HeaderCode.DUPLICATE, "A message of this number was taken before.")
        return number

    def answered(
        self,
        message: dict[str, Any],
        status: Status = Status.SUCCEEDED,
        *,
        count: int = 1,
        done: int = 1,
    ) -> dict[str, Any]:
        """The envelope of an answer; it is signed where it is sent."""
        who = (self.settings.exchange_name or OUR_NAME, self.envelope.header.sender_id)
        counts = {"total_count": count, "completed_count": done}
        header = written(self.operation.answer, status, who, self.now) | counts
        return {"signature": NAMESPACE, "header": header, "message": message}


def written(action: str, status: Status, who: tuple[str, str], now: datetime) -> dict[str, Any]:
    """A header of a message from the first of two parties to the second."""
    return {
        "version": "1.0.0", "message_id": str(uuid4()), "message_ts": now.isoformat(),
        "action": action, "status": status.value, "total_count": 1, "completed_count": 1,
        "sender_id": who[0], "receiver_id": who[1], "is_msg_encrypted": False,
    }  # fmt: skip


def answered_now(call: Call, body: dict[str, Any], status: int = 200) -> JSONResponse:
    """An answer to who waits for it, signed."""
    key = message_keys.current(call.session, keyring(call.settings), call.now)
    signer = Signer(NAMESPACE, call.settings.exchange_name or OUR_NAME, key)
    signature = signer.sign(body["header"], body["message"], call.now)
    return JSONResponse({**body, "signature": signature}, status_code=status)


def acknowledged(call: Call) -> JSONResponse:
    """The message is taken; the answer follows."""
    message = {
        "ack_status": "ACK", "timestamp": call.now.isoformat(),
        "correlation_id": call.correlation_id,
    }  # fmt: skip
    return JSONResponse({"message": message})


def received(operation: Operation) -> Callable[..., Call]:
    """A dependency that opens the messages of an operation."""

    def asking(request: Request) -> Asked:
        asked = Asked(operation.answer, "", operation.empty)
        request.state.asked = asked
        return asked

    def call(  # noqa: PLR0913 - a dependency's parameters are what it depends on
        request: Request,
        asked: Annotated[Asked, Depends(asking)],
        principal: Annotated[Principal, Depends(allowed(operation.permission))],
        sent: Annotated[dict[str, Any], Depends(envelope.body)],
        *,
        session: DatabaseSession,
        now: Now,
    ) -> Call:
        enter(session, request, principal, door="dci")
        partner = exchanges.partner(session, principal.id)
        envelope.check_signature(sent, partner, now)
        opened = envelope.opened(sent, operation.action)
        settings: Settings = request.app.state.settings
        envelope.check_parties(opened.header, partner, settings.exchange_name)
        return Call(
            session, principal, now, settings, partner, operation, opened, asked.correlation_id
        )

    return call


def _purpose(stated: dict[str, Any] | None) -> str | None:
    """The purpose of a consent, an authorisation or a header's meta: a text, or a code."""
    purpose = (stated or {}).get("purpose")
    if isinstance(purpose, dict):
        purpose = purpose.get("text") or purpose.get("code")
    return purpose.strip()[:200] if isinstance(purpose, str) and purpose.strip() else None
