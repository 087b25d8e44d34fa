"""Every clock of the table of clocks is in the code, once, with its length and its unit."""

from __future__ import annotations

import csv
import importlib
import os
import pkgutil
from pathlib import Path

import pytest

import domain
from application.rules import CLOCKS, MODULES, limits_of
from domain.shared.law import Effect, Extension, Footing, TimeLimit, Unit

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / os.environ.get("REAL_DATA", "../shared/data") / "law" / "clocks.csv"
UNITS = {
    "hour": Unit.HOURS,
    "calendar_day": Unit.DAYS,
    "working_day": Unit.WORKING_DAYS,
    "calendar_month": Unit.MONTHS,
    "calendar_year": Unit.YEARS,
}
FAILS = ("视为调解不成", "终结;法院依法登记立案", "转入审判", "终止调解;7个工作日内告知")
"""What the table says of a mediation that its rule ends by itself."""
NOT_READ = ("GENERAL_KNOWLEDGE_UNVERIFIED", "RETRIEVED(二手)")
READ_SINCE = frozenset({"SAMR_ACCEPT", "SAMR_CONCLUDE", "PSB_SECOND_MED"})
"""Whose articles came to hand after the table was made (投诉举报处理暂行办法 14, 21; 办理行政案件程序规定 183)."""


def rows() -> list[dict[str, str]]:
    if not TABLE.is_file():
        return []
    with TABLE.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


here = pytest.mark.skipif(not TABLE.is_file(), reason="the table of clocks (REAL_DATA) is not here")
each = pytest.mark.parametrize("row", rows(), ids=lambda row: row["clock_id"])


def every_limit() -> list[TimeLimit]:
    return [one for module in MODULES for one in limits_of(module)]


def test_no_two_clocks_have_one_code():
    codes = [one.code for one in every_limit()]

    assert sorted(codes) == sorted(CLOCKS)


def test_no_module_of_limits_is_forgotten():
    modules = [one.name for one in pkgutil.walk_packages(domain.__path__, "domain.") if one.name.endswith("limits")]
    defined = {one.code for name in modules for one in limits_of(importlib.import_module(name))}

    assert sorted(modules) == sorted(one.__name__ for one in MODULES)
    assert defined == set(CLOCKS)


@here
def test_the_table_has_41_rows():
    assert len({row["clock_id"] for row in rows()}) == 41


@here
@each
def test_a_clock_is_as_long_as_the_table_says(row):
    limit = CLOCKS[row["clock_id"]]

    assert (limit.length, limit.counted_in) == (int(row["duration"]), UNITS[row["unit"]])


@here
@each
def test_a_mediation_ends_by_itself_only_where_the_table_says_so(row):
    limit = CLOCKS[row["clock_id"]]

    assert (limit.effect is Effect.CLOSE_AS_FAILED) == (row["on_expiry"] in FAILS)


@here
@each
def test_a_clock_says_whether_its_article_was_read_and_whose_it_is(row):
    limit = CLOCKS[row["clock_id"]]

    assert limit.text_read == (row["verification"] not in NOT_READ or row["clock_id"] in READ_SINCE)
    assert (limit.footing is Footing.EXAMPLE) == ("外地示范" in row["verification"])


@here
@each
def test_a_limit_that_cannot_be_extended_says_so(row):
    limit = CLOCKS[row["clock_id"]]

    if "不得延长" in row["extension"] or row["extension"] == "无":
        assert limit.extended_by is Extension.NONE
    if "同意" in row["extension"]:
        assert limit.extended_by is Extension.PARTIES


@pytest.mark.parametrize("limit", every_limit(), ids=lambda one: one.code)
def test_an_amended_limit_keeps_its_code_and_its_texts_follow_each_other(limit):
    texts = (limit, *limit.amended)

    assert {one.code for one in texts} == {limit.code}
    begun = [one.basis.in_force for one in texts if one.basis.in_force]
    assert begun == sorted(set(begun))


@pytest.mark.parametrize("limit", every_limit(), ids=lambda one: one.code)
def test_a_limit_says_what_starts_it_and_where_it_stands(limit):
    assert limit.starts
    assert limit.basis.law
    assert limit.basis.article or limit.footing is not Footing.LAW
