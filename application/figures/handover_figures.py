"""What the boxes, the levels board and the figures of referrals and escalations are asked, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from application.case.row import Card
from application.escalation.row import EscalationCard
from application.figures.case_figures import CaseFilter
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


class HandoverFigures(Value):
    """Counts what was offered or asked for in the window, in cases that the reader may see."""

    offers: int = 0
    acknowledged: int = 0
    in_time: int = 0
    timed: int = 0
    """Offers whose first answer was due, and came or did not."""
    silent: int = 0
    rejected: int = 0
    accepted: int = 0
    accepted_late: int = 0
    returned: int = 0
    days_in_transit: float | None = None
    """The median from the offer to its decision."""
    requests: int = 0
    taken_up: int = 0
    sent_back: int = 0
    returned_down: int = 0
    by_clock: int = 0
    called_up: int = 0
    assigned_down: int = 0
    supervised: int = 0
    bounced: int = 0
    """Cases that were rejected, sent back or returned down at least once, of those registered in the window."""
    bounces: int = 0
    registered: int = 0

    @property
    def in_time_share(self) -> float | None:
        return self.in_time / self.timed if self.timed else None


class Counted(Value):
    """So many of one key, for example returned referrals by outcome."""

    key: str
    number: int


class Crossing(Value):
    """So many from one channel or level to another."""

    start: str
    end: str
    number: int


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

    def figures(self, scope: Scope, wanted: CaseFilter) -> HandoverFigures: ...

    def outcomes(self, scope: Scope, wanted: CaseFilter) -> Sequence[Counted]: ...

    def grounds(self, scope: Scope, wanted: CaseFilter) -> Sequence[Counted]: ...

    def channels(self, scope: Scope, wanted: CaseFilter) -> Sequence[Crossing]:
        """Accepted referrals, from whom to which channel."""
        ...

    def levels_crossed(self, scope: Scope, wanted: CaseFilter) -> Sequence[Crossing]:
        """Accepted moves between levels."""
        ...
