"""Use cases of reports: zero, for one unit or a village's grids at once; finds, each a case, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID, uuid5

from annotated_types import Len

from application.case.service import Cases, again_if_overtaken
from application.ports import Asked, Ledger, Receipt, Unit
from application.rights import Viewer, check_role
from application.streams import SWEEPS
from application.sweep.rights import check_reports
from domain.case.kinds import Source
from domain.case.opening.intake import RegisterCase
from domain.shared.calendar import local_day
from domain.shared.decider import Event, History, decide
from domain.shared.occasion import Occasion, happened
from domain.shared.values import AreaId, CaseId, Moment, Value
from domain.sweep.duty import OpenMonth, first_of
from domain.sweep.reporting import (
    MOST_FINDS,
    NothingReported,
    ReportedAlready,
    ReportFinds,
    ReportZero,
    WithdrawReport,
)
from domain.sweep.sweep import SweepCommand, SweepMonth, sweep_id


class TellFinds(Value):
    """报告发现的纠纷: each is registered as a case of this unit and day, with the sweep as its source."""

    unit: AreaId
    occurred_at: Moment | None = None
    """When it was swept; left out: now."""
    finds: Annotated[tuple[RegisterCase, ...], Len(1, MOST_FINDS)]


class TellZeros(Value):
    """批量零报告: of several units at once. Those that have reported already are passed over."""

    units: Annotated[tuple[AreaId, ...], Len(1, 200)]
    occurred_at: Moment | None = None


class Sweeps:
    def __init__(self, ledger: Ledger, cases: Cases) -> None:
        self._ledger = ledger
        self._cases = cases

    def report_zero(self, command: ReportZero, viewer: Viewer, asked: Asked) -> Receipt:
        self._check(viewer, command.unit, asked, command.occurred_at)
        return self._carry_out(asked, lambda unit: self.act(unit, command, asked))

    def report_zeros(self, told: TellZeros, viewer: Viewer, asked: Asked) -> Receipt:
        """Raises ReportedAlready where nobody is left."""
        units = tuple(dict.fromkeys(told.units))
        for one in units:
            self._check(viewer, one, asked, told.occurred_at)
        day = local_day(happened(told.occurred_at, asked.now))

        def work(unit: Unit) -> UUID:
            left = [one for one in units if day not in unit.history(SWEEPS, sweep_id(one, day)).state.reports]
            if not left:
                raise ReportedAlready(day=day)
            return [self.act(unit, ReportZero(unit=one, occurred_at=told.occurred_at), asked) for one in left][-1]

        return self._carry_out(asked, work)

    def report_finds(self, told: TellFinds, viewer: Viewer, asked: Asked) -> Receipt:
        """The receipt is about the first of the cases, and has its code."""
        self._check(viewer, told.unit, asked, told.occurred_at)
        check_role(viewer, RegisterCase)
        cases = tuple(CaseId(uuid5(asked.request, f"find {number}")) for number, _ in enumerate(told.finds))

        def work(unit: Unit) -> UUID:
            for id, find in zip(cases, told.finds, strict=True):
                opening = find.but(source=Source.GRID_SWEEP, occurred_at=told.occurred_at)
                self._cases.act(unit, id, opening, asked, expected=0, seed=id)
            self.act(unit, ReportFinds(unit=told.unit, occurred_at=told.occurred_at, cases=cases), asked)
            return cases[0]

        return self._carry_out(asked, work)

    def withdraw(self, command: WithdrawReport, viewer: Viewer, asked: Asked) -> Receipt:
        """Raises NothingReported."""
        check_reports(viewer, command.unit, self._cases.register, command.day)

        def work(unit: Unit) -> UUID:
            history = unit.history(SWEEPS, sweep_id(command.unit, command.day))
            if not history.entries:
                raise NothingReported(day=command.day)
            on = self._cases.occasion(command, asked)
            return self._record(unit, history, decide(history, command, on), on, asked)

        return self._carry_out(asked, work)

    def _check(self, viewer: Viewer, unit: AreaId, asked: Asked, told: Any) -> None:
        check_reports(viewer, unit, self._cases.register, local_day(happened(told, asked.now)))

    def _carry_out(self, asked: Asked, work: Callable[[Unit], UUID]) -> Receipt:
        return again_if_overtaken(lambda: self._ledger.carry_out(asked, work, from_memory=True), None)

    def act(self, unit: Unit, command: SweepCommand, asked: Asked) -> UUID:
        """Within a unit of work: of one unit and day. Its month is opened first where nobody has."""
        on = self._cases.occasion(command, asked)
        history = unit.history(SWEEPS, sweep_id(command.unit, on.day))
        if not history.entries:
            self._record(unit, history, self._opening(unit, history, command, on), on, asked)
            history = unit.history(SWEEPS, history.id)
        return self._record(unit, history, decide(history, command, on), on, asked)

    def _opening(
        self, unit: Unit, history: History[SweepMonth], command: SweepCommand, on: Occasion
    ) -> tuple[Event[SweepMonth], ...]:
        first = first_of(on.day)
        before = unit.history(SWEEPS, sweep_id(command.unit, first - timedelta(days=1)))
        return decide(history, OpenMonth(unit=command.unit, due_from=first if before.entries else on.day), on)

    def _record(
        self,
        unit: Unit,
        history: History[SweepMonth],
        events: Sequence[Event[SweepMonth]],
        on: Occasion,
        asked: Asked,
    ) -> UUID:
        unit.append(SWEEPS, history.id, history.version, events, on.occurred_at, on.on_behalf_of, asked)
        return history.id
