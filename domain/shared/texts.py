"""Whose a value is: the persons and the narratives in it, found by the marks of its fields."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

from domain.shared.shapes import hints, holding, placed
from domain.shared.values import Narrative, Personal, PersonId, Value


def parts(value: Value) -> Iterator[Value]:
    """The value, and every value in it."""
    yield value
    for name in holding(type(value)):
        for one, _ in placed(getattr(value, name)):
            if isinstance(one, Value):
                yield from parts(one)


def narratives(value: Value) -> Iterator[Narrative]:
    return (one for one in parts(value) if isinstance(one, Narrative))


def persons(value: Value) -> Iterator[tuple[PersonId, Value]]:
    """Each person whom it describes, with the part that does."""
    for one in parts(value):
        if "person" in type(one).model_fields and personal_fields(type(one)):
            yield one.person, one  # type: ignore[attr-defined]


def described(value: Value) -> dict[str, str]:
    """The personal fields that are filled in, by name."""
    return {name: text for name in personal_fields(type(value)) if (text := getattr(value, name))}


@cache
def personal_fields(cls: type[Value]) -> tuple[str, ...]:
    return tuple(name for name, hint in hints(cls).items() if _is_personal(hint))


def _is_personal(hint: Any) -> bool:
    marks = getattr(hint, "__metadata__", ())
    return any(isinstance(one, Personal) for one in marks) or any(_is_personal(one) for one in typing.get_args(hint))
