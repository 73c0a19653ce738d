"""Answers that follow an acknowledgement: where they go, and their queueing."""

from typing import Any

from api.dci.calls import Call
from api.dci.codes import TransportCode
from api.dci.refusal import Refused
from registry.errors import AddressRefused
from registry.partners import deliveries, sending
from registry.partners.deliveries import Outgoing


def address(call: Call) -> str | None:
    """Where answers to a message go: where it says, or where the client agreed to have them.

    Raises:
        Refused: nothing is sent there.
    """
    named = call.envelope.header.sender_uri or call.partner.address
    if named is None:
        return None
    try:
        sending.judge(named, call.settings.networks)
    except AddressRefused as error:
        raise Refused(TransportCode.SENDER_URI, str(error)) from error
    return named


def follow(call: Call, exchange: int, where: str | None, body: dict[str, Any]) -> None:
    """Leave an answer to the worker; with no address, keep it until its status is asked."""
    body["message"].setdefault("correlation_id", call.correlation_id)
    outgoing = Outgoing(call.principal.id, where, body, exchange)
    deliveries.queue(call.session, outgoing, call.now)
