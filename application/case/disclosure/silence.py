"""What stands in the place of what a reader is not told: nothing, a mask, or that there is an entry at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, get_args, get_type_hints
from uuid import UUID

from application.case.disclosure.masks import MASK
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.shared.marks import FRAMED, free_texts, marked, personal_kinds
from domain.shared.values import Narrative, NarrativeId, Value

NOT_YOURS = Narrative(id=NarrativeId(UUID(int=0)), text="")
SOMETHING = object()
"""In the place of what cannot be left empty: the whole entry is withheld then."""


class NotHandedOver(CaseEvent):
    """An entry that was not handed to the reader: only that there is one. Never stored."""

    name: ClassVar = "case.not_handed_over"

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case


def silent(value: Value, **told: Any) -> Any:
    """With the fields alone that are marked as part of the frame, and those that are told; None where a field can be
    neither shown nor left empty."""
    seen = marked(type(value), FRAMED) | told.keys()
    hidden = {name: _nothing(value, name) for name in type(value).model_fields if name not in seen}
    return None if SOMETHING in hidden.values() else value.with_fields({**hidden, **told})


def _nothing(of: Value, name: str) -> Any:
    """What says nothing in that field's place: that something is there may be seen of what names a person."""
    field, value = type(of).model_fields[name], getattr(of, name)
    if isinstance(value, Narrative):
        return NOT_YOURS
    if value and name in personal_kinds(type(of)):
        return MASK
    if not field.is_required():
        return field.get_default(call_default_factory=True)
    empty = type(value) in {str, tuple, frozenset}
    return type(value)() if empty else SOMETHING


@cache
def is_wordless(event: type[Value]) -> bool:
    """Whether nothing in it was typed by somebody, and nothing describes a person: it only says how far things are."""
    hints = get_type_hints(event)
    held = {one for name in event.model_fields for one in _values(hints[name])}
    return not (free_texts(event) or personal_kinds(event)) and all(is_wordless(one) for one in held)


def _values(hint: Any) -> Iterator[type[Value]]:
    if isinstance(hint, type) and not get_args(hint) and issubclass(hint, Value):
        yield hint
    for inner in get_args(hint):
        yield from _values(inner)
