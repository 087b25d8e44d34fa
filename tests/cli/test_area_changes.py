"""tiaojie area, tiaojie import changes: registers change from a day on, one by one or a whole sheet at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import AREAS, BODIES
from tests.cli.test_imports import Run, events, runner

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
