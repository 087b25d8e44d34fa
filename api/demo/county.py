"""The demo county: invented, shaped like a real one, made by the application's own commands."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from api.demo import other_bodies as body_sheets
from api.demo.mix import MOVED, beginning
from api.demo.names import person_name, sheet
from api.demo.steps import Committee, Step, Where
from api.demo.stories import Story, story
from api.demo.sweeps import DemoSweeps
from api.demo.year import moved, recent
from api.wiring import Wired
from application.directory import AreaRow
from application.naming import acting_as
from application.ports import Asked, Unit
from application.streams import CASES as CASES_STREAM
from domain.jurisdiction.body import FoundBody, Member, body_id
from domain.jurisdiction.committee import ConstituteCommittee
from domain.office.appointments import AppointOfficer
from domain.office.officer import RegisterOfficer, Role, officer_id
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.calendar import SHANGHAI, local_day
from domain.shared.values import (
    AreaId,
    BodyId,
    BodyKind,
    Channel,
    EscalationId,
    Level,
    OfficerId,
    ReferralId,
)

SEED = 20_260_101
SPACE = UUID("7d0d0c4e-0000-7000-8000-00000000de30")
CASES = 2_000
DAYS = 365
GRIDS = 998
PASSWORD = "tiaojie-demo"
FOUNDED = date(2020, 1, 1)
CLERK = OfficerId(uuid5(SPACE, "clerk"))
LOGINS = {
    "cunli": "mediator",
    "wangge": "grid_worker",
    "xiangzhen": "coordinator",
    "xianshi": "coordinator",
    "lingdao": "leader",
    "shenji": "auditor",
    "admin": "admin",
    "fayuan": "mediator (court)",
    "shijian": "mediator (market supervision)",
    "paichusuo": "mediator (police)",
    "xinfang": "mediator (petitions)",
    "zongzhi": "coordinator (centre)",
}

Progress = Callable[[str, int, int], None]
"""Told what is being made, how much of it there is, and how much there will be."""


@dataclass
class Clock:
    """The demo's own time, which it moves through its year."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


