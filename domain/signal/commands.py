"""What was found out about a signal, and what every command and event of it has in common."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID, uuid5

from domain.shared.decider import Command, Event, StageSince
from domain.shared.states import State
from domain.shared.values import Day, Line, Value

_SIGNALS = UUID("5f0c8b6e-6a7c-4f43-9d6a-3c7c3f1f9a11")


class SignalStage(StrEnum):
    OPEN = "open"  # 待查
    EXPLAINED = "explained"  # 已说明
    CONFIRMED = "confirmed"  # 已查实


class Pointed(Value):
    """Which signal, of which place or body, in which days."""

    signal: Line
    subject: UUID
    since: Day
    until: Day

    @property
    def id(self) -> UUID:
        return uuid5(_SIGNALS, f"{self.signal}/{self.subject}/{self.since}/{self.until}")


class LookedInto(State):
    """A signal that somebody looked into."""

    id: UUID
    stage: SignalStage = SignalStage.OPEN

    @classmethod
    def blank(cls, id: Any) -> LookedInto:
        return cls(id=id)


class SignalCommand(Command[LookedInto]):
    allowed_in: ClassVar = frozenset(SignalStage)
    pointed: Pointed

    def ground(self, state: LookedInto) -> StageSince:
        return StageSince(state.stage, None)


class SignalEvent(Event[LookedInto]):
    pointed: Pointed
