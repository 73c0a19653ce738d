"""Signatures of messages: made, read, and refused when anything is not as it was signed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from registry.errors import SignatureInvalid
from registry.partners import signatures
from registry.partners.signatures import Signer

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEY = OKPKey.generate_key("Ed25519")
PUBLIC: dict[str, Any] = dict(KEY.as_dict(private=False))
BODY: dict[str, Any] = {"header": {"b": 1, "a": "សុខា"}, "message": {"x": [1.5, None]}}


def signed(namespace: str = "spdci") -> str:
    return Signer(namespace, "spmis", KEY).sign(BODY["header"], BODY["message"], NOW)


@pytest.mark.parametrize("namespace", ["spdci", "dci"])
def test_what_was_signed_passes_in_either_namespace(namespace: str) -> None:
    shuffled = {"message": BODY["message"], "header": dict(reversed(BODY["header"].items()))}
    signatures.verify(signed(namespace), shuffled, [PUBLIC], NOW + timedelta(seconds=300))
    without_prefix = signed(namespace).removeprefix("Signature: ")
    signatures.verify(without_prefix, BODY, [PUBLIC], NOW - timedelta(seconds=59))


def test_known_signature() -> None:
    """Fixed key, times and body: the form on the wire does not drift."""
    key = OKPKey.import_key({
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    })  # fmt: skip
    made = Signer("spdci", "spmis", key).sign(BODY["header"], BODY["message"], NOW)
    assert f'created="{int(NOW.timestamp())}"' in made
    assert 'headers="(created) (expires) digest"' in made
    assert made.startswith('Signature: namespace="spdci", kidId="spmis|')
    assert made == Signer("spdci", "spmis", key).sign(BODY["header"], BODY["message"], NOW)
    public = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    signatures.verify(made, BODY, [public], NOW)


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({**BODY, "header": {"b": 2, "a": "សុខា"}}, NOW),
        ({**BODY, "message": {"x": [1.5]}}, NOW),
        (BODY, NOW + timedelta(seconds=361)),
        (BODY, NOW - timedelta(seconds=61)),
    ],
)
def test_other_content_or_time_is_refused(body: dict[str, Any], at: datetime) -> None:
    with pytest.raises(SignatureInvalid):
        signatures.verify(signed(), body, [PUBLIC], at)


@pytest.mark.parametrize(
    "signature",
    ["", "invalid-signature", "unsigned-stub", 'created="1", expires="x", signature=""',
     'created="1", expires="2"', signed().replace("ed25519", "rsa-sha256"),
     signed().replace('signature="', 'signature="AAAA')],
)  # fmt: skip
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(SignatureInvalid):
        signatures.verify(signature, BODY, [PUBLIC], NOW)


def test_signature_of_another_key_is_refused() -> None:
    other = dict(OKPKey.generate_key("Ed25519").as_dict(private=False))
    with pytest.raises(SignatureInvalid):
        signatures.verify(signed(), BODY, [other], NOW)
    signatures.verify(signed(), BODY, [other, PUBLIC], NOW)


def test_key_is_read_in_either_form() -> None:
    pem = KEY.as_pem(private=False).decode()
    assert signatures.public_key(pem)["x"] == PUBLIC["x"]
    assert "d" not in signatures.public_key(KEY.as_pem(private=True).decode())
    for text in ("no key", "{}", '{"kty": "RSA"}'):
        with pytest.raises(SignatureInvalid):
            signatures.public_key(text)
