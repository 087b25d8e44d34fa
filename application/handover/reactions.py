"""Whenever this happens to a case, that follows: recorded in the same transaction, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from application.jurisdiction import JurisdictionRegister
from application.ports import Asked, Stream, Unit
from application.rules import RuleBook, counted_for
from application.streams import CASES, ESCALATIONS, REFERRALS
from domain.case.beside.handover import OfferEnded
from domain.case.beside.levels import EscalationOver
from domain.case.beside.referral_return import came_back, outcome_of
from domain.case.case import DisputeCase
from domain.case.course import EscalationPhase
from domain.case.ending.closing import CaseClosed
from domain.case.mediating.effect import AgreementTookEffect
from domain.case.mediating.mediation import MediationEnded
from domain.case.opening.acceptance import CaseDeclined
from domain.case.record.joining import CaseMerged
from domain.escalation.assigning_down import EscalationResolved
from domain.referral.kinds import RESOLVED
from domain.referral.referral import Referral, ReferralStage
from domain.referral.returning import ReferralReturned
from domain.referral.taking_back import ReferralWithdrawn
from domain.shared.calendar import local_day
from domain.shared.decider import Event, History
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.values import CaseId, ReferralId, ReferralKind
from domain.shared.vocabulary import EscalationEnding, OfferEnding, Outcome

ENDED = "调解已经结束"
"""Why an invitation is taken back when there is nothing left to join."""


@dataclass(frozen=True)
class Happened:
    """What was recorded of a case just now."""

    unit: Unit
    case: CaseId
    events: Sequence[Event[Any]]
    on: Occasion
    asked: Asked
    register: JurisdictionRegister
    book: RuleBook

    def state(self) -> DisputeCase:
        return self.unit.history(CASES, self.case).state

    def record(self, stream: Stream[Any], id: Any, *events: Event[Any]) -> None:
        history = self.unit.history(stream, id)
        self.unit.append(stream, id, history.version, events, self.on.occurred_at, asked=self.asked)


def react(to: Happened) -> None:
    for event in to.events:
        match event:
            case MediationEnded():
                _return_at_once(to, event)
                _end_invitations(to, event.mediation)
            case AgreementTookEffect():
                _end_invitations(to, event.mediation)
            case CaseClosed() | CaseDeclined() | CaseMerged():
                _resolve_escalations(to)


def _return_at_once(to: Happened, event: MediationEnded) -> None:
    """Refusal, no contact or failure: the papers go back at once (在线调解规则 15; 特邀调解规定 26)."""
    case = to.state()
    mediation = case.mediations[event.mediation]
    if mediation.referral is None or mediation.referral not in case.handed:
        return
    outcome = Outcome(outcome_of(mediation) or Outcome.WITHDRAWN)
    come_back(to, mediation.referral, ReferralReturned(outcome=outcome, papers=(), account=None, at_once=True))


def come_back(to: Happened, id: ReferralId, returned: ReferralReturned) -> None:
    """The referral returns, and with it an unresolved matter that had been transferred."""
    referral = to.unit.history(REFERRALS, id).state
    to.record(REFERRALS, id, returned)
    sender = _body(to, referral.sender) if _goes_back(to, referral, returned) else None
    on = counted_for(sender, to.on, to.book) if sender else to.on
    to.record(CASES, to.case, *came_back(to.state(), id, returned.outcome, sender, on))


def _goes_back(to: Happened, referral: Referral, returned: ReferralReturned) -> bool:
    held = to.state().holder == referral.accepted_by
    return referral.kind is ReferralKind.TRANSFER and held and returned.outcome not in {*RESOLVED, PARTLY}


PARTLY = Outcome.PARTIAL_AGREEMENT


def _body(to: Happened, id: Any) -> BodyFacts | None:
    return to.register.body(id, local_day(to.on.occurred_at))


def _end_invitations(to: Happened, number: int) -> None:
    """The inviter's own clock goes on for an invitation: it ends with that mediation."""
    mediation = to.state().mediations[number]
    if outcome_of(mediation) is None:
        return
    for id, referral in list(_invitations(to)):
        if referral.stage is ReferralStage.ACCEPTED:
            outcome = Outcome(outcome_of(mediation) or Outcome.WITHDRAWN)
            come_back(to, id, ReferralReturned(outcome=outcome, papers=(), account=None, at_once=True))
        else:
            withdrawn = ReferralWithdrawn(reason=to.on.narrative(ENDED, _place(id)), consented=())
            to.record(REFERRALS, id, withdrawn)
            to.record(CASES, to.case, OfferEnded(referral=id, how=OfferEnding.WITHDRAWN, bounced=False))


def _place(id: ReferralId) -> int:
    return 1_000 + id.int % 1_000_000


def _invitations(to: Happened) -> Iterator[tuple[ReferralId, Referral]]:
    case = to.state()
    for id in sorted({*case.offers, *case.handed}):
        history: History[Referral] = to.unit.history(REFERRALS, id)
        if history.state.kind is ReferralKind.INVITE:
            yield id, history.state


def _resolve_escalations(to: Happened) -> None:
    """A case that is closed, declined or merged at the level above leaves nothing to send down."""
    for id, phase in list(to.state().escalations.items()):
        if phase is EscalationPhase.TAKEN_UP:
            to.record(ESCALATIONS, id, EscalationResolved())
            to.record(CASES, to.case, EscalationOver(escalation=id, how=EscalationEnding.RESOLVED))
