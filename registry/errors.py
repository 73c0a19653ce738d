"""The errors of the registry.

    RegistryError
    ├── UnreadableFile        a file of which no row can be taken
    │   └── WrongHeadings     a table, but not of this scheme
    └── UnknownScheme         no scheme has this code

The docstring of a class is its message when none is given.
"""


class RegistryError(Exception):
    """The registry could not do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class UnreadableFile(RegistryError):  # noqa: N818 - errors are named for what is wrong
    """The file cannot be read: send a CSV file in UTF-8, or an Excel or OpenDocument workbook."""


class WrongHeadings(UnreadableFile):
    """The headings of the file are not those of this scheme's list."""


class UnknownScheme(RegistryError):  # noqa: N818 - as above
    """No scheme has this code."""
