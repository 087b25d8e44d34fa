"""Pictures of the board: every mark leads to as many rows as it says, and each goes out as PNG and as a workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from html import unescape
from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from api.labels import labels
from api.web import charts_cells, charts_flow
from api.web.charts_cells import Part
from api.web.charts_flow import Way
from api.web.figure_addresses import shortly
from api.web.figure_downloads import sheet_name
from api.web.figure_months import months_until
from api.web.figure_pictures import PICTURES
from application.figures.counting import Measure
from application.figures.definitions import FIGURES
from tests.api.conftest import County, open_county

PLACES = {"990101101201": "li.ming", "990101101202": "shi.qiao", "990101102201": "ping.tou"}
CATEGORIES = ("neighbours", "marriage-family", "contract")
MARK = re.compile(r'<a href="([^"]+)"><title>([^<]*)</title>')
TOLD = re.compile(r"\((\d+) / \d+\)|(\d+)$")
"""What a mark says: so many of so many, or so many."""
SVG = re.compile(r"<svg .*?</svg>", re.S)


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """Some thirty cases of a year and a half, in three villages: settled, under way, declined, on their way up."""
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        random, villages = Random(9), list(PLACES)
        made.clock.moment = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
        for at in range(30):
            made.clock.forward(days=15)
            made.tokens.clear()  # sessions end within a day
            place = villages[at % 3]
            case = made.as_(PLACES[place]).register(place=place, category=random.choice(CATEGORIES))
            if at % 4 == 0:
                case.under_way()
            elif at % 4 < 3:
                case.act("close-case", result="self-settled" if at % 3 else "withdrawn")
        made.parts.projector.catch_up()
        made.tokens.clear()
        yield made


def page(county: County, login: str, path: str) -> str:
    token = county.as_(login).county.tokens[login]
    shown = county.http.get(path, headers={"Authorization": f"Bearer {token}"})
    assert shown.status_code == 200, shown.text[:500]
    return str(shown.text)


def taken(county: County, login: str, path: str) -> Any:
    token = county.as_(login).county.tokens[login]
    return county.http.get(path, headers={"Authorization": f"Bearer {token}"})


def marks(html: str) -> list[tuple[str, int]]:
    found = [(unescape(link), TOLD.search(unescape(told))) for link, told in MARK.findall(html)]
    return [(link, int(next(one for one in told.groups() if one))) for link, told in found if told]


def rows_behind(county: County, login: str, link: str) -> int:
    told = re.search(r"<h1>[^<]*<small>[^<\d]*(\d+)", page(county, login, link))
    assert told, link
    return int(told[1])


BOARDS = [
    ("leader", "/dashboard"),
    ("leader", "/dashboard?day=2027-01-20"),
    ("leader", "/dashboard?since=2026-05-01&until=2026-09-30&category=neighbours"),
    ("town", "/dashboard"),
    ("li.ming", "/dashboard"),
    ("leader", "/dashboard/wall"),
]


@pytest.mark.parametrize(("login", "path"), BOARDS)
def test_every_mark_leads_to_as_many_rows_as_it_says(county: County, login: str, path: str):
    html = page(county, login, path)
    drawn = "".join(SVG.findall(html))

    found = dict(marks(drawn))
    assert len(MARK.findall(drawn)) == len(marks(drawn)) > 10
    assert {link: rows_behind(county, login, link) for link in found} == found


def test_the_drawn_table_says_what_the_picture_says(county: County):
    html = page(county, "leader", "/dashboard")

    linked = re.findall(r'<td><a href="(/dashboard/rows[^"]+)">(\d+)</a></td>', html)
    assert len(linked) > 20
    for link, number in linked:
        if FIGURES[re.search(r"figure=(\w+)", link)[1]].measure is Measure.NUMBER:
            assert rows_behind(county, "leader", unescape(link)) == int(number), link


def test_a_band_is_asked_for_by_both_of_its_stops_and_keeps_the_filter_and_the_moment(county: County):
    drawn = "".join(SVG.findall(page(county, "leader", "/dashboard?category=neighbours&day=2027-01-20")))

    bands = [unescape(link) for link, _ in MARK.findall(drawn) if "channel=" in link and "came_out=" in link]
    assert bands
    assert all(
        "category=neighbours" in one and f"at={shortly(date(2027, 1, 20), county.parts.ledger.head())}" in one
        for one in bands
    )
    listed = page(county, "leader", bands[0])
    assert all(one in listed for one in ("渠道: ", "结果: ", "类别: "))


def test_no_month_outside_of_the_window_is_drawn(county: County):
    html = page(county, "leader", "/dashboard?since=2026-05-10&until=2026-07-20")
    heat = next(one for one in SVG.findall(html) if 'class="heat"' in one)

    assert re.findall(r'text-anchor="middle" fill="#5d6770">([^<]+)<', heat) == ["26-05", "6", "7"]


def test_the_months_of_a_window_are_cut_to_its_days_and_thirteen_at_most():
    cut = months_until(date(2026, 3, 5), date(2026, 1, 20))

    assert [(one.key, one.since.day, one.until.day) for one in cut] == [
        ("2026-01", 20, 31),
        ("2026-02", 1, 28),
        ("2026-03", 1, 5),
    ]
    assert months_until(date(2026, 3, 5))[0].key == "2025-03"
    assert months_until(date(2024, 2, 29))[-1].a_year_before.until == date(2023, 2, 28)


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_goes_out_as_a_png_with_its_letters(county: County, name: str):
    made = taken(county, "leader", f"/dashboard/picture/{name}.png?day=2027-01-20")

    assert (made.status_code, made.headers["content-type"]) == (200, "image/png")
    picture = Image.open(BytesIO(made.content))
    assert picture.width > 380
    assert len(picture.convert("L").getcolors(256) or []) > 5, "it is not empty"


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_goes_out_as_a_workbook(county: County, name: str):
    made = taken(county, "leader", f"/dashboard/picture/{name}.xlsx")

    book = CalamineWorkbook.from_filelike(BytesIO(made.content))
    about, table = (book.get_sheet_by_index(at).to_python() for at in (0, 1))
    assert len(table) > 1
    assert any(str(county.parts.ledger.head()) == str(row[1]) for row in about), "it says of which position it is"


def test_the_tables_of_a_board_go_out_in_one_workbook_with_numbers_as_numbers(county: County):
    made = taken(county, "leader", "/dashboard/tables.xlsx?since=2026-05-01&until=2026-12-31")
    book = CalamineWorkbook.from_filelike(BytesIO(made.content))

    figures = {row[0]: row for row in book.get_sheet_by_index(1).to_python()}
    shown = county.as_("leader").get("/api/figures", since="2026-05-01", until="2026-12-31").json()["rows"][0]
    assert figures["登记"][1] == shown["registered"]
    village = next(row for name, row in figures.items() if row[2] == shown["village"] and row[3] == shown["village_of"])
    assert village[1] == pytest.approx(shown["village_share"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sheet_has_a_name_of_its_own_that_a_workbook_takes(language: Any):
    words = [*labels(language)["board_picture"].values()]
    words += [labels(language)["page"][one] for one in ("all_figures", "by_area", "by_source", "what_it_is_of")]
    names = [sheet_name(str(one)) for one in words]

    assert len({one.lower() for one in names}) == len(names)
    assert not [one for one in names if re.search(r"[\[\]:*?/\\']", one) or not 0 < len(one) <= 31]


def test_a_picture_that_there_is_not_is_told_so(county: County):
    for path in ("/dashboard/picture/nothing.png", "/dashboard/picture/heat.png?since=2024-01-01&until=2024-01-31"):
        assert taken(county, "leader", path).status_code == 404, path


def test_nobody_takes_away_pictures_without_a_login(county: County):
    for path in ("/dashboard/wall", "/dashboard/tables.xlsx", "/dashboard/picture/flow.png", "/dashboard/definitions"):
        assert county.http.get(path, follow_redirects=False).status_code in (303, 401), path


def test_a_wall_asks_for_itself_anew_and_has_no_menu(county: County):
    shown = taken(county, "leader", "/dashboard/wall")

    assert int(shown.headers["refresh"]) >= 60
    assert "<nav" not in shown.text
    assert "<script" not in shown.text


def test_a_moment_that_cannot_be_read_is_refused(county: County):
    for path in (
        "/dashboard?at=yesterday",
        "/dashboard/rows?at=2026-01-01.5",
        "/dashboard?at=zzzzzzzz.5",
        "/dashboard?area=1234567890123456789012",
        "/dashboard?age=9",
        "/cases?channel=x",
    ):
        assert taken(county, "leader", path).status_code == 422, path


def test_a_list_takes_the_wishes_of_bands_and_ages(county: County):
    desk = county.as_("leader")
    every = [one["id"] for one in desk.get("/api/cases", limit=200).json()["cases"]]
    told = [
        one["id"]
        for channel in ("people", "administrative", "litigation", "none")
        for one in desk.get("/api/cases", limit=200, channel=channel).json()["cases"]
    ]

    assert sorted(told) == sorted(every)
    assert 0 < len(desk.get("/api/cases", limit=200, came_out="self-settled").json()["cases"]) < len(every)
    assert 0 < len(desk.get("/api/cases", limit=200, age="4").json()["cases"]) < len(every)


def test_the_parts_of_a_treemap_are_as_large_as_their_numbers():
    random = Random(4)
    parts = [Part(f"{at}", random.randint(1, 400), "/x") for at in range(14)]
    drawn = str(charts_cells.treemap("", parts))

    areas = [float(w) * float(h) for w, h in re.findall(r'width="([\d.]+)" height="([\d.]+)" fill="#1f4e79"', drawn)]
    whole = sum(one.number for one in parts)
    for area, number in zip(areas, sorted((one.number for one in parts), reverse=True), strict=True):
        assert area / (440 * 300) == pytest.approx(number / whole, abs=0.02)


def test_what_flows_out_of_a_stop_is_what_flowed_in():
    ways = [Way(("a", "b", "c"), 3), Way(("a", "b", "d"), 2), Way(("e", "b", "d"), 4)]

    assert charts_flow.between(ways) == {(0, "a", "b"): 5, (1, "b", "c"): 3, (1, "b", "d"): 6, (0, "e", "b"): 4}
