"""时间线 The entries of a thing as a page tells them: what, by whom as what, when, how late, and what was corrected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.labels import Language, first_word, word
from api.web.page import Reader, text
from api.web.sentences import Names, in_words, money, sentence
from application.case.changes import WHEN, ChangedField, Corrected, corrections, why
from application.case.page import TimelineEntry
from domain.office.officer import Role
from domain.shared.acting import ActingAs
from domain.shared.marks import money_fields
from domain.shared.values import Value

UNITS = (("late_days", timedelta(days=1)), ("late_hours", timedelta(hours=1)), ("late_minutes", timedelta(minutes=1)))


@dataclass(frozen=True)
class ChangedWords:
    label: str
    was: str
    now: str


@dataclass(frozen=True)
class Told:
    """An entry as the page tells it."""

    line: TimelineEntry
    sentence: str
    acted: str
    late: str
    changed: Sequence[ChangedWords]
    because: str
    correctable: bool


def entries(
    lines: Sequence[TimelineEntry],
    names: Names,
    reader: Reader,
    shown: Sequence[TimelineEntry] | None = None,
    correctable: Collection[int] = (),
) -> list[Told]:
    """The latest first. `shown`: those of the lines that are told, all where it is left out; `correctable`: the
    versions that the reader may correct."""
    anew = corrections(lines)
    return [_told(line, names, reader, anew, correctable) for line in reversed(lines if shown is None else shown)]


def _told(
    line: TimelineEntry,
    names: Names,
    reader: Reader,
    anew: Mapping[int, Corrected],
    correctable: Collection[int],
) -> Told:
    found = anew.get(line.version)
    then = names.then(line)
    return Told(
        line=line,
        sentence=sentence(line, names, reader.language),
        acted=acted(names.acting(line), reader.language),
        late=lateness(line.recorded_at - line.happened_at, reader.language),
        changed=[words for one in found.fields if (words := _words(one, line, then, reader.language)).label]
        if found
        else [],
        because=why(found) if found else "",
        correctable=(line.replaces or line.version) in correctable and not (line.struck or line.corrected_by),
    )


def acted(acting: ActingAs, language: Language) -> str:
    """As what: the role with the body, and the area in which it stands."""
    if not acting.role:
        return ""
    role = word(language, "role" if acting.role in set(Role) else "no_officer", acting.role)
    key = "acted_as_at" if acting.place else "acted_as" if acting.body else ""
    told = text(language, key, role=role, body=acting.body, place=acting.place) if key else role
    return told + text(language, "by_token", number=acting.token) if acting.token else told


def lateness(late: timedelta, language: Language) -> str:
    """In the largest unit that it fills."""
    for key, unit in UNITS:
        if late >= unit:
            return text(language, key, count=late // unit)
    return text(language, "at_once")


def _words(one: ChangedField, line: TimelineEntry, names: Names, language: Language) -> ChangedWords:
    if one.name == WHEN:
        return ChangedWords(text(language, "happened"), *(_said(each, names, language) for each in (one.was, one.now)))
    kind: type[Value] = type(line.event)
    told = money if one.name in money_fields(kind) else in_words
    said = (told(value, names, language) or "—" for value in (one.was, one.now))
    return ChangedWords(label_of(kind, one.name, language), *said)


def label_of(event: type[Value], name: str, language: Language) -> str:
    """The event's own word for its field, or that of every field of the name; empty: it follows from the others."""
    own = f"{getattr(event, 'name', '')}.{name}"
    return first_word(language, "field", own, name)


def _said(value: Any, names: Names, language: Language) -> str:
    return in_words(value, names, language) or "—"
