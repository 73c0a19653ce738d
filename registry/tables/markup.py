"""XML read as a stream, without document types and so without entities."""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, NoReturn, Protocol
from xml.parsers import expat

from registry.errors import UnreadableFile
from registry.tables.kinds import ADVICE

BLOCK = 1 << 16


@dataclass(frozen=True)
class Handlers:
    """What to do at the start of an element, at its end, and with text.

    A run of text may come in several pieces.
    """

    start: Callable[[str, Mapping[str, str]], None]
    end: Callable[[str], None]
    text: Callable[[str], None]


class Parse(Protocol):
    """Has an XML parser read a piece of a document."""

    def __call__(self, data: bytes, is_final: bool, /) -> object:  # noqa: FBT001 - as it is
        """Read a piece; the document ends with the final one."""


class Passing(Protocol):
    """Passes on a document to its parser, piece by piece, or reads some pieces itself.

    Attributes:
        lines: line ends that the parser did not see.
    """

    lines: int

    def __call__(self, block: bytes, parse: Parse) -> None:
        """Pass on a piece; b"" is the end."""


class All:
    """Passes on everything."""

    lines = 0

    def __call__(self, block: bytes, parse: Parse) -> None:
        """Pass on a piece."""
        parse(block, not block)


def read_markup(
    stream: IO[bytes], handlers: Handlers, passing: Passing | None = None
) -> Iterator[None]:
    """Read a document piece by piece; each step yields once its elements are handled.

    Args:
        stream: the document.
        handlers: of what is parsed.
        passing: decides what is parsed; everything if it is None.

    Raises:
        UnreadableFile: when it is not well formed, is cut short, or declares a document type.
    """
    passing = passing or All()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = handlers.start
    parser.EndElementHandler = handlers.end
    parser.CharacterDataHandler = handlers.text
    try:
        with stream:
            while block := stream.read(BLOCK):
                passing(block, parser.Parse)
                yield
            passing(b"", parser.Parse)
            yield
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "unknown")
        line = error.lineno + passing.lines
        message = f"The workbook is damaged: line {line} of its XML has {reason}. {ADVICE}"
        raise UnreadableFile(message) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError) as error:
        raise UnreadableFile(f"The workbook is damaged or cut short. {ADVICE}") from error


def _refuse_document_type(*_: object) -> NoReturn:
    raise UnreadableFile(f"The workbook declares a document type, which no list needs. {ADVICE}")


def local(name: str) -> str:
    """The name of an element or attribute without its namespace's prefix."""
    return name.rpartition(":")[2] if ":" in name else name
