"""How far a case is on the way that most go: six steps, of which one is the present one, for a picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.case.case import DisputeCase, Status
from domain.case.mediations import Stage


class Milestone(StrEnum):
    REGISTERED = "registered"  # 登记
    ACCEPTED = "accepted"  # 受理
    MEDIATED = "mediated"  # 调解
    AGREED = "agreed"  # 协议
    PERFORMED = "performed"  # 履行
    CLOSED = "closed"  # 结案


class Reached(StrEnum):
    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    PASSED_BY = "passed-by"
    """It went on without it, and comes to it no more."""


@dataclass(frozen=True)
class Progress:
    step: Milestone
    reached: Reached


NOW_IN = {Stage.AGREED: Milestone.AGREED, Stage.IN_EFFECT: Milestone.PERFORMED, Stage.ENDED: Milestone.CLOSED}
"""The step that a mediation of this stage stands at; in all others it is being mediated."""


def progress(case: DisputeCase) -> list[Progress]:
    """Of the case and its last mediation."""
    now, done = _now(case), _done(case)
    order = list(Milestone)
    return [Progress(step, _reached(step, now, done, order)) for step in order]


def _reached(step: Milestone, now: Milestone | None, done: set[Milestone], order: list[Milestone]) -> Reached:
    if step is now:
        return Reached.NOW
    if step in done:
        return Reached.DONE
    is_behind = now is None or order.index(step) < order.index(now)
    return Reached.PASSED_BY if is_behind else Reached.AHEAD


def _now(case: DisputeCase) -> Milestone | None:
    """None: it is over."""
    if case.status not in (Status.RECEIVED, Status.REGISTERED, Status.OPEN):
        return None
    last = case.last_mediation
    if last is None:
        return Milestone.ACCEPTED if case.status is Status.REGISTERED else Milestone.REGISTERED
    step = NOW_IN.get(last.stage, Milestone.MEDIATED)
    return Milestone.CLOSED if step is Milestone.PERFORMED and not _owes(case) else step


def _owes(case: DisputeCase) -> bool:
    last = case.last_mediation
    agreement = last.agreement if last else None
    return agreement is not None and any(one.is_owed for one in agreement.obligations.values())


def _done(case: DisputeCase) -> set[Milestone]:
    last = case.last_mediation
    agreement = last.agreement if last else None
    facts = {
        Milestone.REGISTERED: case.registered_at is not None,
        Milestone.ACCEPTED: last is not None,
        Milestone.MEDIATED: last is not None and bool(last.sessions or agreement),
        Milestone.AGREED: last is not None and last.stage is Stage.IN_EFFECT,
        Milestone.PERFORMED: last is not None and last.stage is Stage.IN_EFFECT and not _owes(case),
        Milestone.CLOSED: case.status in (Status.CLOSED, Status.ARCHIVED),
    }
    return {step for step, holds in facts.items() if holds}
