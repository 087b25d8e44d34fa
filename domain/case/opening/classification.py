"""分类定级 Classification: category, difficulty with a second person for an upgrade, risk and its report, amount."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, WHILE_KEPT, CaseCommand, CaseEvent
from domain.case.kinds import Difficulty, Risk
from domain.case.laws import REPORT_RISK
from domain.case.rating import DifficultyProposal
from domain.case.service_limits import held_until, whole_until
from domain.shared.errors import Conflict, Forbidden, Refused
from domain.shared.law import Due
from domain.shared.marks import Correctable, Framed
from domain.shared.occasion import Occasion
from domain.shared.values import Count, Fen, Narrative, OfficerId, Text


class NothingToConfirm(Conflict):
    """No higher difficulty was proposed."""


class SecondPersonNeeded(Forbidden):
    """A higher difficulty is confirmed by another person than the one who proposed it."""


class SameAsBefore(Refused):
    """It is so already."""


class RateDifficulty(CaseCommand):
    """评定难易程度"""

    allowed_in = UNTIL_CLOSED
    difficulty: Difficulty
    reason: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if self.difficulty is case.difficulty:
            raise SameAsBefore(difficulty=self.difficulty)
        if self.difficulty.rank > (case.difficulty or Difficulty.ORDINARY).rank:
            return (DifficultyProposed(difficulty=self.difficulty, proposed_by=on.by, reason=self.reason),)
        return (_rated(case, self.difficulty, self.reason, on),)


def _rated(case: DisputeCase, difficulty: Difficulty, reason: str, on: Occasion) -> DifficultyRated:
    return DifficultyRated(
        difficulty=difficulty,
        reason=reason,
        due=held_until(difficulty, on, case.held_since),
        dispute=whole_until(difficulty, on, _begun_at(case)),
    )


def _begun_at(case: DisputeCase) -> datetime | None:
    """Since when the whole of it is counted: where an older one was taken in, since that was registered."""
    return case.dispute_until.since if case.dispute_until else case.registered_at


class DifficultyProposed(CaseEvent):
    """A higher difficulty earns a higher subsidy: it counts once a second person has confirmed it."""

    name: ClassVar = "case.difficulty_proposed"
    of = (RateDifficulty,)
    difficulty: Difficulty
    proposed_by: OfficerId
    reason: Correctable[Text]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(difficulty_proposal=DifficultyProposal(difficulty=self.difficulty, by=self.proposed_by))


class ConfirmDifficulty(CaseCommand):
    """复核难易程度"""

    allowed_in = WHILE_KEPT
    agreed: bool = True
    reason: Text = ""

    @classmethod
    def guard_case(cls, case: DisputeCase) -> None:
        if case.difficulty_proposal is None:
            raise NothingToConfirm

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        proposal = case.difficulty_proposal
        assert proposal is not None
        if proposal.by == on.by:
            raise SecondPersonNeeded(proposed_by=proposal.by)
        if not self.agreed:
            return (DifficultyNotConfirmed(reason=self.reason),)
        return (_rated(case, proposal.difficulty, self.reason, on),)


class DifficultyRated(CaseEvent):
    """Counts the holder's time by the difficulty, from the day that it got the matter."""

    name: ClassVar = "case.difficulty_rated"
    of = (RateDifficulty, ConfirmDifficulty)
    difficulty: Difficulty
    reason: Correctable[Text]
    due: Due | None = None
    dispute: Due | None = None
    """How long the whole of it has, from its registration."""

    def worked_out(self, case: DisputeCase, at: datetime, on: Occasion) -> DifficultyRated:
        rated = self
        if self.due and case.held_since not in (None, self.due.since):
            rated = rated.but(due=held_until(self.difficulty, on, case.held_since))
        if self.dispute and (begun := _begun_at(case)) not in (None, self.dispute.since):
            rated = rated.but(dispute=whole_until(self.difficulty, on, begun))
        return rated

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        rated = case.but(difficulty=self.difficulty, difficulty_proposal=None)
        rated = rated.but(held_until=self.due) if self.due else rated
        return rated.but(dispute_until=self.dispute) if self.dispute else rated


class DifficultyNotConfirmed(CaseEvent):
    name: ClassVar = "case.difficulty_not_confirmed"
    of = (ConfirmDifficulty,)
    reason: Correctable[Text]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(difficulty_proposal=None)


class RateRisk(CaseCommand):
    """评定风险等级"""

    allowed_in = WHILE_KEPT
    rule = REPORT_RISK
    risk: Risk
    possible_crime: bool = False
    """It may lead to a crime or a public-order case: then it has to be reported."""
    reason: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (RiskRated(risk=self.risk, possible_crime=self.possible_crime, reason=on.narrative(self.reason)),)


class RiskRated(CaseEvent):
    name: ClassVar = "case.risk_rated"
    of = (RateRisk,)
    risk: Framed[Correctable[Risk]]
    possible_crime: Framed[Correctable[bool]]
    """Both as far as it tells of danger, or takes that back: see `tells_of_danger`."""
    reason: Correctable[Narrative]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        """What is rated as a possible crime is reported after that, whatever was reported before."""
        rated = case.but(risk=self.risk, possible_crime=self.possible_crime)
        return rated.but(risk_reported=False) if self.possible_crime else rated


def tells_of_danger(told: Any) -> bool:
    """Whether a registration or a rating tells of a red risk or a possible crime. Whoever is handed a case, or any part
    of it, is told so: nobody is sent to a dangerous quarrel without a word."""
    return getattr(told, "risk", None) is Risk.RED or getattr(told, "possible_crime", False)


class StateAmount(CaseCommand):
    """登记涉案金额和人数"""

    allowed_in = WHILE_KEPT
    amount: Fen
    people: Count = 2

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (AmountStated(amount=self.amount, people=self.people),)


class AmountStated(CaseEvent):
    name: ClassVar = "case.amount_stated"
    of = (StateAmount,)
    amount: Framed[Correctable[Fen]]
    people: Framed[Correctable[Count]]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case
