"""改写 Rewriting: an entry's content as it should have been, held to what its own command asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import JsonValue, TypeAdapter, ValidationError

from domain.case.commands import CaseEvent
from domain.shared.errors import Refused
from domain.shared.marks import CORRECTABLE, marked
from domain.shared.occasion import Occasion
from domain.shared.values import Narrative


class NotAField(Refused):
    """The entry has no such field that could be corrected."""


class UnfitContent(Refused):
    """The corrected entry would not be valid."""


def correctable_fields(event: type[CaseEvent]) -> list[str]:
    """In the order of the class. An entry that stands for something else is corrected where that is."""
    return [name for name in event.model_fields if name in marked(event, CORRECTABLE)]


def rewritten(event: CaseEvent, changes: Mapping[str, JsonValue], on: Occasion) -> CaseEvent:
    """The event with the changes; a narrative that is told anew gets an id, and so a key, of its own.
    Raises NotAField, UnfitContent, and what its command raises."""
    if strange := sorted(changes.keys() - set(correctable_fields(type(event)))):
        raise NotAField(field=strange[0])
    told = {name: _told(event, name, value, on, index) for index, (name, value) in enumerate(changes.items())}
    content = event.model_dump() | told
    try:
        new = type(event).model_validate(content)
    except ValidationError as error:
        raise UnfitContent(fields=sorted({str(one["loc"][0]) for one in error.errors()})) from None
    new.check_rewritten(event, on)
    return new


def _told(old: CaseEvent, name: str, value: JsonValue, on: Occasion, index: int) -> Any:
    """The same words stay the same text: a new key for them would make a correction of nothing."""
    event, was = type(old), getattr(old, name)
    try:
        for asked in _asked(event, name):
            asked.validate_python(value)
        if not _is_narrative(event, name):
            return value
        if was is not None and was.text == value:
            return was.model_dump()
        return on.narrative(TypeAdapter(str).validate_python(value, strict=True), 100 + index).model_dump()
    except ValidationError:
        raise UnfitContent(fields=[name]) from None


@cache
def _asked(event: type[CaseEvent], name: str) -> tuple[TypeAdapter[Any], ...]:
    """The field as the commands ask for it that lead to the event: a text must not be blank, a time has its bounds."""
    return tuple(_fields(event, name))


def _fields(event: type[CaseEvent], name: str) -> Iterator[TypeAdapter[Any]]:
    for command in event.of:
        asked = event.asked_as.get(name, name)
        if asked in command.model_fields:
            yield TypeAdapter(get_type_hints(command, include_extras=True)[asked])


def _is_narrative(event: type[CaseEvent], name: str) -> bool:
    hint = get_type_hints(event)[name]
    return Narrative in (hint, *get_args(hint))
