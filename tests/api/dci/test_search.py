"""Searches over DCI: the three types of query, records, pages, and every code at its place."""

from typing import Any
from uuid import uuid4

import pytest

from api.dci import envelope
from registry.lookups import person_search
from tests.api.dci import standard
from tests.api.dci.conftest import TS, Partner, by_number, header, search, sp_ids
from tests.registry.partner_world import CARD, DARA_ID, SOKHA_ID

SYNC = "/registry/sync/search"
ASYNC = "/registry/search"


def expression(query: dict[str, Any], collection: str = "Member") -> dict[str, Any]:
    inner = {"expression": {"collection": collection, "query": query}}
    return {"query_type": "expression", "query": {"type": "ns:org:QueryType:expression",
                                                  "value": inner}}  # fmt: skip


def term(name: str, operator: str, value: object) -> dict[str, Any]:
    return {"attribute_name": name, "operator": operator, "attribute_value": value}


def predicate(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"query_type": "predicate", "query": list(rows)}


@pytest.mark.parametrize(
    ("kind", "value", "who"),
    [
        ("UIN", "sokha", {"sokha"}),
        ("ns:org:IdType:SP_ID", "sokha", {"sokha"}),
        ("UIN", "bopha", {"sokha"}),
        ("NIN", SOKHA_ID, {"sokha"}),
        ("NIN", DARA_ID, {"dara", "namesake"}),
        ("HEF", "P3", {"dara"}),
        ("idpoor", "05090203-8107-02", {"child"}),
        ("EQUITY_CARD", CARD, {"sokha", "child"}),
        ("HOUSEHOLD_ID", CARD, {"sokha", "child"}),
        ("MOBILE", "+85512345678", {"sokha"}),
        ("UIN", "TEST-001", set()),
    ],
)
def test_numbers(partner: Partner, kind: str, value: str, who: set[str]) -> None:
    ids = partner.world.sp_ids
    found = partner.records(by_number(kind, ids.get(value, value)))
    assert sp_ids(found) == {ids[name] for name in who}


def test_member_record_has_numbers_names_place_and_enrolments(partner: Partner) -> None:
    [record] = partner.records(by_number("UIN", partner.world.sp_ids["sokha"]))
    numbers = {
        each["identifier_type"]: each["identifier_value"] for each in record["member_identifier"]
    }
    assert numbers == {
        "UIN": partner.world.sp_ids["sokha"], "NIN": SOKHA_ID, "EQUITY_CARD": CARD, "HEF": "P1",
        "IDPOOR": "05090203-8107-01",
    }  # fmt: skip
    person = record["demographic_info"]
    assert (person["name"]["surname"], person["name"]["given_name"]) == ("Sok", "Kha")
    assert person["other_names"][0]["full_name"] == "សុខ ខា"
    assert (person["sex"], person["birth_date"]) == ("female", "1990-05-04")
    assert person["address"][0]["village"] == "05090203"
    programmes = {
        each["programme"]["programme_identifier"]: each["enrolment_status"]
        for each in record["programme_identifier"]
    }
    assert programmes == {"hef": "Active", "idpoor": "Active"}


def test_client_of_a_scheme_sees_that_scheme_alone(partner: Partner) -> None:
    [record] = partner.records(by_number("UIN", partner.world.sp_ids["sokha"]), role="hef")
    kinds = {each["identifier_type"] for each in record["member_identifier"]}
    assert kinds == {"UIN", "NIN", "HEF"}
    assert partner.records(by_number("UIN", partner.world.sp_ids["child"]), role="hef") == []


@pytest.mark.parametrize(
    ("criteria", "who"),
    [
        (expression({"$and": [{"age": {"$lt": 5}}, {"poverty_score": {"$lt": 5}}]}), {"child"}),
        (expression({"$or": [{"sex": "female"}, {"NIN": {"$eq": DARA_ID}}]}),
         {"sokha", "dara", "namesake"}),
        (expression({"location": {"$in": ["0102", "99"]}}), {"dara"}),
        (expression({"$not": {"location": {"$eq": "05"}}}), {"dara", "namesake"}),
        (expression({"$nor": [{"sex": "female"}, {"programme": "hef"}]}), {"child", "namesake"}),
        (expression({"YOB": {"$gte": 1975, "$lte": 1990}}), {"sokha", "namesake"}),
        (expression({"$and": [{"poverty_score": {"$lt": 5}},
                              {"location": {"$eq": "central_region"}},
                              {"group_size": {"$lt": 5}}]}), set()),
        (predicate({"seq_num": 1, "expression1": term("age", "lt", "25"), "condition": "and",
                    "expression2": term("poverty_score", "lt", "2.5")}), {"child"}),
        (predicate({"expression1": term("sex", "eq", "male"), "condition": "not",
                    "expression2": term("programme", "eq", "hef")}), {"child", "namesake"}),
        (predicate({"seq_num": 2, "expression1": term("sex", "eq", "male")},
                   {"seq_num": 1, "expression1": term("DOB", "le", "1980-01-01")}),
         {"dara", "namesake"}),
        (predicate({"seq_num": 1, "expression1": term("NIN", "in", f"{SOKHA_ID},000000000"),
                    "condition": "or"},
                   {"seq_num": 2, "expression1": term("HOUSEHOLD_ID", "eq", CARD)}),
         {"sokha", "child"}),
    ],
)  # fmt: skip
def test_expressions_and_predicates(
    partner: Partner, criteria: dict[str, Any], who: set[str]
) -> None:
    ids = partner.world.sp_ids
    assert sp_ids(partner.records(criteria)) == {ids[name] for name in who}


