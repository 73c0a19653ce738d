"""Secrets under master keys."""

import base64
from pathlib import Path

import pytest
from pydantic import SecretStr

from registry.errors import Misconfigured
from registry.sealing import FILE, Keyring, keyring
from registry.settings import Settings

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests have a master key of their own in the environment."""
    monkeypatch.delenv("REGISTRY_MASTER_KEY")


def test_sealed_secret_opens_and_does_not_show() -> None:
    sealed = Keyring((OLD,)).seal(b"marked secret", "one")
    assert b"marked secret" not in sealed
    assert Keyring((OLD,)).open(sealed, "one") == b"marked secret"


def test_same_secret_is_never_sealed_the_same_way() -> None:
    ring = Keyring((OLD,))
    assert ring.seal(b"secret", "one") != ring.seal(b"secret", "one")


def test_secret_of_one_does_not_open_as_that_of_another() -> None:
    sealed = Keyring((OLD,)).seal(b"secret", "one")
    with pytest.raises(Misconfigured):
        Keyring((OLD,)).open(sealed, "another")


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_changed_byte_is_found(place: int) -> None:
    sealed = bytearray(Keyring((OLD,)).seal(b"secret", "one"))
    sealed[place] ^= 1
    with pytest.raises(Misconfigured):
        Keyring((OLD,)).open(bytes(sealed), "one")


def test_former_key_opens_and_the_present_one_seals() -> None:
    sealed = Keyring((OLD,)).seal(b"secret", "one")
    both = Keyring((NEW, OLD))
    assert both.open(sealed, "one") == b"secret"
    assert not both.is_current(sealed)
    assert Keyring((NEW,)).open(both.seal(b"secret", "one"), "one") == b"secret"
    with pytest.raises(Misconfigured, match="master key"):
        Keyring((NEW,)).open(sealed, "one")


def test_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    made = keyring(settings)
    assert (tmp_path / "home" / FILE).stat().st_mode & 0o777 == 0o600
    assert keyring(settings) == made
    assert list((tmp_path / "home").iterdir()) == [tmp_path / "home" / FILE]


def test_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    keyring(settings)
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(Misconfigured, match="chmod"):
        keyring(settings)


def test_keys_of_the_environment_come_first(tmp_path: Path) -> None:
    text = ",".join(base64.b64encode(key).decode() for key in (NEW, OLD))
    assert keyring(Settings(home=tmp_path, master_key=SecretStr(text))) == Keyring((NEW, OLD))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["short", "c2hvcnQ=", ""])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Misconfigured):
        keyring(Settings(home=tmp_path, master_key=SecretStr(text)))


def test_keyring_does_not_print_its_keys() -> None:
    assert "oooo" not in repr(Keyring((OLD,)))
