"""导出: a list goes out as it is shown, as text for every spreadsheet; each export is in the log with its cases."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from application.looks import LooksAsked
from tests.api.conftest import County, Desk

ODD = ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "𠮷野家", "长" * 50)


@pytest.fixture(scope="module")
def desk(county: County) -> Desk:
    made = county.as_("li.ming")
    for name in ODD:
        parties = [{"side": "applicant", "name": name}, {"side": "respondent", "name": "吴小河"}]
        made.register(parties=parties)
    county.parts.projector.catch_up()
    return made


def of_csv(desk: Desk, **wanted: Any) -> list[list[str]]:
    told = desk.get("/cases.csv", **wanted)
    assert told.status_code == 200, told.text
    assert told.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(told.content.decode("utf-8-sig"))))


def of_xlsx(desk: Desk, **wanted: Any) -> list[list[str]]:
    told = desk.get("/cases.xlsx", **wanted)
    assert told.status_code == 200, told.text
    sheet = CalamineWorkbook.from_filelike(BytesIO(told.content)).get_sheet_by_index(0)
    return [[str(one) for one in row] for row in sheet.to_python()]


def test_a_name_is_text_in_every_spreadsheet(desk):
    texts, sheet = of_csv(desk), of_xlsx(desk)

    named = {row[1] for row in sheet[1:]}
    assert set(ODD) <= named
    assert {row[1] for row in texts[1:]} == {f"'{one}" if one.startswith("=") else one for one in named}


@pytest.mark.parametrize("wanted", [{}, {"queue": "accept"}, {"status": "closed"}, {"sort": "oldest"}])
def test_what_goes_out_is_the_list_in_its_order(desk, wanted):
    listed = desk.get("/api/cases", limit=200, **wanted).json()["cases"]

    for rows in (of_csv(desk, **wanted), of_xlsx(desk, **wanted)):
        assert [row[0] for row in rows[1:]] == [one["code"] for one in listed]


@pytest.mark.parametrize("login", ["shi.qiao", "leader", "auditor", "town", "admin", "grid"])
def test_nobody_takes_away_what_they_do_not_see(county, desk, login):
    other = county.as_(login)
    listed = other.get("/api/cases", limit=200).json()["cases"]

    rows = of_csv(other)[1:]
    assert [row[0] for row in rows] == [one["code"] for one in listed]
    assert {row[1] for row in rows} == {
        f"'{one['applicants']}" if one["applicants"].startswith("=") else one["applicants"] for one in listed
    }


def test_an_export_is_in_the_log_with_every_case_that_went_out(county, desk):
    codes = [row[0] for row in of_csv(desk)[1:]]
    line = county.parts.system.looks.looks(LooksAsked(limit=1))[0]

    assert line.through == "GET /cases.{kind}"
    assert len(line.cases) == len(codes) >= len(ODD)
