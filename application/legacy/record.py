"""What becomes of an imported history while its steps are read one after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from application.legacy.places import Desk, Places
from application.legacy.row_content import LegacyCase, LegacyStep
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.case.ending.closing import ObligationsOpen, RemediesFirst, RemediesFirstAfterSuit, RiskNotReported
from domain.case.mediating.lacking import SignaturesMissing
from domain.case.record.importing import Breach, Flag, StepTold
from domain.case.record.papers import NoteWritten
from domain.shared.calendar import Calendar
from domain.shared.decider import Event
from domain.shared.errors import DomainError, code
from domain.shared.values import CaseId, Narrative, NarrativeId

NOT_TOLD_BY_FILES = (RiskNotReported, RemediesFirst, RemediesFirstAfterSuit, ObligationsOpen, SignaturesMissing)
"""A file has no fields for what was reported, for who was told of remedies, and for promises one by one."""
Recorded = tuple[UUID, Event[Any], datetime]
"""A stream, what happened to it, and when."""


@dataclass(frozen=True)
class Around:
    """What an import knows beside its file."""

    places: Places
    calendar: Calendar
    now: datetime


@dataclass
class Record:
    """The case as far as it was read: its state, what is recorded of it, and the rules that it breaks."""

    around: Around
    told: LegacyCase
    state: DisputeCase
    area: str = ""
    """The code by which its place, or what that went into, is known today."""
    lines: list[Recorded] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    number: int | None = None
    """The number of the step that is read now, as the file counts them."""
    below: dict[UUID, Desk] = field(default_factory=dict)
    """Who held the case before each escalation."""
    senders: dict[UUID, Desk] = field(default_factory=dict)
    """Who sent each referral."""
    desk: Desk | None = None
    """Who holds it now."""
    returns_later: bool = False
    """Whether a later step tells that a referral came back."""

    @property
    def id(self) -> CaseId:
        return self.state.id

    @property
    def holder(self) -> Desk:
        assert self.desk, "a case is registered before anything else is read"
        return self.desk

    def add(self, event: CaseEvent, at: datetime) -> None:
        self.state = event.evolve(self.state, at)
        self.lines.append((self.state.id, event, at))

    def add_to(self, stream: UUID, event: Event[Any], at: datetime) -> None:
        self.lines.append((stream, event, at))

    def flag(self, rule: Breach) -> None:
        self.flags.append(Flag.of(rule, self.number))

    def breaks(self, *guards: Callable[[], None]) -> None:
        """Flags what a command would be refused for: each guard is asked by itself, and its refusal has the name of
        the rule. Raises ValueError where a refusal is neither a rule that is flagged nor one that a file cannot
        tell of."""
        for guard in guards:
            try:
                guard()
            except NOT_TOLD_BY_FILES:
                continue
            except DomainError as refusal:
                self.flag(Breach(code(type(refusal))))

    def keep(self, step: LegacyStep) -> None:
        """A step that nothing told before leads to is recorded in its own words."""
        facts = {name: getattr(step, name) for name in ("step", "body", "level", "channel", "organ", "result")}
        self.add(StepTold.trusted(**facts, note=narrative(step.note) if step.note else None), step.at)

    def keep_flagged(self, step: LegacyStep, rule: Breach) -> None:
        self.flag(rule)
        self.keep(step)

    def add_note(self, step: LegacyStep) -> None:
        """Keeps the words of a step whose own entry has no place for them."""
        if step.note:
            self.add(NoteWritten.trusted(note=narrative(step.note)), step.at)

    def named(self, step: LegacyStep) -> Desk | None:
        """The body that the step names; None: it names none, or none that is known."""
        return self.around.places.bodies.get(step.body) if step.body else None


def narrative(text: str) -> Narrative:
    return Narrative.trusted(id=NarrativeId(uuid4()), text=text)
