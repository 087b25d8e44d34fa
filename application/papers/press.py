"""What is set and how it is asked for: a document of one paper, or the whole file of a case with cover and index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from application.papers.blocks import Sheet
from domain.shared.errors import Unavailable


class NotSet(Unavailable):
    """The paper could not be set."""


@dataclass(frozen=True)
class Cover:
    title: str
    body: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Document:
    """`receipts`: the address before the version of an entry, and what comes after it."""

    title: str
    made_on: date
    sheets: Sequence[Sheet]
    receipts: tuple[str, str]
    cover: Cover | None = None


class Engraver(Protocol):
    def png(self, svg: str) -> bytes:
        """A drawing of ours, with its letters. Raises NotSet."""
        ...


class Press(Protocol):
    def pdf(self, document: Document) -> bytes:
        """PDF/A with its fonts; the same document gives the same bytes. Raises NotSet."""
        ...
