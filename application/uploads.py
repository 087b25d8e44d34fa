"""What somebody has sent and not taken over yet: kept for them alone, until it is taken over, given up or a day old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.shared.values import OfficerId


@dataclass(frozen=True)
class Upload:
    id: UUID
    moved_at: datetime
    """When something was told of it last."""
    age: timedelta
    """Since then."""
    told: str
    """How far it is, in whatever form its owner writes it."""


class Uploads(Protocol):
    def keep(self, officer: OfficerId, content: bytes, told: str) -> UUID: ...

    def of(self, officer: OfficerId, id: UUID) -> Upload | None: ...

    def content(self, officer: OfficerId, id: UUID) -> bytes | None:
        """None: it is gone, or can be read no more."""
        ...

    def all_of(self, officer: OfficerId) -> Sequence[Upload]:
        """The latest first."""
        ...

    def tell(self, officer: OfficerId, id: UUID, told: str) -> None: ...

    def drop(self, officer: OfficerId, id: UUID) -> None: ...

    def drop_content(self, officer: OfficerId, id: UUID) -> None:
        """What is told of it stays for a day."""
        ...
