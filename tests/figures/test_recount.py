"""The engine and a count on paper agree: every figure, both bases, any day, any entry of the ledger, by any area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

import psycopg
import pytest

from application.figures.asking import By, Counting, Moment
from application.figures.counting import Measure
from application.figures.definitions import FIGURES
from application.figures.numbers import Counted, of
from domain.shared.decider import History
from infrastructure.read_models.figure_counts import FigureSnapshot
from infrastructure.read_models.figures import DatedTables
from infrastructure.read_models.jurisdiction import AreaTables
from tests.case.histories import SPACE
from tests.effort import times
from tests.figures.lives import County, blank, lived, mingled
from tests.figures.recount import Told, Window, numbers, told_on

COUNTED = [one for one in FIGURES.values() if one.measure in (Measure.NUMBER, Measure.SUM) and not one.mean_of]
AREAS = [uuid5(SPACE, f"town {number}") for number in range(3)]
MOVED_ON = date(2026, 5, 1)
"""On this day the place of the first town's cases went to the second one."""


@pytest.fixture(scope="module")
def county() -> County:
    return mingled(lived(times(test=30, soak=200)), Random(16))


@pytest.fixture(scope="module")
def tables(postgres_url: str, county: County) -> Iterator[psycopg.Connection[Any]]:
    """Filled page by page, by a model that forgets now and then, as one that is started anew."""
    random, so_far = Random(1), list[Any]()

    def load(stream: Any, ids: Any, until: int) -> Any:
        for id in ids:
            yield History.of(id, blank(id), [one for one in so_far if one.stream == id and one.position <= until])

    with psycopg.connect(postgres_url, autocommit=True) as connection, connection.cursor() as cursor:
        model = DatedTables(load)
        cursor.execute(AreaTables.schema)
        cursor.execute(model.schema)
        for page in county.pages(random):
            model.apply(page, cursor)
            so_far += page
            if random.random() < 0.3:
                model.forget()
        write_areas(cursor, {line.event.place for line in registrations(county)})
        yield connection


def registrations(county: County) -> list[Any]:
    lines = [line for stream in county.streams for line in county.lines(stream, len(county.feed))]
    return [one for one in lines if one.name == "case.registered"]


def write_areas(cursor: Any, places: set[UUID]) -> None:
    """Every place lies in one town, and some go to another one on a day."""
    cursor.executemany("INSERT INTO area VALUES (%s, 'township', 1)", [(one,) for one in AREAS])
    for place in places:
        cursor.executemany(
            "INSERT INTO dated_closure VALUES (%s, %s, %s, %s, 0, 9223372036854775807)",
            [(place, town, since, until) for town, since, until in lying(place)],
        )


def lying(place: UUID) -> list[tuple[UUID, date, date]]:
    town = AREAS[place.int % 2]
    if town is not AREAS[0]:
        return [(town, date.min, date.max)]
    return [(town, date.min, MOVED_ON), (AREAS[2], MOVED_ON, date.max)]


def on_paper(county: County, position: int, day: date) -> list[Told]:
    return [told_on(county.lines(stream, position), day) for stream in county.streams]


def windows(county: County, random: Random, count: int) -> Iterator[tuple[int, date, Window]]:
    days = county.days()
    for _ in range(count):
        day = random.choice(days)
        until = min(day, day - timedelta(days=random.choice([0, 0, 3, 40])))
        since = until - timedelta(days=random.choice([0, 30, 400]))
        yield random.randint(1, len(county.feed)), day, Window(since, until)


def differences(engine: Any, paper: dict[str, tuple[float, float]], cohort: bool) -> list[str]:
    found = []
    for figure in COUNTED:
        if figure.key not in paper:
            continue
        counted: Counted = of(engine, figure.key)
        told = (counted.cohort, counted.cohort_of) if cohort else (counted.period, counted.period_of)
        told = told[0] or 0, (told[1] or 0) if figure.of else 0
        if told != paper[figure.key]:
            found.append(f"{figure.key}{' (cohort)' if cohort else ''}: engine {told}, paper {paper[figure.key]}")
    return found


