"""机构合并 Body merged: an escalation goes on with the body into which one of its sides was merged."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.escalation.commands import EscalationEvent
from domain.escalation.escalation import Escalation
from domain.shared.succession import instead
from domain.shared.values import BodyId


def level_merged(escalation: Escalation, was: BodyId, into: BodyId) -> EscalationBodyReplaced:
    assert escalation.below
    assert escalation.above
    below, above = (instead(one, was, into) for one in (escalation.below, escalation.above))
    return EscalationBodyReplaced(was=was, into=into, below=below, above=above)


class EscalationBodyReplaced(EscalationEvent):
    name: ClassVar = "escalation.body_replaced"
    was: BodyId
    into: BodyId
    below: BodyId
    above: BodyId

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.but(below=self.below, above=self.above)
