"""Stored name -> event class, and how older forms are read. Rename a class freely; never a stored name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from domain.case.lists import EVENTS as CASE_EVENTS
from domain.escalation.lists import EVENTS as ESCALATION_EVENTS
from domain.jurisdiction import JurisdictionEvent
from domain.office import OfficeEvent
from domain.publication.lists import EVENTS as PUBLICATION_EVENTS
from domain.referral.lists import EVENTS as REFERRAL_EVENTS
from domain.rules import RulesEvent
from domain.shared.decider import Event
from domain.signal.lists import EVENTS as SIGNAL_EVENTS
from domain.sweep.lists import EVENTS as SWEEP_EVENTS

KINDS: tuple[type[Event[Any]], ...] = (
    *CASE_EVENTS,
    *REFERRAL_EVENTS,
    *ESCALATION_EVENTS,
    *SWEEP_EVENTS,
    *get_args(JurisdictionEvent),
    *get_args(OfficeEvent),
    *get_args(RulesEvent),
    *PUBLICATION_EVENTS,
    *SIGNAL_EVENTS,
)

EVENTS: dict[str, type[Event[Any]]] = {event.name: event for event in KINDS}

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


def _conclude(old: dict[str, Any]) -> dict[str, Any]:
    """case.mediation_opened, 1 → 2: the day, its article and its calendar become one due date with its clock."""
    new = {name: value for name, value in old.items() if name not in ("conclude_by", "basis", "calendar")}
    codes = {"delegated": "COURT_PREFILE_MED", "entrusted": "COURT_ONTRIAL_MED_ORD"}
    return new | {"conclude": _due(old, old["conclude_by"], codes.get(old["mandate"], "PM_CONCLUDE"), "flag")}


def _confirm(old: dict[str, Any]) -> dict[str, Any]:
    """case.agreement_took_effect, 1 → 2: the day, its article and its calendar become one due date here as well."""
    new = {name: value for name, value in old.items() if name not in ("confirm_by", "calendar", "provisional")}
    told = old | {"basis": "《中华人民共和国民事诉讼法》第二百零五条"}
    return new | {"confirm": _due(told, old["confirm_by"], "JC_APPLY", "lapse")}


def _due(old: dict[str, Any], day: str | None, clock: str, effect: str) -> dict[str, Any] | None:
    """`since` was not kept: the day itself stands for it."""
    if day is None:
        return None
    same = {"basis": old["basis"], "calendar": old["calendar"], "provisional": old.get("provisional", False)}
    return {"clock": clock, "since": f"{day}T00:00:00+08:00", "day": day, "effect": effect, **same}


def _follows(old: dict[str, Any]) -> dict[str, Any]:
    """case.mediation_ended, 1 → 2: whether it followed from something else."""
    by_itself = old["ground"] in {"referred", "escalated", "time-limit"}
    return {**old, "follows": by_itself, "remedies_told": old["remedies_told"] and not by_itself}


def _with(**content: Any) -> Upcaster:
    """What an older form did not tell."""
    return lambda old: {**content, **old}


UPCASTERS: dict[tuple[str, int], Upcaster] = {
    ("case.mediation_opened", 1): _conclude,
    ("case.agreement_took_effect", 1): _confirm,
    ("case.mediation_ended", 1): _follows,
    ("case.mediation_resumed", 1): _with(provisional=False),
    ("case.proceedings_noted", 1): _with(number=0),
    ("case.registered", 1): _with(highest=None),
    ("case.consent_given", 1): _with(moves_stage=True),
    ("case.consent_withdrawn", 1): _with(moves_stage=True),
    ("case.mediation_refused", 1): _with(moves_stage=True),
    ("case.party_withdrew", 1): _with(moves_stage=True),
    ("case.due_fixed", 1): _with(asks_state=True),
}
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