def test_every_figure_of_any_moment_is_what_a_count_on_paper_finds(county, tables):
    wrong: dict[str, int] = defaultdict(int)
    for position, day, window in windows(county, Random(2), times(test=25, soak=200)):
        snapshot = FigureSnapshot(tables, Moment(day, position))
        told = snapshot.count(Counting(until=window.until, since=window.since), COUNTED).get("all", {})
        cases = on_paper(county, position, day)
        for cohort in (False, True):
            for one in differences(told, numbers(cases, window, cohort), cohort):
                wrong[f"{one} known at {position} on {day} in {window}"] += 1

    assert sorted(wrong) == []


def test_each_figure_is_counted_on_paper():
    told = numbers([], Window(date.min, date.max), cohort=False)
    moved = {one.key for one in FIGURES.values() if one.unit in ("referral", "escalation", "report")}

    assert sorted({one.key for one in COUNTED} - told.keys() - moved) == ["missed_finds", "performed_money"]


def test_what_is_known_now_is_the_same_by_the_short_way_as_by_the_long_one(county, tables):
    last, today = len(county.feed), max(county.days())
    question = Counting(until=today)

    short = FigureSnapshot(tables, Moment(today, last, is_now=True)).count(question, FIGURES.values())
    long = FigureSnapshot(tables, Moment(today, last)).count(question, FIGURES.values())

    assert short == long
    assert of(short["all"], "registered").period


def test_each_figure_counts_in_the_area_where_its_place_lay_on_its_day_and_the_towns_make_up_the_whole(county, tables):
    for position, day, window in windows(county, Random(3), times(test=10, soak=60)):
        snapshot = FigureSnapshot(tables, Moment(day, position))
        whole = snapshot.count(Counting(until=window.until, since=window.since), COUNTED).get("all", {})
        towns = snapshot.count(Counting(until=window.until, since=window.since, by=By.TOWNSHIP), COUNTED)
        for figure in COUNTED:
            each = [of(one, figure.key) for one in towns.values()]
            for part in ("period", "period_of", "cohort", "cohort_of"):
                total = getattr(of(whole, figure.key), part) or 0
                assert sum(getattr(one, part) or 0 for one in each) == total, (figure.key, part)
        for town in AREAS:
            question = Counting(until=window.until, since=window.since, areas=(town,))
            own = snapshot.count(question, COUNTED).get("all", {})
            for figure in COUNTED:
                row = of(towns.get(str(town), {}), figure.key)
                board = of(own, figure.key)
                assert [row.period or 0, row.cohort or 0] == [board.period or 0, board.cohort or 0], "one number"


def test_the_rows_behind_a_number_are_as_many_as_it_says(county, tables):
    for position, day, window in windows(county, Random(4), times(test=5, soak=40)):
        snapshot = FigureSnapshot(tables, Moment(day, position))
        question = Counting(until=window.until, since=window.since)
        told = snapshot.count(question, FIGURES.values()).get("all", {})
        for figure in FIGURES.values():
            if figure.measure is not Measure.NUMBER:
                continue
            for cohort in (False, True):
                rows = paged(snapshot, question, figure, cohort)
                number = of(told, figure.key).cohort if cohort else of(told, figure.key).period
                assert len(rows) == len(set(rows)) == (number or 0), figure.key
                assert snapshot.number(question, figure.unit, figure.counts, cohort) == len(rows)


def paged(snapshot: FigureSnapshot, question: Counting, figure: Any, cohort: bool) -> list[tuple[UUID, int]]:
    found: list[Any] = []
    while page := snapshot.rows(question, figure.unit, figure.counts, cohort, place(found), 7):
        found += page
    return [(one.id, one.number) for one in found]


def place(found: list[Any]) -> Any:
    return (found[-1].day, found[-1].id, found[-1].number) if found else None
