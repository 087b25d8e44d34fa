"""What a list is asked for, in words: each wish is named above the list, with a link that takes it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from api.labels import Language, word
from api.web.page import Reader, text
from api.web.sentences import enum_word
from application.figures.case_figures import CaseFilter
from domain.case.opening.listed import LISTED_FIELDS
from domain.shared.values import AreaId, BodyId, OfficerId

NOT_NAMED = frozenset({"after", "sort", "search", "day", "cohort", "position", "known", "at"})
"""What says how the list stands, and not what is in it; `cohort` says what the days are of."""

WORDS = {
    "outcome": "figure",
    "moved": "move",
    "queue": "queue",
    "channel": "channel",
    "age": "age",
    "came_out": "result",
}
"""Wishes whose codes have their words in a table of another name."""


@dataclass(frozen=True)
class Chip:
    called: str
    value: str
    without: str
    """The address of the list without it."""


def chips(reader: Reader, sent: Mapping[str, str], address: Mapping[str, str], path: str = "/cases") -> list[Chip]:
    """`address`: what of it stands in the address as it is."""
    return [Chip(*one, _without(name, address, path)) for name, one in _named(reader, sent)]


def _without(name: str, address: Mapping[str, str], path: str) -> str:
    hidden = name not in address
    kept = {
        key: value for key, value in address.items() if key not in {name, "after"} and not (hidden and key == "search")
    }
    return f"{path}?{urlencode(kept)}" if kept else path


def _named(reader: Reader, sent: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, value in sent.items():
        if name in NOT_NAMED or not value:
            continue
        called = (
            word(reader.language, "wish", name) if name not in LISTED_FIELDS else word(reader.language, "field", name)
        )
        yield name, (called, _value(reader, name, value))


def _value(reader: Reader, name: str, value: str) -> str:
    if table := WORDS.get(name):
        return word(reader.language, table, value)
    match name:
        case "area":
            return str(
                reader.reading.directory.names([AreaId(UUID(value))], reader.today).get(AreaId(UUID(value)), "—")
            )
        case "body":
            row = reader.reading.directory.body_rows([BodyId(UUID(value))]).get(BodyId(UUID(value)))
            return row.name if row else "—"
        case "mediator":
            officer = reader.registers.office.officer(OfficerId(UUID(value)))
            return officer.display_name if officer else "—"
        case "imported" | "flagged" | "overdue":
            return text(reader.language, "yes" if value in {"true", "1", "on", "yes"} else "no")
    return _of_its_kind(reader.language, name, value)


def _of_its_kind(language: Language, name: str, value: str) -> str:
    """A code by its word; what was written, as it was written."""
    read: Any = getattr(CaseFilter.model_validate({name: value}), name)
    return enum_word(language, read) if hasattr(read, "value") else str(read)
