"""What a field is, said once, where the field stands. What nobody marked is withheld, masked and not correctable.

The other marks stand beside what they are about: `Personal` in values, `Refers` in references.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, TypeVar

from domain.shared.shapes import hints
from domain.shared.values import Hexadecimal, Money, Official, Personal, Value, WrittenBySystem

T = TypeVar("T")


@dataclass(frozen=True)
class Mark:
    """A word about a field of an event."""

    word: str


OURS = (Mark, Money, Official, Personal)

CORRECTABLE = Mark("correctable")
FRAMED = Mark("framed")
LISTED = Mark("listed")
SEEN = Mark("seen")

Correctable = Annotated[T, CORRECTABLE]
"""May be told anew by a correction. Others are worked out, or are what the entry is about."""
Framed = Annotated[T, FRAMED]
"""Part of the frame of a case: a body to which only a part was handed over sees it as well."""
Listed = Annotated[T, LISTED]
"""Of a registration: shown on the case's page and in lists, and what lists are filtered by."""
Seen = Annotated[T, SEEN]
"""Of a value that describes a person: whoever may open the case reads this text. Others there are masked."""


OfAnOfficial = Annotated[T, Official()]
"""Names somebody in office, who may be called as a party is."""


@cache
def marks(cls: type[Value]) -> Mapping[str, frozenset[Any]]:
    """By field: every mark on its type, and on the types that it is made of; of a class of values with fields."""
    return {name: frozenset(one for one in _marks(hint) if isinstance(one, OURS)) for name, hint in hints(cls).items()}


def _marks(hint: Any) -> Iterator[Any]:
    yield from getattr(hint, "__metadata__", ())
    for inner in typing.get_args(hint):
        yield from _marks(inner)


@cache
def marked(cls: type[Value], mark: Mark) -> frozenset[str]:
    """The fields of the class that have this mark."""
    return frozenset(name for name, on in marks(cls).items() if mark in on)


@cache
def money_fields(cls: type[Value]) -> frozenset[str]:
    return frozenset(name for name, on in marks(cls).items() if any(isinstance(one, Money) for one in on))


@cache
def holds_money(cls: type[Any], name: str) -> bool:
    """Whether the field of a value, a state or a page is money by its type; what has no such field holds none."""
    hint = typing.get_type_hints(cls, include_extras=True).get(name)
    return any(isinstance(one, Money) for one in _marks(hint))


@cache
def personal_kinds(cls: type[Value]) -> Mapping[str, str]:
    """The kind of each personal field, by the name of the field."""
    found = ((name, one) for name, on in marks(cls).items() for one in on if isinstance(one, Personal))
    return {name: one.kind for name, one in found}


@cache
def free_texts(cls: type[Value]) -> frozenset[str]:
    """Fields for what people wrote: every text that is not marked as one that the system writes itself."""
    return frozenset(name for name, hint in hints(cls).items() if is_free_text(hint))


def is_free_text(hint: Any) -> bool:
    """Whether people's words may stand in it, itself or in a container; the fields of a value are asked one by one."""
    if any(isinstance(one, WrittenBySystem) or one is Hexadecimal for one in getattr(hint, "__metadata__", ())):
        return False
    return hint is str or any(is_free_text(one) for one in typing.get_args(hint))


@cache
def of_officials(cls: type[Value]) -> frozenset[str]:
    """Fields that name somebody in office, who may be called as a party is."""
    return frozenset(name for name, on in marks(cls).items() if any(isinstance(one, Official) for one in on))


def ids(value: Value, kind: Any) -> Iterator[Any]:
    """Every id of this kind that the value holds, at whatever depth: in tuples, sets, mappings and values."""
    for name in fields_naming(type(value), kind):
        yield from _within(getattr(value, name), hints(type(value))[name], kind)


def _within(value: Any, hint: Any, kind: Any) -> Iterator[Any]:
    if value is None:
        return
    if isinstance(value, Value):
        yield from ids(value, kind)
    elif isinstance(value, Mapping):
        key, held = typing.get_args(_bare(hint))
        for one in value.items():
            yield from _within(one[0], key, kind)
            yield from _within(one[1], held, kind)
    elif isinstance(value, tuple | frozenset | list):
        yield from (found for one in value for found in _within(one, _element(hint), kind))
    elif _names(hint, kind):
        yield value


@cache
def fields_naming(cls: type[Value], kind: Any) -> tuple[str, ...]:
    """The fields of the class under which an id of this kind may stand, at whatever depth."""
    return tuple(name for name, hint in hints(cls).items() if _names(hint, kind))


def _names(hint: Any, kind: Any) -> bool:
    if hint is kind:
        return True
    if isinstance(hint, type) and not typing.get_args(hint) and issubclass(hint, Value):
        return bool(fields_naming(hint, kind))
    return any(_names(one, kind) for one in typing.get_args(hint))


def _bare(hint: Any) -> Any:
    """The type without its marks, and without None."""
    while typing.get_origin(hint) in {Annotated, types.UnionType, typing.Union}:
        hint = next(one for one in typing.get_args(hint) if one is not type(None))
    return hint


def _element(hint: Any) -> Any:
    return typing.get_args(_bare(hint))[0]
