"""The state of a referral: only what later decisions need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.referral.clock_names import ANSWER, ReferralClock, ReferralClockKind
from domain.referral.kinds import RejectGround
from domain.shared.law import Due, Effect
from domain.shared.slices import Slice
from domain.shared.states import State
from domain.shared.values import BodyId, CaseId, Changes, PersonId, ReferralId, ReferralKind
from domain.shared.vocabulary import Outcome


class ReferralStage(StrEnum):
    NEW = "new"  # 尚无记录
    OFFERED = "offered"  # 待签收
    ACKNOWLEDGED = "acknowledged"  # 已签收,待答复
    OBJECTED = "objected"  # 已提出异议
    ACCEPTED = "accepted"  # 已接受
    REJECTED = "rejected"  # 已拒绝
    UPHELD = "upheld"  # 异议成立,已退件
    LAPSED = "lapsed"  # 逾期失效
    WITHDRAWN = "withdrawn"  # 已撤回
    REROUTED = "rerouted"  # 已改派
    RETURNED = "returned"  # 已反馈


OPEN = frozenset({ReferralStage.OFFERED, ReferralStage.ACKNOWLEDGED, ReferralStage.OBJECTED})
UNANSWERED = frozenset({ReferralStage.OFFERED, ReferralStage.ACKNOWLEDGED})
CAME_BACK = frozenset({ReferralStage.REJECTED, ReferralStage.UPHELD, ReferralStage.LAPSED})
COURT_KINDS = frozenset({ReferralKind.DELEGATE, ReferralKind.ENTRUST})


class Reception(State):
    """How far one of the receivers has come."""

    acknowledged_at: datetime | None = None
    rejected: RejectGround | None = None
    accept_by: Due | None = None
    object_by: Due | None = None
    notify_by: Due | None = None
    feedback_by: Due | None = None


class Referral(State):
    id: ReferralId
    stage: ReferralStage = ReferralStage.NEW
    since: datetime | None = None
    case: CaseId | None = None
    kind: ReferralKind = ReferralKind.TRANSFER
    sender: BodyId | None = None
    content: Slice | None = None
    consented: frozenset[PersonId] = frozenset()
    receptions: Mapping[BodyId, Reception] = field(default_factory=dict)
    complex: bool = False
    on_platform: bool = False
    summary_procedure: bool = False
    petition: bool = False
    answer_by: Due | None = None
    """Until when somebody should answer; None: no rule sets a day, or somebody did."""
    accepted_by: BodyId | None = None
    objected_by: BodyId | None = None
    asked_by: BodyId | None = None
    """Who waits for the sender's answer to a question."""
    outcome: Outcome | None = None
    run_out: frozenset[str] = frozenset()
    """The clocks that have run out and were acted on, each by its key and day."""

    @classmethod
    def blank(cls, id: Any) -> Referral:
        return cls(id=id)

    def entered(self, stage: ReferralStage, at: datetime, **changes: Changes[Referral]) -> Referral:
        return self.with_fields({"stage": stage, "since": at, **changes})

    def with_reception(self, body: BodyId, **changes: Changes[Reception]) -> Referral:
        reception = self.receptions[body].with_fields(changes)
        return self.but(receptions={**self.receptions, body: reception})

    @property
    def waiting(self) -> list[BodyId]:
        """The receivers that have not said no."""
        return [body for body, one in self.receptions.items() if one.rejected is None]

    @property
    def unsigned(self) -> list[BodyId]:
        """The waiting receivers that have not signed for it."""
        return [body for body in self.waiting if self.receptions[body].acknowledged_at is None]

    @property
    def expected(self) -> list[BodyId]:
        """The receivers who may still answer. One whose clock has run out is not among them, unless a late acceptance
        counts."""
        return [body for body in self.waiting if not self._silent(body)]

    def _silent(self, body: BodyId) -> bool:
        signed = self.receptions[body].acknowledged_at is not None
        clock = ReferralClock(ReferralClockKind.ACCEPT, body) if signed else ANSWER
        due = self.receptions[body].accept_by if signed else self.answer_by
        return due is not None and due.effect is Effect.LAPSE and due.key(str(clock)) in self.run_out

    @property
    def moves_mediation(self) -> bool:
        """Only an invitation leaves the mediation where it is."""
        return self.kind is not ReferralKind.INVITE

    @property
    def re_appointable(self) -> bool:
        """Nobody confirmed in time: the sender may choose another; until then a late acceptance counts."""
        in_time = self.answer_by is None or self.answer_by.key(str(ANSWER)) not in self.run_out
        return not in_time and self.kind in COURT_KINDS and self.stage in OPEN


def running(referral: Referral) -> dict[ReferralClock, Due]:
    """The clocks that go on, by name: what fires them has not happened."""
    return {
        clock: due for clock, due in _going(referral) if due is not None and due.key(str(clock)) not in referral.run_out
    }


def _going(referral: Referral) -> Iterator[tuple[ReferralClock, Due | None]]:
    if referral.stage in UNANSWERED and referral.unsigned:
        yield ANSWER, referral.answer_by
    if referral.stage in UNANSWERED:
        for body in referral.waiting:
            yield ReferralClock(ReferralClockKind.ACCEPT, body), referral.receptions[body].accept_by
            yield ReferralClock(ReferralClockKind.OBJECT, body), referral.receptions[body].object_by
    for body, one in referral.receptions.items():
        if referral.stage in {*UNANSWERED, ReferralStage.ACCEPTED} and not one.rejected:
            yield ReferralClock(ReferralClockKind.NOTIFY, body), one.notify_by
            yield ReferralClock(ReferralClockKind.FEEDBACK, body), one.feedback_by
