"""机构合并: a body is merged into another; its officers and its open matters go along, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from application.office import OFFICERS
from application.ports import Asked, Ledger, Receipt, Stream, Unit
from application.register_decisions import AREAS, BODIES, body_facts, known, occasion, record
from application.streams import CASES, ESCALATIONS, REFERRALS
from domain.case.beside.body_merged import body_merged, is_at
from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED
from domain.escalation.body_merged import level_merged
from domain.escalation.escalation import GOING_ON
from domain.jurisdiction.area import facts as area_facts_of
from domain.jurisdiction.merging import MergeBody, TakeInBody
from domain.office.appointments import AppointmentRevoked, OfficerAppointed
from domain.office.officer import Appointment, Officer
from domain.referral.body_merged import side_merged
from domain.shared.calendar import local_day
from domain.shared.decider import Event, History
from domain.shared.occasion import BodyFacts
from domain.shared.values import BodyId, CaseId, OfficerId


class DeskWork(Protocol):
    """What lies at a body, as the read models know it."""

    def open_cases(self, body: BodyId) -> Sequence[CaseId]:
        """Those that are not closed, and that it holds, mediates, was handed, was offered or watches from above."""
        ...

    def appointed(self, body: BodyId, day: date) -> Sequence[OfficerId]:
        """Whoever is appointed to it on that day or later."""
        ...


class BodyMergers:
    def __init__(self, ledger: Ledger, work: DeskWork, caught_up: Callable[[], object]) -> None:
        """`caught_up`: lets the read models take in what was recorded so far."""
        self._ledger, self._work, self._caught_up = ledger, work, caught_up

    def catch_up(self) -> None:
        self._caught_up()

    def merge(self, asked: Asked, id: BodyId, command: MergeBody) -> Receipt:
        self.catch_up()

        def work(unit: Unit) -> UUID:
            self.act(unit, asked, id, command)
            return id

        return self._ledger.carry_out(asked, work)

    def act(self, unit: Unit, asked: Asked, id: BodyId, command: MergeBody) -> None:
        """Within a unit of work. Raises UnknownBody, BodyNoLongerStands, NotOfItsKind."""
        into = body_facts(unit, command.into, local_day(asked.now))
        on = occasion(asked, command, bodies={command.into: into})
        merged = known(unit, BODIES, id)
        record(unit, BODIES, merged, command, on)
        take_in = TakeInBody(merged=id, before=tuple(sorted(merged.state.took_in)), occurred_at=on.occurred_at)
        record(unit, BODIES, known(unit, BODIES, command.into), take_in, on)
        day = local_day(on.occurred_at)
        moving = _Moving(unit, replace(asked, causation=asked.request), id, into, day)
        at = (id, *merged.state.took_in)  # what came along within this unit of work, no read model has seen yet
        for officer in sorted({one for body in at for one in self._work.appointed(body, day)}):
            moving.officer(officer)
        for case in sorted({one for body in at for one in self._work.open_cases(body)}):
            moving.case(case)


class _Moving:
    """One merger in its unit of work. What moves along does so when it is recorded, from whatever day it holds."""

    def __init__(self, unit: Unit, asked: Asked, was: BodyId, into: BodyFacts, day: date) -> None:
        self._unit, self._asked, self._was, self._into, self._day = unit, asked, was, into, day

    def officer(self, id: OfficerId) -> None:
        """Every appointment to the body ends, and goes on at the other one with its role and to its day."""
        history: History[Officer] = self._unit.history(OFFICERS, id)
        held = history.state.appointments
        for number, one in held.items():
            if one.body != self._was or (one.in_force_until and one.in_force_until <= self._day):
                continue
            since = max(self._day, one.in_force_from)
            self._append(OFFICERS, id, AppointmentRevoked(number=number, in_force_until=since))
            new = self._as_moved(one, since)
            if not any(_same(new, other) for other in held.values()):
                following = len(self._unit.history(OFFICERS, id).state.appointments) + 1
                self._append(OFFICERS, id, OfficerAppointed(number=following, appointment=new))

    def _as_moved(self, one: Appointment, since: date) -> Appointment:
        """For the same area, while that is in force; else for that of the body that goes on."""
        area = area_facts_of(self._unit.history(AREAS, one.area).state, since)
        place = one.area if area and area.in_force else self._into.area
        return one.but(body=self._into.id, area=place, in_force_from=since)

    def case(self, id: CaseId) -> None:
        case: DisputeCase = self._unit.history(CASES, id).state
        if case.status not in UNTIL_CLOSED:
            return
        if is_at(case, self._was):
            self._append(CASES, id, *body_merged(case, self._was, self._into.id, self._into.level))
        for referral in sorted({*case.offers, *case.handed}):
            known = self._unit.history(REFERRALS, referral).state
            self._append(REFERRALS, referral, *side_merged(known, self._was, self._into.id))
        for escalation in case.escalations:
            above = self._unit.history(ESCALATIONS, escalation).state
            if above.stage in GOING_ON and self._was in {above.below, above.above}:
                self._append(ESCALATIONS, escalation, level_merged(above, self._was, self._into.id))

    def _append(self, stream: Stream[Any], id: Any, *events: Event[Any]) -> None:
        version = self._unit.history(stream, id).version
        if events:
            self._unit.append(stream, id, version, events, self._asked.now, asked=self._asked)


def _same(new: Appointment, old: Appointment) -> bool:
    return (new.role, new.body, new.area) == (old.role, old.body, old.area) and old.in_force(new.in_force_from)
