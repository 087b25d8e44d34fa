"""From a row to what is recorded of it, or to why nothing is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError

from application.legacy.record import Around
from application.legacy.row_content import LegacyCase
from application.legacy.rows import RowFault
from application.legacy.sheets import case_of
from application.legacy.take_over import NoBodyThere, NoSuchArea, Provenance, TakenOver, take_over
from application.legacy.words import Words
from domain.shared.tables import Damage, Row
from domain.shared.values import AS_TOLD, CaseId

Content = str | Sequence[str]
"""A line of JSON, or the cells of a row of a sheet."""


class Outcome(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    FLAGGED = "flagged"
    ALREADY_THERE = "already-there"
    CONFLICT = "conflict"
    """Its number stands for something else already: nothing was changed."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Reported:
    """A row of the report. No names: a case is told by its number."""

    row: int
    number: str
    outcome: Outcome
    rules: tuple[str, ...] = ()
    """The rules that the history breaks, or why the row cannot be read."""
    fields: tuple[str, ...] = ()
    """Where it does not fit."""


@dataclass(frozen=True)
class Found:
    """A row that can be read: what would be recorded of it."""

    reported: Reported
    content: str
    taken: TakenOver


@dataclass(frozen=True)
class Origin:
    """Where the rows of a run come from."""

    ledger: UUID
    system: str
    file: str
    columns: Sequence[str] | None
    """The columns of a sheet; None: the file holds lines of JSON."""

    def case_id(self, told: LegacyCase) -> CaseId:
        """The same for the same number of the same place: a row that comes again is the same case."""
        return CaseId(uuid5(self.ledger, f"legacy/{self.system}/{told.area}/{told.number}"))


class RowReader:
    def __init__(self, origin: Origin, around: Around, words: Words, keyed_hash: Callable[[bytes], bytes]) -> None:
        self._origin, self._around, self._words, self._hash = origin, around, words, keyed_hash

    def read(self, row: Row[Content]) -> Found | Reported:
        if isinstance(row.content, Damage):
            return _unreadable(row, row.content)
        try:
            told = self._told(row.content)
        except ValidationError as error:
            return _unreadable(row, RowFault.UNFIT, _fields(error), self._number(row.content))
        content = self._hash(told.model_dump_json(exclude_defaults=True).encode()).hex()
        of = Provenance(self._origin.case_id(told), self._origin.system, self._origin.file, row.number, content)
        try:
            taken = take_over(told, of, self._around)
        except NoSuchArea:
            return _unreadable(row, RowFault.NO_SUCH_AREA, ("area",), told.number)
        except NoBodyThere:
            return _unreadable(row, RowFault.NO_BODY_THERE, ("body",), told.number)
        rules = tuple(dict.fromkeys(str(flag.rule) for flag in taken.flags))
        outcome = Outcome.FLAGGED if rules else Outcome.IMPORTED
        return Found(Reported(row.number, told.number, outcome, rules), content, taken)

    def _told(self, content: Content) -> LegacyCase:
        """Raises ValidationError."""
        if isinstance(content, str):
            return LegacyCase.model_validate_json(content, context=AS_TOLD)
        return LegacyCase.model_validate(self._sheet_row(content), context=AS_TOLD)

    def _number(self, content: Content) -> str:
        """The number of a row that does not fit, as far as it can be told."""
        try:
            told = json.loads(content) if isinstance(content, str) else self._sheet_row(content)
            number = told["number"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return ""
        return number if isinstance(number, str) and len(number) <= 100 and number.isprintable() else ""

    def _sheet_row(self, cells: Sequence[str]) -> dict[str, Any]:
        assert self._origin.columns
        return case_of(self._origin.columns, cells, self._words)


def settled(found: Found, known: Mapping[CaseId, str]) -> Reported | None:
    """`known`: the cases that are there, with the hash of what their row said. None: this one is not."""
    if (content := known.get(found.taken.id)) is None:
        return None
    same = content == found.content
    return Reported(found.reported.row, found.reported.number, Outcome.ALREADY_THERE if same else Outcome.CONFLICT)


def _unreadable(
    row: Row[Content], fault: RowFault | Damage, fields: tuple[str, ...] = (), number: str = ""
) -> Reported:
    return Reported(row.number, number, Outcome.UNREADABLE, (fault.value,), fields)


def _fields(error: ValidationError) -> tuple[str, ...]:
    """Where it does not fit, never what stands there; a name of a field that is none of ours is not repeated."""
    ours = {".".join(map(str, one["loc"])) for one in error.errors(include_input=False) if _is_ours(one["type"])}
    return tuple(sorted(ours))[:5]


def _is_ours(kind: str) -> bool:
    return kind != "extra_forbidden"