def test_group_is_a_household_with_its_members(partner: Partner) -> None:
    criteria = expression({"poverty_score": {"$lt": 5}}, "Group")
    [group] = partner.records(criteria)
    assert group["group_identifier"][0]["identifier_value"] == CARD
    assert (group["group_size"], group["poverty_score"]) == (2, 1)
    head = group["group_head_info"]["member_identifier"][0]["identifier_value"]
    assert head == partner.world.sp_ids["sokha"]
    ids = partner.world.sp_ids
    assert sp_ids(group["member_list"]) == {ids["sokha"], ids["child"]}
    same = by_number("UIN", ids["child"], response_entity="Group")
    assert [each["group_size"] for each in partner.records(same)] == [2]


def test_pages_and_order(partner: Partner) -> None:
    everybody = expression({"age": {"$gte": 0}})
    pages = [
        partner.find({
            **everybody, "sort": [{"attribute_name": "DOB", "sort_order": "desc"}],
            "pagination": {"page_size": 3, "page_number": number},
        })[0]
        for number in (1, 2)
    ]  # fmt: skip
    found = [min(sp_ids([each])) for page in pages for each in page["data"]["reg_records"]]
    names = {sp_id: name for name, sp_id in partner.world.sp_ids.items()}
    assert [names[sp_id] for sp_id in found] == ["child", "sokha", "namesake", "dara"]
    assert [page["pagination"] for page in pages] == [
        {"page_size": 3, "page_number": number, "total_count": 4} for number in (1, 2)
    ]


def test_read_is_audited_with_its_door_and_purpose(partner: Partner) -> None:
    criteria = by_number("UIN", partner.world.sp_ids["dara"])
    partner.records({**criteria, "authorize": {"purpose": {"text": "payment of May"}}})
    actor, _, purpose, persons = partner.audited()[-1]
    assert actor == "spmis"
    assert "DCI" in purpose
    assert "payment of May" in purpose
    assert persons == [partner.world.persons["dara"]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": "9.0.0"}, "rjct.version.invalid"),
        ({"message_ts": "2026-06-01T08:00:00"}, "rjct.message_ts.invalid"),
        ({"message_ts": "yesterday"}, "rjct.message_ts.invalid"),
        ({"message_ts": "2026-13-01T08:00:00Z"}, "rjct.message_ts.invalid"),
        ({"action": "jump"}, "rjct.action.invalid"),
        ({"action": "subscribe"}, "rjct.action.not_supported"),
        ({"total_count": 2}, "rjct.total_count.invalid"),
        ({"total_count": "1"}, "rjct.total_count.invalid"),
        ({"total_count": 101}, "rjct.total_count.limit_exceeded"),
        ({"sender_id": ""}, "err.sender_id.invalid"),
        ({"is_msg_encrypted": True}, "err.encryption.invalid"),
        ({"message_id": "x" * 100}, "err.request.bad"),
    ],
)
@pytest.mark.parametrize("path", [SYNC, ASYNC])
def test_header_that_is_not_in_order(
    partner: Partner, path: str, change: dict[str, Any], code: str
) -> None:
    body = search(by_number("UIN", "1"), **change)
    answer = partner.send(path, body)
    assert answer.status_code == 400
    told = answer.json()
    assert told["errors"][0]["code"] == code
    assert told["message"]["ack_status"] == "ERR"
    if path == SYNC and code.startswith("rjct"):
        assert told["header"]["status"] == "rjct"
        assert told["header"]["status_reason_code"] == code


def test_message_is_taken_once(partner: Partner) -> None:
    body = search(by_number("UIN", "1"))
    assert partner.send(SYNC, body).status_code == 200
    for path in (SYNC, ASYNC):
        again = partner.send(path, body)
        assert again.status_code == 400
        assert again.json()["errors"][0]["code"] == "rjct.message_id.duplicate"
    assert partner.send(SYNC, body, role="hef").status_code == 200


