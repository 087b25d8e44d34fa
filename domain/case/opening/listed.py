"""登记要素 Listed fields: what a registration tells of a case that pages show, and that lists are filtered by.

A field of `CaseRegistered` that is `Listed` is asked for by `RegisterCase` under the same name. From that mark alone
come the page, the line of a list and its column, the filter and the form; a part that is split off takes it over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from domain.case.opening.intake import CaseRegistered, RegisterCase
from domain.shared.marks import FRAMED, LISTED, free_texts, marked, personal_kinds
from domain.shared.values import Value


@dataclass(frozen=True)
class ListedField:
    """`kind`: a code (StrEnum), a line of text (str) or a day (date). `hint`: the type as the registration has it."""

    name: str
    kind: Any
    hint: Any
    optional: bool
    framed: bool
    """Whether a body sees it, and finds the case by it, that sees only a part of the case."""
    usual: Any
    """What a registration says of which nobody said otherwise."""

    @property
    def is_code(self) -> bool:
        return issubclass(self.kind, StrEnum)

    @property
    def is_text(self) -> bool:
        return self.kind is str

    @property
    def nothing(self) -> Any:
        """What stands in its place where there is no registration."""
        return None if self.optional else ""

    @property
    def in_a_list(self) -> Any:
        """Its type in a line of a list."""
        return self.kind | None if self.optional else self.kind

    @property
    def on_a_page(self) -> Any:
        """Its type on a page, where there may be no registration."""
        return self.in_a_list if self.optional or self.is_text else self.kind | Literal[""]


def listed_fields(event: type[Value], command: type[Value]) -> Mapping[str, ListedField]:
    """By name, in the order of the event. Raises TypeError for a field that cannot be listed."""
    named = marked(event, LISTED)
    return {name: _listed_field(event, command, name) for name in event.model_fields if name in named}


def _listed_field(event: type[Value], command: type[Value], name: str) -> ListedField:
    hint = get_type_hints(event, include_extras=True)[name]
    if name not in command.model_fields:
        raise TypeError(f"{name} is listed, and {command.__name__} does not ask for it")
    asked, framed = command.model_fields[name], name in marked(event, FRAMED)
    usual = None if asked.is_required() else asked.get_default(call_default_factory=True)
    types = _alternatives(hint)
    made = ListedField(name, _kind(event, name, types), hint, NoneType in types, framed, usual)
    if made.kind is date and not made.optional:
        raise TypeError(f"{name} is listed: a day that nobody told is None")
    if not framed and not _can_be_left_empty(event, made):
        raise TypeError(f"{name} is listed and not Framed: for whoever must not see it, it is None, or an empty text")
    return made


def _kind(event: type[Value], name: str, types: frozenset[Any]) -> type[Any]:
    match [*(types - {NoneType})]:
        case [type() as kind] if issubclass(kind, StrEnum) or kind is date:
            return kind
        case [type() as kind] if kind is str and name in free_texts(event) and name not in personal_kinds(event):
            return kind
    raise TypeError(f"{name} is listed: that is a code (StrEnum), a Line that names nobody, or a day, found as a whole")


def _alternatives(hint: Any) -> frozenset[Any]:
    """What it may be, without marks and bounds."""
    if get_origin(hint) is Annotated:
        return _alternatives(get_args(hint)[0])
    if get_origin(hint) in {UnionType, Union}:
        return frozenset[Any]().union(*map(_alternatives, get_args(hint)))
    return frozenset({hint})


def _can_be_left_empty(event: type[Value], one: ListedField) -> bool:
    """As a part of a case is read: a field that is not told has its default there, and a text is empty."""
    field = event.model_fields[one.name]
    if field.is_required():
        return one.is_text and not one.optional
    return field.get_default(call_default_factory=True) in {None, ""}


LISTED_FIELDS = listed_fields(CaseRegistered, RegisterCase)


def listed_of(told: Any) -> Mapping[str, Any]:
    """Of a registration, or of a line of a list: what it tells of each listed field."""
    return {name: getattr(told, name) for name in LISTED_FIELDS}


def nothing_listed() -> Mapping[str, Any]:
    return {name: one.nothing for name, one in LISTED_FIELDS.items()}
