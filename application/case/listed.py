"""What is told of a case, or asked of lists, has a field more for each that a registration marks as `Listed`.

This room changes classes while they are made: it writes annotations into one kind, and puts a class below the other.
mypy does not see the fields that are added here, so nothing reads them by name: ask `listed_of`. Whoever gives a class
a listed field by hand is refused when the module is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import create_model

from domain.case.opening.listed import LISTED_FIELDS, ListedField
from domain.shared.values import Value

T = TypeVar("T")
V = TypeVar("V", bound=Value)


def with_listed(type_of: Callable[[ListedField], Any]) -> Callable[[type[T]], type[T]]:
    """For a class that is made a dataclass: they come first, for none of them has a default. Raises TypeError."""

    def added(cls: type[T]) -> type[T]:
        _refuse_twice(cls)
        more = {name: type_of(one) for name, one in LISTED_FIELDS.items()}
        cls.__annotations__ = {**more, **cls.__annotations__}
        return cls

    return added


def value_with_listed(field_of: Callable[[ListedField], tuple[Any, Any]]) -> Callable[[type[V]], type[V]]:
    """For a value, which pydantic checks: each field by its type and its default. Raises TypeError."""

    def added(cls: type[V]) -> type[V]:
        _refuse_twice(cls)
        more: dict[str, Any] = {name: field_of(one) for name, one in LISTED_FIELDS.items()}
        return create_model(cls.__name__, __base__=cls, __module__=cls.__module__, __doc__=cls.__doc__, **more)

    return added


def _refuse_twice(cls: type[Any]) -> None:
    if double := sorted(name for name in LISTED_FIELDS if name in cls.__annotations__ or hasattr(cls, name)):
        raise TypeError(f"{cls.__name__} has these fields already, so that they cannot be listed: {double}")
