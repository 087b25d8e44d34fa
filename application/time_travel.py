"""A history as it stood: up to a version, or as it was known at a moment."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import AwareDatetime

from domain.shared.decider import Entry, History
from domain.shared.errors import Missing, UnknownStream
from domain.shared.values import Value

S = TypeVar("S")


class UnknownVersion(Missing):
    """It has not come to this version."""


class Moment(Value):
    """`as_of`: recorded by then. `effective_at`: happened by then, as known. Several given: all apply."""

    version: int | None = None
    as_of: AwareDatetime | None = None
    effective_at: AwareDatetime | None = None


def as_it_was(history: History[S], moment: Moment) -> History[S]:
    """Raises UnknownStream where nothing was recorded yet, UnknownVersion where not so much was."""
    if moment.version and moment.version > history.version:
        raise UnknownVersion(version=moment.version, latest=history.version)

    def known(entry: Entry[Any]) -> bool:
        early = moment.version is None or entry.version <= moment.version
        return early and (moment.as_of is None or entry.recorded_at <= moment.as_of)

    then = history.until(known)
    if not then.entries:
        raise UnknownStream(id=history.id)
    return then
