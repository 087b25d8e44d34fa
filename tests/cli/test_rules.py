"""tiaojie rules: the clocks are listed, packs loaded, tried and withdrawn, holidays recorded and amended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.console import out
from tests.api.conftest import AREAS
from tests.cli.test_imports import Run, events, runner

PACK = """
area = "{area}"
name = "{name}"
in_force_from = 2026-01-01

[[limit]]
code = "{code}"
length = 20
unit = "working-days"
effect = "escalate"
law = "某县行政调解办法"
article = "第十二条"
"""


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "width", 200)


@pytest.fixture(scope="module")
def run(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("state")
    made = runner(make_database(), folder)
    areas = folder / "areas.csv"
    areas.write_text(AREAS, encoding="utf-8")
    code, output = made("import", "areas", str(areas))
    assert code == 0, output
    return made


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., str]:
    def write(name: str, area: str = "990101", code: str = "ADM_CONCLUDE_DEFAULT") -> str:
        file = tmp_path / "pack.toml"
        file.write_text(PACK.format(name=name, area=area, code=code), encoding="utf-8")
        return str(file)

    return write


def test_every_clock_is_listed_with_its_article(run):
    code, output = run("rules", "list")

    assert code == 0, output
    assert "JC_APPLY" in output
    assert "第二百零五条" in output


def test_a_pack_is_loaded_shown_and_withdrawn(run, pack):
    assert run("rules", "load", pack("县规则"))[0] == 0
    assert "20 working-days, escalate (县规则)" in " ".join(run("rules", "list")[1].split())

    code, output = run("rules", "withdraw", "县规则", "--since", "2026-02-01")
    assert code == 0, output
    assert "县规则" not in run("rules", "list")[1]


def test_of_two_packs_with_one_name_the_area_says_which(run, pack):
    for area in ("990101101", "990101102"):
        assert run("rules", "load", pack("镇规则", area))[0] == 0

    assert "2 个规则包" in run("rules", "withdraw", "镇规则")[1]
    assert run("rules", "withdraw", "镇规则", "--area", "990101101")[0] == 0
    assert run("rules", "withdraw", "没有")[0] == 1


def test_a_pack_with_a_fault_is_refused_and_nothing_recorded(run, pack):
    before = events(run)

    code, output = run("rules", "load", pack("不行", "42", "JC_APPLY"))

    assert code == 1
    assert "该期限由法律规定" in output
    assert events(run) == before


def test_a_trial_tells_what_is_compared_and_records_nothing(run, pack):
    before = events(run)

    code, output = run("rules", "try", pack("试行"))

    assert code == 0, output
    assert "ADM_CONCLUDE_DEFAULT" in output
    assert "overdue: the record went on at or after the end of the limit" in " ".join(output.split())
    assert events(run) == before


def test_holidays_are_recorded_and_a_day_amended(run):
    code, output = run(
        "rules", "holidays", "2027", "--free", "2027-01-01..2027-01-03", "--free", "2027-02-05,2027-02-06",
        "--work", "2027-01-09", "--notice", "国办发明电〔2026〕7号",
    )  # fmt: skip
    assert code == 0, output
    assert "+1: published until 2027-12-31" in output

    code, output = run("rules", "amend", "2027-02-07", "free", "--because", "通知更正")
    assert (code, "+2: published until 2027-12-31" in output) == (0, True)


@pytest.mark.parametrize(
    "words",
    [
        ("holidays", "2028", "--free", "next week", "--notice", "x"),
        ("holidays", "2028", "--free", "2028-01-01..2028-12-31", "--notice", "x"),
        ("holidays", "2028", "--free", "2029-01-01", "--notice", "x"),
        ("amend", "2027-02-07", "maybe", "--because", "x"),
        ("amend", "tomorrow", "free", "--because", "x"),
    ],
)
def test_what_is_no_holiday_is_refused_and_nothing_recorded(run, words):
    before = events(run)

    assert run("rules", *words)[0] != 0
    assert events(run) == before
