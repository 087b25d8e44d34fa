"""回访与满意度 Follow-up: asked how it went, and whether the parties are satisfied."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.case import DisputeCase, Status
from domain.case.commands import CaseCommand, CaseEvent
from domain.case.kinds import Satisfaction
from domain.case.laws import PERFORMANCE
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import PartyRef
from domain.shared.values import Narrative, Text, Told


class FollowUp(CaseCommand):
    """回访"""

    allowed_in = frozenset({Status.OPEN, Status.CLOSED})
    rule = PERFORMANCE
    findings: Told

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (FollowedUp(findings=on.narrative(self.findings)),)


class FollowedUp(CaseEvent):
    name: ClassVar = "case.followed_up"
    of = (FollowUp,)
    findings: Correctable[Narrative]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(follow_ups=case.follow_ups + 1)


class RecordSatisfaction(CaseCommand):
    """满意度"""

    allowed_in = frozenset({Status.OPEN, Status.CLOSED})
    party: PartyRef
    satisfaction: Satisfaction
    remark: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        answer = SatisfactionAnswered(
            party=self.party, satisfaction=self.satisfaction, remark=on.narrative(self.remark)
        )
        return (answer,)


class SatisfactionAnswered(CaseEvent):
    name: ClassVar = "case.satisfaction_answered"
    of = (RecordSatisfaction,)
    party: PartyRef
    satisfaction: Correctable[Satisfaction]
    remark: Correctable[Narrative]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case
