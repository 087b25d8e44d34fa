"""Yidu's editions of 2010 to 2023, one after the other, with cases in each: the totals of every level stay equal."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from api.settings import Settings
from api.wiring import wired
from application.figures.asking import By
from application.figures.board import counting
from application.figures.case_figures import CaseFilter
from application.figures.definitions import FIGURES
from application.sheets.area_decisions import Choice, Decision, Proposal, as_decided
from tests.api.conftest import Clock, County
from tests.legacy.test_on_the_boards import ALL, case, run, step

FILE = Path(__file__).resolve().parents[2].parent / "shared/data/divisions/yidu_snapshots_2010_2023.csv"
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the editions (shared/data) are not here")
ABOVE = ("42,湖北省,,1", "4205,宜昌市,42,2", "420581000000,宜都市,4205,3")
BODIES = "code,name,short_name,kind,area_code,channel,answers_for\nYD,宜都市综治中心,宜都,centre,420581000000,people,\n"
YEARS = ("2010", "2017", "2018", "2021", "2023")
SAME_TOWN = {"420581201000": "420581107000"}
"""王家畈乡 became 王家畈镇."""


class Editions:
    """The villages of each year with codes: the file has names only. A code goes on with the name of its village; where
    a year has names that are new, those take over the codes that were left, for that is how most renames look."""

    def __init__(self) -> None:
        self.rows: dict[str, list[str]] = {}
        self.towns: dict[str, dict[str, str]] = defaultdict(dict)
        self.villages: dict[str, dict[str, str]] = defaultdict(dict)
        """By year: the town of each code."""
        with FILE.open(encoding="utf-8") as file:
            read = list(csv.DictReader(file))
        numbers: dict[tuple[str, str], str] = {}
        for year in YEARS:
            self._year(year, [one for one in read if one["year"] == year], numbers)

    def _year(self, year: str, villages: list[dict[str, str]], numbers: dict[tuple[str, str], str]) -> None:
        rows = list(ABOVE)
        by_town: dict[str, list[str]] = defaultdict(list)
        for one in villages:
            self.towns[year][one["town_code"]] = one["town_name"]
            by_town[one["town_code"]].append(one["village_name"])
        rows += [f"{code},{name},420581000000,4" for code, name in self.towns[year].items()]
        for town, names in by_town.items():
            place = SAME_TOWN.get(town, town)
            known = {name: number for (of, name), number in numbers.items() if of == place}
            left = [number for name, number in known.items() if name not in names]
            unused = iter([*left, *(f"{n:03}" for n in range(200, 400) if f"{n:03}" not in known.values())])
            given = {name: known.get(name) or next(unused) for name in names}
            for one in [key for key in numbers if key[0] == place]:
                del numbers[one]
            numbers |= {(place, name): number for name, number in given.items()}
            rows += [f"{town[:9]}{number},{name},{town},5" for name, number in given.items()]
            self.villages[year] |= {f"{town[:9]}{number}": town for number in given.values()}
        self.rows[year] = rows

    def sheet(self, year: str) -> bytes:
        """As an office program saves it, with the titles of the statistics."""
        return ("统计用区划代码,名称,上级代码,级别\n" + "\n".join(self.rows[year]) + "\n").encode("gbk")


@pytest.fixture
def county(make_database: Callable[[], str], tmp_path: Path) -> Iterator[County]:
    settings, url = Settings(state=tmp_path), make_database()
    clock = Clock(datetime(2024, 6, 3, 9, tzinfo=UTC))
    with wired(settings, url, clock) as parts:
        yield County(parts, clock, TestClient(create_app(parts.system, settings)), url, tmp_path)


def decided(proposal: Proposal) -> Decision:
    """A clerk confirms what is proposed; what is gone, or has quite another name, went into its first neighbour."""
    if proposal.choice:
        return as_decided(proposal)
    return Decision(number=1, choice=Choice.MERGE, code=proposal.code, into=proposal.beside[0])


def counted(county: County, dimension: str, day: date | None = None, position: int | None = None) -> Counter[str]:
    """Of today; or of a day, as it was known at a position."""
    today, wanted = county.clock().date(), CaseFilter(day=day, position=position)
    with county.parts.system.reading.figures.snapshot(ALL, wanted, today) as snapshot:
        found = snapshot.count(counting(ALL, wanted, today, By(dimension)), [FIGURES["registered"]])
    return Counter({key: int(one["registered"].period or 0) for key, one in found.items()})


LEVELS = ("all", "county", "township", "village")


def take_over(county: County, sheet: bytes, day: date) -> list[Proposal]:
    sheets = county.parts.system.administering.sheets
    read = sheets.read(sheet, day)
    asking = read.proposals()
    sheets.carry_out(county.asked(), read, [decided(one) for one in asking])
    county.parts.projector.catch_up()
    return asking


def cases_of(year: str, codes: list[str]) -> list[dict[str, Any]]:
    return [
        case(f"{year}-{code}-{n}", step("registered", f"{year}-03-0{n}"), area=code)
        for at, code in enumerate(codes)
        for n in range(1, 2 + at % 3)
    ]


def test_totals_of_county_and_townships_stay_equal_from_edition_to_edition(county):
    editions, register = Editions(), county.parts.system.registers.register
    expected: Counter[str] = Counter()
    told: dict[str, tuple[int, dict[str, Counter[str]]]] = {}
    for year in YEARS:
        day = date(int(year), 1, 1)
        before = {one: counted(county, one) for one in ("all", "township", "village")}

        asking = take_over(county, editions.sheet(year), date(2000, 1, 1) if year == "2010" else day)

        assert {one: counted(county, one) for one in before} == before, "a new edition moves no case of the past"
        assert len(register.known_areas(day)) == len(editions.rows[year])
        if year == "2010":
            county.parts.system.administering.body_sheets.take_over(county.asked(), BODIES.encode(), day)
            county.parts.projector.catch_up()
        if year == "2017":
            recoded = {one.code: one.into for one in asking if one.kind == "recoded"}
            assert recoded["420581201000"] == "420581107000", "王家畈 is one town"
            assert len(recoded) == 1 + list(editions.villages["2010"].values()).count("420581201000")
        codes = sorted(editions.villages[year])
        taken = cases_of(year, codes)
        tally, _ = run(county, *taken)
        assert sum(tally.counts.values()) == len(taken)
        assert tally.counts["imported"] == len(taken)
        for one in taken:
            expected[SAME_TOWN.get(editions.villages[year][one["area"]], editions.villages[year][one["area"]])] += 1

        codes_now = {str(area.id): SAME_TOWN.get(code, code) for code, area in register.known_areas(day).items()}
        towns = {codes_now[key]: number for key, number in counted(county, "township").items()}
        assert towns == expected
        assert counted(county, "all").total() == counted(county, "village").total() == expected.total()
        told[year] = county.events(), {one: counted(county, one, date(int(year), 12, 31)) for one in LEVELS}
    for year, (position, then) in told.items():
        day = date(int(year), 12, 31)
        totals = {one.total() for one in then.values()}
        assert len(totals) == 1, "all levels have the same total on any day"
        assert {one: counted(county, one, day, position) for one in LEVELS} == then, (
            "and it is told as it was told then"
        )
        assert counted(county, "all", day) == then["all"], "later editions change no total of the day"


def test_a_case_of_any_year_is_the_same_whatever_code_it_is_told_by_later(county):
    editions = Editions()
    for year in YEARS:
        take_over(county, editions.sheet(year), date(int(year), 1, 1))
        if year == "2010":
            county.parts.system.administering.body_sheets.take_over(county.asked(), BODIES.encode(), date(2010, 1, 1))
            county.parts.projector.catch_up()
            first = [case(code, step("registered", "2010-03-01"), area=code) for code in editions.villages[year]]
            run(county, *first)
    head = county.events()

    tally, told = run(county, *({**one, "area": one["area"].replace("420581201", "420581107")} for one in first))

    assert {one.outcome.value for one in told} == {"already-there"}
    assert (tally.events, county.events()) == (0, head)
