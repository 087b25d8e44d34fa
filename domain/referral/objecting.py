"""异议 Objecting: an organ says that a petition was misrouted; whoever routed it agrees, or not."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.referral import read_from_state
from domain.referral.commands import ReferralCommand, ReferralEvent, reception
from domain.referral.limits import PETITION_OBJECT, accept_limit, answer_limit
from domain.referral.referral import Referral, ReferralStage
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Citation, Due
from domain.shared.marks import Framed
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, Narrative, Text, Told
from domain.shared.vocabulary import Asker

OBJECTION: Citation = PETITION_OBJECT.basis


class NotToBeObjectedTo(Conflict):
    """Only an organ objects, and only to a petition matter that was routed to it (信访工作条例 23)."""


class ObjectionTooLate(Refused):
    """An organ objects within five working days of receipt (信访工作条例 23)."""


class ObjectToReferral(ReferralCommand):
    """对误派提出异议"""

    allowed_in = frozenset({ReferralStage.ACKNOWLEDGED})
    asker = Asker.RECEIVER
    rule = OBJECTION
    reason: Told
    """In detail (信访工作条例 23)."""

    @classmethod
    def guard_referral(cls, referral: Referral) -> None:
        if not any(one.object_by for one in referral.receptions.values()):
            raise NotToBeObjectedTo(kind=referral.kind, basis=str(OBJECTION))

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        due = reception(referral, on).object_by
        if due is None:
            raise NotToBeObjectedTo(kind=referral.kind, basis=str(OBJECTION))
        if due.over(on.occurred_at):
            raise ObjectionTooLate(object_by=due.day, basis=str(OBJECTION))
        return (ReferralObjectedTo(by=on.body.id, reason=on.narrative(self.reason, 45)),)


class ReferralObjectedTo(ReferralEvent):
    name: ClassVar = "referral.objected_to"
    framed: ClassVar = True
    of = (ObjectToReferral,)
    by: Framed[BodyId]
    reason: Narrative

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(ReferralStage.OBJECTED, at, objected_by=self.by)


class DecideObjection(ReferralCommand):
    """核实异议"""

    allowed_in = frozenset({ReferralStage.OBJECTED})
    asker = Asker.SENDER
    rule = OBJECTION
    agreed: bool
    """Whether the sender agrees: only then the material goes back."""
    reason: Text = ""

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        said = on.narrative(self.reason, 46) if self.reason else None
        if self.agreed:
            return (ObjectionUpheld(reason=said),)
        answer_by = answer_limit(referral.kind, on) if referral.unsigned else None
        return (ObjectionOverruled(reason=said, accept_by=on.due(accept_limit(referral)), answer_by=answer_by),)


class ObjectionUpheld(ReferralEvent):
    """The material goes back."""

    name: ClassVar = "referral.objection_upheld"
    framed: ClassVar = True
    of = (DecideObjection,)
    reason: Narrative | None

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(ReferralStage.UPHELD, at)


class ObjectionOverruled(ReferralEvent):
    """The receiver goes on and does not object a second time; every time to sign and to answer is counted anew, for
    meanwhile nobody could."""

    name: ClassVar = "referral.objection_overruled"
    framed: ClassVar = True
    of = (DecideObjection,)
    reason: Narrative | None
    accept_by: Framed[Due]
    answer_by: Framed[Due | None] = None

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        """Whose times are counted anew is not told."""
        assert referral.objected_by
        heard = referral.with_reception(referral.objected_by, object_by=None)
        heard = read_from_state.counted_anew(heard, self.accept_by)
        return heard.entered(ReferralStage.ACKNOWLEDGED, at, objected_by=None, answer_by=self.answer_by)
