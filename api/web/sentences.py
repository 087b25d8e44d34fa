"""The timeline in sentences: who did what, for whom, and when, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from api.labels import Language, labels, word
from application.case.page import TimelineEntry
from application.case.picture import Sum
from application.moments import KnownAt
from application.naming import NameBook
from application.privacy import OPERATOR
from application.timers import THE_CLOCK
from domain.shared.acting import ActingAs
from domain.shared.calendar import SHANGHAI, local_day
from domain.shared.law import Due
from domain.shared.marks import money_fields
from domain.shared.values import Narrative, Value

CUT = 80
UNKNOWN = "—"
"""Of what has no name that the page knows."""


@dataclass(frozen=True)
class Names:
    """What ids are called: the persons of the case, and officers, bodies and areas as they were called at a moment."""

    persons: Mapping[Any, str]
    book: NameBook
    at: KnownAt

    def of(self, id: Any) -> str:
        return self.persons.get(id) or self.book.name(id, self.at) or UNKNOWN

    def then(self, line: TimelineEntry) -> Names:
        """As they were called when the entry was recorded, of the day on which it happened."""
        return replace(self, at=KnownAt.with_entry(line.entry, local_day(line.occurred_at)))

    def acting(self, line: TimelineEntry) -> ActingAs:
        return self.book.acting(line.entry)


NO_NAMES = Names({}, NameBook(), KnownAt.now(datetime.now(UTC)))
"""Where nothing is named."""


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def enum_word(language: Language, value: Enum) -> str:
    return word(language, snake(type(value).__name__), value.value)


def sentence(line: TimelineEntry, names: Names, language: Language) -> str:
    template = labels(language)["sentence"].get(line.name, line.name)
    on_behalf = labels(language)["page"]["on_behalf_of"].format(name=names.of(line.on_behalf_of))
    then, acting = names.then(line), names.acting(line)
    facts = {name: told(line.event, name, then, language) for name in type(line.event).model_fields}
    facts |= {"who": _who(line, acting, language), "body": acting.body or "—"}
    return str(template).format_map({**facts, "for": on_behalf if line.on_behalf_of else ""})


def _who(line: TimelineEntry, acting: ActingAs, language: Language) -> str:
    """Whom an old register names did it, whoever imported that."""
    if acting.officer:
        return acting.officer
    return word(language, "page", "the_clock") if line.by in (THE_CLOCK, OPERATOR) else "—"


def told(event: Value, name: str, names: Names, language: Language) -> str:
    """A field of an event as people read it."""
    value = getattr(event, name)
    if name in money_fields(type(event)) and value is not None:
        return money(value, names, language)
    return in_words(value, names, language)


def money(value: Any, names: Names, language: Language) -> str:
    """One sum, or several."""
    if value is None:
        return ""
    if isinstance(value, int):
        return yuan(value) if value else str(labels(language)["page"]["not_in_money"])
    return ("、" if language == "zh" else ", ").join(money(one, names, language) for one in value)


def in_words(value: Any, names: Names, language: Language) -> str:  # noqa: C901 (a line a type)
    match value:
        case None | "" | ():
            return ""
        case bool():
            return labels(language)["page"]["yes" if value else "no"]  # type: ignore[no-any-return]
        case Sum():
            return money(value, names, language)
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
