"""What a reader's filter asks of the figures: over which places or bodies, in which days, and with which wishes."""

from __future__ import annotations

from datetime import date
from typing import Any

from application.figures.asking import By, Counting, Moment, View
from application.figures.case_figures import CaseFilter
from application.rights import NotYourRight, Scope
from domain.shared.errors import Refused

DATED = {
    "status": "status",
    "category": "category",
    "source": "source",
    "risk": "risk",
    "result": "result",
    "level": "level",
    "imported": "imported",
    "mediator": "mediators",
    "body": "body",
}
"""The wishes that rows are asked as they were on the day, and the column of each. All others are asked of the case as
it is now, as lists ask them."""
OF_THE_DAY = ("channel", "came_out", "age")
"""The wishes that are always asked of the case as it was on the day, for nothing else keeps them: who reads cases as a
body is told only of those that it held."""
FRAME = frozenset({"area", "since", "until", "outcome", "moved", "cohort", "day", "position", "known", "view"})
"""What a count is made of, and no wish about a case."""


class WindowTurnedRound(Refused):
    """The window ends before it begins."""


def view_of(scope: Scope, wanted: CaseFilter) -> View:
    """Whoever answers for places counts by place; whoever acts for a body, what that body has. Raises NotYourRight."""
    answers = scope.everything or bool(scope.areas)
    if wanted.view is View.PLACE and not answers:
        raise NotYourRight
    return wanted.view or (View.PLACE if answers else View.HOLDER)


def counting(scope: Scope, wanted: CaseFilter, today: date, by: By = By.ALL) -> Counting:
    """Raises NotYourRight, WindowTurnedRound."""
    view, day = view_of(scope, wanted), day_of(wanted, today)
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise WindowTurnedRound(since=wanted.since, until=wanted.until)
    areas = [one for one in (scope.home, wanted.area) if one] if view is View.PLACE else [wanted.area]
    bodies = frozenset({wanted.body} if scope.everything and wanted.body else scope.bodies)
    return Counting(
        until=min(wanted.until or day, day),
        since=wanted.since,
        view=view,
        bodies=frozenset() if view is View.PLACE else bodies,
        areas=tuple(dict.fromkeys(one for one in areas if one)),
        wishes=dated_wishes(scope, wanted),
        by=by,
    )


def dated_wishes(scope: Scope, wanted: CaseFilter) -> dict[str, Any]:
    """By column. A body that reads a part of a case must not learn the rest by its wishes: what it wishes is asked of
    what it reads."""
    told = {name: getattr(wanted, name) for name in OF_THE_DAY}
    if view_of(scope, wanted) is View.PLACE:
        told |= {column: getattr(wanted, name) for name, column in DATED.items()}
    return {column: getattr(value, "value", value) for column, value in told.items() if value is not None}


def otherwise(scope: Scope, wanted: CaseFilter) -> CaseFilter:
    """The wishes that are asked of the case as the reader reads it now."""
    taken = FRAME | {*OF_THE_DAY} | (DATED.keys() if view_of(scope, wanted) is View.PLACE else frozenset())
    fields = CaseFilter.model_fields
    left = CaseFilter().with_fields(
        {name: getattr(wanted, name) for name in fields if name not in taken} | {"day": wanted.day}
    )
    return left


def wishes_more(scope: Scope, wanted: CaseFilter) -> bool:
    return otherwise(scope, wanted).but(day=None) != CaseFilter()


def day_of(wanted: CaseFilter, today: date) -> date:
    """The day of the moment: as asked; or the last of a window that is over, or today."""
    return min(wanted.day or wanted.until or today, today)


def moment_of(wanted: CaseFilter, today: date) -> Moment:
    """Of a list that is asked for by itself."""
    day = day_of(wanted, today)
    is_now = wanted.position is None and day >= today
    return Moment(day=day, position=2**63 - 2 if wanted.position is None else wanted.position, is_now=is_now)
