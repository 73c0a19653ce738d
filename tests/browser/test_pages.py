"""Every page, in both languages: it works, it is legible to everybody, it looks as it should."""

import pyotp
import pytest

from registry.access.roles import Role
from tests.browser.conftest import INITIAL, LOCALES, Visit

LANGUAGES = pytest.mark.parametrize("language", LOCALES)


@LANGUAGES
def test_welcome_sign_in_and_failure(visit: Visit, language: str) -> None:
    visitor = visit(language)
    visitor.go("/")
    visitor.look("welcome")
    visitor.go("/reviews")
    visitor.page.wait_for_url("**/sign-in?next=*")
    visitor.page.fill("#login", "nobody")
    visitor.page.fill("#password", "nothing at all")
    visitor.page.click("main button")
    visitor.page.wait_for_selector(".notice.no")
    visitor.look("sign-in-refused")
    visitor.go("/nothing")
    visitor.look("failure")


@LANGUAGES
def test_start_page_of_each_role(visit: Visit, language: str) -> None:
    for role in (Role.DATA_OFFICER, Role.HEALTH_PROVIDER):
        visitor = visit(language)
        visitor.sign_in(role)
        visitor.look(f"start-{role}")
    visitor.go("/reviews")
    assert visitor.page.locator("main a[href='/']").count() == 1
    visitor.look("forbidden")


def test_language_is_switched_on_the_page_and_stays(visit: Visit) -> None:
    visitor = visit("km")
    visitor.go("/sign-in")
    visitor.page.click("button[value=en]")
    visitor.page.wait_for_selector("html[lang=en]")
    assert visitor.page.url.endswith("/sign-in")
    visitor.go("/")
    assert visitor.page.get_attribute("html", "lang") == "en"


@LANGUAGES
def test_newcomer_chooses_a_password_and_connects_a_phone(visit: Visit, language: str) -> None:
    visitor = visit(language)
    page = visitor.page
    visitor.go("/sign-in?next=/reviews/said")
    page.fill("#login", f"newcomer-{language}")
    page.fill("#password", INITIAL[language])
    page.click("main button")
    page.wait_for_url("**/sign-in/password")
    visitor.look("own-password")
    page.fill("#password", "easy" * 4)
    page.fill("#again", "easy" * 4)
    page.click("main button")
    page.wait_for_selector(".notice.no")
    visitor.look("own-password-refused")
    page.fill("#password", "eleven slow paper kites")
    page.fill("#again", "eleven slow paper kites")
    page.click("main button")
    page.wait_for_url("**/sign-in/phone")
    visitor.look("phone")
    secret = page.inner_text(".secret").replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).now())
    page.click("main button")
    page.wait_for_selector(".recovery li >> nth=9")
    visitor.look("recovery")
    page.click("main a.button")
    visitor.go("/reviews/said")
    page.click(".account button")
    page.wait_for_selector("a[href='/sign-in']")
    visitor.go("/reviews")
    page.wait_for_url("**/sign-in?next=*")
