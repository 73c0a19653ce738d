"""Who sends: agreed names, signatures, tokens at the standard's address, published keys."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from sqlalchemy import select

from registry.access.principals import Client
from registry.database import transaction
from registry.partners import exchanges, signatures
from registry.partners.signatures import Signer
from tests.api.dci.conftest import Partner, by_number, search

SYNC = "/registry/sync/search"
KEY = OKPKey.generate_key("Ed25519")


@pytest.fixture
def agreed(partner: Partner) -> Iterator[Partner]:
    with transaction(partner.engine) as session:
        client = session.scalars(select(Client).where(Client.name == "signing system")).one()
        public = dict(KEY.as_dict(private=False))
        exchanges.agree(session, client.id, sender="spmis.example.org", address=None, keys=[public])
    yield partner
    with transaction(partner.engine) as session:
        exchanges.agree(session, client.id, sender=None, address=None, keys=[])


def signed(namespace: str = "spdci", late: int = 0, **members: Any) -> dict[str, Any]:
    body = search(by_number("UIN", "1"), **members)
    when = datetime.now(UTC) - timedelta(seconds=late)
    signer = Signer(namespace, "spmis.example.org", KEY)
    return {**body, "signature": signer.sign(body["header"], body["message"], when)}


@pytest.mark.parametrize("namespace", ["spdci", "dci"])
@pytest.mark.parametrize("path", [SYNC, "/registry/search"])
def test_signed_message_is_taken(agreed: Partner, path: str, namespace: str) -> None:
    assert agreed.send(path, signed(namespace), role="signed").status_code == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signature": ""}, "err.signature.missing"),
        ({"signature": None}, "err.signature.missing"),
        ({"signature": "invalid-signature"}, "err.signature.invalid"),
        ({"message": {"transaction_id": "other", "search_request": []}}, "err.signature.invalid"),
    ],
)
@pytest.mark.parametrize("path", [SYNC, "/registry/search"])
def test_message_that_is_not_as_it_was_signed(
    agreed: Partner, path: str, change: dict[str, Any], code: str
) -> None:
    answer = agreed.send(path, {**signed(), **change}, role="signed")
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["code"] == code


def test_old_signature_and_other_sender(agreed: Partner) -> None:
    old = agreed.send(SYNC, signed(late=400), role="signed")
    assert old.json()["errors"][0]["code"] == "err.signature.invalid"
    other = agreed.send(SYNC, signed(sender_id="somebody.else"), role="signed")
    assert other.json()["errors"][0]["code"] == "err.sender_id.invalid"


def test_client_without_keys_need_not_sign(partner: Partner) -> None:
    body = {**search(by_number("UIN", "1")), "signature": "unsigned-stub"}
    assert partner.send(SYNC, body).status_code == 200


def test_answers_are_signed_with_a_published_key(partner: Partner) -> None:
    answer = partner.send(SYNC, search(by_number("UIN", "1"))).json()
    keys = partner.http.get("/.well-known/jwks.json").json()["keys"]
    ours = [key for key in keys if key["kty"] == "OKP"]
    assert all({"kty", "kid", "use", "alg"} <= key.keys() for key in keys)
    assert all("d" not in key for key in keys)
    signatures.verify(answer["signature"], answer, ours, datetime.now(UTC))


def test_token_at_the_address_of_the_standard(partner: Partner) -> None:
    with transaction(partner.engine) as session:
        client = session.scalars(select(Client).where(Client.name == "spmis")).one()
    form = {
        "grant_type": "client_credentials", "client_id": str(client.id),
        "client_secret": partner.tokens["officer"], "scope": "registry/search",
    }  # fmt: skip
    answer = partner.http.post("/oauth2/client/token", data=form)
    if answer.status_code != 200:
        answer = partner.http.post("/oauth2/client/token", data={**form, "client_id": "spmis"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["token_type"].lower() == "bearer"
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    found = partner.http.post(SYNC, json=search(by_number("UIN", "1")), headers=headers)
    assert found.status_code == 200
    wrong = partner.http.post("/oauth2/client/token", data={**form, "client_secret": "guess"})
    assert wrong.status_code == 401
