"""The demo's sweeps: two months of reports of every unit, some late and some never; a meeting, and a campaign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from api.wiring import Wired
from application.ports import Asked, Unit
from application.streams import CAMPAIGNS, SWEEPS
from application.sweep.board import DueUnit
from domain.case.kinds import Source
from domain.case.opening.intake import RegisterCase
from domain.office.officer import officer_id
from domain.shared.calendar import DAY, local_day
from domain.shared.decider import decide
from domain.shared.occasion import Occasion
from domain.shared.values import AreaId, BodyId, CaseId, OfficerId
from domain.sweep.campaign import CampaignReported, LaunchCampaign
from domain.sweep.duty import OpenMonth
from domain.sweep.kinds import MeetingForm
from domain.sweep.meeting import HoldMeeting, Point
from domain.sweep.reporting import ReportFinds, ReportZero
from domain.sweep.sweep import SweepCommand, sweep_id

SWEPT_DAYS = 60
ON_TIME, LATER = 0.93, 0.6
"""How many report on the day, and how many of the others within four days."""
Ask = Callable[[OfficerId, BodyId, datetime], Asked]


class DemoSweeps:
    def __init__(self, parts: Wired, today: date, ask: Ask) -> None:
        self._parts, self._today, self._ask = parts, today, ask
        self._random = Random(46)
        self._units: dict[UUID, tuple[DueUnit, Occasion, Asked]] = {}
        self._awaited: list[tuple[date, datetime, UUID]] = []
        """What is reported late: on which day, when it happened, and of which unit."""

    def morning(self, now: datetime) -> None:
        """Every unit reports, or forgets to."""
        day = local_day(now)
        if day < self._today - timedelta(days=SWEPT_DAYS) or day >= self._today:
            return
        units = self._known(now)
        late = [one for one in self._awaited if one[0] <= day]
        self._awaited = [one for one in self._awaited if one[0] > day]

        def work(unit: Unit) -> UUID:
            for id in units:
                if self._random.random() < ON_TIME:
                    self._report(unit, id, ReportZero(unit=AreaId(id)), now, now)
                elif self._random.random() < LATER:
                    self._awaited.append((day + DAY * self._random.randint(1, 4), now, id))
            for _, happened, id in late:
                self._report(unit, id, ReportZero(unit=AreaId(id)), happened, now)
            return sweep_id(AreaId(next(iter(units))), day)

        self._parts.ledger.carry_out(next(iter(units.values()))[2], work)

    def registered(self, unit: Unit, case: CaseId, command: Any, now: datetime) -> None:
        """A case whose source is a sweep is a find of that day, where the place is one that reports."""
        if not isinstance(command, RegisterCase) or command.source is not Source.GRID_SWEEP:
            return
        happened = command.occurred_at or now
        if command.place in self._units and local_day(happened) >= self._today - timedelta(days=SWEPT_DAYS):
            found = ReportFinds(unit=command.place, cases=(case,))
            self._report(unit, command.place, found, happened, now)

    def _known(self, now: datetime) -> dict[UUID, tuple[DueUnit, Occasion, Asked]]:
        if not self._units:
            system = self._parts.system
            county = system.registers.register.by_code("990101", self._today)
            assert county
            for one in system.reading.sweeps.due(county, self._today):
                asked = self._ask(officer_id(f"sweeps of {one.unit}"), BodyId(one.body), now)
                on = system.deciding.cases.occasion(ReportZero(unit=AreaId(one.unit)), asked)
                self._units[one.unit] = one, on, asked
        return self._units

    def _report(self, unit: Unit, id: UUID, command: SweepCommand, happened: datetime, now: datetime) -> None:
        """What a unit's own day is decided on was looked up once: there are twenty thousand of them."""
        _, known, asked = self._units[id]
        on, told = replace(known, occurred_at=happened, now=now), replace(asked, now=now)
        history = unit.history(SWEEPS, sweep_id(AreaId(id), on.day))
        if not history.entries:
            due_from = max(on.day.replace(day=1), self._today - timedelta(days=SWEPT_DAYS))
            opened = decide(history, OpenMonth(unit=AreaId(id), due_from=due_from), on)
            unit.append(SWEEPS, history.id, 0, opened, happened, asked=told)
            history = unit.history(SWEEPS, history.id)
        if isinstance(command, ReportFinds) or on.day not in history.state.reports:
            unit.append(SWEEPS, history.id, history.version, decide(history, command, on), happened, asked=told)

    def last_evening(self, now: datetime) -> None:
        """A yard meeting with something still to do, and a campaign of which some units have reported."""
        system = self._parts.system
        village, county = officer_id("cunli"), officer_id("xianshi")
        meets = system.access.rights.viewer(village, self._today)
        calls = system.access.rights.viewer(county, self._today)
        assert meets.area
        assert meets.body
        assert calls.area
        assert calls.body
        yard = self._yard(meets.area, meets.body, now)
        system.deciding.sweeps.meetings.hold(yard, meets, self._ask(village, meets.body, now))
        targets = tuple(AreaId(id) for id in list(self._units)[:60])
        launch = LaunchCampaign(
            unit=calls.area,
            title="岁末欠薪隐患专项排查",
            first_day=self._today - DAY * 10,
            last_day=self._today + DAY * 20,
            targets=targets,
            occurred_at=now - DAY * 10,
        )
        launched = system.deciding.sweeps.campaigns.launch(launch, calls, self._ask(county, calls.body, now))
        reported = [
            CampaignReported(unit=area, looked_at=8 + number % 13, found=int(number % 9 == 0))
            for number, area in enumerate(targets[:35])
        ]

        def work(unit: Unit) -> UUID:
            for version, one in enumerate(reported, launched.version):
                asked = replace(self._units[one.unit][2], now=now)
                unit.append(CAMPAIGNS, launched.id, version, [one], now, asked=asked)
            return launched.id

        self._parts.ledger.carry_out(self._ask(county, calls.body, now), work)

    def _yard(self, unit: AreaId, body: BodyId, now: datetime) -> HoldMeeting:
        lamp = Point(
            raised="三组路灯坏了两盏，夜里不好走。",
            discussed="大家同意先修灯，再议安装地点。",
            decided="村里联系维修，费用从公益金中支出。",
            follows_up=body,
            do_by=self._today + DAY * 9,
        )
        other = Point(raised="灌溉用水先后不一。", discussed="轮灌次序抽签决定。", decided="从上游起，每组一天。")
        return HoldMeeting(
            unit=unit,
            form=MeetingForm.YARD,
            attended=23,
            agenda=("路灯", "灌溉用水"),
            points=(lamp, other),
            occurred_at=now - DAY * 2,
        )
