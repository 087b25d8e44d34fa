"""上行与退回 Raising: a body below or a clock asks; the body above accepts, sends back, or calls a matter up."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.escalation.commands import EscalationCommand, EscalationEvent, NotAbove, refuse_unless_above
from domain.escalation.escalation import Escalation, EscalationStage
from domain.escalation.kinds import EscalationKind, Ground, ReturnGround
from domain.escalation.limits import ESCALATION_ANSWER
from domain.shared.law import Due
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, CaseId, Narrative, Reason, Text
from domain.shared.vocabulary import Asker

NEW = frozenset({EscalationStage.NEW})


class RequestEscalation(EscalationCommand):
    """上行(报请上级)"""

    allowed_in = NEW
    asker = Asker.BELOW
    to: BodyId
    because: Ground
    account: Text = ""
    """What was tried below, and why that is not enough."""

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        holder = on.case_facts.holder
        refuse_unless_above(self.to, holder, on, NotAbove)
        requested = EscalationRequested(
            case=on.case_facts.id,
            below=holder,
            above=self.to,
            ground=self.because,
            account=on.narrative(self.account, 60) if self.account else None,
            answer_by=on.due(ESCALATION_ANSWER),
        )
        return (requested,)


class EscalationRequested(EscalationEvent):
    name: ClassVar = "escalation.requested"
    of = (RequestEscalation,)
    case: CaseId
    below: BodyId
    above: BodyId
    ground: Ground | None
    """None: the file that it was imported from names none."""
    account: Narrative | None
    answer_by: Due | None
    """None: it was imported, and answered then."""
    by_clock: Due | None = None
    """The deadline that ran out, where nobody asked but the clock."""

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.entered(
            EscalationStage.REQUESTED, at, case=self.case, below=self.below, above=self.above, answer_by=self.answer_by
        )


class AcceptEscalation(EscalationCommand):
    """接收上行"""

    allowed_in = frozenset({EscalationStage.REQUESTED})
    asker = Asker.ABOVE
    note: Text = ""

    def moves_case(self, escalation: Escalation) -> bool:
        return True

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        return (EscalationAccepted(note=on.narrative(self.note, 61) if self.note else None),)


class EscalationAccepted(EscalationEvent):
    """From now on the level above holds the matter and answers for it."""

    name: ClassVar = "escalation.accepted"
    of = (AcceptEscalation,)
    note: Narrative | None

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.entered(EscalationStage.ACCEPTED, at, answer_by=None)


class SendBackEscalation(EscalationCommand):
    """退回上行"""

    allowed_in = frozenset({EscalationStage.REQUESTED})
    asker = Asker.ABOVE
    because: ReturnGround
    reason: Reason

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        return (EscalationSentBack(ground=self.because, reason=on.narrative(self.reason, 62)),)


class EscalationSentBack(EscalationEvent):
    name: ClassVar = "escalation.sent_back"
    of = (SendBackEscalation,)
    ground: ReturnGround
    reason: Narrative

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.entered(EscalationStage.SENT_BACK, at, answer_by=None)


class WithdrawEscalation(EscalationCommand):
    """撤回上行"""

    allowed_in = frozenset({EscalationStage.REQUESTED})
    asker = Asker.BELOW
    reason: Reason

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        return (EscalationWithdrawn(reason=on.narrative(self.reason, 63)),)


class EscalationWithdrawn(EscalationEvent):
    name: ClassVar = "escalation.withdrawn"
    of = (WithdrawEscalation,)
    reason: Narrative

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.entered(EscalationStage.WITHDRAWN, at, answer_by=None)


class CallUpCase(EscalationCommand):
    """提级办理"""

    allowed_in = NEW
    asker = Asker.ABOVE
    because: Ground
    reason: Reason

    def moves_case(self, escalation: Escalation) -> bool:
        return True

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        holder = on.case_facts.holder
        refuse_unless_above(on.body.id, holder, on, NotAbove)
        called = CaseCalledUp(
            case=on.case_facts.id,
            below=holder,
            above=on.body.id,
            ground=self.because,
            reason=on.narrative(self.reason, 64),
        )
        return (called,)


class CaseCalledUp(EscalationEvent):
    name: ClassVar = "escalation.called_up"
    of = (CallUpCase,)
    case: CaseId
    below: BodyId
    above: BodyId
    ground: Ground | None
    """None: the file that it was imported from names none."""
    reason: Narrative

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.entered(
            EscalationStage.ACCEPTED,
            at,
            case=self.case,
            kind=EscalationKind.CALL_UP,
            below=self.below,
            above=self.above,
        )
