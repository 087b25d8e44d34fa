"""Sheets of bodies, officers and changes have Chinese titles as well as English ones, and words beside codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import AREAS
from tests.cli.test_imports import Run, events, runner

CHINESE_BODIES = """*机构代码,名称,简称,机构类型,区域代码,调解途径,负责机构代码
LW,柳湾村人民调解委员会,柳湾,调委会,990101101201,,
SQ,石桥村人民调解委员会,石桥,人民调解委员会,990101101202,人民调解,
QX,青溪县综治中心,县综治,综治中心,990101,人民调解,
ZJ,青溪县住建局,县住建,行政机关,990101,行政调解,
WG,柳湾第一网格,网格,网格,990101101201001,,LW
"""
ENGLISH_BODIES = """channel,code,name,short_name,kind,area_code,answers_for
,LW,柳湾村人民调解委员会,柳湾,committee,990101101201,
people,SQ,石桥村人民调解委员会,石桥,committee,990101101202,
people,QX,青溪县综治中心,县综治,centre,990101,
administrative,ZJ,青溪县住建局,县住建,organ,990101,
,WG,柳湾第一网格,网格,grid,990101101201001,LW
"""
OFFICERS = """姓名,登录名,岗位,机构代码,委员,女
李明,li.ming,调解员,LW,是,否
王芳,lw2,mediator,LW,是,是
赵强,lw3,调解员,LW,yes,no
石乔,shi.qiao,调解员,SQ,,
网格员甲,grid,网格员,WG,,
"""


@pytest.fixture(scope="module")
def run(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("state")
    made = runner(make_database(), folder)
    (folder / "areas.csv").write_text(AREAS, encoding="utf-8")
    assert made("import", "areas", str(folder / "areas.csv"))[0] == 0
    return made


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[[str], str]:
    def write(content: str) -> str:
        (tmp_path / "sheet.csv").write_bytes(content.encode("gb18030"))
        return str(tmp_path / "sheet.csv")

    return write


def test_the_same_is_told_in_chinese_and_in_english(run, sheet, tmp_path):
    assert "recorded 5" in run("import", "bodies", sheet(CHINESE_BODIES))[1]
    assert "recorded 0, unchanged 5" in run("import", "bodies", sheet(ENGLISH_BODIES))[1]
    code, output = run("import", "officers", sheet(OFFICERS), "--passwords", str(tmp_path / "p.csv"))
    assert (code, "recorded 5" in output) == (0, True), output


@pytest.mark.parametrize(
    ("verb", "content", "row", "said"),
    [
        ("bodies", CHINESE_BODIES.replace("行政机关", "议会"), "5", "议会"),
        ("bodies", CHINESE_BODIES.replace("行政调解", "仲裁"), "5", "仲裁"),
        ("bodies", CHINESE_BODIES.replace("简称", "别称"), "1", "表头"),
        ("bodies", CHINESE_BODIES.replace("简称", "名称"), "1", "表头"),
        ("bodies", "代码,名称\nA,甲\n", "1", "简称 (short_name)"),
        ("changes", "变更,代码,生效日期\n改名,LW,2026/3/5\n", "2", "改名"),
        ("changes", "变更,代码,生效日期\n机构撤销,LW,三月五日\n", "2", "三月五日"),
        ("changes", "变更,代码,并入,生效日期\n机构合并,LW,NO,2026/3/5\n", "2", "没有这个代码的机构"),
        ("changes", "变更,代码,并入,生效日期\n机构合并,LW,QX,2026/3/5\n", "2", "同类、同级"),
        ("changes", "变更,代码,并入,生效日期\n机构合并,LW,LW,2026/3/5\n", "2", "并入自身"),
    ],
)
def test_what_does_not_fit_is_told_with_what_stands_there(run, sheet, verb, content, row, said):
    run("import", "bodies", sheet(ENGLISH_BODIES))
    before = events(run)

    code, output = run("import", verb, sheet(content))

    assert code == 1
    assert f"│ {row} " in output
    assert said in output.replace("\n", ""), output
    assert events(run) == before


def test_a_body_is_merged_by_a_sheet_with_chinese_titles_and_by_the_command_line(run, sheet):
    run("import", "bodies", sheet(CHINESE_BODIES))
    told = run("import", "changes", sheet("变更,代码,并入,生效日期\n机构合并,LW,SQ,2026年3月5日\n"))
    assert (told[0], "recorded 1" in told[1]) == (0, True), told

    again = run("area", "merge-body", "LW", "--into", "SQ", "--from", "2026-03-06")

    assert again[0] == 1
    assert "│ 1 " in again[1]
