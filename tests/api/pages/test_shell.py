"""What every page has: its language, its headers, its forms, its failures."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_app
from api.pages.forms import FIELD
from registry.settings import Settings

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def application(shared_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The application on an empty database, which nobody here changes."""
    url = shared_engine.url.render_as_string(hide_password=False)
    return create_app(Settings(database_url=url, home=tmp_path_factory.mktemp("home")))


@pytest.fixture
def http(application: FastAPI) -> Iterator[TestClient]:
    """A browser that nobody is signed in with."""
    with TestClient(application, headers=PAGE) as opened:
        yield opened


def token(http: TestClient) -> str:
    found = re.search(rf'name="{FIELD}" value="([^"]+)"', http.get("/").text)
    assert found is not None
    return found[1]


def test_language_of_the_browser_is_used_and_khmer_where_in_doubt(http: TestClient) -> None:
    for wanted, code in (("en-GB,km", "en"), ("km-KH", "km"), ("fr", "km"), ("fr,en;q=0.5", "en")):
        page = http.get("/", headers={"Accept-Language": wanted})
        assert f'<html lang="{code}">' in page.text
        assert page.headers["content-language"] == code


def test_chosen_language_stays(http: TestClient) -> None:
    sent = {FIELD: token(http), "language": "en", "to": "/"}
    assert '<html lang="en">' in http.post("/language", data=sent).text
    assert '<html lang="en">' in http.get("/", headers={"Accept-Language": "km"}).text


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x", "/a?b"]
)
def test_choice_of_language_never_leads_to_another_site(http: TestClient, to: str) -> None:
    sent = {FIELD: token(http), "language": "km", "to": to}
    assert http.post("/language", data=sent, follow_redirects=False).headers["location"] == "/"


def test_form_without_the_browsers_token_is_refused(http: TestClient) -> None:
    held = token(http)
    for sent in ("", "x" * len(held), "ក"):
        answer = http.post("/language", data={FIELD: sent, "language": "km"})
        assert answer.status_code == 422
    from_elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = http.post("/language", data={FIELD: held, "language": "km"}, headers=from_elsewhere)
    assert answer.status_code == 422
    assert "language" not in http.cookies


@pytest.mark.parametrize("path", ["/", "/nothing"])
def test_pages_let_nothing_in_from_elsewhere(http: TestClient, path: str) -> None:
    page = http.get(path)
    assert page.headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"
    assert len(page.headers.get_list("set-cookie")) <= 1
    assert not re.search(r"<style|style=|<script(?![^>]+src=)| on[a-z]+=", page.text)


def test_failure_is_a_page_for_browsers_and_a_problem_document_for_programs(
    http: TestClient,
) -> None:
    page = http.get("/nothing", headers={"Accept-Language": "en"})
    assert page.status_code == 404
    assert "There is no such page" in page.text
    document = http.get("/nothing", headers={"Accept": "application/json"})
    assert document.status_code == 404
    assert document.headers["content-type"] == "application/problem+json"


def test_static_files_may_be_kept_for_a_year_and_change_their_address(http: TestClient) -> None:
    [style] = re.findall(r'href="(/static/[^"]+\.css)"', http.get("/").text)
    answer = http.get(style)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    name = style.rsplit("/", 1)[1]
    assert http.get(f"/static/000000000000/{name}").status_code == 404


def test_pages_are_light(http: TestClient) -> None:
    page = http.get("/").text
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', page)
    assert len(page) + sum(len(http.get(file).content) for file in set(files)) < 150_000
