"""What a value holds: the one walk through its containers, and what its fields may be made of at all.

The cipher, the masks, what is withheld and what is handed over all walk here. A field of a shape that this walk does
not know would be neither encrypted nor hidden: `shape_faults` names it, and a test asks that of every class.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, NewType
from uuid import UUID

from annotated_types import Len
from pydantic import AwareDatetime, PlainSerializer

from domain.shared.values import Hexadecimal, Personal, Printable, Value, WrittenBySystem

SEQUENCES = (tuple, list, frozenset)
UNIONS = (typing.Union, types.UnionType)
PLAIN = (int, float, date, datetime, UUID, Enum, types.NoneType, Value)
"""What holds no text of its own: numbers, times, ids, codes; a value is asked for itself."""
KEYS = (int, date, UUID, Enum)
"""What things are kept under: a key is neither encrypted nor masked, so it is no text."""


def placed(held: Any, path: str = "") -> Iterator[tuple[Any, str]]:
    """Whatever stands in the containers, at whatever depth, with the path to it; what is no container is itself."""
    if isinstance(held, Mapping):
        for key, one in held.items():
            yield from placed(one, f"{path}/{key}")
    elif isinstance(held, SEQUENCES):
        for at, one in enumerate(held):
            yield from placed(one, f"{path}/{at}")
    else:
        yield held, path


def rebuilt(held: Any, change: Callable[[Any, str], Any], path: str = "", sets: type = frozenset) -> Any:
    """The same containers around what `change` makes of each thing in them. `sets`: what a set becomes, where what is
    changed cannot stand in one."""
    if isinstance(held, Mapping):
        return {key: rebuilt(one, change, f"{path}/{key}", sets) for key, one in held.items()}
    if isinstance(held, SEQUENCES):
        kind = sets if isinstance(held, frozenset) else type(held)
        return kind(rebuilt(one, change, f"{path}/{at}", sets) for at, one in enumerate(held))
    return change(held, path)


@cache
def holding(cls: type[Value]) -> tuple[str, ...]:
    """The fields of the class in which another value may stand, at whatever depth."""
    return tuple(name for name, hint in hints(cls).items() if any(values_in(hint)))


@cache
def hints(cls: type[Value]) -> Mapping[str, Any]:
    found = typing.get_type_hints(cls, include_extras=True)
    return {name: found[name] for name in cls.model_fields}


def values_in(hint: Any) -> Iterator[type[Value]]:
    """The classes of values that the type names."""
    if isinstance(hint, type) and not typing.get_args(hint) and issubclass(hint, Value):
        yield hint
    for inner in typing.get_args(hint):
        yield from values_in(inner)


@cache
def made_of(cls: type[Value]) -> frozenset[type[Value]]:
    """The class itself, and those of every value that may stand in it."""
    found, left = {cls}, [cls]
    while left:
        new = {one for hint in hints(left.pop()).values() for one in values_in(hint)} - found
        found |= new
        left += new
    return frozenset(found)


def shape_faults(cls: type[Value], *, told: bool) -> list[str]:
    """By name: the fields of the class whose text nobody checks, and those of a shape that nobody walks. `told`:
    whether people or other systems fill it in, as they do a command."""
    strict = told or any(isinstance(one, Personal) for hint in hints(cls).values() for one in _marks(hint))
    found = ((name, fault) for name, hint in hints(cls).items() for fault in _faults(hint, strict, frozenset()))
    return [f"{cls.__name__}.{name}: {fault}" for name, fault in found]


def _marks(hint: Any) -> Iterator[Any]:
    yield from getattr(hint, "__metadata__", ())
    for inner in typing.get_args(hint):
        yield from _marks(inner)


def _faults(hint: Any, strict: bool, marks: frozenset[Any]) -> Iterator[str]:
    kind, inner = typing.get_origin(hint), typing.get_args(hint)
    if kind is Annotated:
        yield from _faults(inner[0], strict, marks | set(hint.__metadata__))
    elif isinstance(hint, NewType):
        yield from _faults(hint.__supertype__, strict, marks)
    elif kind in UNIONS:
        yield from (fault for one in inner for fault in _faults(one, strict, marks))
    elif kind in SEQUENCES:
        yield from (fault for one in inner if one is not ... for fault in _faults(one, strict, frozenset()))
    elif isinstance(kind, type) and issubclass(kind, Mapping):
        key, held = inner
        yield from () if _is_key(key) else ("is kept under a text, which would be neither encrypted nor masked",)
        yield from _faults(held, strict, frozenset())
    elif hint is str:
        yield from _faults_of_text(strict, marks)
    elif kind is not Literal and not _is_plain(hint) and not _is_taken_apart(marks):
        yield f"nobody walks {hint}"


def _faults_of_text(strict: bool, marks: frozenset[Any]) -> Iterator[str]:
    own = any(isinstance(one, WrittenBySystem) for one in marks)
    if own and strict:
        yield "a text that people tell is never `Composed`"
    elif not (own or Hexadecimal in marks or (Printable in marks and any(isinstance(one, Len) for one in marks))):
        yield "a text has a length and is `Printable`; it is `Composed` where the system alone writes it"


def _is_key(hint: Any) -> bool:
    while not isinstance(hint, type):
        hint = hint.__supertype__ if isinstance(hint, NewType) else typing.get_args(hint)[0]
    return issubclass(hint, KEYS)


def _is_taken_apart(marks: frozenset[Any]) -> bool:
    """Of a type with typed parts, as the name of a clock is: one place reads its text, and knows every form of it."""
    return any(isinstance(one, PlainSerializer) for one in marks)


def _is_plain(hint: Any) -> bool:
    return hint is AwareDatetime or (isinstance(hint, type) and issubclass(hint, PLAIN))
