"""Where a reader may go: the places of the pages, each with what it takes to see it."""

from dataclasses import dataclass
from typing import Final

from api.pages.languages import message
from registry.access.principals import Principal
from registry.access.roles import Permission


@dataclass(frozen=True)
class Place:
    """A page that stands in the navigation and on the start page.

    `summary` says what it is for; `is_here` when it is the one being read.
    """

    path: str
    title: str
    summary: str
    permission: Permission
    is_here: bool = False


PLACES: Final = (
    Place(
        "/lists",
        message("Lists"),
        message("Send a list of your scheme, and see what came of those you sent."),
        Permission.UPLOAD_BATCHES,
    ),
    Place(
        "/check",
        message("Check coverage"),
        message("Ask whether somebody is covered today, and by whom."),
        Permission.ASK_ELIGIBILITY,
    ),
    Place(
        "/reviews",
        message("Reviews"),
        message("Decide whether two records are of one person."),
        Permission.DECIDE_REVIEWS,
    ),
    Place(
        "/people",
        message("People"),
        message("Find a person and see what every scheme says of them."),
        Permission.READ_PERSONS,
    ),
    Place(
        "/figures",
        message("Figures"),
        message("See coverage, overlap, quality of lists and what waits."),
        Permission.READ_INDICATORS,
    ),
    Place(
        "/audit",
        message("Audit"),
        message("See who read or changed whose data, for whom and why."),
        Permission.READ_AUDIT,
    ),
    Place(
        "/accounts",
        message("Accounts"),
        message("Let officers and systems in, and out."),
        Permission.MANAGE_ACCOUNTS,
    ),
)


def places(reader: Principal | None, path: str) -> list[Place]:
    """The places of a reader, in order; none for one who is not signed in."""
    if reader is None:
        return []
    return [
        Place(one.path, one.title, one.summary, one.permission, path.startswith(one.path))
        for one in PLACES if reader.may(one.permission)
    ]  # fmt: skip
