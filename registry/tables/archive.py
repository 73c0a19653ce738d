"""The packed parts of a workbook, unpacked only when their sizes are honest and bounded."""

import zipfile
from pathlib import Path
from typing import IO

from registry.errors import UnreadableFile
from registry.tables.kinds import ADVICE
from registry.tables.limits import MEGABYTE, Limits

METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED = 0x1
SMALL_PART = 4 * MEGABYTE
"""A part up to this size may be packed as tightly as it likes."""
DAMAGED = f"The workbook is damaged or cut short. {ADVICE}"
PASSWORD = "The workbook is closed by a password. Save it without one and send it again."  # noqa: S105 - a sentence


class Archive:
    """An open workbook of the packed kinds.

    Raises:
        UnreadableFile: when it is damaged, closed by a password, or unpacks to too much.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._streams: list[IO[bytes]] = []
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise UnreadableFile(DAMAGED) from error
        try:
            self._check(path.stat().st_size, limits)
        except UnreadableFile:
            self.close()
            raise

    @property
    def parts(self) -> frozenset[str]:
        """Names of the parts."""
        return frozenset(self._archive.namelist())

    def open(self, part: str) -> IO[bytes]:
        """A part as a stream that ends at its stated size.

        Raises:
            UnreadableFile: when there is no such part, or it cannot be unpacked.
        """
        try:
            stream = self._archive.open(part)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise UnreadableFile(DAMAGED) from error
        self._streams.append(stream)
        return stream

    def close(self) -> None:
        """Let go of the file and of the streams from it."""
        for stream in self._streams:
            stream.close()
        self._archive.close()

    def _check(self, packed: int, limits: Limits) -> None:
        parts = self._archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if any(part.flag_bits & ENCRYPTED for part in parts):
            raise UnreadableFile(PASSWORD)
        if any(part.compress_type not in METHODS for part in parts):
            raise UnreadableFile(f"The workbook is packed in an unusual way. {ADVICE}")
        if len(parts) > limits.parts:
            raise UnreadableFile(f"The workbook has more than {limits.parts} parts. {ADVICE}")
        if unpacked > limits.unpacked_bytes:
            size = limits.unpacked_bytes // MEGABYTE
            raise UnreadableFile(f"The workbook unpacks to more than {size} MB. {ADVICE}")
        if unpacked > max(packed * limits.ratio, SMALL_PART) or any(
            part.file_size > max(part.compress_size * limits.ratio, SMALL_PART) for part in parts
        ):
            raise UnreadableFile(
                f"The workbook unpacks to more than {limits.ratio} times its size. {ADVICE}"
            )
