"""How the tests of rules decide: at a desk of the county, on a day, with every clock known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from application.ports import Asked
from application.register_decisions import occasion
from application.rules import CLOCKS
from domain.rules.holidays import HolidayCalendar
from domain.rules.packs import AreaRules
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.decider import History, decide
from domain.shared.occasion import AreaFacts
from domain.shared.values import AreaId, BodyId, Level, OfficerId

NOW = datetime(2026, 3, 3, 1, tzinfo=UTC)
PROVINCE, COUNTY, TOWN, OTHER = (AreaId(UUID(int=number)) for number in (42, 4205, 420581, 99))
LEVELS = {PROVINCE: Level.PROVINCE, COUNTY: Level.COUNTY, TOWN: Level.TOWNSHIP, OTHER: Level.TOWNSHIP}
BLANK_CALENDAR = HolidayCalendar.blank(None)
BLANK_RULES = AreaRules.blank(None)


def asked() -> Asked:
    request = uuid4()
    return Asked(
        by=OfficerId(request),
        body=BodyId(request),
        acting=ActingAs(NoOfficer.OPERATOR),
        request=request,
        correlation=request,
        now=NOW,
    )


def decided(state: Any, command: Any) -> Any:
    areas = {id: AreaFacts(id=id, level=level, in_force=True) for id, level in LEVELS.items()}
    on = replace(occasion(asked(), command, areas), clocks=CLOCKS)
    return decide(History(uuid4(), state, (), state), command, on)


def evolved(state: Any, events: Any) -> Any:
    for event in events:
        state = event.evolve(state, NOW)
    return state
