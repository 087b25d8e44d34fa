"""The state of an escalation: only what later decisions need."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.escalation.clock_names import EscalationClock
from domain.escalation.kinds import EscalationKind
from domain.shared.law import Due
from domain.shared.states import State
from domain.shared.values import BodyId, CaseId, Changes, EscalationId


class EscalationStage(StrEnum):
    NEW = "new"  # 尚无记录
    REQUESTED = "requested"  # 已报请,待接收
    ACCEPTED = "accepted"  # 上级已接收
    SENT_BACK = "sent-back"  # 已退回
    WITHDRAWN = "withdrawn"  # 已撤回
    RETURNED_DOWN = "returned-down"  # 已退回下级
    RESOLVED = "resolved"  # 已在上级化解
    ASSIGNED = "assigned"  # 已交办
    SUPERVISED = "supervised"  # 督办中
    ENDED = "ended"  # 督办已结束


GOING_ON = frozenset({EscalationStage.REQUESTED, EscalationStage.ACCEPTED, EscalationStage.SUPERVISED})


class Escalation(State):
    id: EscalationId
    stage: EscalationStage = EscalationStage.NEW
    since: datetime | None = None
    case: CaseId | None = None
    kind: EscalationKind = EscalationKind.REQUEST
    below: BodyId | None = None
    """Who held the matter when it began."""
    above: BodyId | None = None
    answer_by: Due | None = None
    """Until when a request should be answered, or a supervised matter be reported."""
    reported: bool = False
    urged: int = 0
    run_out: frozenset[str] = frozenset()
    """The clocks that have run out and were acted on, each by its key and day."""

    @classmethod
    def blank(cls, id: Any) -> Escalation:
        return cls(id=id)

    def entered(self, stage: EscalationStage, at: datetime, **changes: Changes[Escalation]) -> Escalation:
        return self.with_fields({"stage": stage, "since": at, **changes})


def running(escalation: Escalation) -> dict[EscalationClock, Due]:
    """The clocks that go on, by name."""
    waits = escalation.stage is EscalationStage.REQUESTED or (
        escalation.stage is EscalationStage.SUPERVISED and not escalation.reported
    )
    due = escalation.answer_by
    if due is None or not waits or due.key(EscalationClock.ANSWER) in escalation.run_out:
        return {}
    return {EscalationClock.ANSWER: due}
