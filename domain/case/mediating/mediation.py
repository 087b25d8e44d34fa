"""调解 Mediation: it starts, pauses for an appraisal, goes on, is extended, or ends without an agreement."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from domain.case.begun import begun_anew, by_end
from domain.case.case import DisputeCase
from domain.case.commands import UNDER_WAY, CaseEvent, MediationCommand, MediationEvent
from domain.case.ending.closing import refuse_unreported
from domain.case.kinds import COURT_MANDATES, Category, EndGround, Mandate
from domain.case.laws import (
    APPRAISAL_BY_THE_HEALTH_OFFICE,
    APPRAISAL_IN_MEDICAL,
    APPRAISAL_OF_GOODS,
    APPRAISAL_WHEN_DELEGATED,
    COURTS_RIGHTS_BEFORE,
    REMEDIES,
    RIGHTS,
    RIGHTS_BEFORE,
)
from domain.case.mediations import ACTIVE, PASSED_ON, Mediation, Stage
from domain.case.record import read_from_state
from domain.shared.calendar import local_day
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Citation, Due
from domain.shared.marks import Correctable, Framed
from domain.shared.occasion import Occasion
from domain.shared.values import Channel, Composed, Line, Narrative, PersonId, Text


class NoMediatorAccepted(Conflict):
    """No mediator has been accepted by every party (人民调解法 19, 23)."""


class ConsentNeeded(Conflict):
    """Not every party consents to this mediation: nothing goes on without it (人民调解法 17, 23)."""


class PauseNotProvided(Refused):
    """No law gives this mediation a pause; the parties may agree to an extension."""


class RightsNotTold(Conflict):
    """Not every party was told of its rights and duties: that comes before the mediation (令75 art. 30; 特邀 14)."""


def ready_to_mediate(case: DisputeCase, mediation: Mediation) -> None:
    """A possible crime was reported, every party consents, at least one mediator is accepted by all of them, and all
    were told of their rights."""
    refuse_unreported(case)
    if missing := case.parties_without_consent(mediation):
        raise ConsentNeeded(parties=missing, basis=str(RIGHTS))
    if not mediation.accepted_mediators(case.present_parties):
        waiting = _not_accepting(case, mediation)
        raise NoMediatorAccepted(mediation=mediation.number, parties=waiting, basis=str(RIGHTS))
    if untold := sorted(id for id in case.present_parties if not case.parties[id].rights_told):
        court = mediation.mandate in COURT_MANDATES
        raise RightsNotTold(parties=untold, basis=str(COURTS_RIGHTS_BEFORE if court else RIGHTS_BEFORE))


def _not_accepting(case: DisputeCase, mediation: Mediation) -> list[PersonId]:
    """Who has not accepted the mediator whom most have accepted."""
    accepted = [one.accepted_by & case.present_parties for one in mediation.mediators.values()]
    return sorted(case.present_parties - max(accepted, key=len, default=frozenset()))


OF_THE_MARKET = (Channel.ADMINISTRATIVE, Category.CONSUMER)


def pause_basis(case: DisputeCase, mediation: Mediation) -> Citation | None:
    """The article that gives this mediation a pause for an expert appraisal, if any does."""
    if mediation.mandate is Mandate.DELEGATED:
        return APPRAISAL_WHEN_DELEGATED
    if mediation.mandate is Mandate.ENTRUSTED:
        return None  # the court's own time, and no article takes an appraisal out of it
    if case.category is Category.MEDICAL:
        return APPRAISAL_IN_MEDICAL if mediation.channel is Channel.PEOPLE else APPRAISAL_BY_THE_HEALTH_OFFICE
    return APPRAISAL_OF_GOODS if (mediation.channel, case.category) == OF_THE_MARKET else None


class PauseMediation(MediationCommand):
    """中止调解(鉴定)"""

    allowed_in = UNDER_WAY
    appraisal: Line
    """What is appraised, and by whom."""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        if pause_basis(case, mediation) is None:
            raise PauseNotProvided(mediation=mediation.number)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        basis = pause_basis(case, case.mediation(self.mediation))
        return (MediationPaused(mediation=self.mediation, appraisal=self.appraisal, basis=str(basis)),)


class MediationPaused(MediationEvent):
    name: ClassVar = "case.mediation_paused"
    of = (PauseMediation,)
    appraisal: Correctable[Line]
    basis: Composed

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_mediation(self.mediation, stage=Stage.PAUSED, since=at)


class ResumeMediation(MediationCommand):
    """恢复调解"""

    allowed_in = frozenset({Stage.PAUSED})
    note: Text = ""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unreported(case)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        due = _after_pause(case.mediation(self.mediation), on)
        return (
            MediationResumed(
                mediation=self.mediation,
                conclude_by=due.day if due else None,
                provisional=due is not None and due.provisional,
                conclude=due,
                note=on.narrative(self.note),
            ),
        )


def _after_pause(mediation: Mediation, on: Occasion) -> Due | None:
    """The pause does not count, in the unit of the limit that it stops."""
    due = mediation.conclude
    return due.without(local_day(mediation.since), on.day, on.calendar) if due else None


class MediationResumed(MediationEvent):
    name: ClassVar = "case.mediation_resumed"
    schema_version: ClassVar = 2
    of = (ResumeMediation,)
    conclude_by: date | None
    provisional: bool = False
    """The holidays of that time are not yet published; an entry older than this field: they were."""
    conclude: Due | None = None
    """What is due since; None: nothing is, or the entry is older than this field and only tells the day."""
    note: Correctable[Narrative]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        if self.conclude:
            return case.with_mediation(self.mediation, stage=Stage.UNDER_WAY, since=at, conclude=self.conclude)
        due = read_from_state.after_pause(case.mediations[self.mediation].conclude, self.conclude_by, self.provisional)
        return case.with_mediation(self.mediation, stage=Stage.UNDER_WAY, since=at, conclude=due)


class RemediesNotTold(Refused):
    """The parties are told of arbitration, administrative and court remedies, and that is recorded (人民调解法 26)."""


class EndsByItself(Refused):
    """A mediation ends so by a referral, an escalation, a suit or the clock, not by being told to."""


class RemediesToldAlready(Conflict):
    """The parties were told of their remedies, or need none: it goes on elsewhere."""


FOLLOWS = PASSED_ON | {EndGround.TIME_LIMIT}
"""Ends that only follow from something else."""


class EndMediation(MediationCommand):
    """终止调解"""

    allowed_in = ACTIVE
    rule = REMEDIES
    because: EndGround
    remedies_told: bool = False
    """The parties were told of arbitration, administrative and court remedies."""
    account: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if self.because in FOLLOWS:
            raise EndsByItself(because=self.because)
        if _lacks_remedies(self.because, self.remedies_told):
            raise RemediesNotTold(basis=str(REMEDIES))
        return (
            MediationEnded(
                mediation=self.mediation,
                ground=self.because,
                remedies_told=self.remedies_told,
                account=on.narrative(self.account) if self.account else None,
                begins=by_end(case, case.mediation(self.mediation).channel, self.because, on),
            ),
        )


def _lacks_remedies(ground: EndGround, told: bool) -> bool:
    """Who settled it themselves need no other remedy."""
    return ground is not EndGround.SELF_SETTLED and not told


class MediationEnded(MediationEvent):
    name: ClassVar = "case.mediation_ended"
    framed: ClassVar = True
    schema_version: ClassVar = 2
    of = (EndMediation,)
    asked_as: ClassVar = {"ground": "because"}
    ground: Framed[Correctable[EndGround]]
    remedies_told: Framed[bool]
    follows: Framed[bool] = False
    """From a suit, a clock, a referral or an escalation: nobody has told the parties anything yet."""
    account: Correctable[Narrative | None] = None
    begins: tuple[Due, ...] = ()
    """What may be asked of others now, and until when."""

    def check_rewritten(self, old: Any, on: Occasion) -> None:
        if self.ground is not old.ground and (self.follows or self.ground in FOLLOWS):
            raise EndsByItself(because=self.ground)

    def counted_anew(self, at: datetime, on: Occasion) -> MediationEnded:
        return self.but(begins=begun_anew(self.begins, self.ground, at, on))

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return self.follows or not _lacks_remedies(self.ground, self.remedies_told)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        if self.ground is EndGround.SELF_SETTLED:
            case = case.but(resolved_at=at)
        return case.with_begun(self.begins).with_mediation(
            self.mediation,
            stage=Stage.ENDED,
            since=at,
            ground=self.ground,
            remedies_told=self.remedies_told,
            remedies_due=self.follows and self.ground not in PASSED_ON,
        )


def ended_by(mediation: int, ground: EndGround, begins: tuple[Due, ...] = ()) -> MediationEnded:
    """What follows from something else: unless it goes on elsewhere, the parties are told of the remedies later."""
    return MediationEnded(mediation=mediation, ground=ground, remedies_told=False, follows=True, begins=begins)


class TellRemedies(MediationCommand):
    """告知救济途径"""

    allowed_in = frozenset({Stage.ENDED})
    rule = REMEDIES

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        if not mediation.remedies_due:
            raise RemediesToldAlready(mediation=mediation.number)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (RemediesTold(mediation=self.mediation),)


class RemediesTold(MediationEvent):
    name: ClassVar = "case.remedies_told"
    of = (TellRemedies,)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_mediation(self.mediation, remedies_told=True, remedies_due=False)