def changed(part: str, value: Any) -> dict[str, Any]:
    """A search of which a member is another, named by a path with dots."""
    body = search({**by_number("UIN", "1"), "pagination": {"page_size": 1}})
    place = body["message"]["search_request"][0]
    *parts, last = part.split(".")
    for name in parts:
        place = place.setdefault(name, {})
    place[last] = value
    return body


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("reference_id", "", "rjct.reference_id.invalid"),
        ("reference_id", "r" * 100, "rjct.reference_id.invalid"),
        ("reference_id", 7, "rjct.reference_id.invalid"),
        ("timestamp", "2026-06-01T08:00:00", "rjct.timestamp.invalid"),
        ("timestamp", "01/06/2026", "rjct.timestamp.invalid"),
        ("locale", "en", "rjct.search_criteria.invalid"),
        ("locale", "ENG", "rjct.search_criteria.invalid"),
        ("search_criteria.query_type", "graphql", "rjct.search_criteria.invalid"),
        ("search_criteria.response_entity", "Herd", "rjct.search_criteria.invalid"),
        ("search_criteria.pagination.page_size", 0, "rjct.pagination.invalid"),
        ("search_criteria.pagination.page_size", -1, "rjct.pagination.invalid"),
        ("search_criteria.pagination.page_size", 2001, "rjct.pagination.invalid"),
        ("search_criteria.pagination.page_number", 0, "rjct.pagination.invalid"),
        ("pagination.page_size", 0, "rjct.pagination.invalid"),
        ("search_criteria.sort", [{"sort_order": "asc"}], "rjct.sort.invalid"),
    ],
)
@pytest.mark.parametrize("path", [SYNC, ASYNC])
def test_request_that_is_not_of_the_form(
    partner: Partner, path: str, part: str, value: object, code: str
) -> None:
    answer = partner.send(path, changed(part, value))
    told = answer.json()
    assert answer.status_code == 400
    assert told["message"]["ack_status"] == "ERR"
    assert told["errors"][0]["code"] == code
    if path == SYNC:
        [response] = told["message"]["search_response"]
        assert (response["status"], response["status_reason_code"]) == ("rjct", code)


@pytest.mark.parametrize(
    ("criteria", "code"),
    [
        (expression({"shoe_size": {"$lt": 5}}), "rjct.filter.invalid"),
        (expression({"age": {"$regex": "."}}), "rjct.filter.invalid"),
        (expression({"age": {"$lt": {"a": 1}}}), "rjct.filter.invalid"),
        (by_number("EMAIL", "a@b.c"), "rjct.filter.invalid"),
        (predicate({"expression1": term("age", "like", 1)}), "rjct.filter.invalid"),
        ({**by_number("UIN", "1"), "sort": [{"attribute_name": "height"}]}, "rjct.sort.invalid"),
    ],
)
def test_search_for_what_cannot_be_asked(
    partner: Partner, criteria: dict[str, Any], code: str
) -> None:
    [bad, good] = partner.find(criteria, by_number("NIN", SOKHA_ID))
    assert (bad["status"], bad["status_reason_code"]) == ("rjct", code)
    assert good["status"] == "succ"


def test_too_many_found(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_search, "MOST_FOUND", 1)
    [response] = partner.find(expression({"age": {"$gte": 0}}))
    assert response["status_reason_code"] == "rjct.search.too_many_records_found"


def test_reference_twice_in_a_message(partner: Partner) -> None:
    body = search(by_number("UIN", "1"), by_number("UIN", "2"))
    requests = body["message"]["search_request"]
    requests[1]["reference_id"] = requests[0]["reference_id"]
    told = partner.send(SYNC, body).json()["message"]["search_response"]
    assert [each.get("status_reason_code") for each in told] == [
        None, "rjct.reference_id.duplicate",
    ]  # fmt: skip


def test_more_malformed_requests_than_are_worth_naming(partner: Partner) -> None:
    bad = {"query_type": "idtype-value"}
    told = partner.send(SYNC, search(*[bad] * 11)).json()
    assert told["header"]["status_reason_code"] == "rjct.errors.too_many"


@pytest.mark.parametrize(("length", "status"), [(99, 200), (100, 400)])
@pytest.mark.parametrize("path", [SYNC, ASYNC])
def test_transaction_of_99_characters_at_most(
    partner: Partner, path: str, length: int, status: int
) -> None:
    body = search(by_number("UIN", "1"))
    body["message"]["transaction_id"] = "x" * length
    assert partner.send(path, body).status_code == status


