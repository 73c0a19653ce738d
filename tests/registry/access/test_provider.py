"""What a provider of OpenID Connect says, believed or refused; against a small one on loopback."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr, ValidationError

from registry.access import provider_sign_in
from registry.access.provider import Asked, Identity, Provider
from registry.errors import ProviderRefused
from registry.settings import Settings
from tests.registry.access import small_provider
from tests.registry.access.small_provider import CLIENT, SECRET, SUBJECT, SmallProvider


@pytest.fixture(scope="module")
def listening() -> Iterator[SmallProvider]:
    with small_provider.listening() as opened:
        yield opened


@pytest.fixture
def there(listening: SmallProvider) -> SmallProvider:
    """The provider as it should be."""
    listening.named = listening.published = listening.forged = None
    listening.claims, listening.metadata = {}, {}
    return listening


@pytest.fixture(scope="module")
def made(listening: SmallProvider) -> Provider:
    settings = Settings(
        sign_in_issuer=listening.issuer, sign_in_client_id=CLIENT,
        sign_in_client_secret=SecretStr(SECRET),
    )  # fmt: skip
    return Provider(settings, listening.issuer)


@pytest.fixture
def provider(made: Provider, there: SmallProvider) -> Provider:
    """The registry's side, which remembers nothing of the provider that it has to do with."""
    assert there.issuer == made.issuer
    made._metadata = made._keys = None
    return made


@pytest.fixture
def asked() -> Asked:
    return provider_sign_in.draw().asked


def now() -> datetime:
    return datetime.now(UTC)


def identify(
    there: SmallProvider, provider: Provider, asked: Asked, issuer: str | None = None
) -> Identity:
    """Who signs in."""
    code = there.sign_in(provider.address(asked, now()))["code"]
    return provider.identify(code, issuer, asked, now())


@pytest.mark.parametrize(("shown", "several"), [(None, False), (["pwd"], False), (["mfa"], True)])
def test_who_signed_in_is_told_with_the_factors_shown(
    there: SmallProvider, provider: Provider, asked: Asked, shown: object, *, several: bool
) -> None:
    there.claims = {"amr": shown}
    assert identify(there, provider, asked) == Identity(there.issuer, SUBJECT, several)


def _unsigned(there: SmallProvider, nonce: str) -> None:
    there.forged = there.unsigned(nonce)


def _with_public_key(there: SmallProvider, nonce: str) -> None:
    there.forged = there.signed_with_the_published_key(nonce)


def _by_another_key(there: SmallProvider, _: str) -> None:
    there.published = [small_provider.key("one")]


def _says(**claims: object) -> Callable[[SmallProvider, str], None]:
    def say(there: SmallProvider, _: str) -> None:
        there.claims = claims

    return say


WRONG: dict[str, Callable[[SmallProvider, str], None]] = {
    "another issuer": _says(iss="https://elsewhere.example"),
    "another audience": _says(aud="another client"),
    "another party": _says(azp="another client"),
    "several audiences and no party": _says(aud=[CLIENT, "another client"]),
    "another nonce": _says(nonce="0" * 64),
    "no nonce": _says(nonce=None),
    "expired": _says(exp=int(time.time()) - 120),
    "no end": _says(exp=None),
    "made in the future": _says(iat=int(time.time()) + 86_400),
    "no subject": _says(sub=None),
    "an empty subject": _says(sub=""),
    "a subject that is no text": _says(sub=1),
    "alg none": _unsigned,
    "signed with the public key as a secret": _with_public_key,
    "signed by another key of the same name": _by_another_key,
}


@pytest.mark.parametrize("name", WRONG)
def test_word_that_cannot_be_believed_is_refused(
    there: SmallProvider, provider: Provider, asked: Asked, name: str
) -> None:
    WRONG[name](there, asked.nonce)
    with pytest.raises(ProviderRefused):
        identify(there, provider, asked)


def test_two_audiences_with_the_registry_as_party_are_taken(
    there: SmallProvider, provider: Provider, asked: Asked
) -> None:
    there.claims = {"aud": [CLIENT, "another client"], "azp": CLIENT}
    assert identify(there, provider, asked).subject == SUBJECT


def test_code_is_good_once_and_for_its_own_attempt(
    there: SmallProvider, provider: Provider, asked: Asked
) -> None:
    """A code that was put into another browser's way fails at the verifier (PKCE)."""
    code = there.sign_in(provider.address(asked, now()))["code"]
    assert provider.identify(code, None, asked, now()).subject == SUBJECT
    with pytest.raises(ProviderRefused):
        provider.identify(code, None, asked, now())
    stolen = there.sign_in(provider.address(asked, now()))["code"]
    with pytest.raises(ProviderRefused):
        provider.identify(stolen, None, provider_sign_in.draw().asked, now())


@pytest.mark.parametrize(
    ("issuer", "metadata"),
    [
        ("https://elsewhere.example", {}),
        (None, {"authorization_response_iss_parameter_supported": True}),
    ],
)
def test_answer_of_another_provider_is_refused(
    there: SmallProvider, provider: Provider, asked: Asked, issuer: str | None,
    metadata: dict[str, object],
) -> None:  # fmt: skip
    there.metadata = metadata
    with pytest.raises(ProviderRefused):
        identify(there, provider, asked, issuer)


def test_provider_that_calls_itself_otherwise_gets_nobody(
    there: SmallProvider, provider: Provider, asked: Asked
) -> None:
    there.named = "https://elsewhere.example"
    with pytest.raises(ProviderRefused):
        provider.address(asked, now())


def test_new_key_is_looked_for_once_a_minute(
    there: SmallProvider, provider: Provider, asked: Asked
) -> None:
    identify(there, provider, asked)
    before, there.signing = there.signing, small_provider.key("two")
    try:
        with pytest.raises(ProviderRefused):
            identify(there, provider, asked)
        code = there.sign_in(provider.address(asked, now()))["code"]
        later = now() + timedelta(minutes=2)
        assert provider.identify(code, None, asked, later).subject == SUBJECT
    finally:
        there.signing = before


@pytest.mark.parametrize(
    "values",
    [
        {"sign_in_issuer": "http://id.example", "sign_in_client_id": CLIENT},
        {"sign_in_issuer": "https://id.example"},
    ],
)
def test_settings_that_are_not_safe_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(**values)  # type: ignore[arg-type] # words only
