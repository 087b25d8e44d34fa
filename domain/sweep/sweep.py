"""排查台账 One unit's sweeps of one month: who was due, what was reported of each day. Small, however many years."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid5

from domain.shared.decider import Command, Event, StageSince
from domain.shared.law import Citation
from domain.shared.occasion import Occasion
from domain.shared.states import State, without
from domain.shared.values import AreaId, CaseId, Level
from domain.sweep.kinds import SweepStage

_SWEEPS = UUID("b54f2a0e-6f0c-4d0b-8a35-2f7c51a9d3e4")


def sweep_id(unit: AreaId, day: date) -> UUID:
    """Of the unit's month that has the day: the same for two who report at once, so that the ledger lets only one."""
    return uuid5(_SWEEPS, f"{unit} {day:%Y-%m}")


class SweepMonth(State):
    id: UUID
    stage: SweepStage = SweepStage.NEW
    unit: AreaId | None = None
    level: Level | None = None
    due_from: date | None = None
    due_until: date | None = None
    """The first day on which nothing is due any more."""
    reports: Mapping[date, tuple[CaseId, ...]] = field(default_factory=dict)
    """By the day that was swept: the cases that were opened by it; none of a zero report."""

    @classmethod
    def blank(cls, id: Any) -> SweepMonth:
        return cls(id=id)

    def with_report(self, day: date, cases: tuple[CaseId, ...]) -> SweepMonth:
        return self.but(reports={**self.reports, day: cases})

    def with_nothing_of(self, day: date) -> SweepMonth:
        return self.but(reports=without(self.reports, day))


class SweepCommand(Command[SweepMonth]):
    """A command on the month of a unit."""

    rule: ClassVar[Citation | None] = None
    by_clock: ClassVar[bool] = False
    """Whether the clock alone asks for it: then it has no path."""
    unit: AreaId

    def ground(self, state: SweepMonth) -> StageSince:
        return StageSince(state.stage, None)

    @abstractmethod
    def decide(self, month: SweepMonth, on: Occasion) -> tuple[SweepEvent, ...]: ...


class SweepEvent(Event[SweepMonth]):
    """An event of a unit's month. `of`: the commands that lead to it."""

    of: ClassVar[tuple[type[SweepCommand], ...]] = ()

    @abstractmethod
    def evolve(self, month: SweepMonth, at: datetime) -> SweepMonth: ...
