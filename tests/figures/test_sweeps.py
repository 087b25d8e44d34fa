"""Figures of sweeps and a count on paper agree: any day, any entry, with late entries, withdrawals and ended duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

import psycopg
import pytest

from application.figures.asking import By, Counting, Moment
from application.figures.definitions import FIGURES
from application.figures.numbers import of
from domain.shared.decider import Entry, History
from domain.shared.errors import DomainError
from domain.shared.values import CaseId
from domain.sweep.duty import EndDuty, OpenMonth
from domain.sweep.kinds import WithdrawalGround
from domain.sweep.reporting import ReportFinds, ReportZero, WithdrawReport
from domain.sweep.sweep import SweepMonth
from infrastructure.read_models.figure_counts import FigureSnapshot
from infrastructure.read_models.figures import DatedTables
from infrastructure.read_models.jurisdiction import AreaTables
from tests.effort import times
from tests.figures.recount import CHINA, day
from tests.sweep.month import GRID, SPACE, blank, march, noon, then

SWEPT = [FIGURES[one] for one in ("sweep_coverage", "zero_share", "reported_late", "sweep_finds")]


def lived(random: Random) -> History[Any]:
    """A month of one unit. What is recorded is recorded in order; what happened may be days before."""
    first = random.randint(1, 6)
    history = then(blank(), OpenMonth(unit=GRID, due_from=march(first)), noon(march(first)), noon(march(first)))
    for now in range(first, 29):
        for _ in range(random.choice([0, 1, 1, 1, 2])):
            swept = march(random.choice([now, now, now, max(now - random.randint(1, 5), 1)]))
            command: Any = random.choice(
                [
                    *[ReportZero(unit=GRID)] * 8,
                    ReportFinds(unit=GRID, cases=(CaseId(uuid5(SPACE, f"case {random.random()}")),)),
                    WithdrawReport(unit=GRID, day=swept, because=WithdrawalGround.WRONG_DAY),
                    *([EndDuty(unit=GRID, due_until=march(now))] if random.random() < 0.05 else []),
                ]
            )
            told_now = isinstance(command, WithdrawReport | EndDuty)
            try:
                history = then(history, command, noon(march(now) if told_now else swept), noon(march(now)))
            except DomainError:
                continue
    return history


@pytest.fixture(scope="module")
def feed() -> list[Entry[Any]]:
    random = Random(46)
    left = {uuid5(SPACE, f"unit {number}"): list(lived(random).entries) for number in range(times(test=20, soak=150))}
    feed: list[Entry[Any]] = []
    while left:
        stream = min(left, key=lambda id: (left[id][0].recorded_at, id))
        feed.append(replace(left[stream].pop(0), stream=stream, position=len(feed) + 1))
        left = {id: entries for id, entries in left.items() if entries}
    return feed


@pytest.fixture(scope="module")
def tables(postgres_url: str, feed: list[Entry[Any]]) -> Iterator[psycopg.Connection[Any]]:
    random, so_far = Random(1), list[Entry[Any]]()

    def load(stream: Any, ids: Any, until: int) -> Any:
        for id in ids:
            yield History.of(id, SweepMonth.blank(id), [one for one in so_far if one.stream == id])

    with psycopg.connect(postgres_url, autocommit=True) as connection, connection.cursor() as cursor:
        model = DatedTables(load)
        cursor.execute(AreaTables.schema)
        cursor.execute(model.schema)
        while len(so_far) < len(feed):
            page = feed[len(so_far) : len(so_far) + random.randint(1, 60)]
            model.apply(page, cursor)
            so_far += page
            if random.random() < 0.3:
                model.forget()
        yield connection


@dataclass
class Paper:
    """What is known of a unit: when it was due, and of each day how much was found, and when that was first told."""

    due_from: date = date.max
    due_until: date = date.max
    days: dict[date, tuple[int, datetime]] = field(default_factory=dict)

    def read(self, one: Entry[Any]) -> None:
        """By the names and fields of events."""
        event: Any = one.event
        if one.event.name == "sweep.month_opened":
            self.due_from, self.due_until = event.due_from, event.due_until
        elif one.event.name == "sweep.duty_ended":
            self.due_until = event.due_until
        elif one.event.name == "sweep.report_withdrawn":
            self.days.pop(event.day, None)
        else:
            swept = day(one.occurred_at)
            first = self.days.get(swept, (0, one.recorded_at))[1]
            self.days[swept] = len(getattr(event, "cases", ())), first


def on_paper(feed: Sequence[Entry[Any]], position: int, known: date, since: date, until: date) -> dict[str, Any]:
    """In plain Python: what stood on that day of each unit and day, as it was known after that entry."""
    units: dict[UUID, Paper] = defaultdict(Paper)
    for one in feed:
        if one.position <= position and day(one.occurred_at) <= known:
            units[one.stream].read(one)
    window = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    begun = [one for one in units.values() if one.due_from < date.max]
    due = [(unit, one) for unit in begun for one in window if unit.due_from <= one < unit.due_until]
    reported = [(one, *unit.days[one]) for unit in begun for one in window if one in unit.days]
    late = [one for one, _, first in reported if first.astimezone(CHINA).date() > one]
    return {
        "sweep_coverage": (sum(one in unit.days for unit, one in due), len(due)),
        "zero_share": (sum(found == 0 for _, found, _ in reported), len(reported)),
        "reported_late": (len(late), len(reported)),
        "sweep_finds": (sum(found for _, found, _ in reported), None),
    }


def told(snapshot: FigureSnapshot, question: Counting) -> dict[str, Any]:
    counted = snapshot.count(question, SWEPT).get("all", {})
    return {one.key: (of(counted, one.key).period or 0, of(counted, one.key).period_of) for one in SWEPT}


def test_coverage_zero_share_and_late_share_of_any_moment_are_what_a_count_on_paper_finds(feed, tables):
    random = Random(3)
    for _ in range(times(test=60, soak=600)):
        position, known = random.randint(1, len(feed)), march(random.randint(1, 31))
        until = max(march(1), known - timedelta(days=random.choice([0, 0, 4])))
        since = max(march(1), until - timedelta(days=random.choice([0, 3, 40])))
        snapshot = FigureSnapshot(tables, Moment(known, position))

        assert told(snapshot, Counting(until=until, since=since)) == on_paper(feed, position, known, since, until)


def test_what_is_known_now_is_the_same_by_the_short_way(feed, tables):
    question = Counting(until=march(31), since=march(1))
    short = told(FigureSnapshot(tables, Moment(march(31), len(feed), is_now=True)), question)

    assert short == on_paper(feed, len(feed), march(31), march(1), march(31))
    assert short["sweep_coverage"][1] > 0


def test_a_report_has_no_category_and_none_is_counted_under_one(feed, tables):
    snapshot = FigureSnapshot(tables, Moment(march(31), len(feed)))
    wished = Counting(until=march(31), wishes={"category": "neighbours"})

    assert told(snapshot, wished)["sweep_coverage"] == (0, 0)
    assert snapshot.count(Counting(until=march(31), by=By.LEVEL), SWEPT).keys() == {"grid"}
