r"""Schemes described in a small YAML file instead of code.

A description holds the names of the scheme, its headings by field, and what its words and numbers
look like:

    code: school_feeding
    name: School Feeding Programme
    name_km: កម្មវិធីអាហារតាមសាលារៀន
    unit: person
    stale_after_days: 400
    record_number: {pattern: 'SF\d{6}'}
    headings:
      record_number: [Pupil No, លេខសិស្ស]
      name_khmer: [Pupil]
      category: [Grade]
    values:
      category: {primary: [1, 2, 3], secondary: [7, 8]}
      sex: {male: [boy], female: [girl]}
    household: [household]

Headings and words come before those that all lists know; what is left out is as in any list.
"""

from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from registry.errors import InvalidScheme
from registry.schemes.description import SchemeDescription
from registry.schemes.scheme import Scheme

LARGEST: Final = 1 << 16
SUFFIXES: Final = frozenset({".yaml", ".yml"})


def load_scheme(path: Path) -> Scheme:
    """The scheme of one description file.

    Raises:
        InvalidScheme: when it cannot be read or is not in order; names each place that is wrong.
    """
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidScheme(f"{path.name} cannot be read as UTF-8 text.") from error
    if len(text) > LARGEST:
        raise InvalidScheme(f"{path.name} is longer than {LARGEST:,} characters.")
    try:
        return SchemeDescription.model_validate(_parse(text)).scheme()
    except yaml.YAMLError as error:
        raise InvalidScheme(f"{path.name} is not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise InvalidScheme(f"{path.name}: {_told(error)}") from error


def load_schemes(folder: Path, *, taken: frozenset[str] = frozenset()) -> dict[str, Scheme]:
    """The schemes of all description files in a folder, by code.

    Args:
        folder: where the files lie; others than YAML are left alone.
        taken: codes of the schemes known without a description.

    Raises:
        InvalidScheme: when a description is not in order, or two have one code.
    """
    schemes: dict[str, Scheme] = {}
    for path in sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES):
        scheme = load_scheme(path)
        if scheme.code in taken or scheme.code in schemes:
            raise InvalidScheme(f"{path.name}: there is another scheme {scheme.code}.")
        schemes[scheme.code] = scheme
    return schemes


class _PlainLoader(yaml.SafeLoader):
    """Reads plain data: nothing said twice, nothing by reference."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="references are not read", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - the library's
    ) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1:
                problem = f"{key.value} is said twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        return super().construct_mapping(node, deep=deep)


def _parse(text: str) -> object:
    return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a safe loader


def _told(error: ValidationError) -> str:
    """All that is wrong in one line: place, then reason."""
    reasons = []
    for each in error.errors():
        place = ".".join(str(part) for part in each["loc"] if part != "[key]")
        reason = each["msg"].removeprefix("Value error, ")
        reasons.append(f"{place}: {reason}" if place else reason)
    return "; ".join(reasons)
