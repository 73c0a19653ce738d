"""The languages of the pages: their words, their dates, their digits.

English is the language of the sources; Khmer is a catalogue in `locale/km`, compiled when it is
first asked for. Numbers that people compare with a card keep their digits; counts and dates are
written in the digits of the language.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import Translations
from fastapi import Request, Response

COOKIE: Final = "language"
A_YEAR: Final = 365 * 24 * 60 * 60
PLACE: Final = ZoneInfo("Asia/Phnom_Penh")
_KHMER_DIGITS: Final = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")


def message(text: str) -> str:
    """Mark a text that a page translates when it shows it."""
    return text


@dataclass(frozen=True)
class Language:
    """A language: `name` is what its readers call it; `digits` writes digits its way."""

    code: str
    name: str
    digits: Callable[[str], str]

    @property
    def words(self) -> NullTranslations:
        """The catalogue."""
        return _catalogue(self.code)

    def number(self, value: float, decimals: int | None = None) -> str:
        """A count or a measure."""
        form = "#,##0.###" if decimals is None else "#,##0." + "0" * decimals
        return self.digits(_decimal(value, form.rstrip("."), self._locale))

    def share(self, value: float) -> str:
        """A share of one, in whole per cent."""
        return self.digits(format_percent(value, locale=self._locale))

    def day(self, value: date | str | None) -> str:
        """A day, or as much of one as is known: `2001-04`, `2001`; `~` marks an estimate."""
        if value is None:
            return "–"
        if not isinstance(value, str):
            return self.digits(format_date(value, "d MMMM y", locale=self._locale))
        known = value.rstrip("~")
        about = "≈ " if known != value else ""
        parts = [int(part) for part in known.split("-")]
        first = date(*[*parts, 1, 1][:3])
        form = ("y", "MMMM y", "d MMMM y")[min(len(parts), 3) - 1]
        return about + self.digits(format_date(first, form, locale=self._locale))

    def moment(self, value: datetime) -> str:
        """A moment, as clocks in Cambodia show it."""
        return f"{self.day(value.astimezone(PLACE).date())}, {self.clock(value)}"

    def clock(self, value: datetime) -> str:
        """The time of day, as clocks in Cambodia show it."""
        local = value.astimezone(PLACE)
        return self.digits(format_time(local, "HH:mm", locale=self._locale))

    @property
    def _locale(self) -> Locale:
        return _locale(self.code)


KHMER: Final = Language("km", "ខ្មែរ", lambda text: text.translate(_KHMER_DIGITS))
ENGLISH: Final = Language("en", "English", str)
LANGUAGES: Final = {language.code: language for language in (KHMER, ENGLISH)}


def chosen(request: Request) -> Language:
    """The language that a reader chose, else the first of their browser's; Khmer where in doubt."""
    asked: str = getattr(request.state, COOKIE, "")
    wanted = [asked, request.cookies.get(COOKIE, "")]
    wanted += request.headers.get("accept-language", "").split(",")
    codes = (part.split(";")[0].strip()[:2].lower() for part in wanted)
    return next((LANGUAGES[code] for code in codes if code in LANGUAGES), KHMER)


def keep_language(request: Request, response: Response) -> None:
    """Let the browser hold the language that a form asked for."""
    asked: str = getattr(request.state, COOKIE, "")
    if asked in LANGUAGES:
        response.set_cookie(COOKIE, asked, max_age=A_YEAR, httponly=True, samesite="lax")


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


@lru_cache(maxsize=1 << 12)
def _decimal(value: float, form: str, locale: Locale) -> str:
    return format_decimal(value, form, locale=locale)


@cache
def _catalogue(code: str) -> NullTranslations:
    source = files("api.pages") / "locale" / code / "LC_MESSAGES" / "messages.po"
    if not source.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return Translations(compiled)
