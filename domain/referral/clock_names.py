"""Names of a referral's clocks: `answer`, or one of a receiving body, such as `accept/<body>`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import InstanceOf

from domain.shared.clocks import ClockKind, as_text
from domain.shared.values import BodyId


class ReferralClockKind(ClockKind):
    ANSWER = "answer"  # 答复
    ACCEPT = "accept"  # 接受
    OBJECT = "object"  # 提出异议
    NOTIFY = "notify"  # 告知信访人
    FEEDBACK = "feedback"  # 反馈公安机关


@dataclass(frozen=True)
class ReferralClock:
    """`body`: the receiver whose clock it is; None: it is of the offer as a whole."""

    kind: ReferralClockKind
    body: BodyId | None = None

    def __post_init__(self) -> None:
        if (self.body is None) != (self.kind is ReferralClockKind.ANSWER):
            raise ValueError("such a clock has no such parts")

    def __str__(self) -> str:
        return f"{self.kind}/{self.body}" if self.body else str(self.kind)

    @classmethod
    def read(cls, text: str) -> ReferralClock:
        """Raises ValueError."""
        kind, _, body = text.partition("/")
        return cls(ReferralClockKind(kind), BodyId(UUID(body)) if body else None)


ANSWER = ReferralClock(ReferralClockKind.ANSWER)
ReferralClockName = Annotated[InstanceOf[ReferralClock], *as_text(ReferralClock.read)]
