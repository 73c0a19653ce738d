"""What the audit says was done, why and with what outcome, in the language of its reader.

The audit keeps English words. What is known here is translated, counts too; all else stays English,
and says that it is.
"""

import re
from typing import Final

from markupsafe import Markup, escape

from api.pages.languages import ENGLISH, Language, message
from api.pages.wording import PURPOSES

ACTIONS: Final = frozenset(
    {
        message("read person"),
        message("read profiles"),
        message("read history of a person"),
        message("read households of a person"),
        message("read values of a person"),
        message("look up: number"),
        message("look up: Name"),
        message("look up: SpId"),
        message("look up: SchemeNumber"),
        message("look up: NationalId"),
        message("ask eligibility"),
        message("ask eligibility of many"),
        message("ask enrolment"),
        message("look at review"),
        message("look at a review"),
        message("say same on a review"),
        message("say different on a review"),
        message("say unsure on a review"),
        message("take back a word on a review"),
        message("undo a decision"),
        message("read findings"),
        message("close a finding"),
        message("send a list"),
        message("let a list be taken"),
        message("confirm a list"),
        message("cancel a list"),
        message("read rejected rows"),
        message("read all rows of a list"),
        message("read the audit"),
        message("report to the person"),
        message("export persons"),
        message("add officer"),
        message("reset officer"),
        message("unlock officer"),
        message("close officer"),
        message("connect officer"),
        message("disconnect officer"),
        message("agree on a purpose"),
        message("add client"),
        message("renew client"),
        message("revoke client"),
        message("sign in"),
        message("change own password"),
        message("connect own phone"),
        message("renew own recovery codes"),
        message("sign out own browsers"),
    }
)
REASONS: Final = frozenset(
    {
        *PURPOSES.values(),
        message("treatment"),
        message("management of accounts"),
        message("administration of the scheme"),
        message("identification of beneficiaries"),
        message("own account"),
        message("own word"),
    }
)
OUTCOMES: Final = frozenset(
    {
        message("shown"),
        message("done"),
        message("refused"),
        message("found"),
        message("looks"),
        message("entries"),
        message("persons"),
        message("findings"),
        message("questions"),
        message("covered"),
        message("not_covered"),
        message("unknown"),
    }
)
DOORS: Final = frozenset(
    {message("pages"), message("api"), message("cli"), message("dci"), message("fhir")}
)
REVIEW: Final = message("review")
KNOWN: Final = ACTIONS | REASONS | OUTCOMES | DOORS | {REVIEW}
_WITH_COUNT: Final = re.compile(r"(\d+) (.+)")
_OF_REVIEW: Final = re.compile(r"(review) (\d+)")


def told(recorded: str, language: Language) -> Markup:
    """What was recorded, for who reads a language; parts between commas each for themselves."""
    if language == ENGLISH:
        return escape(recorded.replace("_", " "))
    return Markup(", ").join(_told(part, language) for part in recorded.split(", "))


def _told(text: str, language: Language) -> Markup:
    counted, review = _WITH_COUNT.fullmatch(text), _OF_REVIEW.fullmatch(text)
    if text in KNOWN:
        return escape(language.words.gettext(text))
    if counted and counted[2] in KNOWN:
        return escape(f"{language.words.gettext(counted[2])} {language.digits(counted[1])}")
    if review:
        return escape(f"{language.words.gettext(REVIEW)} {language.digits(review[2])}")
    return Markup('<span lang="en">{}</span>').format(text)
