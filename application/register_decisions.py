"""How the registers' use cases decide: on what the ledger itself says of areas and bodies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from application.ports import Asked, Stream, Unit
from domain.jurisdiction import area, body
from domain.jurisdiction.area import Area
from domain.jurisdiction.body import Body, BodyStage
from domain.shared.calendar import Calendar
from domain.shared.decider import Command, History, decide
from domain.shared.errors import BodyNoLongerStands, UnknownArea, UnknownBody, UnknownStream
from domain.shared.occasion import AreaFacts, BodyFacts, Occasion, happened
from domain.shared.values import AreaId, BodyId, BodyKind, Level

S = TypeVar("S")

AREAS: Stream[Area] = Stream("jurisdiction.area", Area.blank)
BODIES: Stream[Body] = Stream("jurisdiction.body", Body.blank)

_NO_CALENDAR = Calendar(version="none", published_until=date.max, holidays=frozenset(), make_up_workdays=frozenset())


def occasion(
    asked: Asked,
    command: Command[Any],
    areas: Mapping[AreaId, AreaFacts] | None = None,
    bodies: Mapping[BodyId, BodyFacts] | None = None,
) -> Occasion:
    """An occasion for the registers, whose decisions depend on neither the asking body nor the calendar."""
    return Occasion(
        by=asked.by,
        body=_named_only(asked.body),
        occurred_at=happened(command.occurred_at, asked.now),
        now=asked.now,
        seed=asked.request,
        calendar=_NO_CALENDAR,
        on_behalf_of=command.on_behalf_of,
        areas=areas or {},
        bodies=bodies or {},
    )


def _named_only(id: BodyId) -> BodyFacts:
    return BodyFacts(
        id=id,
        area=AreaId(UUID(int=0)),
        level=Level.GRID,
        kind=BodyKind.GRID,
        channel=None,
        code="",
        short_name="",
        members=frozenset(),
        term_ended=False,
        answers_for=id,
    )


def area_facts(unit: Unit, id: AreaId, day: date) -> AreaFacts:
    if facts := area.facts(unit.history(AREAS, id).state, day):
        return facts
    raise UnknownArea(area=id)


def body_facts(unit: Unit, id: BodyId, day: date) -> BodyFacts:
    state = unit.history(BODIES, id).state
    if not (facts := body.facts(state, day)):
        raise UnknownBody(body=id)
    if state.stage is BodyStage.DISSOLVED:
        raise BodyNoLongerStands(body=id)
    return facts


def known(unit: Unit, stream: Stream[S], id: UUID) -> History[S]:
    history = unit.history(stream, id)
    if not history.entries:
        raise UnknownStream(id=id)
    return history


def record(
    unit: Unit,
    stream: Stream[S],
    history: History[S],
    command: Command[S],
    on: Occasion,
    expected: int | None = None,
) -> None:
    """Decides on the history and appends; `expected`: the version that the asker saw."""
    events = decide(history, command, on)
    version = history.version if expected is None else expected
    unit.append(stream, history.id, version, events, on.occurred_at, on.on_behalf_of)


def unrecorded(stream: Stream[S], id: UUID) -> History[S]:
    """The history of what is about to be recorded first: the ledger refuses it where somebody was faster."""
    return History.of(id, stream.blank(id), ())
