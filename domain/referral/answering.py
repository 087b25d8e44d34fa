"""答复 Answering: a receiver accepts an offer, or rejects it with its ground."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.referral import read_from_state
from domain.referral.commands import ReferralCommand, ReferralEvent, reception
from domain.referral.kinds import RejectGround
from domain.referral.referral import UNANSWERED, Referral, ReferralStage
from domain.shared.errors import Conflict
from domain.shared.law import Due
from domain.shared.marks import Framed
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, Narrative, Reason, ReferralKind, Text
from domain.shared.vocabulary import Asker


class SignFirst(Conflict):
    """A transfer is signed for before it is answered."""


class AcceptReferral(ReferralCommand):
    """接受"""

    allowed_in = UNANSWERED
    asker = Asker.RECEIVER
    note: Text = ""

    def moves_case(self, referral: Referral) -> bool:
        return referral.moves_mediation

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        found = reception(referral, on)
        if referral.kind is ReferralKind.TRANSFER and not found.acknowledged_at:
            raise SignFirst(body=on.body.id)
        return (
            ReferralAccepted(
                by=on.body.id,
                late=_late(referral, found.accept_by, on.occurred_at),
                note=on.narrative(self.note, 43) if self.note else None,
            ),
        )


def _late(referral: Referral, accept_by: Due | None, at: datetime) -> bool:
    due = accept_by or referral.answer_by
    return due is not None and due.over(at)


class ReferralAccepted(ReferralEvent):
    name: ClassVar = "referral.accepted"
    framed: ClassVar = True
    of = (AcceptReferral,)
    by: Framed[BodyId]
    late: Framed[bool]
    """After its day, while nobody else was appointed: it counts, and is flagged (在线调解规则 12)."""
    note: Narrative | None

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        """Whether it had signed for it before is not told."""
        signed = read_from_state.signed_at(referral, self.by, at)
        return referral.with_reception(self.by, acknowledged_at=signed).entered(
            ReferralStage.ACCEPTED, at, accepted_by=self.by, answer_by=None
        )


class RejectReferral(ReferralCommand):
    """拒绝"""

    allowed_in = UNANSWERED
    asker = Asker.RECEIVER
    because: RejectGround
    reason: Reason
    """In writing (在线调解规则 12; 宁波条例 19)."""

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        reception(referral, on)
        others = [body for body in referral.expected if body != on.body.id]
        rejected = ReferralRejected(
            by=on.body.id, ground=self.because, reason=on.narrative(self.reason, 44), all_have=not others
        )
        return (rejected,)


class ReferralRejected(ReferralEvent):
    name: ClassVar = "referral.rejected"
    framed: ClassVar = True
    of = (RejectReferral,)
    by: Framed[BodyId]
    ground: Framed[RejectGround]
    reason: Narrative
    all_have: Framed[bool]
    """Whether nobody is left who could accept: the others have said no, or nothing in their time."""

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        said = referral.with_reception(self.by, rejected=self.ground)
        return said.entered(ReferralStage.REJECTED, at, answer_by=None) if self.all_have else said
