"""What a referral's events make of its case, in the same unit of work."""

from __future__ import annotations

from typing import Any

from application.ports import Asked, Unit
from application.streams import CASES
from domain.case.beside.handover import (
    CaseHandedOver,
    OfferEnded,
    accepted,
    can_be_mediated,
    taken_without_mediation,
)
from domain.case.beside.referral_return import came_back
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.case.kinds import Procedure
from domain.referral.kinds import Consenting, way
from domain.referral.referral import Referral
from domain.shared.decider import History
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.values import BodyId
from domain.shared.vocabulary import OfferEnding, Outcome


class ReferralIntoCase:
    """A referral's events on their way into the history of its case."""

    def __init__(self, unit: Unit, referral: Referral, case: History[DisputeCase], on: Occasion, asked: Asked) -> None:
        self.unit, self.referral, self.case, self.on, self.asked = unit, referral, case, on, asked
        self.recorded: list[CaseEvent] = []

    def on_case(self, *events: CaseEvent) -> None:
        history = self.unit.history(CASES, self.case.id)
        self.unit.append(CASES, self.case.id, history.version, events, self.on.occurred_at, asked=self.asked)
        self.recorded += events

    def offer_over(self, how: OfferEnding, *, bounced: bool = False) -> None:
        self.on_case(OfferEnded(referral=self.referral.id, how=how, bounced=bounced))

    def came_back(self, sender: BodyFacts | None, on: Occasion) -> None:
        case = self.unit.history(CASES, self.case.id).state
        self.on_case(*came_back(case, self.referral.id, Outcome.WITHDRAWN, sender, on))


def taken_over(done: ReferralIntoCase) -> tuple[CaseEvent, ...]:
    referral = done.referral
    assert referral.content
    assert referral.sender
    handed = CaseHandedOver(
        referral=referral.id, kind=referral.kind, to=BodyId(done.on.body.id), content=referral.content
    )
    titles: dict[str, Any] = {
        "on_platform": referral.on_platform,
        "procedure": Procedure.SUMMARY if referral.summary_procedure else Procedure.ORDINARY,
    }
    sender = done.on.named_body(referral.sender)
    if _is_duty(referral, sender, done.on) and not can_be_mediated(done.case.state, done.on.body):
        return taken_without_mediation(done.case.state, handed, done.on)
    return accepted(done.case.state, handed, sender, done.on, **titles)


def _is_duty(referral: Referral, sender: BodyFacts, on: Occasion) -> bool:
    """Whether the law sends it to this body without anybody's consent."""
    leading = way(referral.kind, sender, on.body)
    return leading is not None and leading.consenting is Consenting.NOBODY
