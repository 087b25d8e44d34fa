"""导入区划: a sheet of areas is read as a whole; what it changes is confirmed by a person, and recorded in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import TypeAlias
from uuid import UUID, uuid4

from application.jurisdiction import AreaVersion, JurisdictionRegister
from application.ports import Asked, Ledger, Receipt, Unit
from application.sheets.area_decisions import Decision, DecisionsNeeded, Proposal, proposals
from application.sheets.area_edition import AreaEdition, Step
from domain.jurisdiction.imports import Plan, plan
from domain.jurisdiction.successions import KnownArea
from domain.shared.sheets import Fault, in_order
from domain.shared.values import Value

Progress: TypeAlias = Callable[[int, int], None]
PAGE = 1_000
"""What is recorded at once: a sheet of fewer changes is taken over as a whole or not at all."""


class ImportReport(Value):
    founded: int
    renamed: int
    moved: int
    unchanged: int
    vanished: tuple[str, ...]
    """Codes that the sheet has not and that stay in force."""
    receipt: Receipt | None
    """None: the sheet says nothing new, and nothing was recorded."""
    recoded: int = 0
    ended: tuple[str, ...] = ()


def _unwatched(done: int, of: int) -> None:
    pass


@dataclass(frozen=True)
class SheetOfAreas:
    """A sheet as it was read beside the register of a day."""

    plan: Plan
    known: Mapping[str, KnownArea]
    day: date

    @property
    def changes_what_is_there(self) -> bool:
        return bool(self.plan.renamed or self.plan.moved or self.plan.recoded or self.plan.gone)

    def proposals(self) -> list[Proposal]:
        return list(proposals(self.plan, self.known))


class AreaSheets:
    def __init__(self, ledger: Ledger, register: JurisdictionRegister) -> None:
        self._ledger = ledger
        self._register = register

    def read(self, sheet: bytes, in_force_from: date) -> SheetOfAreas:
        """Raises SheetRefused."""
        known = self._register.known_areas(in_force_from)
        ended = _ended(self._register.area_history(), in_force_from, known) if known else frozenset()
        return SheetOfAreas(plan(sheet, known, ended), known, in_force_from)

    def take_over(
        self, asked: Asked, sheet: bytes, in_force_from: date, progress: Progress = _unwatched
    ) -> ImportReport:
        """Raises SheetRefused, DecisionsNeeded."""
        return self.carry_out(asked, self.read(sheet, in_force_from), progress=progress)

    def carry_out(
        self, asked: Asked, sheet: SheetOfAreas, decisions: Sequence[Decision] = (), progress: Progress = _unwatched
    ) -> ImportReport:
        """In pages: where it is cut off, the same sheet with the same decisions goes on from there.
        Raises SheetRefused, DecisionsNeeded."""
        asking = sheet.proposals()
        decided = {one.code: one for one in decisions}
        if any(one.code not in decided for one in asking):
            raise DecisionsNeeded([one for one in asking if one.code not in decided])
        edition = AreaEdition(asked, sheet.plan, sheet.known, sheet.day, decided, self._ledger, self._register)
        steps = edition.steps()
        receipt = self._record(asked, steps, progress)
        return ImportReport(
            founded=len(edition.founded),
            renamed=len(edition.renamed),
            moved=len(edition.moved),
            unchanged=sheet.plan.unchanged,
            vanished=edition.kept,
            receipt=receipt,
            recoded=len(edition.recoded),
            ended=tuple(one.code for one in edition.ended),
        )

    def _record(self, asked: Asked, steps: Sequence[Step], progress: Progress) -> Receipt | None:
        following, receipt, done = iter(steps), None, 0
        while page := list(islice(following, PAGE)):
            receipt = self._ledger.carry_out(replace(asked, request=uuid4()), _Page(page).work)
            done += len(page)
            progress(done, len(steps))
        return receipt


@dataclass(frozen=True)
class _Page:
    steps: Sequence[Step]

    def work(self, unit: Unit) -> UUID:
        faults: list[Fault] = []
        ids = [step(unit, faults) for step in self.steps]
        if faults:
            raise in_order(faults)
        return ids[0]


def _ended(history: Sequence[AreaVersion], day: date, known: Mapping[str, KnownArea]) -> frozenset[str]:
    """Codes of areas that are no more on that day."""
    return frozenset(_codes(history, day)) - known.keys()


def _codes(history: Sequence[AreaVersion], day: date) -> Iterator[str]:
    last = {one.id: one for one in history}
    return (one.code for one in last.values() if one.until <= day)
