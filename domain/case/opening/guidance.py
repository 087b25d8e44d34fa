"""引导 Guidance: a court or the police point the parties to a committee, before they accept the matter."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.case import DisputeCase, Status
from domain.case.commands import CaseCommand, CaseEvent
from domain.shared.errors import Refused
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, BodyKind, Channel, Line
from domain.statutes import PEOPLES_MEDIATION_LAW

GUIDANCE = PEOPLES_MEDIATION_LAW["第十八条"]
GUIDES = frozenset({BodyKind.COURT, BodyKind.POLICE})


class GuideParties(CaseCommand):
    """引导当事人申请人民调解"""

    allowed_in = frozenset({Status.RECEIVED, Status.REGISTERED})
    rule = GUIDANCE
    to: BodyId | None = None
    """The committee that was named to them, if one was."""
    note: Line = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if on.body.kind not in GUIDES:
            raise OnlyCourtOrPoliceGuide(kind=on.body.kind, basis=str(GUIDANCE))
        if self.to and on.named_body(self.to).channel is not Channel.PEOPLE:
            raise GuidedToCommittees(body=self.to, basis=str(GUIDANCE))
        return (PartiesGuided(to=self.to, note=self.note),)


class OnlyCourtOrPoliceGuide(Refused):
    """A court or the police guide parties to a committee before they accept the matter (人民调解法 18)."""


class GuidedToCommittees(Refused):
    """Parties are guided to a people's mediation committee (人民调解法 18)."""


class PartiesGuided(CaseEvent):
    """One event, without answer or clock: the parties apply by themselves."""

    name: ClassVar = "case.parties_guided"
    of = (GuideParties,)
    to: BodyId | None
    note: Correctable[Line]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case
