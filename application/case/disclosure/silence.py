"""What stands in the place of what a reader is not told: nothing, a mask, or that there is an entry at all."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from application.case.disclosure.masks import MASK
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.shared.marks import FRAMED, free_texts, is_free_text, marked, personal_kinds
from domain.shared.shapes import SEQUENCES, hints, holding, made_of, placed, rebuilt, values_in
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
    framed = marked(type(value), FRAMED)
    made = _only(value, framed | told.keys(), framed - told.keys())
    return None if made is SOMETHING else made.with_fields(told)


def _only(value: Value, seen: AbstractSet[str], framed: AbstractSet[str]) -> Any:
    """The value with these fields. `framed`: those of them in which another value is framed too: of it, only what is
    part of the frame itself, or holds no words, is seen."""
    hidden = {name: _nothing(value, name) for name in type(value).model_fields if name not in seen}
    within = {name: rebuilt(getattr(value, name), _framed) for name in holding(type(value)) if name in framed}
    changed = {**hidden, **within}
    lost = any(one is SOMETHING for name in changed for one, _ in placed(changed[name]))
    return SOMETHING if lost else value.with_fields(changed)


def _framed(value: Any, _: str) -> Any:
    if not isinstance(value, Value) or is_wordless(type(value)):
        return value
    seen = marked(type(value), FRAMED) | _wordless_fields(type(value))
    return _only(value, seen, seen)


@cache
def _wordless_fields(cls: type[Value]) -> frozenset[str]:
    found = ((name, hint) for name, hint in hints(cls).items() if not is_free_text(hint))
    return frozenset(name for name, hint in found if all(is_wordless(one) for one in values_in(hint)))


def _nothing(of: Value, name: str) -> Any:
    """What says nothing in that field's place: that something is there may be seen of what names a person."""
    field, value = type(of).model_fields[name], getattr(of, name)
    if isinstance(value, Narrative):
        return NOT_YOURS
    if value and name in personal_kinds(type(of)):
        return MASK
    if not field.is_required():
        return field.get_default(call_default_factory=True)
    empty = type(value) in {str, dict, *SEQUENCES}
    return type(value)() if empty else SOMETHING


@cache
def is_wordless(event: type[Value]) -> bool:
    """Whether nothing in it was typed by somebody, and nothing describes a person: it only says how far things are."""
    return not any(free_texts(one) or personal_kinds(one) for one in made_of(event))