class Demo:
    def __init__(self, parts: Wired, clock: Clock, today: date, progress: Progress) -> None:
        self._parts = parts
        self._clock = clock
        self._random = random.Random(SEED)
        self._today = today
        self._progress = progress
        self._serial = 0
        self.committees: list[Committee] = []
        self._looked_at: date | None = None
        self._grids: dict[str, tuple[BodyId, AreaId]] = {}
        self._sweeps = DemoSweeps(parts, today, self._asked)

    def make(self) -> None:
        start = datetime.combine(self._today, datetime.min.time(), SHANGHAI) - timedelta(days=DAYS + 1)
        self._clock.moment = start
        self._areas()
        self._bodies()
        self._officers()
        self._parts.projector.catch_up()
        self._other_bodies()
        self._cases(start)

    def _asked(self, by: OfficerId = CLERK, body: BodyId | None = None, now: datetime | None = None) -> Asked:
        self._serial += 1
        request = uuid5(SPACE, f"request {self._serial}")
        moment = now or self._clock()
        return Asked(by, body or BodyId(SPACE), self._acting(by, body, moment), request, request, moment)

    def _acting(self, by: OfficerId, body: BodyId | None, at: datetime) -> ActingAs:
        if body is None:
            return ActingAs(NoOfficer.OPERATOR)
        registers = self._parts.system.registers
        name = officer.display_name if (officer := registers.office.officer(by)) else ""
        return acting_as(registers.register, body, local_day(at), Role.MEDIATOR, name)

    def _areas(self) -> None:
        self._progress("areas", 0, 1)
        self._parts.system.administering.sheets.take_over(self._asked(), sheet(SEED, GRIDS), FOUNDED)
        self._parts.projector.catch_up()

    def _bodies(self) -> None:
        system = self._parts.system
        county = system.registers.register.by_code("990101", self._today)
        assert county
        tree = list(system.reading.directory.tree(county, self._today))
        for done, row in enumerate(tree):
            if row.level is Level.GRID and not row.code.endswith("001"):
                continue  # one grid worker's post in each village is enough to show
            if row.level.rank <= Level.COUNTY.rank:
                self._found(row)
            self._progress("bodies", done + 1, len(tree))

    def _found(self, row: AreaRow) -> None:
        system, grid = self._parts.system, row.level is Level.GRID
        founded = FoundBody(
            area=row.id,
            kind=BodyKind.GRID if grid else BodyKind.COMMITTEE,
            body_name=f"{row.name}{'网格站' if grid else '人民调解委员会'}",
            short_name=row.name,
            code=f"DM{row.code}",
            channel=None if grid else Channel.PEOPLE,
            answers_for=body_id(f"DM{row.code[:-3]}") if grid else None,
        )
        body = BodyId(system.administering.bodies.found(self._asked(), founded).id)
        if grid:
            self._grids.setdefault(row.code[:-3], (body, row.id))
        else:
            self._constitute(body, row)

    def _constitute(self, body: BodyId, row: AreaRow) -> None:
        """Three members; the first of the first committee of each level can sign in."""
        first = not any(one.level is row.level for one in self.committees)
        logins = [f"m{row.code}.{number}" for number in (1, 2, 3)]
        if first:
            logins[0] = {Level.VILLAGE: "cunli", Level.TOWNSHIP: "xiangzhen", Level.COUNTY: "xianshi"}[row.level]
        names = [person_name(self._random) for _ in logins]
        officers = [self._officer(login, name) for login, name in zip(logins, names, strict=True)]
        members = tuple(
            Member(officer=id, member_name=name, woman=number == 1)
            for number, (id, name) in enumerate(zip(officers, names, strict=True))
        )
        term = self._today - timedelta(days=DAYS + 40)
        self._parts.system.administering.bodies.change(
            self._asked(), body, ConstituteCommittee(members=members, term_from=term)
        )
        town = row.code[:9]
        self.committees.append(Committee(body, row.id, row.level, tuple(officers), town))

    def _officer(self, login: str, name: str) -> OfficerId:
        register = RegisterOfficer(login=login, display_name=name)
        return OfficerId(self._parts.system.administering.officers.register(self._asked(), register).id)

    def _officers(self) -> None:
        """Those who can sign in: one of each role."""
        village, town, county = (
            next(one for one in self.committees if one.level is level)
            for level in (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)
        )
        grid_body, grid_area = self._grids[self._code_of(village)]
        for login, role, body, area in (
            ("cunli", Role.MEDIATOR, village.body, village.area),
            ("xiangzhen", Role.COORDINATOR, town.body, town.area),
            ("xianshi", Role.COORDINATOR, county.body, county.area),
            ("lingdao", Role.LEADER, county.body, county.area),
            ("shenji", Role.AUDITOR, county.body, county.area),
            ("wangge", Role.GRID_WORKER, grid_body, grid_area),
            ("admin", Role.ADMIN, county.body, county.area),
        ):
            known = login in ("cunli", "xiangzhen", "xianshi")
            id = officer_id(login) if known else self._officer(login, person_name(self._random))
            appoint = AppointOfficer(role=role, body=body, area=area, in_force_from=FOUNDED)
            self._parts.system.administering.officers.change(self._asked(), id, appoint)
            self._parts.logins.passwords.set(self._asked(), id, PASSWORD)

    def _other_bodies(self) -> None:
        system = self._parts.system
        system.administering.body_sheets.take_over(self._asked(), body_sheets.bodies(), FOUNDED)
        self._parts.projector.catch_up()
        system.administering.officer_sheets.take_over(self._asked(), body_sheets.officers(self._random), FOUNDED)
        for login in body_sheets.LOGINS.values():
            self._parts.logins.passwords.set(self._asked(), officer_id(login), PASSWORD)
        self._parts.projector.catch_up()

    def _code_of(self, committee: Committee) -> str:
        row = self._parts.system.reading.directory.area_row(committee.area, self._today)
        assert row
        return row.code

    def _cases(self, start: datetime) -> None:
        """The steps of all cases in the order of their recording, half a day in one transaction."""
        now = datetime.combine(self._today, datetime.min.time(), SHANGHAI)
        told = self._stories(start + timedelta(days=1), now)
        steps = sorted((step for one in told for step in one.steps), key=lambda step: step.recorded_at)
        steps = [step for step in steps if step.recorded_at < now]
        done = 0
        for batch in batches(steps):
            self._clock.moment = batch[-1].recorded_at
            self._parts.ledger.carry_out(self._asked(now=self._clock.moment), self._work(batch))
            self._let_time_pass()
            done += len(batch)
            self._progress("cases", done, len(steps))
        self._sweeps.last_evening(self._clock.moment)

    def _stories(self, start: datetime, now: datetime) -> Iterator[Story]:
        county = self._parts.system.registers.register.by_code("990101", self._today)
        assert county
        other_bodies = body_sheets.other_bodies(self.committees, county)
        for number in range(CASES):
            if self._random.random() < MOVED:
                yield moved(number, self._random, other_bodies, beginning(self._random, start, DAYS))
            else:
                yield story(number, self._random, self.committees, start, DAYS)
        yield from recent(self._random, other_bodies, now)

    def _let_time_pass(self) -> None:
        """Every morning the clocks are looked at, as the worker does all day."""
        day = local_day(self._clock.moment)
        if day == self._looked_at:
            return
        self._looked_at = day
        self._parts.projector.catch_up()
        self._parts.system.deciding.timers.fire(self._clock.moment)
        self._sweeps.morning(self._clock.moment)

    def _work(self, batch: Sequence[Step]) -> Callable[[Unit], UUID]:
        def work(unit: Unit) -> UUID:
            for step in batch:
                self._play(unit, step)
            return batch[-1].case

        return work

    def _play(self, unit: Unit, step: Step) -> None:
        system, history = self._parts.system, unit.history(CASES_STREAM, step.case)
        command: Any = step.make(history.state)
        if command is None:
            return
        asked = self._asked(step.by, step.body, step.recorded_at)
        asked = replace(asked, request=step.begins) if step.begins else asked
        match step.where:
            case Where.CASE:
                system.deciding.cases.act(unit, step.case, command, asked)
                self._sweeps.registered(unit, step.case, command, step.recorded_at)
            case Where.OFFER:
                system.deciding.referrals.act_offer(unit, history, command, asked)
            case Where.BEGINNING:
                system.deciding.escalations.act_begin(unit, history, command, asked)
            case Where.REFERRAL:
                system.deciding.referrals.act(unit, ReferralId(_known(step.about)), command, asked)
            case Where.ESCALATION:
                system.deciding.escalations.act(unit, EscalationId(_known(step.about)), command, asked)


def _known(id: UUID | None) -> UUID:
    assert id
    return id


def batches(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """What was recorded in one half day."""
    for _, group in groupby(steps, key=lambda step: (step.recorded_at.date(), step.recorded_at.hour // 12)):
        yield list(group)
