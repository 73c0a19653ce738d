"""Who has a copy of the database, and no master key, reads and guesses no number of anybody."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, text

from api.app import create_app
from api.fhir import systems
from linkage import cambodia
from linkage.cambodia import block_keys
from registry import key_holder, renewal
from registry.access import idempotence, principals
from registry.access.idempotence import Answer
from registry.access.roles import Role
from registry.database import connect, transaction
from registry.errors import Misconfigured
from registry.lists import drafts, imports, staging, uploads
from registry.lists.batch_work import Sent
from registry.lists.batches import Batch, BatchStatus, Mode
from registry.lists.imports import Terms
from registry.lists.reading import Pace
from registry.lists.uploads import Announced, Part
from registry.lookups import lookup
from registry.lookups.lookup import NationalIdQuestion, Reader
from registry.partners import deliveries, subscriptions
from registry.partners.deliveries import Outgoing
from registry.partners.subscriptions import Happening, Wish
from registry.records.source_records import RecordVersion
from registry.reviewing import findings
from registry.settings import Settings
from tests.api.dci.conftest import by_number, search
from tests.conftest import _create, _drop, _url
from tests.registry.all_that_is_held import places_of, places_of_bytes
from tests.registry.small_lists import HEADINGS, csv_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
READER = Reader("clinic", "treatment", NOW)
VALID, OTHER, SHORT, IN_KHMER, REPEATED = (
    "173905286", "173905287", "17390528", "184620937", "195731048",
)  # fmt: skip
PHONE, BAD_PHONE, SPACED = "967412385", "9674123850001", "967412386"
BIRTH = "4471923085"
DRAFTED, PARTED, ASKED, SENT, FED = (
    "206842159", "217953260", "228064371", "239175482", "240286593",
)  # fmt: skip
MARKS = [
    VALID, OTHER, SHORT, IN_KHMER, REPEATED, PHONE, BAD_PHONE, SPACED, BIRTH, DRAFTED, PARTED,
    ASKED, SENT, FED,
]  # fmt: skip
KHMER = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")


def row(number: str, name: str, **cells: str) -> tuple[str, ...]:
    """A row of the health equity fund."""
    said = {
        "patient_no": number,
        "last_name": name,
        "first_name": "Dara",
        "sex": "M",
        "dob": "1990-05-04",
        "village_code": "05090203",
        "registered_on": "2025-01-02",
    }
    return tuple((said | cells).get(heading, "") for heading in HEADINGS)


ROWS = (
    row("P1", "Sok", national_id=VALID, phone=f"0{PHONE}"),
    row("P2", "Chan", first_name="Vibol", dob="1971-11-23", sex="F", national_id=VALID,
        phone=f"0{SPACED[:2]} {SPACED[2:5]} {SPACED[5:]}"),
    row("P3", "Keo", national_id=OTHER.translate(KHMER), phone="1"),
    row("P4", "Meas", national_id=SHORT, phone=BAD_PHONE),
    row("P5", "", national_id=IN_KHMER.translate(KHMER), last_name="", first_name=""),
    row("P1", "Sok", national_id=REPEATED, phone=f"+855{PHONE}"),
    (*row("P6", "Ly", national_id=f"{VALID} (01)"), REPEATED),
)  # fmt: skip
BIRTHS = (
    ("case no", "beneficiary type", "family name", "given name", "sex", "date of birth",
     "birth certificate no", "phone"),
    ("CT00000001", "child", "Sok", "Bopha", "f", "2025-03-04", BIRTH, f"0{PHONE}"),
    ("CT00000002", "child", "Ly", "Vuthy", "m", "2025-04-04", BIRTH, ""),
)  # fmt: skip


@dataclass
class Filled:
    """A registry that numbers came into by every way there is."""

    engine: Engine
    folder: Path


@pytest.fixture(scope="module")
def filled(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Filled]:
    """A database of this module's own."""
    name, folder = f"registry_no_number_{os.getpid()}", tmp_path_factory.mktemp("lists")
    _create(server_url, name, template)
    engine = connect(_url(server_url, name))
    terms = Terms(pace=Pace(1, 2))
    for scheme, rows in (("hef", (HEADINGS, *ROWS)), ("cash_transfer", BIRTHS)):
        imports.parse_file(engine, scheme, csv_of(folder / f"{scheme}.csv", *rows), terms)
    imports.link(engine)
    wait(engine, folder)
    talk(engine)
    yield Filled(engine, folder)
    engine.dispose()
    _drop(server_url, name)


