"""What a command or event points at: fields marked with `Refers`, found once per class."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from annotated_types import Ge, Le

from domain.shared.values import OfficerId, PersonId, Value


@dataclass(frozen=True)
class Refers:
    """Marks a field that points at something within its own case."""

    to: str


@dataclass(frozen=True)
class Wills:
    """Marks a field of a command that names who wills what it says: consents, refuses, signs, applies, asks."""


PartyRef = Annotated[PersonId, Refers("party")]
WillingParty = Annotated[PersonId, Refers("party"), Wills()]
RepresentativeRef = Annotated[PersonId, Refers("representative")]
"""Who speaks for a party."""
ParticipantRef = Annotated[PersonId, Refers("participant")]
MediatorRef = Annotated[OfficerId, Refers("mediator")]
MediationNumber = Annotated[int, Ge(1), Le(10_000), Refers("mediation")]
SessionNumber = Annotated[int, Ge(1), Le(10_000), Refers("session")]
ObligationNumber = Annotated[int, Ge(1), Le(10_000), Refers("obligation")]
EntryVersion = Annotated[int, Ge(1), Refers("entry")]
PaperEntry = Annotated[int, Ge(1), Refers("paper")]
"""An entry by which a paper was filed."""


@cache
def fields_of_will(cls: type[Value]) -> tuple[str, ...]:
    """The fields of the class that name whose will it tells."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(name for name in cls.model_fields if _tells_will(hints[name]))


def _tells_will(hint: Any) -> bool:
    inner = get_args(hint)
    return any(isinstance(one, Wills) for one in inner) or any(_tells_will(one) for one in inner)


def willing(value: Value) -> Iterator[Any]:
    """Everybody whose will the value tells."""
    for name in fields_of_will(type(value)):
        told = getattr(value, name)
        many = told if isinstance(told, (tuple, frozenset)) else (told,)
        yield from (one for one in many if one is not None)


@cache
def reference_fields(cls: type[Value]) -> tuple[tuple[str, str], ...]:
    """(field, kind) of every field of the class that refers to something, itself or in a tuple."""
    hints = typing.get_type_hints(cls, include_extras=True)
    found = ((name, _referred(hints[name])) for name in cls.model_fields)
    return tuple((name, kind) for name, kind in found if kind)


def _referred(hint: Any) -> str | None:
    if get_origin(hint) is Annotated:
        marks = [mark.to for mark in get_args(hint)[1:] if isinstance(mark, Refers)]
        return marks[0] if marks else _referred(get_args(hint)[0])
    if get_origin(hint) in {tuple, frozenset, types.UnionType, typing.Union}:
        return next((kind for arg in get_args(hint) if (kind := _referred(arg))), None)
    return None


def references(value: Value) -> Iterator[tuple[str, str, Any]]:
    """(field, kind, id) of everything that the value points at."""
    for name, kind in reference_fields(type(value)):
        pointed = getattr(value, name)
        many = pointed if isinstance(pointed, (tuple, frozenset)) else (pointed,)
        yield from ((name, kind, one) for one in many if one is not None)
