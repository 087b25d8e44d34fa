"""司法确认 Judicial confirmation: applied for together in time, granted or dismissed."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationCommand, MediationEvent
from domain.case.ending.undoing import undoing, undone
from domain.case.kinds import Extent, Mandate, Nature
from domain.case.laws import CONFIRMATION, ENTRUSTED_EFFECT, NOT_CONFIRMED
from domain.case.limits import ENFORCE_APPLY, JC_ACCEPT, JC_APPLY, JC_DECIDE
from domain.case.mediations import Agreement, Confirmation, Mediation, Stage
from domain.case.opening.parties import Parties, WillingParties
from domain.case.service_limits import counted_as
from domain.shared.calendar import SHANGHAI, local_day
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Due
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, BodyKind, Changes, Channel, Line, Narrative, Text

IN_EFFECT = frozenset({Stage.IN_EFFECT})


class TooLateToConfirm(Refused):
    """The thirty days are over, and cannot be extended (民诉法 205)."""


class NotConfirmable(Conflict):
    """The court does not confirm agreements of this kind."""


class BothApplyTogether(Refused):
    """All parties apply together (人民调解法 33)."""


class NoCourt(Refused):
    """Only a court confirms."""


class CourtNotNamed(Refused):
    """What a court delegated is confirmed by that court: it is named by its body, not by a text (民诉法 205)."""


class OtherCourt(Refused):
    """What a court delegated is confirmed by that court, named by its body (民诉法 205; 法释〔2011〕5号 2)."""


class ConfirmationGoesOn(Conflict):
    """The court has been asked already."""


class AdmittedAlready(Conflict):
    """The court has accepted the application already."""


class NotAppliedFor(Conflict):
    """The court has not been asked, or has answered."""


class ApplyForConfirmation(MediationCommand):
    """申请司法确认"""

    allowed_in = IN_EFFECT
    rule = CONFIRMATION
    applicants: WillingParties
    court: Line
    court_body: BodyId | None = None
    """The court itself: what a court delegated is confirmed by that court (民诉法 205)."""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        if mediation.agreement is None:
            return
        refuse_unconfirmable(mediation)
        if mediation.agreement.confirmation is not None:
            raise ConfirmationGoesOn(mediation=mediation.number)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        agreement = case.mediation(self.mediation).reached
        if missing := sorted(case.present_parties - set(self.applicants)):
            raise BothApplyTogether(missing=missing, basis=str(CONFIRMATION))
        if _too_late(agreement, on.day):
            raise TooLateToConfirm(confirm_by=agreement.confirm_by, basis=str(JC_APPLY.basis))
        refuse_other_court(case.mediation(self.mediation), self.court_body, on)
        applied = ConfirmationApplied(
            mediation=self.mediation,
            applicants=self.applicants,
            court=self.court,
            court_body=self.court_body,
            admit=on.due(JC_ACCEPT),
        )
        return (applied,)


def refuse_other_court(mediation: Mediation, court: BodyId | None, on: Occasion) -> None:
    """Raises NoCourt, CourtNotNamed, OtherCourt."""
    if court and on.named_body(court).kind is not BodyKind.COURT:
        raise NoCourt(body=court)
    if mediation.mandate is not Mandate.DELEGATED:
        return
    if court is None:
        raise CourtNotNamed(court=mediation.sender, basis=str(JC_APPLY.basis))
    if mediation.sender and court != mediation.sender:
        raise OtherCourt(court=mediation.sender, basis=str(JC_APPLY.basis))


def _too_late(agreement: Agreement, day: date) -> bool:
    return agreement.confirm_by is None or day > agreement.confirm_by


def refuse_unconfirmable(mediation: Mediation) -> None:
    if mediation.mandate is Mandate.ENTRUSTED or mediation.channel is Channel.LITIGATION:
        raise NotConfirmable(mandate=mediation.mandate, basis=str(ENTRUSTED_EFFECT))
    if mediation.reached.nature is not Nature.ORDINARY:
        raise NotConfirmable(nature=mediation.reached.nature, basis=str(NOT_CONFIRMED))


def with_confirmation(case: DisputeCase, number: int, state: Confirmation, **clocks: Changes[Agreement]) -> DisputeCase:
    agreement = case.mediations[number].reached.but(confirmation=state).with_fields(clocks)
    return case.with_mediation(number, agreement=agreement)


class ConfirmationApplied(MediationEvent):
    name: ClassVar = "case.confirmation_applied"
    of = (ApplyForConfirmation,)
    applicants: Parties
    court: Correctable[Line]
    court_body: BodyId | None = None
    admit: Due | None = None
    """None: of an entry older than this clock."""

    def counted_anew(self, at: datetime, on: Occasion) -> ConfirmationApplied:
        return self.but(admit=on.due(JC_ACCEPT, at)) if self.admit else self

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        in_time = not _too_late(case.mediation(self.mediation).reached, local_day(at))
        return in_time and case.present_parties <= set(self.applicants)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return with_confirmation(case, self.mediation, Confirmation.APPLIED, admit=self.admit)


class AdmitConfirmation(MediationCommand):
    """法院受理司法确认申请"""

    allowed_in = IN_EFFECT
    rule = JC_ACCEPT.basis

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unless_applied(mediation)
        if mediation.agreement and mediation.agreement.decide:
            raise AdmittedAlready(mediation=mediation.number)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (ConfirmationAdmitted(mediation=self.mediation, decide_by=on.due(JC_DECIDE)),)


class ConfirmationAdmitted(MediationEvent):
    name: ClassVar = "case.confirmation_admitted"
    of = (AdmitConfirmation,)
    decide_by: Due

    def counted_anew(self, at: datetime, on: Occasion) -> ConfirmationAdmitted:
        return self.but(decide_by=on.due(JC_DECIDE, at))

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return with_confirmation(case, self.mediation, Confirmation.APPLIED, decide=self.decide_by)


def refuse_unless_applied(mediation: Mediation) -> None:
    if mediation.agreement and mediation.agreement.confirmation is not Confirmation.APPLIED:
        raise NotAppliedFor(mediation=mediation.number)


class GrantConfirmation(MediationCommand):
    """裁定确认有效"""

    allowed_in = IN_EFFECT
    rule = CONFIRMATION
    ruling: Line

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unless_applied(mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        mediation = case.mediation(self.mediation)
        whole = mediation.reached.extent is Extent.ALL_CLAIMS and mediation.number == max(case.mediations)
        granted = ConfirmationGranted(
            mediation=self.mediation,
            ruling=self.ruling,
            enforce=_enforce_by(mediation.reached, on),
            resolves=whole and mediation.reached.taken_back and case.resolved_at is None,
        )
        return (granted,)


def _enforce_by(agreement: Agreement, on: Occasion) -> Due | None:
    """Two years from the last day of the last instalment, or from the ruling where no day was set (民诉法 250); None:
    nothing is owed."""
    if not any(one.is_owed for one in agreement.obligations.values()):
        return None
    days = [one.due for one in agreement.obligations.values() if one.due]
    return on.due(ENFORCE_APPLY, datetime.combine(max(days), time(12), SHANGHAI) if days else on.occurred_at)


class ConfirmationGranted(MediationEvent):
    name: ClassVar = "case.confirmation_granted"
    of = (GrantConfirmation,)
    ruling: Correctable[Line]
    enforce: Due | None = None
    resolves: bool = False
    """An application that was taken back had undone it; the court has confirmed it now."""

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        granted = with_confirmation(case, self.mediation, Confirmation.GRANTED, enforce=self.enforce)
        return granted.but(resolved_at=at) if self.resolves else granted


class DismissConfirmation(MediationCommand):
    """裁定驳回申请"""

    allowed_in = IN_EFFECT
    rule = CONFIRMATION
    ruling: Line
    reason: Text = ""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unless_applied(mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        dismissed = ConfirmationDismissed(
            mediation=self.mediation,
            ruling=self.ruling,
            reason=on.narrative(self.reason),
            **undoing(case, self.mediation, on),
        )
        return (dismissed,)


class ConfirmationDismissed(MediationEvent):
    name: ClassVar = "case.confirmation_dismissed"
    of = (DismissConfirmation,)
    ruling: Correctable[Line]
    reason: Correctable[Narrative]
    undoes: bool = False
    """Whether the case is not resolved any more from that day on."""
    held: Due | None = None
    """How long its holder has then."""

    def counted_anew(self, at: datetime, on: Occasion) -> ConfirmationDismissed:
        return self.but(held=counted_as(self.held, at, on)) if self.held else self

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return undone(with_confirmation(case, self.mediation, Confirmation.DISMISSED), self.undoes, self.held)
