"""The texts of an Excel workbook that its cells refer to by number."""

import re
from collections.abc import Callable, Iterator, Mapping

from registry.errors import UnreadableFile
from registry.tables.archive import DAMAGED
from registry.tables.by_pattern import TEXT, ByPattern
from registry.tables.limits import Limits
from registry.tables.markup import Handlers, Passing, local
from registry.tables.table import TextRun

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
SURROGATES = range(0xD800, 0xE000)
_USUAL = re.compile(rf'<si><t(?: xml:space="preserve")?>{TEXT}</t>')


class SharedTexts:
    """The texts that cells refer to by number, read no further than they are asked for."""

    begin = re.compile(rb"<sst(?: [^<>]*)?>")
    end = "</si>"

    def __init__(
        self, reading: Callable[[Handlers, Passing], Iterator[None]], limits: Limits
    ) -> None:
        self._texts: list[str] = []
        self._longest = limits.cell_characters
        self._run = TextRun(limits.cell_characters)
        self._phonetic = False
        self.is_between = False
        handlers = Handlers(self._start, self._end, self._run.add)
        self._reading = reading(handlers, ByPattern(self))

    def __getitem__(self, number: int) -> str:
        while number >= len(self._texts):
            if next(self._reading, self) is self:
                raise UnreadableFile(DAMAGED)
        return self._texts[number]

    def keep(self, element: str) -> bool:
        """Read a text without its end, if it is of the usual pattern."""
        found = _USUAL.fullmatch(element)
        if found is None or "_x" in found[1] or len(found[1]) > self._longest:
            return False
        self._texts.append(found[1])
        return True

    def _start(self, name: str, _: Mapping[str, str]) -> None:
        tag = local(name)
        if tag == "rPh":
            self._phonetic = True
        elif tag in {"sst", "si"}:
            self.is_between = tag == "sst"
        elif tag == "t" and not self._phonetic:
            self._run.open()

    def _end(self, name: str) -> None:
        tag = local(name)
        if tag == "t":
            self._run.close()
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self._texts.append(unescape(self._run.take()))
            self.is_between = True
        elif tag == "sst":
            self.is_between = False


def unescape(text: str) -> str:
    """Characters that XML cannot hold, written as `_x000D_`, put back; no-characters left out."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(_character, text)


def _character(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    is_text = code >= ord(" ") and code not in SURROGATES
    return chr(code) if is_text or chr(code) in "\t\n\r" else ""