def wait(engine: Engine, folder: Path) -> None:
    """Let a list be held, another be a draft, and a third come in parts."""
    few = csv_of(folder / "few.csv", HEADINGS, row("P9", "Kim", national_id=VALID))
    held = imports.parse_file(engine, "hef", few, Terms(Mode.SNAPSHOT, pace=Pace(1, 2))).batch
    assert held.status == BatchStatus.HELD
    draft = csv_of(folder / "draft.csv", HEADINGS, row("P8", "Kim", national_id=DRAFTED))
    part = f"patient_no,national_id\nP7,{PARTED}\n".encode()
    with transaction(engine) as session:
        drafts.keep(session, Sent("hef", Mode.DELTA, draft), "hef", "Dara")
        upload = uploads.begin(
            session, Announced("Dara", "hef", Mode.DELTA, "parts.csv", 1000), datetime.now(UTC)
        )
        uploads.append(session, Part(upload.id, "Dara", 0, part), datetime.now(UTC))


def talk(engine: Engine) -> None:
    """Ask, be told, and tell, over every door."""
    with transaction(engine) as session:
        token = principals.add_client(session, "spmis", Role.DATA_OFFICER)
        lists = principals.add_client(session, "hef", Role.SCHEME_ADMINISTRATOR, scheme="hef")
        body = {"national_id": SENT, "phone": [f"+855{PHONE}"]}
        deliveries.queue(session, Outgoing(1, "https://example.org/", body), NOW)
        wish = Wish(1, Happening.CHANGED, {"eq": ASKED}, "https://example.org/")
        subscriptions.begin(session, wish, NOW)
        sent = idempotence.Sent("client 1", "key", ("POST", f'{{"national_id": "{ASKED}"}}'))
        idempotence.begin(session, sent, NOW)
        idempotence.end(session, sent, Answer(200, {}, {"asked": ASKED}))
        assert len(lookup.look_up(session, NationalIdQuestion(VALID), READER)) == 2
        assert lookup.look_up(session, NationalIdQuestion(ASKED), READER) == []
    ask(engine, {"Authorization": f"Bearer {token}"}, {"Authorization": f"Bearer {lists}"})


def ask(engine: Engine, officer: dict[str, str], administrator: dict[str, str]) -> None:
    url = engine.url.render_as_string(hide_password=False)
    with TestClient(create_app(Settings(database_url=url))) as http:
        question = {"by": "national_id", "national_id": VALID, "purpose": "treatment"}
        answer = http.post("/v1/lookups", json=question, headers=officer)
        assert answer.text.count('"sp_id"') == 2, answer.text
        named = {"identifier": f"{systems.NATIONAL_ID}|{VALID}"}
        found = http.get("/fhir/Patient", params=named, headers=officer)
        assert found.json()["total"] == 2, found.text
        fed = http.put(
            "/fhir/Patient", headers=administrator | {"Idempotency-Key": "feed"},
            params={"identifier": f"{systems.of_scheme('hef')}|P901"},
            json={
                "resourceType": "Patient", "name": [{"family": "Keo", "given": ["Nary"]}],
                "gender": "female", "birthDate": "1999-09-09",
                "identifier": [
                    {"system": systems.of_scheme("hef"), "value": "P901"},
                    {"system": systems.NATIONAL_ID, "value": FED},
                ],
                "telecom": [{"system": "phone", "value": f"0{PHONE}"}],
            },
        )  # fmt: skip
        assert fed.status_code == 202, fed.text
        asked = search(by_number("NIN", VALID), by_number("NIN", ASKED))
        found = http.post("/registry/sync/search", json=asked, headers=officer)
        assert found.text.count('"succ"') >= 2, found.text
        later = http.post("/registry/search", json=search(by_number("NIN", ASKED)), headers=officer)
        assert later.json()["message"]["ack_status"] == "ACK", later.text


def test_no_number_of_anybody_stands_anywhere(filled: Filled) -> None:
    with filled.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    for table in (
        "record_version", "rejected_row", "batch_chunk", "staged_chunk", "batch_file",
        "upload_part", "delivery", "subscription", "kept_answer", "keyed_record", "finding",
    ):  # fmt: skip
        with transaction(filled.engine) as session:
            assert session.scalar(text(f"SELECT count(*) FROM {table}")), f"nothing is in {table}"
    assert places_of(filled.engine, MARKS) == set()
    with transaction(filled.engine) as session:
        session.execute(
            text("UPDATE batch SET error = :said WHERE id = 1"),
            {"said": f"{IN_KHMER[:3]} {IN_KHMER[3:]}".translate(KHMER)},
        )
    assert places_of(filled.engine, MARKS) == {("batch", "error", IN_KHMER)}
    with transaction(filled.engine) as session:
        session.execute(text("UPDATE batch SET error = NULL WHERE id = 1"))


