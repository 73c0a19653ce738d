"""Commands of many options: they take one frozen dataclass, each field of which is an option."""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import wraps
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")


def taking(options: type[T]) -> Callable[[Callable[[T], None]], Callable[..., None]]:
    """Let Typer read a dataclass's fields, which it needs as parameters, for a command of one."""
    hints = get_type_hints(options, include_extras=True)
    parameters = [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, annotation=hints[field.name],
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
        )
        for field in fields(options)  # type: ignore[arg-type] # a dataclass, by the docstring
    ]  # fmt: skip

    def spread(command: Callable[[T], None]) -> Callable[..., None]:
        @wraps(command)
        def with_options(**values: Any) -> None:
            command(options(**values))

        with_options.__annotations__ = hints
        vars(with_options)["__signature__"] = inspect.Signature(parameters)
        return with_options

    return spread
