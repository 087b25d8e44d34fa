"""What somebody has typed and not sent yet: kept for them alone, until it is sent, given up or two weeks old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.shared.values import OfficerId

Typed = Sequence[tuple[str, str]]
"""Names and values of a form's fields, in its order; a name may come several times."""


@dataclass(frozen=True)
class Draft:
    form: str
    """The address of the form."""
    saved_at: datetime
    typed: Typed


class Drafts(Protocol):
    def keep(self, officer: OfficerId, form: str, sending: str, typed: Typed) -> None:
        """In the place of what was kept of that form before. `sending`: the form's own mark of what it would send;
        nothing is kept of one that was dropped."""
        ...

    def of(self, officer: OfficerId, form: str) -> Draft | None: ...

    def all_of(self, officer: OfficerId) -> Sequence[Draft]:
        """The latest first."""
        ...

    def count(self, officer: OfficerId) -> int: ...

    def drop(self, officer: OfficerId, form: str, sending: str) -> None: ...
