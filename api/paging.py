"""Pages of lists: where one ends the next begins, whatever was added meanwhile.

A cursor says behind which number to go on. It means nothing to callers and stays good for ever.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, HTTPException, Query
from pydantic import BaseModel, Field

MOST = 200
USUAL = 50
LARGEST = 2**63 - 1
Item = TypeVar("Item")
Found = TypeVar("Found")


class Page(BaseModel, Generic[Item]):
    """A part of a list, and where to go on; `next` is null on the last page."""

    items: list[Item]
    next: Annotated[str | None, Field(description="`cursor` of the next page.")]


@dataclass(frozen=True)
class Paging:
    """Which page is asked for: so many items, behind a number."""

    limit: int
    behind: int | None

    def page(
        self,
        found: Sequence[Found],
        render: Callable[[Found], Item],
        number: Callable[[Found], int],
    ) -> Page[Item]:
        """The page of what was found, which is one item more than asked where there is more."""
        shown = found[: self.limit]
        after = _written(number(shown[-1])) if len(found) > self.limit else None
        return Page[Item](items=[render(one) for one in shown], next=after)

    def cursor(self, behind: int | None) -> str | None:
        """The cursor of what stands behind a number; None where nothing does."""
        return None if behind is None else _written(behind)


async def paging(
    limit: Annotated[int, Query(ge=1, le=MOST, description="Items on a page.")] = USUAL,
    cursor: Annotated[
        str | None,
        Query(max_length=32, pattern="^[A-Za-z0-9_-]+$", description="`next` of the page before."),
    ] = None,
) -> Paging:
    """The page that the caller asks for."""
    return Paging(limit, None if cursor is None else _read(cursor))


AskedPage = Annotated[Paging, Depends(paging)]


def _written(number: int) -> str:
    return base64.urlsafe_b64encode(f"behind {number}".encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        word, _, number = plain.partition(" ")
        if word == "behind" and number.isascii() and number.isdigit() and int(number) <= LARGEST:
            return int(number)
    except (binascii.Error, UnicodeDecodeError):
        pass
    raise HTTPException(HTTPStatus.BAD_REQUEST, "This cursor is not one that a page ended with.")
