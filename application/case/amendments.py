"""更正、作废与补录 What was corrected, struck out or recorded late, by body and day: for those who audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from application.rights import Scope
from domain.shared.values import BodyId, Day, Value


class AmendmentKind(StrEnum):
    """What about a record is looked at."""

    CORRECTION = "correction"  # 更正
    STRIKE = "strike"  # 作废
    LATE = "late"  # 补录


@dataclass(frozen=True)
class AmendedEntry:
    """`version`: of the entry that corrects, strikes, or was late, in the history `stream` of that context, which is
    the case or a referral or an escalation of it. `days`: from when it happened until then."""

    position: int
    context: str
    stream: UUID
    case_id: UUID
    code: str
    version: int
    kind: str
    body: UUID
    officer: UUID
    recorded_on: date
    happened_on: date
    days: int


@dataclass(frozen=True)
class AmendmentCount:
    body: UUID
    kind: str
    entries: int


class AmendmentFilter(Value):
    """Days of recording, both included."""

    kind: AmendmentKind | None = None
    body: BodyId | None = None
    since: Day | None = None
    until: Day | None = None


class AmendmentBoard(Protocol):
    def amendments(
        self, scope: Scope, wanted: AmendmentFilter, before: int | None, limit: int
    ) -> Sequence[AmendedEntry]:
        """The latest first, of cases that the scope sees whole; `before`: a position."""
        ...

    def amendment_counts(self, scope: Scope, wanted: AmendmentFilter) -> Sequence[AmendmentCount]: ...
