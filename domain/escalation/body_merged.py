"""机构合并 Body merged: an escalation goes on with the body into which one of its sides was merged."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.escalation.commands import EscalationEvent
from domain.escalation.escalation import Escalation
from domain.shared.succession import One, instead
from domain.shared.values import BodyId


class EscalationBodyReplaced(EscalationEvent):
    name: ClassVar = "escalation.body_replaced"
    was: BodyId
    into: BodyId

    def evolve(self, escalation: Escalation, at: datetime) -> Escalation:
        return escalation.but(below=self._one(escalation.below), above=self._one(escalation.above))

    def _one(self, body: One) -> One:
        return instead(body, self.was, self.into)
