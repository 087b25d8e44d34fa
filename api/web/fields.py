"""The fields of a dialog, made from a command's own type: only what its event needs."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from annotated_types import Len
from pydantic import AwareDatetime
from pydantic_core import PydanticUndefined

from domain.shared.decider import Command
from domain.shared.references import Refers
from domain.shared.values import AreaId, BodyId, CaseId, Money, OfficerId, Sha256, Value

LONG = 500
"""Texts that may be longer than this get an area, not a line."""
SOURCES = {AreaId: "area", BodyId: "body", CaseId: "case", OfficerId: "member"}
IN_EVERY_DIALOG = frozenset(Command.model_fields)


@dataclass
class Field:
    """`kind`: text, area, number, money, date, moment, choice, many, tick, hash, rows, group, subject or changes.

    `source`: where the choices come from."""

    name: str
    kind: str
    required: bool
    default: Any = None
    source: str = ""
    longest: int | None = None
    enum: type[StrEnum] | None = None
    rows: list[Field] = field(default_factory=list)
    row_type: type[Value] | None = None


def fields(command: type[Value]) -> list[Field]:
    """The fields of a command, or of a value in it, but for what stands in every dialog."""
    return list(_fields(command))


def _fields(cls: type[Value]) -> Iterator[Field]:
    hints = get_type_hints(cls, include_extras=True)
    for name, info in cls.model_fields.items():
        if name in IN_EVERY_DIALOG or _is_of_the_page(hints[name]):
            continue
        made = _field(name, hints[name])
        made.required = info.is_required()
        made.default = None if info.default is PydanticUndefined else info.default
        yield made


def _is_of_the_page(hint: Any) -> bool:
    """Which mediation it is about is told by where the dialog was opened."""
    return Refers("mediation") in _unwrapped(hint)[0]


def _field(name: str, hint: Any) -> Field:
    marks, core, many = _unwrapped(hint)
    if special := _depends_on_a_choice(hint):
        return Field(name, special, False)
    if reference := next((mark.to for mark in marks if isinstance(mark, Refers)), None):
        return Field(name, "many" if many else "choice", False, source=reference)
    if isinstance(core, type) and issubclass(core, Value):
        return Field(name, "rows" if many else "group", False, rows=fields(core), row_type=core)
    if core in SOURCES:
        return Field(name, "many" if many else "choice", False, source=SOURCES[core])
    return _plain(name, core, marks)


def _depends_on_a_choice(hint: Any) -> str:
    """Whether its form depends on a choice made before: what is consented to, which entry is corrected."""
    inner = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if get_origin(inner) in (Union, types.UnionType) and sum(_is_value(one) for one in get_args(inner)) > 1:
        return "subject"
    return "changes" if get_origin(inner) in (dict, Mapping) else ""


def _is_value(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Value)


def _plain(name: str, core: Any, marks: list[Any]) -> Field:
    if isinstance(core, type) and issubclass(core, StrEnum):
        return Field(name, "choice", False, source="enum", enum=core)
    kinds = {bool: "tick", date: "date", datetime: "moment", AwareDatetime: "moment"}
    if core in kinds:
        return Field(name, kinds[core], False)
    if core is int:
        money = any(isinstance(mark, Money) for mark in marks)
        return Field(name, "money" if money else "number", False)
    if any(mark in get_args(Sha256)[1:] for mark in marks):
        return Field(name, "hash", False)
    longest = next((mark.max_length for mark in marks if isinstance(mark, Len)), None)
    return Field(name, "area" if longest is None or longest > LONG else "text", False, longest=longest)


def _unwrapped(hint: Any) -> tuple[list[Any], Any, bool]:
    """The marks on the type, the type itself, and whether there are many of it: what is marked on many of them, such
    as how many there may be, is nothing of the one."""
    marks: list[Any] = []
    many = False
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *more = get_args(hint)
            marks += more
        elif origin in (Union, types.UnionType):
            hint = next(arg for arg in get_args(hint) if arg is not type(None))
        elif origin is tuple:
            hint, many, marks = get_args(hint)[0], True, []
        else:
            return marks, hint, many
