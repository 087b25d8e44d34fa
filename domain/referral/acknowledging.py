"""签收 Acknowledging: a receiver signs for an offer; here the sender's duty ends, and the receiver's clocks start."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.referral.commands import ReferralCommand, ReferralEvent, reception
from domain.referral.limits import PETITION_NOTIFY, PETITION_OBJECT, SLA_NONPOLICE_FEEDBACK, accept_limit
from domain.referral.referral import COURT_KINDS, UNANSWERED, Referral, ReferralStage
from domain.shared.errors import Conflict
from domain.shared.law import Due
from domain.shared.marks import Framed
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, BodyKind, ReferralKind
from domain.shared.vocabulary import Asker


class SignedForAlready(Conflict):
    """Your body has signed for it."""


class AcceptingIsSigning(Conflict):
    """Where a court delegates, the receiver signs and accepts in one step when it confirms (特邀调解规定 27)."""


class AcknowledgeReferral(ReferralCommand):
    """签收"""

    allowed_in = UNANSWERED
    asker = Asker.RECEIVER

    @classmethod
    def guard_referral(cls, referral: Referral) -> None:
        if referral.kind in COURT_KINDS:
            raise AcceptingIsSigning(kind=referral.kind)

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        if reception(referral, on).acknowledged_at:
            raise SignedForAlready(body=on.body.id)
        transfer = referral.kind is ReferralKind.TRANSFER
        organ = referral.petition and on.body.kind in {BodyKind.ORGAN, BodyKind.POLICE}
        return (
            ReferralAcknowledged(
                by=on.body.id,
                accept_by=on.due(accept_limit(referral)) if transfer else None,
                object_by=on.due(PETITION_OBJECT) if organ else None,
                notify_by=on.due(PETITION_NOTIFY) if organ else None,
                feedback_by=on.due(SLA_NONPOLICE_FEEDBACK) if _from_police(referral, on) else None,
            ),
        )


def _from_police(referral: Referral, on: Occasion) -> bool:
    return referral.sender is not None and on.named_body(referral.sender).kind is BodyKind.POLICE


class ReferralAcknowledged(ReferralEvent):
    """Here the sender's duty towards this receiver ends, and its own clocks start; the others are still to sign."""

    name: ClassVar = "referral.acknowledged"
    framed: ClassVar = True
    of = (AcknowledgeReferral,)
    by: Framed[BodyId]
    accept_by: Framed[Due | None]
    object_by: Framed[Due | None]
    notify_by: Framed[Due | None]
    feedback_by: Framed[Due | None]

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        signed = referral.with_reception(
            self.by,
            acknowledged_at=at,
            accept_by=self.accept_by,
            object_by=self.object_by,
            notify_by=self.notify_by,
            feedback_by=self.feedback_by,
        )
        return signed.entered(ReferralStage.ACKNOWLEDGED, at)
