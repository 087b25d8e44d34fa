"""应排查 The worker's part: each unit's month is opened once, and ended where the unit has ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid5

from application.case.service import Cases
from application.logs import get_logger
from application.naming import acting_as
from application.ports import Asked, Ledger, Unit
from application.streams import SWEEPS
from application.sweep.board import DutyToEnd, SweepBoard, UnitToOpen
from application.timers import THE_CLOCK
from domain.shared.acting import NoOfficer
from domain.shared.calendar import local_day
from domain.shared.decider import decide
from domain.shared.errors import DomainError, Unavailable
from domain.shared.values import AreaId, BodyId
from domain.sweep.duty import EndDuty, OpenMonth, first_of
from domain.sweep.sweep import SweepCommand, sweep_id

log = get_logger("tiaojie.sweeps")
_SWEEPING = UUID("0c1c1b0a-72d0-4e0f-9d43-5c3a2f6e7b18")
PAGE = 200
T = TypeVar("T", UnitToOpen, DutyToEnd)


class Duties:
    def __init__(self, ledger: Ledger, cases: Cases, board: SweepBoard, catch_up: Callable[[], int]) -> None:
        self._ledger = ledger
        self._cases = cases
        self._board = board
        self._catch_up = catch_up

    def look(self, now: datetime) -> int:
        """All that is to be opened or ended today. Answers how many."""
        day = local_day(now)
        ended = self._all(lambda: self._board.to_end(day, PAGE), self._end, now)
        return ended + self._all(lambda: self._board.to_open(day, PAGE), self._open, now)

    def _all(self, read: Callable[[], Sequence[T]], act: Callable[[Unit, T, datetime], None], now: datetime) -> int:
        done = 0
        while page := read():
            recorded = self._page(page, act, now)
            self._catch_up()
            done += recorded
            if recorded < len(page):
                break
        return done

    def _page(self, page: Sequence[T], act: Callable[[Unit, T, datetime], None], now: datetime) -> int:
        """In one transaction; where one of them cannot be, one by one."""
        try:
            self._in_one(page, act, now)
        except Unavailable:
            raise
        except DomainError:
            return sum(self._alone(one, act, now) for one in page)
        return len(page)

    def _alone(self, one: T, act: Callable[[Unit, T, datetime], None], now: datetime) -> int:
        try:
            self._in_one([one], act, now)
        except Unavailable:
            raise
        except DomainError as refusal:
            log.info("a sweep's month stays as it is", unit=str(one.unit), why=type(refusal).__name__)
            return 0
        return 1

    def _in_one(self, page: Sequence[T], act: Callable[[Unit, T, datetime], None], now: datetime) -> None:
        def work(unit: Unit) -> UUID:
            for one in page:
                act(unit, one, now)
            return sweep_id(AreaId(page[-1].unit), local_day(now))

        self._ledger.carry_out(self._asked(page[0].unit, page[0].body, now), work)

    def _open(self, unit: Unit, one: UnitToOpen, now: datetime) -> None:
        day = local_day(now)
        command = OpenMonth(unit=AreaId(one.unit), due_from=first_of(day) if one.was_due else day)
        self._decide(unit, sweep_id(command.unit, day), command, one.body, now)

    def _end(self, unit: Unit, one: DutyToEnd, now: datetime) -> None:
        command = EndDuty(unit=AreaId(one.unit), due_until=local_day(now))
        self._decide(unit, sweep_id(command.unit, one.day), command, one.body, now)

    def _decide(self, unit: Unit, id: UUID, command: SweepCommand, body: UUID, now: datetime) -> None:
        asked = self._asked(command.unit, body, now)
        history = unit.history(SWEEPS, id)
        on = self._cases.occasion(command, asked)
        unit.append(SWEEPS, id, history.version, decide(history, command, on), on.occurred_at, asked=asked)

    def _asked(self, unit: UUID, body: UUID, now: datetime) -> Asked:
        """The same for all who look on that day, so that the ledger lets only one of them."""
        request = uuid5(_SWEEPING, f"{unit} {local_day(now)}")
        acting = acting_as(self._cases.register, BodyId(body), local_day(now), NoOfficer.CLOCK)
        return Asked(by=THE_CLOCK, body=BodyId(body), acting=acting, request=request, correlation=request, now=now)
