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
from domain.case.record.importing import Breach, Flag, StepKind, StepTold
from domain.case.record.papers import NoteWritten
from domain.escalation.commands import EscalationEvent
from domain.escalation.escalation import Escalation
from domain.shared.acting import ActingAs
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


ToldClock = tuple[UUID, str, int]
"""A clock that the register set: its stream, its name with the day, and the how manieth holder's it is."""


@dataclass
class ToldDue:
    """A day that the register sets: by which step, for which clock, and whether it says that the day was kept."""

    number: int | None
    clock: ToldClock
    kept: bool | None
    missed: bool = False


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
    escalations: dict[UUID, Escalation] = field(default_factory=dict)
    senders: dict[UUID, Desk] = field(default_factory=dict)
    """Who sent each referral."""
    desk: Desk | None = None
    """Who holds it now."""
    way_down: list[Desk] = field(default_factory=list)
    """Where a matter is still to come that was returned from above to a level in between."""
    later: tuple[LegacyStep, ...] = ()
    """The steps behind the one that is read now."""
    dues: list[ToldDue] = field(default_factory=list)
    acts: ActingAs | None = None
    """Who did what is read now, as the register tells it; None: it tells nobody."""
    acted: dict[int, ActingAs] = field(default_factory=dict)
    """By the place of a line: who did it."""

    @property
    def id(self) -> CaseId:
        return self.state.id

    @property
    def holder(self) -> Desk:
        assert self.desk, "a case is registered before anything else is read"
        return self.desk

    @property
    def returns_later(self) -> bool:
        """Whether a later step tells that a referral came back."""
        return any(one.step is StepKind.RETURNED for one in self.later)

    def add(self, event: CaseEvent, at: datetime) -> None:
        self.state = event.evolve(self.state, at)
        self.add_to(self.state.id, event, at)

    def add_to(self, stream: UUID, event: Event[Any], at: datetime) -> None:
        if self.acts:
            self.acted[len(self.lines)] = self.acts
        self.lines.append((stream, event, at))
        if isinstance(event, EscalationEvent):
            before = self.escalations.get(stream) or Escalation.blank(stream)
            self.escalations[stream] = event.evolve(before, at)

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
