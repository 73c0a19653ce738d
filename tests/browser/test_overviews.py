"""Figures, accounts, the audit, and one's own account; with scripts and without."""

import pytest

from registry.access.roles import Role
from tests.browser.conftest import LOCALES, PASSWORD, Visit, Visitor

LANGUAGES = pytest.mark.parametrize("language", LOCALES)


@LANGUAGES
def test_figures_are_pictures_with_their_tables(visit: Visit, language: str) -> None:
    visitor = visit(language)
    visitor.sign_in(Role.NATIONAL_VIEWER)
    visitor.go("/figures")
    page = visitor.page
    page.evaluate(
        "Promise.all([...document.images].map(one => {"
        " one.loading = 'eager'; return one.decode() }))"
    )
    sizes = page.evaluate("[...document.images].map(one => one.naturalWidth)")
    assert len(sizes) > 5
    assert all(sizes)
    visitor.look("figures")
    for summary in page.locator("details > summary").all():
        if summary.evaluate("one => !one.parentElement.open"):
            summary.click()
    visitor.look("figures-tables")


def add(visitor: Visitor, login: str) -> None:
    page = visitor.page
    visitor.go("/accounts")
    page.fill("#officer-login", login)
    page.fill("#officer-name", "ចាន់ បុប្ផា")
    page.select_option("#officer-role", Role.DATA_OFFICER)
    page.check("input[name=province][value='12']")
    page.click("form[action='/accounts/officers/add'] button")


@LANGUAGES
def test_accounts_are_made_and_closed(visit: Visit, language: str) -> None:
    visitor = visit(language)
    page = visitor.page
    visitor.sign_in(Role.SYSTEM_ADMINISTRATOR)
    add(visitor, f"bopha-{language}")
    page.wait_for_selector(".secret")
    visitor.look("account-secret")
    add(visitor, f"bopha-{language}")
    page.wait_for_selector(".notice.no")
    assert page.locator(".notice [lang=en]").count() == 0
    visitor.look("accounts")
    row = page.locator("tr", has=page.locator("th", has_text=f"bopha-{language}"))
    row.locator("form[action$='/close'] button").click()
    row.locator(".tag.no").wait_for()


@LANGUAGES
def test_audit_is_searched_and_checked(visit: Visit, language: str) -> None:
    visitor = visit(language)
    page = visitor.page
    visitor.sign_in(Role.AUDITOR)
    visitor.go("/audit")
    page.fill("#purpose", "yearly check")
    page.click("form[action='/audit'] button")
    page.wait_for_selector("#found")
    page.fill("#purpose", "yearly check")
    page.click("form[action='/audit'] button >> nth=0")
    page.wait_for_selector("tbody tr")
    if language == "km":
        assert "read the audit" not in page.inner_text("tbody")
    visitor.look("audit")
    page.fill("#sp_id", "1111 1111 1111")
    page.click("form[action='/audit'] button >> nth=0")
    page.wait_for_selector(".notice.no")
    page.click("form[action='/audit/verify'] button")
    page.wait_for_selector(".notice.yes")
    visitor.look("audit-whole")


@LANGUAGES
def test_own_account_connects_a_phone_and_refuses_without_proof(
    visit: Visit, language: str
) -> None:
    visitor = visit(language)
    page = visitor.page
    visitor.sign_in(Role.SUPERVISOR)
    page.click("a.account-name")
    page.wait_for_selector("#newer")
    visitor.look("account")
    page.fill("#change-password", "not the password")
    for field in ("newer", "again"):
        page.fill(f"#{field}", "nine slow paper lanterns")
    page.click("form[action='/account/password'] button")
    page.wait_for_selector(".notice.no")
    visitor.look("account-refused")
    page.fill("#phone-password", PASSWORD)
    page.click("form[action='/account/phone'] button")
    page.wait_for_selector(".code-frame")
    visitor.look("account-phone")
    page.fill("#code", "000000")
    page.click("form[action='/account/phone/code'] button")
    page.wait_for_selector(".notice.no")


def test_all_works_without_scripts(visit: Visit) -> None:
    visitor = visit("km", scripts=False)
    page = visitor.page
    visitor.sign_in(Role.SYSTEM_ADMINISTRATOR)
    add(visitor, "plain")
    page.wait_for_selector(".secret")
    visitor.go("/account")
    page.click(".languages button[value=en]")
    page.wait_for_selector("html[lang=en] #newer")
    other = visit("en", scripts=False)
    other.sign_in(Role.NATIONAL_VIEWER)
    other.go("/figures")
    other.page.click("#coverage_by_scheme ~ details > summary")
    assert other.page.locator("#coverage_by_scheme ~ details tbody tr").first.is_visible()
    with other.page.expect_download() as table:
        other.page.click("a[href='/figures/coverage_by_scheme.csv']")
    assert table.value.suggested_filename == "coverage_by_scheme.csv"
