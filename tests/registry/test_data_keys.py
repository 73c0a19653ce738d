"""Data keys: opened by the master key alone, followed through its rotation, renewed, forgotten."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, select, text

from api.app import create_app
from registry import data_keys, key_holder, renewal
from registry.database import connect, transaction
from registry.errors import Misconfigured
from registry.records.source_records import RecordVersion
from registry.sealer import DataKeys, Sealer, UnknownKey
from registry.sealing import Keyring
from registry.settings import Settings

OLD, NEW = b"k" * 32, b"n" * 32
NOW = datetime.now(UTC)
ONE = Sealer(DataKeys({1: b"1" * 32}, 1, b"m" * 32, "e" * 16))
LATER = Sealer(DataKeys({1: b"1" * 32, 2: b"2" * 32}, 2, b"m" * 32, "e" * 16))


def under(*keys: bytes, url: str | None = None) -> Settings:
    written = ",".join(base64.b64encode(key).decode() for key in keys)
    return Settings(master_key=SecretStr(written), database_url=url)


def address_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["phone", "national_id"]))
def test_number_opens_and_keeps_its_hash_under_another_key(number: str, field: str) -> None:
    sealed, again = ONE.seal_number(number, field), LATER.seal_number(number, field)
    assert LATER.open(sealed, field) == LATER.open(again, field) == number.encode()
    assert sealed[2:14] == again[2:14] == ONE.hash(number, field)
    assert sealed[14:] != again[14:]
    assert (LATER.is_current(sealed), LATER.is_current(again)) == (False, True)


def test_one_number_is_another_value_in_another_field() -> None:
    assert ONE.hash("012345678", "phone") != ONE.hash("012345678", "national_id")
    with pytest.raises(Misconfigured):
        ONE.open(ONE.seal_number("012345678", "phone"), "national_id")


def test_what_is_no_number_is_never_sealed_alike() -> None:
    first, second = ONE.seal_all([b"a row", b"a row"], "as_sent")
    assert first != second
    assert first[2:14] != second[2:14]


def test_value_under_a_key_that_is_not_known_says_so() -> None:
    with pytest.raises(UnknownKey):
        ONE.open(LATER.seal(b"x", "list"), "list")


def test_keys_are_not_shown() -> None:
    assert "1111" not in repr(ONE.keys)


def test_process_without_the_master_key_refuses(engine: Engine) -> None:
    stranger = connect(address_of(engine), under(NEW))
    with pytest.raises(Misconfigured, match="data key 1 is sealed under a master key that is not"):
        key_holder.of(stranger).sealer()
    stranger.dispose()
    app = create_app(under(NEW, url=address_of(engine)))
    with pytest.raises(Misconfigured, match="master key"), TestClient(app):
        pass


def test_data_keys_follow_a_new_master_key(engine: Engine) -> None:
    before = key_holder.of(engine).sealer().seal(b"a row", "as_sent")
    with transaction(engine) as session:
        assert data_keys.reseal(session, Keyring((NEW, OLD))) == 3
        assert data_keys.reseal(session, Keyring((NEW, OLD))) == 0
    moved = connect(address_of(engine), under(NEW))
    assert key_holder.of(moved).open(before, "as_sent") == b"a row"
    moved.dispose()
    with pytest.raises(Misconfigured):
        key_holder.of(engine).read_again()


def test_key_that_was_changed_by_hand_does_not_open(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE data_key SET sealed = set_byte(sealed, 20, 1)"))
    with pytest.raises(Misconfigured, match="was changed"):
        key_holder.of(engine).sealer()


def test_renewed_key_comes_into_use_and_the_former_is_forgotten_later(engine: Engine) -> None:
    keys = key_holder.of(engine)
    before = keys.sealing().seal(b"x", "list")
    for day in (NOW - timedelta(days=3), NOW - timedelta(hours=1)):
        with transaction(engine) as session:
            renewal.replace_key(session, day)
    assert renewal.seal_anew(engine) == 0
    assert not keys.sealing().is_current(before)
    with transaction(engine) as session:
        assert renewal.forget_keys(session, NOW) == 1
    keys.read_again()
    with pytest.raises(UnknownKey):
        keys.open(before, "list")


def test_key_that_another_process_made_is_read_when_it_is_met(engine: Engine) -> None:
    mine, theirs = key_holder.of(engine), connect(address_of(engine))
    mine.sealer()
    with transaction(theirs) as session:
        renewal.replace_key(session, NOW)
    sealed = key_holder.of(theirs).sealing().seal(b"x", "list")
    assert mine.open(sealed, "list") == b"x"
    theirs.dispose()


def test_sealed_column_is_never_compared() -> None:
    with pytest.raises(TypeError, match="hash"):
        select(RecordVersion.id).where(RecordVersion.national_id == "123456789")
    select(RecordVersion.id).where(RecordVersion.national_id.is_not(None))


def test_engine_of_somebody_elses_has_no_keys(engine: Engine) -> None:
    with pytest.raises(Misconfigured, match="not opened by the registry"):
        key_holder.of(create_engine(engine.url))
