"""上行与交办 Levels: what a case records when its matter moves between levels, or is supervised from above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.case.beside.handover import passed_on
from domain.case.beside.holder import HolderChanged, MovedBy, moved_to
from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, CaseEvent
from domain.case.course import Answered, AskedAbove, EscalationPhase
from domain.case.kinds import EndGround
from domain.shared.decider import History
from domain.shared.errors import Conflict, NotAllowedNow
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.states import without
from domain.shared.values import BodyId, EscalationId
from domain.shared.vocabulary import EscalationEnding


class RequestGoesOn(Conflict):
    """A request to the level above waits for its answer already."""


def refuse_closed(case: DisputeCase, command: str) -> None:
    """Raises NotAllowedNow."""
    if case.status not in UNTIL_CLOSED:
        raise NotAllowedNow(command, case.status, sorted(UNTIL_CLOSED))


def refuse_moving(case: DisputeCase, command: str) -> None:
    """Raises NotAllowedNow, RequestGoesOn."""
    refuse_closed(case, command)
    if waiting := [id for id, phase in case.escalations.items() if phase is EscalationPhase.REQUESTED]:
        raise RequestGoesOn(escalation=waiting[0])


class EscalationBegan(CaseEvent):
    """Asked for, taken up, or supervised: the escalation has a history of its own."""

    name: ClassVar = "case.escalation_began"
    immutable = True
    escalation: EscalationId
    phase: EscalationPhase
    body: BodyId
    """The body above."""
    by_clock: bool = False

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return case.status in UNTIL_CLOSED

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        seeing = case.seeing | {self.body}  # the matter is one: whoever is asked to answer for it reads it
        asked = AskedAbove(escalation=self.escalation, body=self.body, phase=self.phase)
        escalations = {**case.escalations, self.escalation: self.phase}
        return case.but(escalations=escalations, seeing=seeing, course=(*case.course, asked))


class EscalationOver(CaseEvent):
    """Sent back, withdrawn, returned down, resolved above, or no longer supervised."""

    name: ClassVar = "case.escalation_over"
    immutable = True
    escalation: EscalationId
    how: EscalationEnding
    bounced: bool = False

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        left, course = without(case.escalations, self.escalation), (*case.course, Answered(escalation=self.escalation))
        return case.but(escalations=left, course=course, bounces=case.bounces + self.bounced)


def escalations_told(history: History[DisputeCase]) -> list[UUID]:
    """What a case says of escalations: that they began, or that one moved it; in the order in which it was told. What
    moved it may have been a referral."""
    found = dict[UUID, None]()
    for entry in history.entries:
        match entry.event:
            case EscalationBegan(escalation=id):
                found[id] = None
            case HolderChanged(of_what=id):
                found[id] = None
    return list(found)


def taken_up(case: DisputeCase, escalation: EscalationId, to: BodyFacts, on: Occasion) -> tuple[CaseEvent, ...]:
    """Holder, level and responsibility change at once; mediation above is a new acceptance with new consent.
    Raises AgreedAlready."""
    began = EscalationBegan(escalation=escalation, phase=EscalationPhase.TAKEN_UP, body=to.id)
    moved = moved_to(case, to, MovedBy.ESCALATION, escalation, on)
    return (began, *passed_on(case, EndGround.ESCALATED), moved)


def sent_down(
    case: DisputeCase,
    escalation: EscalationId,
    to: BodyFacts,
    by: MovedBy,
    over: Iterable[EscalationOver],
    on: Occasion,
) -> tuple[CaseEvent, ...]:
    """Raises AgreedAlready."""
    return (*over, *passed_on(case, EndGround.ESCALATED), moved_to(case, to, by, escalation, on))
