"""A history as it stood: up to a version, or as it was known at a moment."""

from __future__ import annotations

from typing import Any, TypeVar

from domain.shared.decider import Entry, History
from domain.shared.errors import Missing, UnknownStream
from domain.shared.values import Moment, Value

S = TypeVar("S")


class UnknownVersion(Missing):
    """It has not come to this version."""


class Standpoint(Value):
    """`as_of`: recorded by then. `effective_at`: happened by then, as known. Several given: all apply."""

    version: int | None = None
    as_of: Moment | None = None
    effective_at: Moment | None = None


def as_it_was(history: History[S], asked: Standpoint) -> History[S]:
    """Raises UnknownStream where nothing was recorded yet, UnknownVersion where not so much was."""
    if asked.version and asked.version > history.version:
        raise UnknownVersion(version=asked.version, latest=history.version)

    def known(entry: Entry[Any]) -> bool:
        early = asked.version is None or entry.version <= asked.version
        return early and (asked.as_of is None or entry.recorded_at <= asked.as_of)

    then = history.until(known)
    if not then.entries:
        raise UnknownStream(id=history.id)
    return then
