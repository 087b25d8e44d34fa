"""tiaojie area, tiaojie import changes: registers change from a day on, one by one or a whole sheet at once."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import AREAS, BODIES
from tests.cli.test_imports import Run, events, runner
from tests.cli.workbooks import xlsx

HEADER = "change,code,into,in_force_from\n"
MORE = "990101102202,新头村,990101102,5\n990101102203,老头村,990101102,5\n"


@pytest.fixture
def run(make_database: Callable[[], str], tmp_path: Path) -> Run:
    made = runner(make_database(), tmp_path)
    for verb, content in (("areas", AREAS + MORE), ("bodies", BODIES)):
        file = tmp_path / f"{verb}.csv"
        file.write_text(content, encoding="utf-8")
        assert made("import", verb, str(file))[0] == 0
    return made


@pytest.fixture
def sheet(run: Run, tmp_path: Path) -> Callable[[str], tuple[int, str]]:
    def take_over(rows: str) -> tuple[int, str]:
        file = tmp_path / "changes.csv"
        file.write_text(HEADER + rows, encoding="utf-8")
        return run("import", "changes", str(file))

    return take_over


def test_a_year_of_changes_is_taken_over_in_the_order_of_its_rows(run, sheet):
    code, output = sheet(
        "rename,990101101,河口街道,2026-03-01\n"
        "split,990101102201,990101102202 990101102203,2026-03-01\n"
        "move,990101102202,990101101,2026-03-02\n"
        "merge,990101102,990101101,2026-03-03\n"
        "recode,990101101,990101901,2026-03-04\n"
        "rename,990101901,河口镇,2026-03-05\n"
        "abolish,990101101201001,,2026-03-05\n"
        "dissolve,PT,,2026-03-05\n"
    )

    assert (code, "recorded 8" in output) == (0, True), output
    assert run("check")[0] == 0


def test_a_sheet_with_a_fault_records_nothing_and_names_every_row(run, sheet):
    before = events(run)

    code, output = sheet(
        "rename,990101101,河口街道,2026-03-01\n"
        "abolish,990101102,,2026-03-01\n"
        "merge,990101101201,990101102,2026-03-01\n"
        "recode,990101101202,990101101201,2026-03-01\n"
        "dissolve,XX,,2026-03-01\n"
    )

    assert code == 1
    assert [row for row in ("3", "4", "5", "6") if f" {row} " not in output] == [], output
    assert events(run) == before


@pytest.mark.parametrize("row", ["vanish,990101101,,2026-03-01", "rename,990101101,新名,tomorrow", "rename,990101101"])
def test_a_row_that_says_nothing_is_named(run, sheet, row):
    code, output = sheet(row + "\n")

    assert code == 1
    assert " 2 " in output


@pytest.mark.parametrize(
    "verb",
    [
        ("rename", "990101101", "河口街道"),
        ("recode", "990101101", "990101901"),
        ("move", "990101101201", "--to", "990101102"),
        ("merge", "990101102", "--into", "990101101"),
        ("split", "990101102201", "--into", "990101102202", "--into", "990101102203"),
        ("abolish", "990101101201001"),
        ("dissolve-body", "PT"),
    ],
)
def test_each_change_has_a_verb_of_its_own(run, verb):
    code, output = run("area", *verb, "--from", "2026-03-01")

    assert (code, "recorded:" in output) == (0, True), output
    again, output = run("area", *verb, "--from", "2026-03-01")
    assert again == 1, output


def test_an_area_is_not_recoded_to_what_is_no_code(run):
    before = events(run)

    for code in ("abc$", "9901019", "990101901201"):
        status, output = run("area", "recode", "990101101", code, "--from", "2026-03-01")
        assert (status, "九位" in output or "9 for a township" in output) == (1, True), output

    assert events(run) == before


NEXT_YEAR = (AREAS + MORE).replace("990101102,上坪乡", "990101902,上坪镇").replace(",990101102,", ",990101902,")
NEXT_YEAR = NEXT_YEAR.replace("\n99010110220", "\n99010190220").replace("990101101202,石桥村,990101101,5\n", "")


def test_next_years_sheet_is_proposed_decided_in_a_plan_and_given_back(run, tmp_path, monkeypatch):
    file, plan = tmp_path / "next.csv", tmp_path / "plan.csv"
    file.write_text(NEXT_YEAR, encoding="utf-8")
    before = events(run)

    assert "--in-force-from" in run("import", "areas", str(file))[1], "from which day?"
    code, output = run("import", "areas", str(file), "--in-force-from", "2026-03-01")
    assert (code, "990101101202" in output, "石桥村" in output) == (1, True, True), output
    code, output = run("import", "areas", str(file), "--in-force-from", "2026-03-01", "--plan", str(plan))
    assert (code, events(run)) == (1, before), output

    rows = list(csv.reader(plan.read_text("utf-8-sig").splitlines()))
    assert {tuple(row[:3]) for row in rows[1:]} == {
        ("recode", "990101102", "990101902"),
        *(("recode", f"99010110220{n}", f"99010190220{n}") for n in (1, 2, 3)),
        ("?", "990101101202", ""),
    }
    undecided = run("import", "areas", str(file), "--in-force-from", "2026-03-01", "--decided", str(plan))
    assert (undecided[0], events(run)) == (1, before)
    plan.write_text(plan.read_text("utf-8-sig").replace("?,990101101202,", "并入,990101101202,990101101201"))
    code, output = run("import", "areas", str(file), "--in-force-from", "2026-03-01", "--decided", str(plan))

    assert (code, "recoded 4, ended 1" in output) == (0, True), output
    again = run("import", "areas", str(file), "--in-force-from", "2026-03-01", "--decided", str(plan))
    assert "founded 0, renamed 0, moved 0, recoded 0, ended 0" in again[1]
    assert run("check")[0] == 0


ANSWERS = [("merge 990101101201\ny\n", 0, 1), ("keep\ny\n", 0, 0), ("perhaps\nkeep\nn\n", 1, 0)]


@pytest.mark.parametrize(("answers", "code", "ended"), ANSWERS)
def test_somebody_at_a_terminal_is_asked_one_by_one_and_for_all(run, tmp_path, monkeypatch, answers, code, ended):
    file = tmp_path / "next.csv"
    file.write_text(NEXT_YEAR, encoding="utf-8")
    monkeypatch.setattr("api.cli.area_plan.at_a_terminal", lambda: True)
    before = events(run)

    done, output = run("import", "areas", str(file), "--in-force-from", "2026-03-01", answers=answers)

    assert done == code, output
    assert (f"recoded 4, ended {ended}" in output) == (code == 0)
    assert (events(run) == before) == (code == 1)


def test_a_workbook_of_areas_is_read_and_a_wrong_header_says_what_would_be_right(run, tmp_path):
    file = tmp_path / "areas.xlsx"
    file.write_bytes(xlsx([["代码", "名称"], [990101103.0, "新镇"]]))
    code, output = run("import", "areas", str(file))
    assert (code, "founded 1" in output) == (0, True), output

    file.write_bytes(xlsx([["地区", "负责人"], ["990101104", "某"]]))
    code, output = run("import", "areas", str(file))
    assert (code, "地区 · 负责人" in output, "名称 (name)" in output) == (1, True, True), output
