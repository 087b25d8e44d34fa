"""更正对照 What a correction changed: field by field, what an entry said and what it says now, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from application.case.page import TimelineEntry
from domain.case.opening.parties import PartyAdded, PartyCorrected
from domain.shared.decider import Amending
from domain.shared.values import Narrative, PersonId, Value

WHEN = "occurred_at"
"""The time of an entry is corrected like a field of it."""


@dataclass(frozen=True)
class ChangedField:
    name: str
    was: Any
    now: Any


@dataclass(frozen=True)
class Corrected:
    """Of an entry that stands in another one's place. `because`: the entry that corrects, with its reason."""

    was: TimelineEntry
    fields: tuple[ChangedField, ...]
    because: TimelineEntry | None


def corrections(lines: Iterable[TimelineEntry]) -> Mapping[int, Corrected]:
    """By the version of the entry that reads anew. Only what the lines say: what is withheld of them stays so."""
    found, people = dict[int, Corrected](), dict[PersonId, TimelineEntry]()
    standing = dict[int, TimelineEntry]()
    because: TimelineEntry | None = None
    for line in lines:
        if isinstance(line.entry.event, Amending):
            because = line
        if isinstance(line.event, PartyAdded | PartyCorrected):
            if isinstance(line.event, PartyCorrected) and (known := people.get(line.event.party.person)):
                found[line.version] = Corrected(known, tuple(_of_party(known, line)), line)
            people[line.event.party.person] = line
        if line.replaces and (was := standing.get(line.replaces)):
            found[line.version] = Corrected(was, tuple(changed(was, line)), because)
        standing[line.replaces or line.version] = line
    return found


def changed(was: TimelineEntry, now: TimelineEntry) -> Iterator[ChangedField]:
    if was.happened_at != now.happened_at:
        yield ChangedField(WHEN, was.happened_at, now.happened_at)
    if type(was.event) is type(now.event):
        yield from changed_fields(was.event, now.event)


def changed_fields(was: Value, now: Value) -> Iterator[ChangedField]:
    for name in type(now).model_fields:
        before, after = getattr(was, name), getattr(now, name)
        if _said(before) != _said(after):
            yield ChangedField(name, before, after)


def _said(value: Any) -> Any:
    """A text by its words: told anew it has another key."""
    return value.text if isinstance(value, Narrative) else value


def _of_party(was: TimelineEntry, now: TimelineEntry) -> Iterator[ChangedField]:
    yield from changed_fields(was.event.party, now.event.party)


def why(one: Corrected) -> str:
    reason = getattr(one.because.event, "reason", "") if one.because else ""
    return reason.text if isinstance(reason, Narrative) else str(reason)


def told(one: Corrected) -> dict[str, Any]:
    """As an answer tells it."""
    fields = {field.name: {"was": _plain(field.was), "is": _plain(field.now)} for field in one.fields}
    return {"fields": fields, "reason": why(one)}


def _plain(value: Any) -> Any:
    return _said(value)
