"""Messages that the standard allows, and any other JSON: none brings the door down."""

import json
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st

from tests.api.cases import brief, note
from tests.api.dci import standard
from tests.api.dci.conftest import TS, Partner, by_number, search

SHAPES = json.loads((standard.FOLDER / "social_registry.json").read_text("utf-8"))
SCHEMA = schemathesis.openapi.from_dict(
    {"openapi": "3.0.3", "info": {"title": "shapes", "version": "1.0.0"}, **SHAPES}
)
PATHS = [
    "/registry/sync/search", "/registry/search", "/registry/subscribe", "/registry/unsubscribe",
    "/registry/txn/status", "/registry/sync/txn/status",
]  # fmt: skip
BRIEF = brief(15)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner,
                                                                max_size=3),
    max_leaves=10,
)  # fmt: skip


def tried(partner: Partner, path: str, body: object) -> int:
    headers = {
        "Authorization": f"Bearer {partner.tokens['officer']}", "Content-Type": "application/json",
    }  # fmt: skip
    answer = partner.http.post(path, content=json.dumps(body).encode(), headers=headers)
    note("/registry", answer.status_code)
    assert answer.status_code < 500
    standard.check_answer(path, answer.status_code, answer.json())
    return int(answer.status_code)


@pytest.mark.parametrize("path", PATHS)
def test_messages_of_the_standards_shape(partner: Partner, path: str) -> None:
    @BRIEF
    @given(case=SCHEMA[path]["POST"].as_strategy())
    def check(case: Any) -> None:
        tried(partner, path, case.body if case.body is not schemathesis.core.NOT_SET else {})

    check()


@pytest.mark.parametrize("part", ["query", "sort", "pagination", "authorize", "reference_id"])
def test_searches_with_anything_in_a_part(partner: Partner, part: str) -> None:
    @BRIEF
    @given(value=ANYTHING, kind=st.sampled_from(["idtype-value", "expression", "predicate"]))
    def check(value: object, kind: str) -> None:
        body = search({**by_number("UIN", "1"), "query_type": kind})
        item = body["message"]["search_request"][0]
        (item if part == "reference_id" else item["search_criteria"])[part] = value
        tried(partner, "/registry/sync/search", body)

    check()


def test_updates_with_anything_in_them(partner: Partner) -> None:
    headers = {
        "Authorization": f"Bearer {partner.tokens['list']}", "Content-Type": "application/json",
    }  # fmt: skip

    @BRIEF
    @given(value=ANYTHING)
    def check(value: object) -> None:
        told = {"member": {"member_identifier": value, "demographic_info": value}}
        body = {
            "header": {"message_id": str(uuid4()), "message_ts": TS, "action": "notify",
                       "status": "succ"},
            "message": {"transaction_id": "t", "enrolled_updates": {"beneficiaries": [told]}},
        }  # fmt: skip
        path = "/registry/sync/enrollment/updates"
        answer = partner.http.post(path, content=json.dumps(body).encode(), headers=headers)
        note("/registry", answer.status_code)
        assert answer.status_code in {200, 400}

    check()
