"""Linking what changed comes to what linking everything anew comes to, always."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from registry.database import transaction
from registry.lists import imports
from registry.matching import current_people, linking, touched
from registry.people import clusters, reviews
from registry.records.source_records import RecordVersion, SourceRecord

NOW = datetime(2026, 7, 1, tzinfo=UTC)
FEW = 7
"""Few enough records for everything to be clustered in parts."""

SMALL_BLOCK = 3
"""Small enough for keys to become common, and common no more, all the time."""

COLUMNS = (
    "family_latin", "given_latin", "name_khmer", "sex", "birth_date", "village", "national_id",
    "equity_card", "phone", "household",
)  # fmt: skip
keys = st.tuples(
    st.sampled_from(["idpoor", "hef", "nssf"]),
    st.integers(1, 12).map(lambda number: f"{number:02}"),
)
statements = st.fixed_dictionaries(
    {
        "family_latin": st.sampled_from(["sok", "chan", None]),
        "given_latin": st.sampled_from(["dara", "sokha", "sophea"]),
        "name_khmer": st.sampled_from([None, None, "សុខ ដារា", "សុខដារា"]),
        "sex": st.sampled_from(["male", "female", None]),
        "birth_date": st.sampled_from(["1990-05-04", "1990-05-04", "1991", "1971-01-01", None]),
        "village": st.sampled_from(["01020304", "01020305", "05060708", None]),
        "national_id": st.sampled_from([None, None, "111111111", "111111112"]),
        "equity_card": st.sampled_from([None, "c1", "c2"]),
        "phone": st.sampled_from([None, "012345678", "099888777"]),
        "household": st.sampled_from([None, "h1", "h2", "h3"]),
    }
)
batches = st.lists(
    st.tuples(keys, statements), min_size=1, max_size=8, unique_by=lambda row: row[0]
)
_STORED = (
    "SELECT left_record_id, right_record_id, weight, is_supported FROM scored_pair ORDER BY 1, 2",
    "SELECT record_id, version_id, keys, homes, sketch FROM keyed_record ORDER BY 1",
    "SELECT key, record_id FROM record_key ORDER BY 1, 2",
    "SELECT key, records FROM common_key ORDER BY 1",
)


class Lists(RuleBasedStateMachine):
    """Lists arrive, change and shrink; after each batch linking is as if done anew."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.engine.connect()
        self.outer = self.connection.begin()
        self.session = Session(self.connection, expire_on_commit=False)
        self.batch = self.session.scalar(
            text("INSERT INTO batch (scheme, file_name, sha256, size, status)"
                 " VALUES ('hef', 'small', 'small', 1, 'linked') RETURNING id")
        )  # fmt: skip

    def teardown(self) -> None:
        self.session.close()
        self.outer.rollback()
        self.connection.close()

    @initialize(batch=st.lists(st.tuples(keys, statements), min_size=12, max_size=24,
                               unique_by=lambda row: row[0]))  # fmt: skip
    def first(self, batch: list[tuple[tuple[str, str], dict[str, Any]]]) -> None:
        self.load(batch)

    @rule(batch=batches)
    def load(self, batch: list[tuple[tuple[str, str], dict[str, Any]]]) -> None:
        for key, said in batch:
            self._put(key, said)
        self._link()

    @rule(gone=st.lists(keys, min_size=1, max_size=4, unique=True))
    def depart(self, gone: list[tuple[str, str]]) -> None:
        for scheme, number in gone:
            self._supersede(scheme, number)
        self._link()

    def _link(self) -> None:
        """Link what changed, and compare with linking everything anew."""
        linking.link(self.session, NOW)
        found, partition = self._stored(), self._partition()
        linking.link_anew(self.session, NOW)
        assert found == self._stored()
        assert partition == self._partition()

    def _stored(self) -> list[list[tuple[Any, ...]]]:
        return [[tuple(row) for row in self.session.execute(text(query))] for query in _STORED]

    def _partition(self) -> dict[int, int]:
        rows = self.session.execute(
            text("SELECT record_id, person_id FROM link WHERE superseded_at IS NULL")
        )
        return dict(rows.all())

    def _put(self, key: tuple[str, str], said: dict[str, Any]) -> None:
        self._supersede(*key)
        values = {"scheme": key[0], "number": key[1], "batch": self.batch}
        self.session.execute(
            text("INSERT INTO source_record (scheme, scheme_record_id) VALUES (:scheme, :number)"
                 " ON CONFLICT DO NOTHING"), values,
        )  # fmt: skip
        record = select(SourceRecord.id).filter_by(scheme=key[0], scheme_record_id=key[1])
        self.session.execute(
            insert(RecordVersion).values(
                record_id=self.session.scalar(record), batch_id=self.batch, row=1,
                content_digest=b"", as_sent={}, **said,
            )
        )  # fmt: skip

    def _supersede(self, scheme: str, number: str) -> None:
        self.session.execute(
            text("UPDATE record_version SET superseded_at = now() FROM source_record s"
                 " WHERE s.id = record_id AND s.scheme = :scheme AND s.scheme_record_id = :number"
                 " AND superseded_at IS NULL"), {"scheme": scheme, "number": number},
        )  # fmt: skip


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touched, "LARGEST_BLOCK", SMALL_BLOCK)
    monkeypatch.setattr(current_people, "LARGEST_BLOCK", SMALL_BLOCK)
    monkeypatch.setattr(linking, "ANEW_SHARE", 2.0)
    monkeypatch.setattr(clusters, "AT_ONCE", FEW)
    monkeypatch.setattr(reviews, "FEW", FEW)


@pytest.mark.core
@pytest.mark.usefixtures("small_blocks")
def test_linking_what_changed_is_linking_everything(shared_engine: Engine) -> None:
    machine = type("Bound", (Lists,), {"engine": shared_engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8, stateful_step_count=6, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_the_database_knows_of_the_reviews_that_a_list_opened(
    engine: Engine, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviews, "SOME", 10)
    for scheme in ("hef", "disability"):
        imports.parse_file(engine, scheme, samples / f"{scheme}.csv")
    opened = imports.link(engine).reviews
    with transaction(engine) as session:
        known = session.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'review'"))
    assert known == opened > reviews.SOME
