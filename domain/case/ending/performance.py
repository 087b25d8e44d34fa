"""履行 Performance: what was promised is done, in time or late, or not done."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationCommand, MediationEvent
from domain.case.ending.undoing import undoing, undone
from domain.case.laws import PERFORMANCE
from domain.case.mediations import Mediation, ObligationState, Stage
from domain.case.service_limits import counted_as
from domain.shared.calendar import local_day
from domain.shared.decider import StageSince
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Due
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import ObligationNumber
from domain.shared.values import Fen, Narrative, Sha256, Text


class AlreadyPerformed(Conflict):
    """It was performed already."""


class MoreThanPromised(Refused):
    """More was paid than the agreement promises: correct the amount, or the agreement."""


class NotYetDue(Refused):
    """Nothing is breached before it is due."""


class PerformObligation(MediationCommand):
    """登记履行"""

    allowed_in = frozenset({Stage.AGREED, Stage.IN_EFFECT})
    rule = PERFORMANCE
    obligation: ObligationNumber
    amount: Fen | None = None
    """What was paid this time; None: all that was left."""
    proof: Sha256 | None = None
    note: Text = ""

    @classmethod
    def footing_in(cls, mediation: Mediation) -> StageSince:
        """What is paid on the spot is paid before the seal: performance builds on what was agreed."""
        since = mediation.agreement.reached_at if mediation.agreement else mediation.since
        return StageSince(mediation.stage, since)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        state = case.mediation(self.mediation).reached.obligations[self.obligation]
        if state.done_at:
            raise AlreadyPerformed(obligation=self.obligation)
        performed = ObligationPerformed(
            mediation=self.mediation,
            obligation=self.obligation,
            amount=state.left if self.amount is None else self.amount,
            complete=False,
            late=False,
            proof=self.proof,
            note=on.narrative(self.note),
        )
        return (performed.worked_out(case, on.occurred_at, on),)


class ObligationPerformed(MediationEvent):
    name: ClassVar = "case.obligation_performed"
    of = (PerformObligation,)
    obligation: ObligationNumber
    amount: Correctable[Fen]
    complete: bool
    late: bool
    proof: Correctable[Sha256 | None]
    note: Correctable[Narrative]

    def worked_out(self, case: DisputeCase, at: datetime, on: Occasion) -> ObligationPerformed:
        state = case.mediations[self.mediation].reached.obligations[self.obligation]
        if self.amount > state.left:
            raise MoreThanPromised(obligation=self.obligation, left=state.left)
        late = state.due is not None and local_day(at) > state.due
        return self.but(complete=self.amount == state.left, late=late)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        case = case.but(performed=True)
        state = case.mediations[self.mediation].reached.obligations[self.obligation]
        done = state.but(paid=state.paid + self.amount, done_at=at if self.complete else None)
        return with_obligation(case, self.mediation, self.obligation, done)


def with_obligation(case: DisputeCase, mediation: int, number: int, state: ObligationState) -> DisputeCase:
    agreement = case.mediations[mediation].reached
    agreement = agreement.but(obligations={**agreement.obligations, number: state})
    return case.with_mediation(mediation, agreement=agreement)


class BreachObligation(MediationCommand):
    """登记违约"""

    allowed_in = frozenset({Stage.IN_EFFECT})
    rule = PERFORMANCE
    obligation: ObligationNumber
    account: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        state = case.mediation(self.mediation).reached.obligations[self.obligation]
        if not state.is_open:
            raise AlreadyPerformed(obligation=self.obligation)
        if not _is_overdue(state, on.day):
            raise NotYetDue(obligation=self.obligation, due=state.due)
        breached = ObligationBreached(
            mediation=self.mediation,
            obligation=self.obligation,
            account=on.narrative(self.account),
            **undoing(case, self.mediation, on),
        )
        return (breached,)


def _is_overdue(state: ObligationState, day: date) -> bool:
    """What has no date may be called due at any time."""
    return state.due is None or day > state.due


class ObligationBreached(MediationEvent):
    name: ClassVar = "case.obligation_breached"
    of = (BreachObligation,)
    obligation: ObligationNumber
    account: Correctable[Narrative]
    undoes: bool = False
    """Whether the case is not resolved any more from that day on."""
    held: Due | None = None
    """How long its holder has then."""

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        state = case.mediation(self.mediation).reached.obligations[self.obligation]
        return state.is_open and _is_overdue(state, local_day(at))

    def counted_anew(self, at: datetime, on: Occasion) -> ObligationBreached:
        return self.but(held=counted_as(self.held, at, on)) if self.held else self

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        state = case.mediations[self.mediation].reached.obligations[self.obligation]
        broken = with_obligation(case, self.mediation, self.obligation, state.but(breached=True))
        return undone(broken, self.undoes, self.held)
