"""Why something was refused, in the language of who sent it.

The registry says so in English sentences, of which a refusal has one to three. Each is known here
by its form, gaps included; a sentence of no known form stays English, and says that it is.
"""

import re
from functools import cache
from re import Pattern
from typing import Final

from markupsafe import Markup, escape

from api.pages.languages import ENGLISH, Language, message

FORMS: Final = (
    message("Save the list as CSV UTF-8 or as an Excel workbook and send it again."),
    message("Texts in {encoding} are not read."),
    message("The file is not a text file."),
    message("Line {line} is too long for a list."),
    message("Line {line} is not {encoding} text."),
    message("It may be in {encoding}: confirm that, or save the list as CSV UTF-8."),
    message(
        "Row {row} opens a quotation mark that is never closed: the file is cut short or a mark is "
        "missing. Send the whole file again."
    ),
    message(
        "Row {row} has a cell of more than {most} characters: a quotation mark may be missing. "
        "Correct it and send the file again."
    ),
    message("Row {row} is repeated {times} times."),
    message("Row {row} holds more than {most} characters."),
    message(
        "Row {row} of the file has more than {most} columns. Remove what stands there and send the "
        "file again."
    ),
    message(
        "A cell of the file holds more than {most} characters. Remove it and send the file again."
    ),
    message("The file is larger than {most} MB: send it in parts."),
    message("The file is larger than a list may be: send it in several lists."),
    message("The file is empty."),
    message("The file is {what}, not a list."),
    message("The file is an archive without a workbook in it."),
    message("The workbook is damaged or cut short."),
    message("The workbook is damaged: line {line} of its XML has {reason}."),
    message("The workbook is closed by a password. Save it without one and send it again."),
    message("The workbook is packed in an unusual way."),
    message("The workbook declares a document type, which no list needs."),
    message("The workbook has more than {most} parts."),
    message("The workbook unpacks to more than {most} MB."),
    message("The workbook unpacks to more than {times} times its size."),
    message(
        "The file takes longer to read than a list should. Save the list alone as CSV UTF-8 and "
        "send it again."
    ),
    message(
        "The file needs more memory than a list should. Remove what is not part of the list, or "
        "save it as CSV UTF-8, and send it again."
    ),
    message("The file could not be read: it is damaged, or of a kind that is not known."),
    message("{file} cannot be opened: {reason}."),
    message("{file} changed while it was received: send it again."),
    message("The file has no sheet {sheet}: its sheets are {sheets}."),
    message(
        "No column of the file is headed as the record number (as {number}) or a name (as {name}) "
        "of {scheme}."
    ),
    message("No column of the file is headed as the record number (as {number}) of {scheme}."),
    message("No column of the file is headed as a name (as {name}) of {scheme}."),
    message("No column is headed {headings}: the headings are {names}."),
    message("Check the first row of headings and send the list again."),
    message("It looks like a list of {scheme}: send it for that scheme."),
    message("It waited for two weeks and was given up: send the file again."),
    message("Unexpected: {what}"),
    message("There is an officer {login} already: choose another login."),
    message("There is a client named {name} already: choose another name."),
    message("The role {role} needs a scheme."),
    message("A password has at least {count} characters."),
    message("This password is too easy to guess: choose another."),
    message("Choose another password than the one you have."),
    message("An officer needs a role."),
    message("A scheme administrator needs a scheme."),
    message("This subject signs in as another officer: disconnect that one first."),
    message("Give the subject (sub) by which the provider knows the officer."),
    message("Officers do not sign in with a provider here."),
)
"""Longer forms stand before shorter ones that they begin or end like."""
_GAP: Final = re.compile(r"\\\{(\w+)\\\}")


def told(reason: str, language: Language) -> Markup:
    """A refusal for who reads a language."""
    if language == ENGLISH:
        return escape(reason)
    said, rest = [], reason
    while rest:
        form, found = _first(rest)
        if found is None:
            said.append(Markup('<span lang="en">{}</span>').format(rest))
            break
        said.append(escape(language.words.gettext(form).format(**found.groupdict())))
        rest = rest[found.end() :].lstrip()
    return Markup(" ").join(said)


def _first(text: str) -> tuple[str, re.Match[str] | None]:
    """The form that a text begins with."""
    for form in FORMS:
        found = _pattern(form).match(text)
        if found:
            return form, found
    return "", None


@cache
def _pattern(form: str) -> Pattern[str]:
    """What a form looks like with its gaps filled; a gap never runs on to the next sentence."""
    return re.compile(_GAP.sub(r"(?P<\1>.+?)", re.escape(form)) + r"(?=\s|$)")
