"""Elements of a document as nearly all programs write them, read by their pattern.

The XML parser calls back for each start, end and text of an element. An element whose markup is of
the usual pattern is read here, many times faster, and the parser sees the document without it: it
is a whole element between two others, so that what is left is well formed if and only if all of it
is. Every other element, and every other part of the document, goes to the parser.

Where a pattern could be mistaken, nothing is read by it: in a document with comments, instructions
or sections of character data, or in an encoding other than UTF-8.
"""

import re
from collections.abc import Sequence
from typing import Final, Protocol

from registry.tables.markup import Parse

LONGEST: Final = 1 << 20
"""Bytes that are held while the end of an element is waited for."""
TEXT: Final = r"([^<&\x00-\x08\x0b-\x1f\ufffe\uffff]*)"
"""Pattern of a text that means what it says."""
_ODD: Final = (b"<!", b"<?", b"]]>")
_DECLARED: Final = b"<?xml"
_ENCODING: Final = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")


class Elements(Protocol):
    """Elements that follow one another in a document.

    Attributes:
        begin: pattern of the start of the element around them.
        end: of each of them; none holds another.
    """

    begin: re.Pattern[bytes]
    end: str

    @property
    def is_between(self) -> bool:
        """Whether, after what was parsed, the next of them may begin."""

    def keep(self, element: str) -> bool:
        """Read an element without its end, if it is of the usual pattern."""


class ByPattern:
    """Stands between a document and its parser, and keeps what is of the usual pattern.

    Attributes:
        lines: line ends of the document that the parser did not see.
    """

    def __init__(self, elements: Elements) -> None:
        self.lines = 0
        self._elements = elements
        self._rest = b""
        self._is_usual = True
        self._has_begun = False

    def __call__(self, block: bytes, parse: Parse) -> None:
        """Read what is of the usual pattern, and have everything else parsed; b"" is the end."""
        data = self._rest + block
        if self._is_usual and block and len(data) <= LONGEST:
            odd = data if self._has_begun else data.replace(_DECLARED, b"", 1)
            if not any(mark in odd for mark in _ODD):
                self._rest = self._read(data, parse)
                return
        self._is_usual, self._rest = False, b""
        parse(data, False)
        if not block:
            parse(b"", True)

    def _read(self, data: bytes, parse: Parse) -> bytes:
        """Read whole elements; what is left of the data until more of it is there."""
        if not self._has_begun:
            begin = self._elements.begin.search(data)
            if begin is None:
                return data
            head, data = data[: begin.end()], data[begin.end() :]
            self._has_begun = True
            parse(head, False)
            declared = _ENCODING.search(head)
            if declared is not None and declared[1].lower() != b"utf-8":
                self._is_usual = False
        last = self._elements.end
        end = data.rfind(last.encode()) + len(last)
        if end < len(last):
            return data
        try:
            elements = data[:end].decode().split(last)[:-1]
        except UnicodeDecodeError:
            self._is_usual = False
            return data
        seen = 0
        for at, element in enumerate(elements):
            is_usual = self._elements.is_between and self._is_usual
            if is_usual and self._elements.keep(element):
                continue
            self._pass_over(elements[seen:at])
            seen = at + 1
            if not is_usual:
                self._is_usual = False
                return last.join([*elements[at:], ""]).encode() + data[end:]
            parse(f"{element}{last}".encode(), False)
        self._pass_over(elements[seen:])
        return data[end:]

    def _pass_over(self, elements: Sequence[str]) -> None:
        self.lines += "".join(elements).count("\n")
