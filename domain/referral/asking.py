"""询问 Asking back: a receiver asks the sender, who answers; no clock is moved by it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.referral.commands import ReferralCommand, ReferralEvent, reception
from domain.referral.referral import UNANSWERED, Referral
from domain.shared.errors import Conflict
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, Narrative, Told
from domain.shared.vocabulary import Asker


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
