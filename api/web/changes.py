"""更正 What can be corrected in an entry: its fields with what they say now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.labels import Language
from api.web.sentences import enum_word
from application.case.files import hash_fields
from application.case.page import CasePage, TimelineEntry
from domain.case.commands import CaseEvent
from domain.case.record.rewriting import correctable_fields
from domain.shared.values import Narrative


@dataclass(frozen=True)
class Correctable:
    name: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    long: bool = False


def entry_of(read: CasePage, version: int) -> TimelineEntry | None:
    """As it reads now: an earlier correction stands in its place."""
    found = [line for line in read.timeline if version in (line.replaces, line.version)]
    return found[-1] if found else None


def really_changed(sent: Mapping[str, str], line: TimelineEntry, language: Language) -> dict[str, Any]:
    """Only what differs from what the entry says: a text told anew gets a key of its own."""
    before = {one.name: one.value for one in corrected_fields(line, language)}
    return {name: text for name, text in sent.items() if text.replace("\r\n", "\n") != before.get(name)}


def corrected_fields(line: TimelineEntry, language: Language) -> list[Correctable]:
    """Those that a text or a choice can correct; the others are corrected by striking the entry out."""
    found = []
    kind: type[CaseEvent] = type(line.event)
    for name in correctable_fields(kind):
        if name in hash_fields(kind):  # the file itself is another one: the entry is struck out, and that one filed
            continue
        value = getattr(line.event, name)
        if made := _correctable(name, value, language):
            found.append(made)
    return found


def _correctable(name: str, value: Any, language: Language) -> Correctable | None:
    match value:
        case Narrative():
            return Correctable(name, value.text, long=True)
        case bool() | tuple():
            return None
        case str() if hasattr(type(value), "__members__"):
            members = tuple((one.value, enum_word(language, one)) for one in type(value))  # type: ignore[attr-defined]
            return Correctable(name, value, members)
        case str() | int():
            return Correctable(name, str(value), long=len(str(value)) > 80)
    return None
