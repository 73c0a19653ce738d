"""Answers that follow: acknowledged, delivered, signed, tried again, kept when dead; notices."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from api.dci import notices
from registry import jobs
from registry.database import transaction
from registry.jobs import Work
from registry.lists.imports import Terms
from registry.partners import deliveries, message_keys, signatures, subscriptions
from registry.partners.courier import Courier
from registry.partners.deliveries import Delivery
from registry.people.links import Link, LinkKind
from registry.people.persons import Person
from registry.records.source_records import RecordVersion, SourceRecord
from registry.sp_id import drawn
from tests.api.dci import standard
from tests.api.dci.conftest import TS, Partner, by_number, header, search
from tests.api.dci.receiver import Receiver, receiving
from tests.api.dci.test_search import status_of


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


def deliver(partner: Partner, *, times: int = 1) -> list[Delivery]:
    """Let every waiting message be tried, as the worker would."""
    send = Courier(partner.settings).send
    for _ in range(times):
        with transaction(partner.engine) as session:
            waiting = select(Delivery.id).where(Delivery.status == "waiting").order_by(Delivery.id)
            for number in session.scalars(waiting).all():
                deliveries.attempt(session, number, send, datetime.now(UTC))
    with transaction(partner.engine) as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def subscription(event: str = "REGISTER", **members: Any) -> dict[str, Any]:
    criteria = {
        "reg_event_type": event, "filter": [{"expression1": {
            "attribute_name": "sex", "operator": "eq", "attribute_value": "female"}}],
        "notify_record_type": "spdci-extensions-dci:Member",
    }  # fmt: skip
    return {
        "signature": "",
        "header": header("subscribe", **members),
        "message": {
            "transaction_id": str(uuid4()),
            "subscribe_request": [
                {"reference_id": str(uuid4()), "timestamp": TS, "subscribe_criteria": criteria}
            ],
        },
    }  # fmt: skip


def ending(*codes: str, **members: Any) -> dict[str, Any]:
    return {
        "signature": "",
        "header": header("unsubscribe", **members),
        "message": {
            "transaction_id": str(uuid4()), "timestamp": TS, "subscription_codes": list(codes),
        },
    }  # fmt: skip


def acknowledged(partner: Partner, path: str, body: dict[str, Any]) -> str:
    """Send a message whose answer follows; the number under which it will."""
    standard.check_request(path, body)
    answer = partner.send(path, body)
    assert answer.status_code == 200
    message = answer.json()["message"]
    assert message["ack_status"] == "ACK"
    correlation: str = message["correlation_id"]
    return correlation


def test_search_is_answered_to_the_senders_address(partner: Partner, receiver: Receiver) -> None:
    dara = partner.world.sp_ids["dara"]
    body = search(by_number("UIN", dara), sender_uri=f"{receiver.url}/registry/on-search")
    correlation = acknowledged(partner, "/registry/search", body)
    deliver(partner)
    [got] = receiver.bodies("/registry/on-search")
    standard.check_request("/registry/on-search", got)
    assert got["message"]["correlation_id"] == correlation
    assert got["message"]["transaction_id"] == body["message"]["transaction_id"]
    [record] = got["message"]["search_response"][0]["data"]["reg_records"]
    assert record["member_identifier"][0]["identifier_value"] == dara
    with transaction(partner.engine) as session:
        keys = message_keys.published(session)
    signatures.verify(got["signature"], got, keys, datetime.now(UTC))


def test_worker_delivers(partner: Partner, receiver: Receiver) -> None:
    body = search(by_number("UIN", "1"), sender_uri=f"{receiver.url}/here")
    acknowledged(partner, "/registry/search", body)
    send = Courier(partner.settings).send
    how = Work(Terms(), until_idle=True, send=send)
    jobs.work(partner.engine, how)
    assert len(receiver.bodies("/here")) == 1


def test_what_was_delivered_is_forgotten(partner: Partner, receiver: Receiver) -> None:
    acknowledged(partner, "/registry/search", search(by_number("UIN", "1"),
                                                     sender_uri=receiver.url))  # fmt: skip
    last = deliver(partner)[-1]
    assert (last.status, last.body, last.tries) == ("delivered", None, 1)


def test_three_tries_then_dead_then_sent_again(partner: Partner, receiver: Receiver) -> None:
    receiver.answers = [500, 302, 404]
    acknowledged(partner, "/registry/search", search(by_number("UIN", "1"),
                                                     sender_uri=f"{receiver.url}/x"))  # fmt: skip
    last = deliver(partner, times=4)[-1]
    assert (last.status, last.tries) == ("dead", 3)
    assert len(receiver.got) == 3, "a redirect was followed, or a dead message tried again"
    with transaction(partner.engine) as session:
        pauses = session.scalars(
            text("SELECT scheduled_at FROM procrastinate_jobs WHERE (args->>'delivery')::int = :id"
                 " AND scheduled_at IS NOT NULL ORDER BY scheduled_at"), {"id": last.id}
        ).all()  # fmt: skip
        assert len(pauses) == 2
        assert pauses[1] - pauses[0] > timedelta(seconds=10)
        assert last.id in {each.id for each in deliveries.dead(session)}
        deliveries.send_again(session, last.id)
    assert deliver(partner)[-1].status == "delivered"


def test_without_an_address_the_answer_waits_to_be_asked_for(partner: Partner) -> None:
    body = search(by_number("UIN", partner.world.sp_ids["child"]))
    correlation = acknowledged(partner, "/registry/search", body)
    answer = partner.send("/registry/sync/txn/status", status_of("correlation_id", correlation))
    found = answer.json()["message"]["txnstatus_response"]["txn_status"]["search_response"]
    assert len(found[0]["data"]["reg_records"]) == 1


@pytest.mark.parametrize(
    "address",
    ["http://10.0.0.1/", "https://169.254.169.254/latest",
     "https://[::1]/", "https://[fd00::1]/", "https://0.0.0.0/", "ftp://partner.example.org/",
     "https://user:secret@partner.example.org/", "nowhere", "https://[::ffff:10.0.0.1]/"],
)  # fmt: skip
def test_address_that_nothing_is_sent_to(partner: Partner, address: str) -> None:
    answer = partner.send("/registry/search", search(by_number("UIN", "1"), sender_uri=address))
    assert answer.status_code == 400
    assert answer.json()["message"]["error"]["code"] == "err.sender_uri.invalid"


def test_status_follows(partner: Partner, receiver: Receiver) -> None:
    sent = search(by_number("UIN", "1"))
    partner.send("/registry/sync/search", sent)
    question = status_of("transaction_id", sent["message"]["transaction_id"])
    question["header"]["sender_uri"] = f"{receiver.url}/registry/txn/on-status"
    correlation = acknowledged(partner, "/registry/txn/status", question)
    deliver(partner)
    [got] = receiver.bodies("/registry/txn/on-status")
    standard.check_request("/registry/txn/on-status", got)
    assert got["message"]["correlation_id"] == correlation
    found = got["message"]["txnstatus_response"]["txn_status"]["search_response"]
    assert [each["status"] for each in found] == ["succ"]


def subscribed(partner: Partner, receiver: Receiver, event: str) -> str:
    body = subscription(event, sender_uri=f"{receiver.url}/registry/on-subscribe")
    correlation = acknowledged(partner, "/registry/subscribe", body)
    deliver(partner)
    got = receiver.bodies("/registry/on-subscribe")[-1]
    standard.check_request("/registry/on-subscribe", got)
    assert got["message"]["correlation_id"] == correlation
    code: str = got["message"]["subscribe_response"][0]["subscriptions"][0]["code"]
    return code


def tell(partner: Partner) -> None:
    with transaction(partner.engine) as session:
        notices.tell(session, datetime.now(UTC), partner.settings)
    deliver(partner)


def arrive(partner: Partner, sex: str, person: int | None = None) -> int:
    """Let a record come, of a new person or of one that is there."""
    with transaction(partner.engine) as session:
        if person is None:
            new = Person(sp_id=drawn(1)[0], registered_at=datetime.now(UTC))
            session.add(new)
            session.flush()
            person = new.id
        record = SourceRecord(scheme="nssf", scheme_record_id=uuid4().hex)
        session.add(record)
        session.flush()
        batch = session.scalar(text("SELECT min(id) FROM batch"))
        session.add_all([
            RecordVersion(record_id=record.id, batch_id=batch, row=2, content_digest=b"x",
                          as_sent={}, sex=sex, given_latin="Nary"),
            Link(record_id=record.id, person_id=person, kind=LinkKind.NEW, weight=None,
                 model="none"),
        ])  # fmt: skip
        return person


_FORGET = """
DELETE FROM record_version v USING link l, source_record s WHERE s.id = v.record_id
AND l.record_id = s.id AND s.scheme = 'nssf' AND l.person_id = ANY(:gone);
DELETE FROM link l USING source_record s WHERE s.id = l.record_id
AND s.scheme = 'nssf' AND l.person_id = ANY(:gone);
UPDATE person SET retired_at = now() WHERE id = ANY(:gone) AND registered_at > '2026-01-06'
"""


def forget(partner: Partner, *persons: int) -> None:
    """Take away who came in a test, for the tests that count everybody."""
    with transaction(partner.engine) as session:
        for statement in _FORGET.split(";"):
            session.execute(text(statement), {"gone": list(persons)})


def test_subscriber_is_told_of_new_persons_it_asked_about(
    partner: Partner, receiver: Receiver
) -> None:
    code = subscribed(partner, receiver, "REGISTER")
    tell(partner)
    assert receiver.bodies("/registry/notify") == []
    woman, man = arrive(partner, "female"), arrive(partner, "male")
    tell(partner)
    tell(partner)
    [notice] = receiver.bodies("/registry/notify")
    standard.check_request("/registry/notify", notice)
    [event] = notice["message"]["notify_event"]
    assert event["data"]["reg_event_type"] == "REGISTER"
    told = event["data"]["reg_records"]["member_identifier"][0]["identifier_value"]
    with transaction(partner.engine) as session:
        assert session.get_one(Person, woman).sp_id == told
        assert partner.audited()[-1][3] == [woman]
    partner.send("/registry/unsubscribe", ending(code, sender_uri=receiver.url))
    forget(partner, woman, man)


def test_subscriber_is_told_of_changes_until_it_ends(partner: Partner, receiver: Receiver) -> None:
    code = subscribed(partner, receiver, "UPDATE")
    sokha = partner.world.persons["sokha"]
    arrive(partner, "female", sokha)
    tell(partner)
    assert len(receiver.bodies("/registry/notify")) == 1
    body = ending(code, sender_uri=f"{receiver.url}/registry/on-unsubscribe")
    acknowledged(partner, "/registry/unsubscribe", body)
    arrive(partner, "female", sokha)
    tell(partner)
    assert len(receiver.bodies("/registry/notify")) == 1
    [got] = receiver.bodies("/registry/on-unsubscribe")
    standard.check_request("/registry/on-unsubscribe", got)
    assert got["message"]["status"] == "succ"
    assert got["message"]["subscription_status"] == [{"code": code, "status": "unsubscribe"}]
    forget(partner, sokha)


def test_subscription_twice_and_its_end_twice(partner: Partner, receiver: Receiver) -> None:
    code = subscribed(partner, receiver, "LINK")
    again = subscription("LINK", sender_uri=f"{receiver.url}/registry/on-subscribe")
    acknowledged(partner, "/registry/subscribe", again)
    deliver(partner)
    told = receiver.bodies("/registry/on-subscribe")[-1]["message"]["subscribe_response"][0]
    assert told["status_reason_code"] == "rjct.event.already_subscribed"
    where = f"{receiver.url}/ends"
    for codes in ([code], [code], ["s" * 99]):
        acknowledged(partner, "/registry/unsubscribe", ending(*codes, sender_uri=where))
    deliver(partner)
    assert [body["message"].get("status_reason_code") for body in receiver.bodies("/ends")] == [
        None, "rjct.event.already_unsubscribed", "rjct.subscription_code.invalid",
    ]  # fmt: skip
    too_long = partner.send("/registry/unsubscribe", ending("s" * 100, sender_uri=where))
    assert too_long.status_code == 400


def test_event_that_nobody_tells_of(partner: Partner, receiver: Receiver) -> None:
    body = subscription("ECLIPSE", sender_uri=f"{receiver.url}/registry/on-subscribe")
    acknowledged(partner, "/registry/subscribe", body)
    deliver(partner)
    told = receiver.bodies("/registry/on-subscribe")[-1]["message"]["subscribe_response"][0]
    assert told["status_reason_code"] == "rjct.notify_types.invalid"


@pytest.mark.parametrize(
    ("part", "value"),
    [("timestamp", "2026-06-01T08:00:00"), ("locale", "en"), ("reference_id", "r" * 100),
     ("subscribe_criteria", {})],
)  # fmt: skip
def test_subscription_that_is_not_of_the_form(partner: Partner, part: str, value: object) -> None:
    body = subscription(sender_uri="https://partner.example.org/")
    body["message"]["subscribe_request"][0][part] = value
    answer = partner.send("/registry/subscribe", body)
    assert answer.status_code == 400
    assert answer.json()["message"]["ack_status"] == "ERR"


def test_revoked_client_is_told_nothing(partner: Partner, receiver: Receiver) -> None:
    code = subscribed(partner, receiver, "NewHouseHoldMember")
    with transaction(partner.engine) as session:
        session.execute(text("UPDATE client SET revoked_at = now() WHERE name = 'spmis'"))
    sokha = partner.world.persons["sokha"]
    arrive(partner, "female", sokha)
    tell(partner)
    assert receiver.bodies("/registry/notify") == []
    with transaction(partner.engine) as session:
        session.execute(text("UPDATE client SET revoked_at = NULL WHERE name = 'spmis'"))
        client = session.scalar(text("SELECT id FROM client WHERE name = 'spmis'"))
        subscriptions.end(session, int(client or 0), code, datetime.now(UTC))
    forget(partner, sokha)
