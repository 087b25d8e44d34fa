"""What waits for a body, by why it waits: each queue is a list of cases, and its number is the length of that list."""

from __future__ import annotations

from enum import StrEnum

from application.case.waiting import WaitsFor


class Queue(StrEnum):
    RISKS = "risks"  # 待答复的风险
    OVERDUE = "overdue"  # 已超期
    SESSIONS = "sessions"  # 本周调解
    ACCEPT = "accept"  # 待受理
    MEET = "meet"  # 调解中
    SIGN = "sign"  # 待签字
    PERFORM = "perform"  # 待履行
    CAME_BACK = "came-back"  # 被退回、已反馈
    CONFIRM = "confirm"  # 可申请、已申请司法确认
    FOLLOW_UP = "follow-up"  # 待回访
    CLOSE = "close"  # 待结案
    ARCHIVE = "archive"  # 待归档


BY_WAITING = {Queue(one.value): one for one in WaitsFor}
"""The queues of one thing that a case waits for."""


class Sort(StrEnum):
    """In which order a list stands."""

    LATEST = "latest"  # 最近登记在前
    OLDEST = "oldest"  # 最早登记在前
    DUE = "due"  # 期限最近在前
    SESSION = "session"  # 调解时间最近在前
    HELD = "held"  # 在手最久在前


SORT_OF_QUEUE: dict[Queue | None, Sort] = {
    Queue.RISKS: Sort.OLDEST,
    Queue.OVERDUE: Sort.DUE,
    Queue.SESSIONS: Sort.SESSION,
    Queue.ACCEPT: Sort.DUE,
    Queue.MEET: Sort.DUE,
    Queue.SIGN: Sort.DUE,
    Queue.PERFORM: Sort.DUE,
    Queue.CAME_BACK: Sort.HELD,
    Queue.CONFIRM: Sort.DUE,
    Queue.FOLLOW_UP: Sort.OLDEST,
    Queue.CLOSE: Sort.OLDEST,
    Queue.ARCHIVE: Sort.OLDEST,
}
"""What comes first in a queue, unless another order is asked for."""
