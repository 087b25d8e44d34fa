"""调解会 Sessions: scheduled, held with a record of who came and what was said, adjourned."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from annotated_types import Len
from pydantic import AwareDatetime

from domain.case.case import DisputeCase
from domain.case.commands import UNDER_WAY, CaseEvent, MediationCommand, MediationEvent
from domain.case.ending.closing import refuse_unreported
from domain.case.laws import RECORDS, RIGHTS
from domain.case.mediating.mediation import ready_to_mediate
from domain.case.mediations import Mediation, SessionState, Stage
from domain.case.opening.parties import Parties
from domain.shared.errors import Conflict, Refused
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import ParticipantRef, PartyRef, SessionNumber
from domain.shared.values import Line, Moment, Narrative, Text, Told


class NotPublic(Refused):
    """A party asked that the mediation not be public (人民调解法 23)."""


class SessionIsOver(Conflict):
    """The session was held already."""


class InThePast(Refused):
    """A session is scheduled for later, not for before."""


SCHEDULABLE = frozenset({Stage.OPENED, Stage.CONSENTED, Stage.UNDER_WAY})


class ScheduleSession(MediationCommand):
    """预约调解"""

    allowed_in = SCHEDULABLE
    at: Moment
    where: Line = ""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_against_refusal(case, mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if self.at < on.occurred_at:
            raise InThePast(at=self.at)
        number = next_session(case.mediation(self.mediation))
        return (SessionScheduled(mediation=self.mediation, number=number, at=self.at, where=self.where),)


def refuse_against_refusal(case: DisputeCase, mediation: Mediation) -> None:
    """Nobody is summoned who has refused or taken the consent back, until they consent again; nor to a quarrel of which
    a possible crime was not reported."""
    refuse_unreported(case)
    if refused := mediation.withdrawn & case.present_parties:
        raise RefusedByParty(parties=sorted(refused), basis=str(RIGHTS))


class RefusedByParty(Conflict):
    """A party refuses mediation: no session until that party consents again (人民调解法 17)."""


def next_session(mediation: Mediation) -> int:
    return max(mediation.sessions, default=0) + 1


class SessionScheduled(MediationEvent):
    name: ClassVar = "case.session_scheduled"
    of = (ScheduleSession,)
    number: int
    at: Correctable[AwareDatetime]
    where: Correctable[Line]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return self.at >= at

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return with_session(case, self.mediation, self.number, SessionState.SCHEDULED)


def with_session(case: DisputeCase, mediation: int, number: int, state: SessionState) -> DisputeCase:
    sessions = case.mediations[mediation].sessions
    return case.with_mediation(mediation, sessions={**sessions, number: state})


class HoldSession(MediationCommand):
    """调解笔录"""

    allowed_in = UNDER_WAY
    rule = RECORDS
    session: SessionNumber | None = None
    """The scheduled session that was held; None: one that was not scheduled."""
    attended: Parties
    participants: Annotated[tuple[ParticipantRef, ...], Len(0, 100)] = ()
    record: Told
    public: bool = False

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        ready_to_mediate(case, mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        mediation = case.mediation(self.mediation)
        if self.public and mediation.closed_doors & case.present_parties:
            raise NotPublic(parties=sorted(mediation.closed_doors), basis=str(RIGHTS))
        refuse_when_over(mediation, self.session)
        return (self._held(mediation, on),)

    def _held(self, mediation: Mediation, on: Occasion) -> SessionHeld:
        return SessionHeld(
            mediation=self.mediation,
            number=self.session or next_session(mediation),
            attended=self.attended,
            participants=self.participants,
            record=on.narrative(self.record),
            public=self.public,
        )


def refuse_when_over(mediation: Mediation, session: int | None) -> None:
    if session is not None and mediation.sessions.get(session) is SessionState.HELD:
        raise SessionIsOver(session=session)


class SessionHeld(MediationEvent):
    name: ClassVar = "case.session_held"
    of = (HoldSession,)
    number: int
    attended: Correctable[tuple[PartyRef, ...]]
    participants: Correctable[tuple[ParticipantRef, ...]]
    record: Correctable[Narrative]
    public: Correctable[bool]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return not self.public or not case.mediation(self.mediation).closed_doors & case.present_parties

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return with_session(case, self.mediation, self.number, SessionState.HELD)


class AdjournSession(MediationCommand):
    """改期"""

    allowed_in = SCHEDULABLE
    session: SessionNumber
    to: Moment
    where: Line = ""
    reason: Text = ""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_against_refusal(case, mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        refuse_when_over(case.mediation(self.mediation), self.session)
        if self.to < on.occurred_at:
            raise InThePast(at=self.to)
        return (
            SessionAdjourned(
                mediation=self.mediation,
                session=self.session,
                to=self.to,
                where=self.where,
                reason=on.narrative(self.reason),
            ),
        )


class SessionAdjourned(MediationEvent):
    name: ClassVar = "case.session_adjourned"
    of = (AdjournSession,)
    session: SessionNumber
    to: Correctable[AwareDatetime]
    where: Correctable[Line]
    reason: Correctable[Narrative]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return self.to >= at

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return with_session(case, self.mediation, self.session, SessionState.ADJOURNED)
