"""Checks at a counter, searches for people, and a person's page."""

import pytest
from sqlalchemy import create_engine, text

from registry.access.roles import Role
from tests.browser.conftest import LOCALES, Served, Visit

LANGUAGES = pytest.mark.parametrize("language", LOCALES)


def somebody(served: Served) -> tuple[str, str, str, str]:
    """SP ID, number, Latin name and birth date of somebody on a list, whom no review concerns."""
    engine = create_engine(served.database_url)
    with engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT p.sp_id, s.scheme_record_id,"
                " coalesce(v.name_latin, v.family_latin || ' ' || v.given_latin), v.birth_date"
                " FROM person p JOIN link l ON l.person_id = p.id AND l.superseded_at IS NULL"
                " JOIN source_record s ON s.id = l.record_id"
                " JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL"
                " WHERE s.scheme = 'hef' AND v.birth_date ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'"
                " AND coalesce(v.name_latin, v.family_latin || v.given_latin) IS NOT NULL"
                " AND NOT EXISTS (SELECT FROM review r WHERE s.id IN"
                " (r.left_record_id, r.right_record_id)) ORDER BY p.id LIMIT 1"
            )
        ).one()
    engine.dispose()
    return tuple(row)


@LANGUAGES
def test_check_gives_one_large_answer(visit: Visit, served: Served, language: str) -> None:
    visitor = visit(language)
    visitor.sign_in(Role.HEALTH_PROVIDER)
    visitor.go("/check")
    visitor.look("check")
    page = visitor.page
    for number, look in ((somebody(served)[1], "known"), ("999999999", "nobody")):
        page.fill("#text", number)
        page.click("form.counter button")
        page.wait_for_selector(".answer")
        visitor.look(f"check-{look}")
    assert page.locator(".answer.maybe").count() == 1
    page.fill("#text", "Phal Rotana")
    page.click("form.counter button")
    page.wait_for_selector(".notice.no")
    assert "999999999" not in page.url


def test_change_of_language_keeps_the_answer(visit: Visit, served: Served) -> None:
    visitor = visit("en", scripts=False)
    visitor.sign_in(Role.HEALTH_PROVIDER)
    visitor.go("/check")
    visitor.page.fill("#text", somebody(served)[1])
    visitor.page.click("form.counter button")
    visitor.page.wait_for_selector(".answer")
    visitor.page.click(".languages button[value=km]")
    visitor.page.wait_for_selector("html[lang=km] .answer")


@LANGUAGES
def test_person_is_found_by_name_and_read(visit: Visit, served: Served, language: str) -> None:
    sp_id, _, name, born = somebody(served)
    visitor = visit(language)
    visitor.sign_in(Role.DATA_OFFICER)
    visitor.go(f"/people/{sp_id}")
    visitor.look("person-reason")
    visitor.go("/people")
    page = visitor.page
    page.fill("#text", name)
    for field, part in zip(("year", "month", "day"), born.split("-"), strict=True):
        page.fill(f"#{field}", part)
    page.select_option("#purpose", "complaint")
    page.click("form.counter button")
    page.wait_for_selector(".hits")
    visitor.look("people-found")
    page.click(f".hits a[href='/people/{sp_id}']")
    page.wait_for_selector(".person-head")
    visitor.look("person")
    page.click("a[href$='/looks']")
    page.wait_for_selector("tbody tr >> nth=1")
    visitor.look("person-looks")
