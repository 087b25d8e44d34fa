"""交办与退回下级 Assigning down: a body above gives a matter to a lower one, returns it, or resolves it itself."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.escalation.commands import EscalationCommand, EscalationEvent, NotBelow, refuse_unless_above
from domain.escalation.escalation import Escalation, EscalationStage
from domain.escalation.kinds import EscalationKind, ReturnGround
from domain.escalation.raising import NEW
from domain.shared.errors import Conflict
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, CaseId, Narrative, Reason
from domain.shared.vocabulary import Asker

TAKEN_UP = frozenset({EscalationStage.ACCEPTED})


class NotHeldAbove(Conflict):
    """The matter has moved on: whoever holds it now sends it down."""


class ReturnDown(EscalationCommand):
    """退回下级"""

    allowed_in = TAKEN_UP
    asker = Asker.ABOVE
    because: ReturnGround
    reason: Reason

    def moves_case(self, escalation: Escalation) -> bool:
        return True

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        if on.case_facts.holder != escalation.above:
            raise NotHeldAbove(holder=on.case_facts.holder)
        return (EscalationReturnedDown(ground=self.because, reason=on.narrative(self.reason, 65)),)


class EscalationReturnedDown(EscalationEvent):
    """The body below holds the matter again, with a clock of its own."""

    name: ClassVar = "escalation.returned_down"
    of = (ReturnDown,)
    ground: ReturnGround
    reason: Narrative

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.entered(EscalationStage.RETURNED_DOWN, at)


class AssignCaseDown(EscalationCommand):
    """交办下级"""

    allowed_in = NEW
    asker = Asker.ABOVE
    to: BodyId
    reason: Reason

    def moves_case(self, escalation: Escalation) -> bool:
        return True

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        if on.case_facts.holder != on.body.id:
            raise NotYoursToAssign(holder=on.case_facts.holder)
        refuse_unless_above(on.body.id, self.to, on, NotBelow)
        assigned = CaseAssignedDown(
            case=on.case_facts.id, below=self.to, above=on.body.id, reason=on.narrative(self.reason, 66)
        )
        return (assigned,)


class NotYoursToAssign(NotBelow):
    """Only the body that holds a matter assigns it down."""


class CaseAssignedDown(EscalationEvent):
    name: ClassVar = "escalation.assigned_down"
    of = (AssignCaseDown,)
    case: CaseId
    below: BodyId
    above: BodyId
    reason: Narrative

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.entered(
            EscalationStage.ASSIGNED,
            at,
            case=self.case,
            kind=EscalationKind.ASSIGN_DOWN,
            below=self.below,
            above=self.above,
        )


class EscalationResolved(EscalationEvent):
    """It follows when the case is closed at the level above: nothing is left to send down."""

    name: ClassVar = "escalation.resolved"

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.entered(EscalationStage.RESOLVED, at)
