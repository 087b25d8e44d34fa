"""反馈 Coming back: what a case records when a referral returns with its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from domain.case.beside.holder import MovedBy, moved_to
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.case.kinds import EndGround, Extent, Mandate
from domain.case.mediations import Mediation, Stage
from domain.shared.errors import Conflict, Refused
from domain.shared.marks import Framed
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.values import ReferralId
from domain.shared.vocabulary import Outcome


class ReferralCameBack(CaseEvent):
    name: ClassVar = "case.referral_came_back"
    framed: ClassVar = True
    immutable = True
    referral: Framed[ReferralId]
    outcome: Framed[Outcome]
    bounced: Framed[bool] = False

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        """What it came back with is told by the referral too: its mediation has come to an end."""
        own = (one for one in case.mediations.values() if one.referral == self.referral)
        return all(outcome_of(one) is not None for one in own)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(handed=case.handed - {self.referral}, bounces=case.bounces + self.bounced)


class NotConcluded(Conflict):
    """The mediation goes on: it is ended, or its agreement takes effect, before the outcome goes back."""


class OutcomeDoesNotFit(Refused):
    """The mediation did not come out like that."""


OUTCOMES: Mapping[EndGround, Outcome] = {
    EndGround.FAILED: Outcome.FAILED,
    EndGround.PARTY_ENDED: Outcome.FAILED,
    EndGround.TIME_LIMIT: Outcome.FAILED,
    EndGround.REFUSED: Outcome.REFUSED,
    EndGround.OUT_OF_CONTACT: Outcome.OUT_OF_CONTACT,
    EndGround.SELF_SETTLED: Outcome.SELF_SETTLED,
    EndGround.WITHDRAWN: Outcome.WITHDRAWN,
}
"""What a referral comes back with, by the end of its mediation; any other end: withdrawn."""


def outcome_of(mediation: Mediation) -> Outcome | None:
    """None while it goes on."""
    if mediation.ground is not None:
        return OUTCOMES.get(mediation.ground, Outcome.WITHDRAWN)
    entrusted = mediation.mandate is Mandate.ENTRUSTED and mediation.stage is Stage.AGREED
    if mediation.stage is Stage.IN_EFFECT or entrusted:
        return Outcome.AGREEMENT if mediation.reached.extent is Extent.ALL_CLAIMS else Outcome.PARTIAL_AGREEMENT
    return None


def refuse_return(case: DisputeCase, referral: ReferralId, outcome: Outcome) -> None:
    """Raises NotConcluded, OutcomeDoesNotFit."""
    for mediation in case.mediations.values():
        if mediation.referral != referral:
            continue
        if (found := outcome_of(mediation)) is None:
            raise NotConcluded(mediation=mediation.number)
        if found != outcome:
            raise OutcomeDoesNotFit(fitting=[found])


def came_back(
    case: DisputeCase, referral: ReferralId, outcome: Outcome, back_to: BodyFacts | None, on: Occasion
) -> tuple[CaseEvent, ...]:
    """`back_to`: the sender of a transfer, whose matter it is again when it was not resolved."""
    back = ReferralCameBack(referral=referral, outcome=outcome)
    if back_to is None or case.holder == back_to.id:
        return (back,)
    return (back, moved_to(case, back_to, MovedBy.RETURN, referral, on))