@pytest.mark.parametrize("part", ["header", "message"])
@pytest.mark.parametrize("path", [SYNC, ASYNC, "/registry/txn/status", "/registry/sync/txn/status"])
def test_message_without_a_part(partner: Partner, path: str, part: str) -> None:
    body = search(by_number("UIN", "1"))
    if "txn" in path:
        body["header"]["action"] = "txn-status"
    del body[part]
    answer = partner.send(path, body)
    assert answer.status_code == 400
    assert answer.json()["message"]["error"]["code"].startswith("err.")


@pytest.mark.parametrize("path", [SYNC, ASYNC])
def test_nobody_without_a_token_and_a_permission(partner: Partner, path: str) -> None:
    body = search(by_number("UIN", "1"))
    for headers, status in (
        ({}, 401), ({"Authorization": "Bearer guess"}, 401),
        ({"Authorization": f"Bearer {partner.tokens['provider']}"}, 403),
        ({"Authorization": f"Bearer {partner.tokens['viewer']}"}, 403),
    ):  # fmt: skip
        answer = partner.http.post(path, json=body, headers=headers)
        assert answer.status_code == status
        standard.check_answer(path, status, answer.json())
        assert answer.json()["errors"][0]["code"] in {
            "err.request.unauthorized", "err.request.forbidden",
        }  # fmt: skip


def test_transport(partner: Partner) -> None:
    headers = {"Authorization": f"Bearer {partner.tokens['officer']}"}
    text = partner.http.post(SYNC, content="{}", headers={**headers, "Content-Type": "text/plain"})
    assert text.status_code == 415
    untyped = partner.http.post(SYNC, content="{}", headers=headers)
    assert untyped.status_code == 415
    for content in ("{", "[]", "null", "\ufeff{}", '{"header": NaN}', "[" * 100_000):
        sent = {**headers, "Content-Type": "application/json"}
        assert partner.http.post(SYNC, content=content, headers=sent).status_code == 400
    assert partner.http.post("/registry/nowhere", headers=headers).status_code == 404
    assert "errors" in partner.http.get(SYNC, headers=headers).json()


def test_message_that_is_too_long(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "LARGEST_BODY", 100)
    headers = {"Authorization": f"Bearer {partner.tokens['officer']}"}
    answer = partner.http.post(SYNC, json=search(by_number("UIN", "1")), headers=headers)
    assert answer.status_code == 413


def status_of(kind: str, value: object) -> dict[str, Any]:
    return {
        "signature": "",
        "header": header("txn-status"),
        "message": {
            "transaction_id": str(uuid4()),
            "txnstatus_request": {
                "reference_id": str(uuid4()), "txn_type": "search", "attribute_type": kind,
                "attribute_value": value, "locale": "eng",
            },
        },
    }  # fmt: skip


def test_status_of_a_transaction(partner: Partner) -> None:
    body = search(by_number("UIN", "1"), by_number("EMAIL", "x"))
    told = partner.send(SYNC, body).json()["message"]
    references = [each["reference_id"] for each in body["message"]["search_request"]]
    for kind, value in (
        ("transaction_id", told["transaction_id"]), ("correlation_id", told["correlation_id"]),
        ("reference_id_list", references),
    ):  # fmt: skip
        question = status_of(kind, value)
        standard.check_request("/registry/sync/txn/status", question)
        answer = partner.send("/registry/sync/txn/status", question).json()
        assert answer["header"]["status"] == "succ"
        found = answer["message"]["txnstatus_response"]["txn_status"]
        assert found["transaction_id"] == told["transaction_id"]
        assert [each["status"] for each in found["search_response"]] == ["succ", "rjct"]
    theirs = partner.send(
        "/registry/sync/txn/status", status_of("transaction_id", told["transaction_id"]), role="hef"
    )
    assert theirs.json()["message"]["txnstatus_response"]["txn_status"]["search_response"] == []


def test_status_of_what_nobody_sent(partner: Partner) -> None:
    answer = partner.send("/registry/sync/txn/status", status_of("transaction_id", str(uuid4())))
    assert answer.status_code == 200
    assert answer.json()["header"]["status"] == "rjct"
    misspelt = status_of("transaction_id", "x")
    misspelt["message"]["txnstatus_request"]["txn_type"] = "subscibe"
    body = partner.http.post(
        "/registry/sync/txn/status", json=misspelt,
        headers={"Authorization": f"Bearer {partner.tokens['officer']}"},
    )  # fmt: skip
    assert body.status_code == 200


def test_times_are_told_with_their_zone(partner: Partner) -> None:
    told = partner.send(SYNC, search(by_number("UIN", "1"))).json()
    assert told["header"]["message_ts"].endswith("+00:00")
    assert TS.endswith("+07:00")
