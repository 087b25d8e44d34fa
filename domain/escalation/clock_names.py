"""The name of an escalation's only clock: `answer`, to a request or of a supervised body."""

from __future__ import annotations

from enum import StrEnum


class EscalationClock(StrEnum):
    ANSWER = "answer"  # 答复
