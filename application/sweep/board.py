"""What lists of sweeps tell: who is due on a day, who reported, meetings with what is still to do, campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from domain.shared.values import AreaId, BodyId


@dataclass(frozen=True)
class DueUnit:
    """A grid or village that is in force on the day, and for which a body stands."""

    unit: UUID
    level: str
    name: str
    parent: UUID | None
    body: UUID
    found: int | None
    """None: it has not reported."""
    late_days: int | None
    recorded_at: datetime | None


@dataclass(frozen=True)
class SweepStanding:
    """How many were due of a place, and what came."""

    area: UUID
    name: str
    due: int
    reported: int
    zero: int
    late: int
    found: int

    @property
    def coverage(self) -> float | None:
        """None where nobody was due: nothing of nothing is not 100 %."""
        return self.reported / self.due if self.due else None


@dataclass(frozen=True)
class SweptDay:
    day: date
    found: int
    late_days: int


@dataclass(frozen=True)
class MeetingRow:
    id: UUID
    version: int
    unit: UUID
    form: str
    body: UUID
    held_at: datetime
    attended: int
    cases: int
    points: int
    open_points: int
    """Decided, and not yet done."""
    withdrawn: bool


@dataclass(frozen=True)
class OpenPoint:
    """What a meeting decided, and somebody has still to do."""

    meeting: UUID
    number: int
    unit: UUID
    form: str
    held_at: datetime
    follows_up: UUID
    do_by: date


@dataclass(frozen=True)
class CampaignRow:
    id: UUID
    version: int
    unit: UUID
    title: str
    first_day: date
    last_day: date
    ended: bool
    targets: int
    reported: int
    looked_at: int
    found: int


@dataclass(frozen=True)
class TargetRow:
    unit: UUID
    name: str
    looked_at: int | None
    """None: it has not reported."""
    found: int | None
    reported_on: date | None


@dataclass(frozen=True)
class UnitToOpen:
    unit: UUID
    body: UUID
    was_due: bool
    """Whether it was due in the month before."""


@dataclass(frozen=True)
class DutyToEnd:
    unit: UUID
    body: UUID
    day: date
    """A day of the month that it is about."""


class SweepBoard(Protocol):
    def due(self, area: AreaId, day: date) -> Sequence[DueUnit]:
        """The grids and villages in it, those that have not reported first."""
        ...

    def standings(self, area: AreaId, day: date) -> Sequence[SweepStanding]:
        """Of each area right in it."""
        ...

    def total(self, area: AreaId, day: date) -> SweepStanding: ...

    def days(self, unit: AreaId, since: date, until: date) -> Sequence[SweptDay]: ...

    def opened_by(self, case: UUID) -> tuple[UUID, date] | None:
        """The unit and the day of the sweep that opened the case."""
        ...

    def meetings(self, area: AreaId, limit: int) -> Sequence[MeetingRow]:
        """Of all areas in it, the latest first."""
        ...

    def open_points(self, body: BodyId) -> Sequence[OpenPoint]: ...

    def campaigns(self, area: AreaId, day: date) -> Sequence[CampaignRow]:
        """Those launched for an area in which it lies, or which lies in it; with the targets that lie in it."""
        ...

    def targets(self, campaign: UUID, area: AreaId, day: date) -> Sequence[TargetRow]:
        """Those in the area."""
        ...

    def to_open(self, day: date, limit: int) -> Sequence[UnitToOpen]:
        """Units that are due, and whose month is not opened; none as long as nobody has ever reported: where sweeps
        are not in use, nobody is late."""
        ...

    def to_end(self, day: date, limit: int) -> Sequence[DutyToEnd]:
        """Units whose month goes on, while they do not."""
        ...
