"""任职 Appointments: a role in a body, for an area, with dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar

from annotated_types import Ge

from domain.office.officer import Appointment, Officer, OfficerCommand, OfficerEvent, OfficerStage, Role, tokens_ending
from domain.shared.errors import Conflict, Missing, Refused
from domain.shared.occasion import Occasion
from domain.shared.values import AreaId, BodyId, Day

Number = Annotated[int, Ge(1)]


class UnknownAppointment(Missing):
    """The officer has no such appointment."""


class EndsBeforeItBegins(Refused):
    """An appointment holds for one day at least."""


class AppointedAlready(Conflict):
    """The officer holds the same role in this body and area on that day."""


class AlreadyRevoked(Conflict):
    """The appointment ends on or before that day already."""


class AppointOfficer(OfficerCommand):
    """任命"""

    allowed_in: ClassVar = frozenset({OfficerStage.ACTIVE})
    role: Role
    body: BodyId
    area: AreaId
    in_force_from: Day
    in_force_until: Day | None = None

    def decide(self, officer: Officer, on: Occasion) -> tuple[OfficerEvent, ...]:
        on.area(self.area)
        on.named_body(self.body)
        if self.in_force_until and self.in_force_until <= self.in_force_from:
            raise EndsBeforeItBegins(in_force_from=self.in_force_from)
        appointment = Appointment(**self.model_dump(include=set(Appointment.model_fields)))
        if any(_same(appointment, old) for old in officer.appointments.values()):
            raise AppointedAlready(role=self.role, body=self.body, area=self.area)
        return (OfficerAppointed(number=len(officer.appointments) + 1, appointment=appointment),)


def _same(new: Appointment, old: Appointment) -> bool:
    where = (new.role, new.body, new.area) == (old.role, old.body, old.area)
    return where and old.in_force(new.in_force_from)


class OfficerAppointed(OfficerEvent):
    name: ClassVar = "office.officer_appointed"
    number: Number
    appointment: Appointment

    def evolve(self, state: Officer, at: datetime) -> Officer:
        return state.with_appointment(self.number, self.appointment)


class RevokeAppointment(OfficerCommand):
    """免职"""

    allowed_in: ClassVar = frozenset({OfficerStage.ACTIVE, OfficerStage.DISABLED})
    number: Number
    in_force_until: Day

    def decide(self, officer: Officer, on: Occasion) -> tuple[OfficerEvent, ...]:
        if not (held := officer.appointments.get(self.number)):
            raise UnknownAppointment(number=self.number)
        if held.in_force_until and held.in_force_until <= self.in_force_until:
            raise AlreadyRevoked(number=self.number, in_force_until=held.in_force_until)
        if self.in_force_until < held.in_force_from:
            raise EndsBeforeItBegins(in_force_from=held.in_force_from)
        revoked = AppointmentRevoked(number=self.number, in_force_until=self.in_force_until)
        return (revoked, *tokens_ending(officer, self.number))


class AppointmentRevoked(OfficerEvent):
    name: ClassVar = "office.appointment_revoked"
    number: Number
    in_force_until: date

    def evolve(self, state: Officer, at: datetime) -> Officer:
        held = state.appointments[self.number]
        return state.with_appointment(self.number, held.but(in_force_until=self.in_force_until))
