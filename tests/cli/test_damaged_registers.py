"""tiaojie import cases, with what is damaged: errors of a spreadsheet, lost digits, ends of lines that differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import uuid4

import pytest

from tests.cli.test_import_cases import Office, line
from tests.cli.test_old_registers import SHEET, VILLAGE
from tests.cli.workbooks import Cell, Error, ods, xls, xls_with_a_formula, xlsx


@pytest.fixture(scope="module")
def office(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(make_database(), tmp_path_factory.mktemp("state"))


ERRORS = ["编号", "区域代码", "申请人", "登记日期", "涉案金额", "纠纷概况", "备注"]


OLD = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"]
NEWER = ["#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA", "#PYTHON!"]
TO_COME = ["#EXTERNAL!", "#NEXT_YEARS?"]


@pytest.mark.parametrize("place", range(7), ids=ERRORS)
@pytest.mark.parametrize("told", ["#N/A", "#REF!", "#DIV/0!", "########"])
def test_an_error_of_a_spreadsheet_is_told_with_its_column_and_never_taken_for_an_empty_cell(office, place, told):
    row = broken_at(place, told if told.startswith("##") else Error(told))

    for form in (xlsx, ods, csv_of):
        refused_for(office, place, told, form([ERRORS, [], row]))


@pytest.mark.parametrize(("place", "told"), list(enumerate(OLD)))
def test_an_error_in_an_old_workbook_is_told_with_its_column(office, place, told):
    refused_for(office, place, told, xls([ERRORS, [], broken_at(place, Error(told))]))


@pytest.mark.parametrize(("code", "told"), [(0x07, "#DIV/0!"), (0x2B, "#GETTING_DATA")])
def test_a_formula_of_an_old_workbook_that_came_to_nothing_is_told_with_its_column(office, code, told):
    row = [*broken_at(6, "旧档")]
    row[3] = "2021-03-05"

    refused_for(office, 4, told, xls_with_a_formula([ERRORS, [], row], (2, 4), code))


@pytest.mark.parametrize("told", [*NEWER, *TO_COME])
def test_an_error_that_is_newer_than_the_library_is_a_fault_of_its_cell_in_whichever_sheet(office, told):
    fine: list[Cell] = [f"fine-{told}", VILLAGE, "周大山", date(2021, 3, 5), 12.5, "滴水", "旧档"]

    for place, form in ((2, xlsx), (4, xlsx), (2, ods), (4, ods), (6, csv_of)):
        refused_for(office, place, told, form([ERRORS, [], broken_at(place, Error(told))]))
    rows, _ = office.take(xlsx([ERRORS, fine], [["x", Error(told)]]), name="e.xlsx")
    assert [one[2] for one in rows] == ["imported"], office.told


@pytest.mark.parametrize("told", ["#N/A", "#DIV/0!", "Err:502", "#名称?"])
def test_an_error_that_an_open_document_shows_over_a_nought_is_told_all_the_same(office, told):
    for place in (3, 4):
        refused_for(office, place, told, ods([ERRORS, [], broken_at(place, Error(told))], names=False))


@pytest.mark.parametrize("form", [xlsx, xls, ods])
def test_a_row_of_which_an_error_alone_is_left_is_told(office, form):
    fine: list[Cell] = [f"alone-{form.__name__}", VILLAGE, "周大山", date(2021, 3, 5), 12.5, "滴水", "旧档"]

    rows, _ = office.take(form([ERRORS, fine, [None, None, Error("#REF!")]]), name="e.xlsx")

    assert [(one[0], one[2]) for one in rows] == [("2", "imported"), ("3", "unreadable")], office.told


def broken_at(place: int, with_what: Cell) -> list[Cell]:
    row: list[Cell] = [f"E-{place}-{uuid4()}", VILLAGE, "周大山|||柳湾村", date(2021, 3, 5), 12.5, "滴水", "旧档"]
    row[place] = with_what
    return row


def refused_for(office: Office, place: int, told: str, content: bytes | str) -> None:
    rows, _ = office.take(content, name="e.csv" if isinstance(content, str) else "e.xlsx")

    assert [(one[0], one[2]) for one in rows] == [("3", "unreadable")], office.told
    assert f"【{ERRORS[place]}】“{told}”是电子表格的错误值" in office.told[0]


def csv_of(rows: Sequence[Sequence[Cell]]) -> str:
    return "".join(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


def test_of_several_people_in_a_cell_one_may_be_an_error_and_an_unknown_column_keeps_it_as_it_is(office):
    text = (
        f"编号,区域代码,申请人,登记日期,卷号\nE-a,{VILLAGE},周大山;#N/A,2021/3/5,\nE-b,{VILLAGE},周大山,2021/3/5,#N/A\n"
    )

    rows, _ = office.take(text, name="e.csv")

    assert [row[2] for row in rows] == ["unreadable", "imported"], office.told


@pytest.mark.parametrize("number", ["4.20581E+11", "1.2E+05", "2.02112345678901e+17"])
def test_a_number_of_which_a_spreadsheet_lost_digits_is_no_case(office, number):
    rows, _ = office.take(
        f"编号,区域代码,登记日期\n{number},{VILLAGE},2021/3/5\n{len(number)}E12,{VILLAGE},2021/3/5\n", name="n.csv"
    )

    assert [row[2] for row in rows] == ["unreadable", "imported"]
    assert f"【编号】“{number}”代码被电子表格改坏" in office.told[0]


def test_rows_that_end_otherwise_than_the_rest_are_rows_of_their_own(office):
    ends = ("\r", "\r", "\n", "\r\n", "\r", "\r\n")
    text = "".join(f"R-{n},{VILLAGE},周山,吴河,2021/3/5{end}" for n, end in enumerate(ends))

    rows, _ = office.take(SHEET.replace("\n", "\r\n") + text, name="r.csv")

    assert [row[:3] for row in rows] == [(str(n + 2), f"R-{n}", "imported") for n in range(len(ends))]


def test_what_is_read_as_titles_is_told_without_signs_that_nobody_sees(office):
    file = office.folder / "wide.csv"
    file.write_bytes(SHEET.encode("utf-32"))

    code, output = office.run("import", "cases", str(file))

    assert (code, "缺少列" in output, "\0" in output) == (1, True, False)


@pytest.mark.parametrize("twice", ["number", "at", "name", "facts"])
def test_a_key_that_stands_twice_in_a_line_of_json_is_told_and_its_row_not_taken(office, twice):
    text = line(f"twice-{twice}", facts="滴水").replace(f'"{twice}": ', f'"{twice}": "2021-03-05", "{twice}": ', 1)

    rows, _ = office.take(text)

    assert [row[2] for row in rows] == ["unreadable"]
    assert f"“{twice}”这个字段写了两次" in office.told[0]