def test_nothing_is_found_that_is_made_of_a_guess_without_the_keys(filled: Filled) -> None:
    numbers = np.array([VALID, f"+855{PHONE}", BIRTH], object)
    guesses = {f"sha256 of {one}": hashlib.sha256(one.encode()).digest() for one in numbers}
    guesses |= {f"blake2b of {one}": hashlib.blake2b(one.encode(), digest_size=12).digest()
                for one in numbers}  # fmt: skip
    for one, hashed in zip(numbers, pd.util.hash_array(numbers, categorize=False), strict=True):
        guesses |= {f"siphash of {one}": hashed.tobytes()}
        guesses |= {f"decimal of {one}": str(hashed.view(np.int64)).encode()}
    for file in filled.folder.glob("*.csv"):
        guesses[f"sha256 of {file.name}"] = hashlib.sha256(file.read_bytes()).digest()
    assert places_of_bytes(filled.engine, guesses) == set()


def test_keys_of_the_engine_are_made_of_a_secret(filled: Filled) -> None:
    with transaction(filled.engine) as session:
        stored = set(session.scalars(text("SELECT unnest(keys) FROM keyed_record")).all())
        secret = key_holder.of(session).sealer().keys.engine
    assert number_keys(secret) <= stored
    assert not number_keys(None) & stored


def number_keys(secret: str | None) -> set[int]:
    """The keys under which somebody would be found by number alone."""
    people = cambodia.people(
        ["hef"],
        ["P1"],
        {"national_id": [VALID], "phone": [f"+855{PHONE}"]},
        kept=cambodia.Kept(secret),
    )
    [first, *_] = block_keys.rules(people)
    return {int(key) for key in first.levels[0].view(np.int64)}


def holders(engine: Engine, number: str) -> int:
    """How many records have a national ID, which somebody is found by."""
    with transaction(engine) as session:
        assert lookup.look_up(session, NationalIdQuestion(number), READER)
        shown = session.scalars(
            select(RecordVersion.national_id).where(RecordVersion.national_id_hash == number)
        ).all()
        assert set(shown) == {number}
    return len(shown)


def test_values_open_and_are_found_before_while_and_after_a_key_is_renewed(filled: Filled) -> None:
    engine = filled.engine
    other = connect(engine.url.render_as_string(hide_password=False))
    before = holders(engine, VALID), holders(other, VALID), open_causes(engine)
    assert before[:2] == (2, 2)
    with transaction(engine) as session:
        renewal.replace_key(session, NOW)
    later = csv_of(filled.folder / "later.csv", HEADINGS, row("P20", "Sam", national_id=OTHER))
    key_holder.of(engine).read_again()
    imports.parse_file(engine, "hef", later)
    imports.link(engine)
    assert (holders(engine, OTHER), holders(other, OTHER)) == (2, 2)
    assert renewal.seal_anew(engine) > 0
    assert renewal.seal_anew(engine) == 0
    assert (holders(engine, VALID), holders(other, VALID)) == (2, 2)
    with transaction(engine) as session:
        findings.settle(session, datetime.now(UTC))
        assert session.scalars(text("SELECT DISTINCT get_byte(national_id, 1) FROM record_version"
                                    " WHERE national_id IS NOT NULL")).all() == [4]  # fmt: skip
        assert renewal.forget_keys(session, datetime.now(UTC)) == 1
    key_holder.of(engine).read_again()
    with transaction(engine) as session:
        held = session.scalars(select(Batch.id).where(Batch.status == BatchStatus.HELD)).one()
        [(_, packs)] = staging.chunks(session, held)
    assert VALID in packs[0].unpack()[-1].cells
    assert before[2] == open_causes(engine) != set()
    assert places_of(engine, MARKS) == set()
    other.dispose()


def open_causes(engine: Engine) -> set[tuple[object, ...]]:
    """Findings that are open."""
    with transaction(engine) as session:
        query = "SELECT kind, person_id, cause FROM finding WHERE cause_gone_at IS NULL"
        return {tuple(row) for row in session.execute(text(query))}


@pytest.fixture
def one(engine: Engine, tmp_path: Path) -> Engine:
    imports.parse_file(engine, "hef", csv_of(tmp_path / "one.csv", HEADINGS, ROWS[0]))
    return engine


def test_value_changed_by_hand_does_not_open(one: Engine) -> None:
    with transaction(one) as session:
        session.execute(
            text("UPDATE record_version SET national_id = set_byte(national_id, 20,"
                 " (get_byte(national_id, 20) + 1) % 256)")
        )  # fmt: skip
        with pytest.raises(Misconfigured, match=r"national_id. was changed"):
            session.scalars(select(RecordVersion)).all()


def test_value_of_one_field_does_not_open_as_another(one: Engine) -> None:
    with transaction(one) as session:
        session.execute(text("UPDATE record_version SET phone = national_id"))
        with pytest.raises(Misconfigured, match=r"phone. was changed"):
            session.scalars(select(RecordVersion)).all()
