"""Validation against the shapes of the standard (`schemas/README.md`)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parent / "schemas"
SOCIAL = "social_registry"
BENEFICIARIES = "beneficiary_registry"


def check_request(path: str, body: object, shapes: str = SOCIAL) -> None:
    """A message is of the shape that the standard gives requests to a path."""
    _validator(shapes, f"{_path(path)}/requestBody/content/application~1json/schema").validate(body)


def check_answer(path: str, status: int, body: object, shapes: str = SOCIAL) -> None:
    """An answer is of the shape that the standard gives those of a path."""
    named = str(status) if status in {401, 403, 500} else "default"
    place = f"{_path(path)}/responses/{named}"
    response = _at(shapes, place)
    if "$ref" in response:
        place = response["$ref"]
    _validator(shapes, f"{place}/content/application~1json/schema").validate(body)


def _path(path: str) -> str:
    return f"#/paths/{path.replace('/', '~1')}/post"


@cache
def _shapes(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def _at(name: str, pointer: str) -> dict[str, Any]:
    found: Any = _shapes(name)
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    assert isinstance(found, dict)
    return found


@cache
def _validator(name: str, pointer: str) -> Draft202012Validator:
    registry: Registry[Any] = Registry().with_resource(
        f"urn:{name}", DRAFT202012.create_resource(_shapes(name))
    )
    return Draft202012Validator(
        {"$ref": f"urn:{name}{pointer}"}, registry=registry, format_checker=FormatChecker()
    )
