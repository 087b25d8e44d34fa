"""What a case waits for, and on whose desk: one thing at a time, by which the first page sorts its queues."""

from __future__ import annotations

from enum import StrEnum

from domain.case.case import DisputeCase, Status
from domain.case.course import EscalationPhase
from domain.case.mediations import PASSED_ON, Mediation, Stage
from domain.shared.values import BodyId


class WaitsFor(StrEnum):
    """The next thing that whoever has the case does with it."""

    ACCEPT = "accept"  # 待受理
    MEET = "meet"  # 调解中
    SIGN = "sign"  # 待签字
    PERFORM = "perform"  # 待履行
    FOLLOW_UP = "follow-up"  # 待回访
    CLOSE = "close"  # 待结案
    ARCHIVE = "archive"  # 待归档


def waits_for(case: DisputeCase) -> WaitsFor | None:
    """None: it waits for somebody else, to whom it was offered or handed, or for nobody any more."""
    if case.status is Status.CLOSED:
        return WaitsFor.ARCHIVE
    if case.status not in (Status.REGISTERED, Status.OPEN):
        return None
    if active := case.active_mediation:
        return WaitsFor.SIGN if active.stage is Stage.AGREED else WaitsFor.MEET
    if _is_elsewhere(case):
        return None
    last = case.last_mediation
    if last is None or last.ground in PASSED_ON:
        return WaitsFor.ACCEPT
    return _after(case, last)


def _is_elsewhere(case: DisputeCase) -> bool:
    asked = EscalationPhase.REQUESTED in case.escalations.values()
    return bool(case.offers or case.handed or asked)


def _after(case: DisputeCase, last: Mediation) -> WaitsFor:
    if last.stage is not Stage.IN_EFFECT:
        return WaitsFor.CLOSE
    if any(one.is_owed for one in last.reached.obligations.values()):
        return WaitsFor.PERFORM
    return WaitsFor.CLOSE if case.follow_ups else WaitsFor.FOLLOW_UP


def desks(case: DisputeCase) -> frozenset[BodyId]:
    """The bodies that can do it: whoever mediates; after that, whoever mediated and whoever holds it."""
    holder = {case.holder} if case.holder else set()
    if active := case.active_mediation:
        return frozenset({active.body, *active.joint})
    last = case.last_mediation
    if waits_for(case) in (WaitsFor.PERFORM, WaitsFor.FOLLOW_UP) and last:
        return frozenset({last.body, *holder})
    return frozenset(holder)
