"""`notify`: subscribers are told what happened to the persons they asked about."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from api.dci import queries, records
from api.dci.calls import NAMESPACE, written
from api.dci.codes import Status
from registry.access.principals import Client
from registry.access.roles import Permission
from registry.lookups import person_search, profiles
from registry.lookups.lookup import Reader
from registry.lookups.person_search import Scope, Search
from registry.partners import deliveries, exchanges, subscriptions
from registry.partners.courier import OUR_NAME
from registry.partners.deliveries import Outgoing
from registry.partners.subscriptions import Happening, Subscription
from registry.settings import Settings

MOST_TOLD = 100


def tell(session: Session, now: datetime, settings: Settings) -> None:
    """Queue a notice for every subscription to whose persons something happened."""
    for subscription in subscriptions.current(session):
        client = session.get_one(Client, subscription.client_id)
        principal = client.principal
        touched = subscriptions.concerned(session, subscription)
        if client.revoked_at is not None or not principal.may(Permission.READ_PERSONS):
            continue
        condition = queries.condition(subscription.asked["type"], subscription.asked["filter"])
        scope = Scope(principal.scheme, principal.provinces)
        reader = Reader(client.name, f"DCI notify: subscription {subscription.code}", now)
        for start in range(0, len(touched), MOST_TOLD):
            among = tuple(touched[start : start + MOST_TOLD])
            search = Search(condition, size=MOST_TOLD, scope=scope, among=among)
            found = person_search.find(session, search, now)
            if found.persons:
                read = profiles.read(session, found.persons, reader, scope.scheme)
                told = [records.member(each, now.date()) for each in read]
                _queue(session, subscription, told, now, settings)


def _queue(
    session: Session, subscription: Subscription, told: list[dict[str, Any]], now: datetime,
    settings: Settings,
) -> None:  # fmt: skip
    """Leave a notice to the worker."""
    receiver = exchanges.partner(session, subscription.client_id).sender or ""
    who = (settings.exchange_name or OUR_NAME, receiver)
    header = written("notify", Status.SUCCEEDED, who, now)
    header |= {"total_count": len(told), "completed_count": len(told)}
    events = [{
        "reference_id": str(uuid4()), "timestamp": now.isoformat(),
        "data": {
            "version": "1.0.0", "reg_type": "ns:org:RegistryType:Social",
            "reg_record_type": "Member", "reg_records": each, **_event(subscription.happening),
        },
        "locale": "eng",
    } for each in told]  # fmt: skip
    message = {"transaction_id": subscription.code, "notify_event": events}
    body = {"signature": NAMESPACE, "header": header, "message": message}
    address = _place(subscription.address)
    deliveries.queue(session, Outgoing(subscription.client_id, address, body), now)


def _event(happening: Happening) -> dict[str, str]:
    """The standard's word for what happened; for a change it has none."""
    return {"reg_event_type": "REGISTER"} if happening == Happening.REGISTERED else {}


def _place(address: str) -> str:
    """Where notices go: beside where the answer to the subscription went."""
    return (
        address.removesuffix("/on-subscribe") + "/notify"
        if address.endswith("/on-subscribe")
        else address
    )
