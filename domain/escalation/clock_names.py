"""The name of an escalation's only clock: `answer`, to a request or of a supervised body."""

from __future__ import annotations

from domain.shared.clocks import ClockKind


class EscalationClock(ClockKind):
    ANSWER = "answer"  # 答复
