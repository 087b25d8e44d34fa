"""A run of the import: what it is asked for, and what became of the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from application.legacy.places import Places
from application.legacy.reading import Outcome
from application.legacy.words import Words
from application.ports import Asked
from domain.shared.calendar import Calendar
from domain.shared.text_files import Encoding


@dataclass
class Tally:
    """What became of the rows."""

    encoding: Encoding
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    events: int = 0
    position: int = 0


@dataclass(frozen=True)
class Run:
    """What a run of the import is asked for."""

    file: Path
    system: str
    dry_run: bool
    desks: int
    words: Words
    places: Places
    calendar: Calendar
    asked: Asked
