"""Stored name -> event class, and how older forms are read. Rename a class freely; never a stored name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from domain.case.lists import EVENTS as CASE_EVENTS
from domain.jurisdiction import JurisdictionEvent
from domain.office import OfficeEvent
from domain.shared.decider import Event

EVENTS: dict[str, type[Event[Any]]] = {
    event.name: event for event in (*CASE_EVENTS, *get_args(JurisdictionEvent), *get_args(OfficeEvent))
}

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: dict[tuple[str, int], Upcaster] = {}
"""(stored name, schema version) -> the content in the form of the next version."""


class UnknownForm(RuntimeError):
    """An event of a name or a form that this program cannot read: a newer one recorded it."""


def upcast(
    name: str, version: int, content: dict[str, Any], known: Mapping[tuple[str, int], Upcaster] = UPCASTERS
) -> dict[str, Any]:
    """The content in today's form. Raises UnknownForm."""
    wanted = EVENTS[name].schema_version if name in EVENTS else 0
    while version < wanted and (upcaster := known.get((name, version))):
        content = upcaster(content)
        version += 1
    if version != wanted:
        raise UnknownForm(f"{name}, version {version}")
    return content
