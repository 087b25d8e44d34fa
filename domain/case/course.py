"""经过 The course of a case from body to body: who held it, who was asked above, who was told of a danger."""

from __future__ import annotations

from enum import StrEnum

from domain.shared.states import State
from domain.shared.values import BodyId, EscalationId


class EscalationPhase(StrEnum):
    REQUESTED = "requested"  # 已报请
    TAKEN_UP = "taken-up"  # 上级办理
    SUPERVISED = "supervised"  # 督办


class Moved(State):
    """The matter went from one holder to another."""

    was: BodyId
    holder: BodyId
    sees_all: bool


class AskedAbove(State):
    """A body above is asked, has taken it up, or supervises it."""

    escalation: EscalationId
    body: BodyId
    phase: EscalationPhase


class Answered(State):
    """What was asked of a body above is over."""

    escalation: EscalationId


class Warned(State):
    """A danger was reported to a body: it reads the case from then on, whatever it was to it before."""

    body: BodyId


class WarningAnswered(State):
    """The body has answered what was reported to it: what it reads for that reason ends there."""

    body: BodyId


class Replaced(State):
    """A body was merged into another one, which is from then on what that was to the case."""

    was: BodyId
    into: BodyId
