"""答复 Answering: receivers sign for an offer, accept, reject, ask back or object; the sender answers."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.referral.commands import Asker, ReferralCommand, ReferralEvent, reception
from domain.referral.kinds import RejectGround
from domain.referral.limits import (
    PETITION_NOTIFY,
    PETITION_OBJECT,
    SLA_NONPOLICE_FEEDBACK,
    TRANSFER_ACCEPT,
    TRANSFER_ACCEPT_COMPLEX,
)
from domain.referral.referral import COURT_KINDS, UNANSWERED, Referral, Stage
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Citation, Due, TimeLimit
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, BodyKind, Narrative, Reason, ReferralKind, Text, Told

_OBJECTION: Citation = PETITION_OBJECT.basis


class SignedForAlready(Conflict):
    """Your body has signed for it."""


class AcceptingIsSigning(Conflict):
    """Of a court's delegation, to confirm is to sign and to accept in one (特邀调解规定 27)."""


class SignFirst(Conflict):
    """A transfer is signed for before it is answered."""


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


def accept_limit(referral: Referral) -> TimeLimit:
    return TRANSFER_ACCEPT_COMPLEX if referral.complex else TRANSFER_ACCEPT


def _from_police(referral: Referral, on: Occasion) -> bool:
    return referral.sender is not None and on.named_body(referral.sender).kind is BodyKind.POLICE


class ReferralAcknowledged(ReferralEvent):
    """Here the sender's duty ends, and the receiver's clocks start."""

    name: ClassVar = "referral.acknowledged"
    of = (AcknowledgeReferral,)
    by: BodyId
    accept_by: Due | None
    object_by: Due | None
    notify_by: Due | None
    feedback_by: Due | None

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        signed = referral.with_reception(
            self.by,
            acknowledged_at=at,
            accept_by=self.accept_by,
            object_by=self.object_by,
            notify_by=self.notify_by,
            feedback_by=self.feedback_by,
        )
        return signed.entered(Stage.ACKNOWLEDGED, at, answer_by=None)


class AcceptReferral(ReferralCommand):
    """接受"""

    allowed_in = UNANSWERED
    asker = Asker.RECEIVER
    note: Text = ""

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
    of = (AcceptReferral,)
    by: BodyId
    late: bool
    """After its day, while nobody else was appointed: it counts, and is flagged (在线调解规则 12)."""
    note: Narrative | None

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        signed = referral.receptions[self.by].acknowledged_at or at
        return referral.with_reception(self.by, acknowledged_at=signed).entered(
            Stage.ACCEPTED, at, accepted_by=self.by, answer_by=None
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
        others = [body for body in referral.waiting if body != on.body.id]
        rejected = ReferralRejected(
            by=on.body.id, ground=self.because, reason=on.narrative(self.reason, 44), all_have=not others
        )
        return (rejected,)


class ReferralRejected(ReferralEvent):
    name: ClassVar = "referral.rejected"
    of = (RejectReferral,)
    by: BodyId
    ground: RejectGround
    reason: Narrative
    all_have: bool
    """Whether nobody is left who could accept."""

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        said = referral.with_reception(self.by, rejected=self.ground)
        return said.entered(Stage.REJECTED, at, answer_by=None) if self.all_have else said


class NotToBeObjectedTo(Conflict):
    """Only an organ objects, and only to a petition matter that was routed to it (信访工作条例 23)."""


class ObjectionTooLate(Refused):
    """An organ objects within five working days of receipt (信访工作条例 23)."""


class ObjectToReferral(ReferralCommand):
    """对误派提出异议"""

    allowed_in = frozenset({Stage.ACKNOWLEDGED})
    asker = Asker.RECEIVER
    rule = _OBJECTION
    reason: Told
    """In detail (信访工作条例 23)."""

    @classmethod
    def guard_referral(cls, referral: Referral) -> None:
        if not any(one.object_by for one in referral.receptions.values()):
            raise NotToBeObjectedTo(kind=referral.kind, basis=str(_OBJECTION))

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        due = reception(referral, on).object_by
        if due is None:
            raise NotToBeObjectedTo(kind=referral.kind, basis=str(_OBJECTION))
        if due.over(on.occurred_at):
            raise ObjectionTooLate(object_by=due.day, basis=str(_OBJECTION))
        return (ReferralObjectedTo(by=on.body.id, reason=on.narrative(self.reason, 45)),)


class ReferralObjectedTo(ReferralEvent):
    name: ClassVar = "referral.objected_to"
    of = (ObjectToReferral,)
    by: BodyId
    reason: Narrative

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(Stage.OBJECTED, at, objected_by=self.by)


class DecideObjection(ReferralCommand):
    """核实异议"""

    allowed_in = frozenset({Stage.OBJECTED})
    asker = Asker.SENDER
    rule = _OBJECTION
    agreed: bool
    """Whether the sender agrees: only then the material goes back."""
    reason: Text = ""

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        said = on.narrative(self.reason, 46) if self.reason else None
        if self.agreed:
            return (ObjectionUpheld(reason=said),)
        return (ObjectionOverruled(reason=said, accept_by=on.due(accept_limit(referral))),)


class ObjectionUpheld(ReferralEvent):
    """The material goes back."""

    name: ClassVar = "referral.objection_upheld"
    of = (DecideObjection,)
    reason: Narrative | None

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(Stage.UPHELD, at)


class ObjectionOverruled(ReferralEvent):
    """The receiver goes on, with its time to answer counted anew; it does not object a second time."""

    name: ClassVar = "referral.objection_overruled"
    of = (DecideObjection,)
    reason: Narrative | None
    accept_by: Due

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        assert referral.objected_by
        heard = referral.with_reception(referral.objected_by, object_by=None, accept_by=self.accept_by)
        return heard.entered(Stage.ACKNOWLEDGED, at, objected_by=None)


class AskBack(ReferralCommand):
    """询问移送方"""

    allowed_in = UNANSWERED
    asker = Asker.RECEIVER
    question: Told

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        reception(referral, on)
        return (QuestionAsked(by=on.body.id, question=on.narrative(self.question, 47)),)


class QuestionAsked(ReferralEvent):
    """Moves no clock."""

    name: ClassVar = "referral.question_asked"
    of = (AskBack,)
    by: BodyId
    question: Narrative

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.but(asked_by=self.by)


class NothingAsked(Conflict):
    """No question waits for an answer."""


class AnswerQuestion(ReferralCommand):
    """答复询问"""

    allowed_in = UNANSWERED
    asker = Asker.SENDER
    answer: Told

    @classmethod
    def guard_referral(cls, referral: Referral) -> None:
        if referral.asked_by is None:
            raise NothingAsked

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        return (QuestionAnswered(answer=on.narrative(self.answer, 48)),)


class QuestionAnswered(ReferralEvent):
    name: ClassVar = "referral.question_answered"
    of = (AnswerQuestion,)
    answer: Narrative

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.but(asked_by=None)
