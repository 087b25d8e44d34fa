"""What the boxes, the levels board and the figures of referrals and escalations are asked, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from application.case.row import Card
from application.escalation.row import EscalationCard
from application.referral.row import ReferralCard
from application.rights import Scope
from domain.shared.values import Level, Value

C = TypeVar("C")


class Box(StrEnum):
    IN = "in"  # 转入
    OUT = "out"  # 转出
    WAITING = "waiting"  # 等我们答复


class Cards(Value, Generic[C]):
    """`after`: where the next page begins, or None on the last one."""

    model_config = Value.model_config | {"arbitrary_types_allowed": True}
    cards: tuple[C, ...]
    after: str | None


class Awaited(Value):
    offers: int
    requests: int


class LevelColumn(Value):
    """The open cases of one level, those that wait longest first."""

    model_config = Value.model_config | {"arbitrary_types_allowed": True}
    level: Level
    total: int
    cards: tuple[Card, ...]


class HandoverBoard(Protocol):
    def referrals(self, scope: Scope, box: Box, open: bool, after: str | None, limit: int) -> Cards[ReferralCard]: ...

    def escalations(
        self, scope: Scope, box: Box, open: bool, after: str | None, limit: int
    ) -> Cards[EscalationCard]: ...

    def waiting(self, scope: Scope) -> Awaited:
        """How many offers and requests wait for an answer of the reader's own bodies: as many as their lists have."""
        ...

    def levels(self, scope: Scope, limit: int) -> Sequence[LevelColumn]: ...

    def bridge(self, scope: Scope, limit: int) -> Sequence[ReferralCard]:
        """What went to or came from a court or an organ, open or under way."""
        ...

    def elsewhere(self, scope: Scope, limit: int) -> Sequence[Card]:
        """Open cases that another organ has before it or has settled; first those where a mediation goes on beside."""
        ...

    def confirmations(self, scope: Scope, today: date, limit: int) -> Sequence[Card]:
        """Agreements that the court is asked to confirm, or may still be asked to; the next date first."""
        ...
