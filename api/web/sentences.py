"""The timeline in sentences: who did what, for whom, and when, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from api.labels import Language, labels, word
from application.case.page import TimelineEntry
from application.privacy import OPERATOR
from application.timers import THE_CLOCK
from domain.shared.calendar import SHANGHAI
from domain.shared.law import Due
from domain.shared.marks import money_fields
from domain.shared.values import Narrative, Value

CUT = 80


@dataclass(frozen=True)
class Names:
    """What ids are called: persons of the case, officers, bodies and areas."""

    known: Mapping[UUID, str]

    def of(self, id: Any) -> str:
        return self.known.get(id, "—")


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def enum_word(language: Language, value: Enum) -> str:
    return word(language, snake(type(value).__name__), value.value)


def sentence(line: TimelineEntry, names: Names, language: Language) -> str:
    template = labels(language)["sentence"].get(line.name, line.name)
    on_behalf = labels(language)["page"]["on_behalf_of"].format(name=names.of(line.on_behalf_of))
    facts = {name: told(line.event, name, names, language) for name in type(line.event).model_fields}
    facts |= {"who": _who(line, names, language), "body": names.of(line.body)}
    return str(template).format_map({**facts, "for": on_behalf if line.on_behalf_of else ""})


def _who(line: TimelineEntry, names: Names, language: Language) -> str:
    return word(language, "page", "the_clock") if line.by in (THE_CLOCK, OPERATOR) else names.of(line.by)


def told(event: Value, name: str, names: Names, language: Language) -> str:
    """A field of an event as people read it."""
    value = getattr(event, name)
    if name in money_fields(type(event)) and value is not None:
        return _money(value, language)
    return in_words(value, names, language)


def _money(value: Any, language: Language) -> str:
    """One sum, or several."""
    if isinstance(value, int):
        return yuan(value) if value else str(labels(language)["page"]["not_in_money"])
    return ("、" if language == "zh" else ", ").join(_money(one, language) for one in value)


def in_words(value: Any, names: Names, language: Language) -> str:  # noqa: C901 (a line a type)
    match value:
        case None | "" | ():
            return ""
        case bool():
            return labels(language)["page"]["yes" if value else "no"]  # type: ignore[no-any-return]
        case Enum():
            return enum_word(language, value)
        case Narrative():
            return cut(value.text)
        case UUID():
            return names.of(value)
        case datetime():
            return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case tuple() | frozenset() | list():
            return _listed(value, names, language)
        case Due():
            return f"{word(language, 'deadline', value.clock)} {in_words(value.at or value.day, names, language)}"
        case Value():
            return _value(value, language)
    return cut(str(value))


def _listed(value: Any, names: Names, language: Language) -> str:
    if value and isinstance(next(iter(value)), Value):
        return str(len(value))
    mark = "、" if language == "zh" else ", "
    return mark.join(in_words(one, names, language) for one in value)


def _value(value: Value, language: Language) -> str:
    """A person by name, a subject of consent by what it is about."""
    if about := getattr(value, "about", None):
        return word(language, "about", about)
    return str(getattr(value, "name", ""))


def cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= CUT else flat[: CUT - 1] + "…"


def yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}".removesuffix(".00") + " 元"
