"""责任单位 Holding: which body answers for the matter, at which level and until when; who leads it above."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent
from domain.case.course import Moved
from domain.case.record import read_from_state
from domain.case.service_limits import held_until
from domain.shared.law import Due
from domain.shared.marks import Correctable, Framed, OfAnOfficial
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.values import BodyId, Level, Name


class MovedBy(StrEnum):
    """What moved a matter to another holder."""

    REFERRAL = "referral"  # 移交
    ESCALATION = "escalation"  # 上行、提级
    RETURN = "return"  # 退回
    ASSIGNMENT = "assignment"  # 交办


class HolderChanged(CaseEvent):
    """The matter is another body's: its level is that body's, and its clock starts anew."""

    name: ClassVar = "case.holder_changed"
    framed: ClassVar = True
    immutable = True
    holder: Framed[BodyId]
    level: Framed[Level]
    was: Framed[BodyId]
    by: Framed[MovedBy]
    of_what: Framed[UUID]
    """The referral or the escalation that moved it."""
    due: Framed[Due | None]
    """None: it was imported, and no clock of then is counted now."""
    sees_all: Framed[bool]
    """A matter that moves between levels is the same matter; one that moves by a referral is seen as far as agreed."""
    bounced: Framed[bool] = False

    def has_place_in(self, state: DisputeCase) -> bool:
        return state.highest is not None

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return case.status in UNTIL_CLOSED

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        """How high it ever was is not told."""
        highest = read_from_state.highest(case, self.level)
        seeing = case.seeing | {self.holder} if self.sees_all else case.seeing
        return case.but(
            holder=self.holder,
            level=self.level,
            highest=highest,
            held_since=at,
            held_until=self.due,
            seeing=seeing,
            course=(*case.course, Moved(was=self.was, holder=self.holder, sees_all=self.sees_all)),
            bounces=case.bounces + self.bounced,
        )


def moved_to(case: DisputeCase, to: BodyFacts, by: MovedBy, of_what: UUID, on: Occasion) -> HolderChanged:
    assert case.holder
    return HolderChanged(
        holder=to.id,
        level=to.level,
        was=case.holder,
        by=by,
        of_what=of_what,
        due=held_until(case.difficulty, on),
        sees_all=by is not MovedBy.REFERRAL,
        bounced=by is MovedBy.RETURN,
    )


class AppointLead(CaseCommand):
    """领导包案"""

    allowed_in = UNTIL_CLOSED
    official: OfAnOfficial[Name]
    """An office held in public."""
    post: OfAnOfficial[Name]

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (LeadAppointed(official=self.official, post=self.post),)


class LeadAppointed(CaseEvent):
    name: ClassVar = "case.lead_appointed"
    of = (AppointLead,)
    official: Correctable[OfAnOfficial[Name]]
    post: Correctable[OfAnOfficial[Name]]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case
