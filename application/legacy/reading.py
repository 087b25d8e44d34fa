"""From a row to what is recorded of it, or to why nothing is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from uuid import UUID, uuid5

from pydantic import ValidationError

from application.legacy.misfits import (
    Misfit,
    Place,
    damaged_number,
    in_a_line,
    in_a_sheet,
    misfits_of,
    no_body_there,
    no_such_area,
    no_values,
    twice_told,
    unfit_numbers,
)
from application.legacy.record import Around
from application.legacy.row_content import LegacyCase
from application.legacy.rows import RowFault
from application.legacy.sheets import Columns, as_before, case_of
from application.legacy.take_over import NoBodyThere, NoSuchArea, Provenance, TakenOver, take_over
from application.legacy.words import Words
from domain.case.record.importing import Breach
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
    misfits: tuple[Misfit, ...] = ()
    """What does not fit, and where it stands."""


@dataclass(frozen=True)
class Found:
    """A row that can be read: what would be recorded of it."""

    reported: Reported
    content: str
    taken: TakenOver
    earlier: tuple[CaseId, ...] = ()
    """Which case it may be as well: that of another code that its area had."""
    contents: frozenset[str] = frozenset()
    """What the row would say with these codes."""

    @property
    def ids(self) -> tuple[CaseId, ...]:
        return (self.taken.id, *self.earlier)


@dataclass(frozen=True)
class Origin:
    """Where the rows of a run come from."""

    ledger: UUID
    system: str
    file: str
    columns: Columns | None
    """The columns of a sheet; None: the file holds lines of JSON."""

    @cached_property
    def before(self) -> Columns | None:
        return as_before(self.columns) if self.columns else None

    def case_id(self, area: str, number: str) -> CaseId:
        """The same for the same number of the same place: a row that comes again is the same case. The place is told
        by the first code that it had, so that it stays the same whenever that changes."""
        return CaseId(uuid5(self.ledger, f"legacy/{self.system}/{area}/{number}"))


class RowReader:
    def __init__(self, origin: Origin, around: Around, words: Words, keyed_hash: Callable[[bytes], bytes]) -> None:
        self._origin, self._around, self._words, self._hash = origin, around, words, keyed_hash

    def read(self, row: Row[Content]) -> Found | Reported:
        if isinstance(row.content, Damage):
            return Reported(row.number, "", Outcome.UNREADABLE, (row.content.value,))
        doubts: Sequence[tuple[Breach, int]] = ()
        place: Place = in_a_line
        try:
            if isinstance(row.content, str):
                if twice := twice_told(row.content):
                    return _unreadable(row, RowFault.UNFIT, twice, self._number(row.content))
                told = LegacyCase.model_validate_json(row.content, context=AS_TOLD)
            else:
                assert self._origin.columns
                if broken := no_values(self._origin.columns, row.content):
                    return _unreadable(row, RowFault.UNFIT, broken, self._number(row.content))
                of_sheet = case_of(self._origin.columns, row.content, self._words)
                doubts, place = of_sheet.doubts, in_a_sheet(of_sheet, self._origin.columns)
                told = LegacyCase.model_validate(of_sheet.told, context=AS_TOLD)
        except ValidationError as error:
            number = self._number(row.content)
            return _unreadable(row, RowFault.UNFIT, misfits_of(error, place), number)
        return self._taken_over(row, told, doubts, place)

    def _taken_over(
        self, row: Row[Content], told: LegacyCase, doubts: Sequence[tuple[Breach, int]], place: Place
    ) -> Found | Reported:
        if damaged := damaged_number(told, place):
            return _unreadable(row, RowFault.UNFIT, damaged, told.number)
        codes = self._around.places.codes_of(told.area, told.begins)
        ids = [self._origin.case_id(code, told.number) for code in codes or (told.area,)]
        content = self._content(told)
        of = Provenance(ids[0], self._origin.system, self._origin.file, row.number, content)
        try:
            taken = take_over(told, of, self._around, doubts)
        except NoSuchArea:
            return _unreadable(row, RowFault.NO_SUCH_AREA, (no_such_area(told.area, place),), told.number)
        except NoBodyThere:
            return _unreadable(row, RowFault.NO_BODY_THERE, (no_body_there(told, place),), told.number)
        rules = tuple(dict.fromkeys(str(flag.rule) for flag in taken.flags))
        outcome = Outcome.FLAGGED if rules else Outcome.IMPORTED
        reported = Reported(row.number, told.number, outcome, rules, tuple(unfit_numbers(told, place)))
        readings = [*([told] if codes[1:] else []), *self._as_before(row)]
        contents = frozenset(self._content(one.but(area=code)) for one in readings for code in codes)
        return Found(reported, content, taken, tuple(ids[1:]), contents)

    def _as_before(self, row: Row[Content]) -> Sequence[LegacyCase]:
        """The row as earlier versions read it, which may have recorded it."""
        columns = self._origin.before
        if columns is None or isinstance(row.content, str | Damage):
            return ()
        try:
            return (LegacyCase.model_validate(case_of(columns, row.content, self._words).told, context=AS_TOLD),)
        except ValidationError:
            return ()

    def _content(self, told: LegacyCase) -> str:
        return self._hash(told.model_dump_json(exclude_defaults=True).encode()).hex()

    def _number(self, content: Content) -> str:
        """The number of a row that does not fit, as far as it can be told."""
        try:
            number = json.loads(content)["number"] if isinstance(content, str) else self._number_in(content)
        except (ValueError, LookupError, TypeError, RecursionError):
            return ""
        return number if isinstance(number, str) and len(number) <= 100 and number.isprintable() else ""

    def _number_in(self, cells: Sequence[str]) -> str:
        assert self._origin.columns
        return cells[self._origin.columns.names.index("number")].strip()


def settled(found: Found, known: Mapping[CaseId, str]) -> Reported | None:
    """`known`: the cases that are there, with the hash of what their row said. None: this one is not."""
    content = next((known[id] for id in found.ids if id in known), None)
    if content is None:
        return None
    same = content == found.content or content in found.contents
    return Reported(found.reported.row, found.reported.number, Outcome.ALREADY_THERE if same else Outcome.CONFLICT)


def _unreadable(row: Row[Content], fault: RowFault, misfits: tuple[Misfit, ...], number: str) -> Reported:
    return Reported(row.number, number, Outcome.UNREADABLE, (fault.value,), misfits)
