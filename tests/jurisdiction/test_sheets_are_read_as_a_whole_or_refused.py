"""The import of areas: what a sheet may say, and that nothing of a faulty one is taken over."""

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.jurisdiction.imports import Plan, plan
from domain.jurisdiction.successions import KnownArea
from domain.shared.sheets import Reason, SheetRefused
from domain.shared.values import Level
from tests.jurisdiction.memory import COUNTY, HEADER, imported, sheet


def faults(content: bytes, known: dict[str, KnownArea] | None = None) -> list[tuple[int, Reason]]:
    with pytest.raises(SheetRefused) as refused:
        plan(content, known or {})
    return [(fault.row, fault.reason) for fault in refused.value.faults]


def known(*rows: str) -> dict[str, KnownArea]:
    return {
        row.code: KnownArea(id=imported(row.code), code=row.code, name=row.name, level=row.level, parent=row.parent)
        for row in plan(sheet(*rows), {}).founded
    }


def test_a_county_is_founded_parents_first():
    founded = plan(sheet(*reversed(COUNTY)), {}).founded

    assert [row.level for row in founded][:3] == [Level.PROVINCE, Level.CITY, Level.COUNTY]
    assert len(founded) == len(COUNTY)


def test_a_sheet_as_an_office_program_saves_it_in_gbk_says_the_same():
    assert plan(sheet(*COUNTY).decode().encode("gbk"), {}) == plan(sheet(*COUNTY), {})


def test_what_is_no_text_is_refused_with_its_row_beside_the_other_faults():
    broken = sheet(*COUNTY, "420581104202,村,999,5") + b"420581106,\xff\xfe\xff,420581,4\n"

    assert faults(broken) == [(len(COUNTY) + 2, Reason.MISSING_PARENT), (len(COUNTY) + 3, Reason.NOT_TEXT)]


def test_a_workbook_is_refused_where_text_is_read():
    assert faults(b"PK\x03\x04" + sheet(*COUNTY)) == [(1, Reason.UNREADABLE)]


def test_a_byte_order_mark_and_compression_are_no_fault():
    marked = b"\xef\xbb\xbf" + sheet(*COUNTY)

    assert plan(marked, {}) == plan(sheet(*COUNTY), {}) == plan(gzip.compress(marked), {})


@pytest.mark.parametrize(
    "content", [b"", b"name,parent_code\n", b"\x1f\x8bnot gzip", HEADER.replace(",name", "").encode()]
)
def test_a_sheet_without_the_columns_is_refused(content):
    assert faults(content)[0][0] == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("420581106,五眼泉镇,999,4", Reason.MISSING_PARENT),
        ("420581106,五眼泉镇,,4", Reason.NO_COUNTY_ABOVE),
        ("420581106,五眼泉镇,42,4", Reason.NO_COUNTY_ABOVE),
        ("420581106,五眼泉镇,4205,4", Reason.NO_COUNTY_ABOVE),
        ("420581104,枝城镇,420581,4", Reason.DUPLICATE_CODE),
        ("420581106,五眼泉镇,420581104,4", Reason.PARENT_NOT_HIGHER),
        ("420581106,五眼泉镇,420581106,4", Reason.PARENT_NOT_HIGHER),
        ("420581106,五眼泉镇,420581,7", Reason.BAD_LEVEL),
        ("420581106,五眼泉镇,420581,", Reason.BAD_LEVEL),
        ("42 0581,五眼泉镇,420581,4", Reason.BAD_CODE),
        (",五眼泉镇,420581,4", Reason.BAD_CODE),
        ("A6,五眼泉镇,420581,4", Reason.BAD_CODE),
        ("42058110,五眼泉镇,420581,4", Reason.BAD_CODE),
        ("420581,五眼泉镇,4205,4", Reason.BAD_CODE),
        ("420581106201,五眼泉镇,420581,4", Reason.BAD_CODE),
        ("420581104,五眼泉村,420581104,5", Reason.BAD_CODE),
        ("420581106,,420581,4", Reason.BAD_NAME),
        ("420581106,五\u0000眼,420581,4", Reason.BAD_NAME),
        ("420581106,五\u202e眼,420581,4", Reason.BAD_NAME),
        (f"420581106,{'长' * 101},420581,4", Reason.BAD_NAME),
        ("420581106,五眼泉镇", Reason.WRONG_COLUMNS),
        ('420581106,"五眼泉镇,420581,4', Reason.OPEN_QUOTE),
    ],
)
def test_a_faulty_row_is_refused_with_its_number_and_reason(row, reason):
    assert faults(sheet(*COUNTY, row)) == [(len(COUNTY) + 2, reason)]


def test_all_faults_are_told_at_once():
    assert faults(sheet(*COUNTY, "420581106,,420581,4", "420581104202,村,999,5")) == [
        (len(COUNTY) + 2, Reason.BAD_NAME),
        (len(COUNTY) + 3, Reason.MISSING_PARENT),
    ]


def test_a_township_may_lie_in_a_city_that_has_no_counties():
    undivided = plan(sheet("44,广东省,,1", "4419,东莞市,44,2", "441900003,东城街道,4419,4"), {})

    assert len(undivided.founded) == 3


def test_grids_with_codes_of_their_own_are_imported_into_known_villages():
    grid = plan(sheet("枝城-全福河-01网格,第一网格,420581104201,6"), known(*COUNTY))

    assert [row.level for row in grid.founded] == [Level.GRID]


def test_the_same_sheet_again_says_nothing_new():
    again = plan(sheet(*COUNTY), known(*COUNTY))

    assert again == Plan(founded=(), renamed=(), moved=(), unchanged=len(COUNTY), vanished=())


def test_a_new_name_a_new_parent_and_a_vanished_code_are_told_apart():
    changed = (*COUNTY[:5], "420581104001,全福河新社区,420581105,5")

    found = plan(sheet(*changed), known(*COUNTY))

    assert [row.code for row in found.renamed] == [row.code for row in found.moved] == ["420581104001"]
    assert found.vanished == ()
    assert plan(sheet(*COUNTY[:6]), known(*COUNTY)).vanished == ("420581104001",)


def test_a_known_code_does_not_change_its_level():
    assert faults(sheet("420500,宜昌市,42,3"), known(*COUNTY)) == [(2, Reason.LEVEL_CHANGED)]


@given(st.permutations(COUNTY))
def test_the_order_of_the_rows_does_not_matter(rows):
    def told(sheet: bytes):
        return [(row.code, row.name, row.parent, row.level) for row in plan(sheet, {}).founded]

    assert told(sheet(*rows)) == told(sheet(*COUNTY))


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: (HEADER + text).encode("utf-8", "replace")))
def test_whatever_is_uploaded_there_is_a_plan_or_a_refusal(content):
    with suppress(SheetRefused):
        assert plan(content, {}).unchanged == 0
