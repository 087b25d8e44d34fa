"""Sessions that nobody has: for what is decided about officers without anybody signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class NoSessions:
    ended: list[tuple[Any, Any]] = field(default_factory=list)

    def end_all(self, officer: Any, why: Any) -> None:
        self.ended.append((officer, why))
