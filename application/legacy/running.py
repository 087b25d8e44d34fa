"""A run of the import: what it is asked for, and what became of the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePath
from typing import Literal, Protocol

from application.legacy.places import Places
from application.legacy.reading import Outcome, Reported
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
class Uploaded:
    """A file that was sent, and is on no disk."""

    content: bytes
    name: str

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix

    def open(self, mode: Literal["rb"]) -> BytesIO:
        return BytesIO(self.content)


@dataclass(frozen=True)
class Run:
    """What a run of the import is asked for."""

    file: Path | Uploaded
    system: str
    dry_run: bool
    desks: int
    words: Words
    places: Places
    calendar: Calendar
    asked: Asked

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.file.content) if isinstance(self.file, Uploaded) else self.file.stat().st_size


class LegacyRuns(Protocol):
    def run(self, run: Run, report: Callable[[Reported], None], progress: Callable[[int, int], None]) -> Tally:
        """Raises FileRefused, UnknownColumns; StoreAway, and then what was recorded before it stays: run it again."""
        ...
