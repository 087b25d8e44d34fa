"""继承与承继: whoever dies or ceases to be is succeeded by another, who goes on in their place."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from annotated_types import Len

from domain.case.case import DisputeCase, Party
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent
from domain.case.kinds import Side
from domain.case.people import NewParty, PartyDetails
from domain.shared.marks import Framed
from domain.shared.occasion import Occasion
from domain.shared.references import PartyRef
from domain.shared.values import (
    Sha256,
)

Parties = Annotated[tuple[PartyRef, ...], Len(1, 100)]


class SucceedParty(CaseCommand, NewParty):
    """登记当事人死亡、终止后的承受人"""

    allowed_in = UNTIL_CLOSED
    party: PartyRef
    """Who died, or as an organisation is no more."""
    paper: Sha256
    """Who succeeds: certificate of death, of inheritance, or of the merger."""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        left = case.parties[self.party]
        told = NewParty.model_validate(self.model_dump(include=set(NewParty.model_fields)) | {"side": left.side})
        return (
            PartySucceeded(party=self.party, side=left.side, successor=told.details(on.person()), paper=self.paper),
        )


class PartySucceeded(CaseEvent):
    """The successor stands where the party stood, and consents, accepts the mediator and signs for itself."""

    name: ClassVar = "case.party_succeeded"
    framed: ClassVar = True
    of = (SucceedParty,)
    party: Framed[PartyRef]
    side: Framed[Side]
    successor: PartyDetails
    paper: Sha256

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        left = case.with_party(self.party, withdrawn=True, succeeded_by=self.successor.person)
        successor = Party(side=self.side, details=self.successor)
        return left.but(parties={**left.parties, self.successor.person: successor})
