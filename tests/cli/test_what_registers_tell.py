"""tiaojie import cases: levels in steps, days of then, notes and who did it, in sheets and in lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from application.legacy import sheets
from tests.api.conftest import BODIES
from tests.cli.test_import_cases import SHEET, Office, line
from tests.cli.test_old_registers import VILLAGE, handed

TOWN = "HK"


@pytest.fixture(scope="module")
def office(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """With an organ beside the committees."""
    made = Office(make_database(), tmp_path_factory.mktemp("state"))
    file = made.folder / "organ.csv"
    file.write_text(
        f"{BODIES.splitlines()[0]}\nZJ,青溪县住建局,县住建,organ,990101,administrative,\n", encoding="utf-8"
    )
    code, output = made.run("import", "bodies", str(file))
    assert code == 0, output
    return made


def stored(office: Office, number: str) -> list[dict[str, Any]]:
    """What is recorded of the case of that number: its own entries, in their order."""
    query = (
        "SELECT topic, convert_from(state, 'UTF8') FROM stored_events WHERE originator_id ="
        " (SELECT originator_id FROM stored_events WHERE topic = 'case.imported'"
        " AND convert_from(state, 'UTF8')::json -> 'event' ->> 'number' = %s) ORDER BY originator_version"
    )
    with psycopg.connect(office.url) as connection:
        return [{"name": name, **json.loads(state)} for name, state in connection.execute(query, [number])]


def by_steps(number: str, steps: str) -> str:
    return f"编号,区域代码,申请人,被申请人,步骤\n{number},{VILLAGE},周大山,吴小河,{steps}\n"


def test_what_went_past_a_level_and_what_an_organ_returned_is_imported_as_told(office):
    rows, _ = office.take(handed("levels_and_organs.ndjson").replace(b"TOWNSHIP", TOWN.encode()))

    assert [row[1:] for row in rows] == [("LEV-1", "imported", ""), ("ORG-1", "imported", "")], office.told
    held = [one["event"]["level"] for one in stored(office, "LEV-1") if one["name"] == "case.holder_changed"]
    assert held == ["county", "township", "village"]
    (back,) = [one["event"] for one in stored(office, "ORG-1") if one["name"] == "case.referral_came_back"]
    assert back["outcome"] == "failed"
    office.sound()


PER_CELL = {
    "past a level": (
        "登记; 2021/3/5 上行 县级 疑难复杂; 2021/3/8 退回下级 机构=HK; 2021/3/9 退回下级",
        "imported",
        "",
    ),
    "level in between": (
        "登记; 2021/3/5 上行 县级 疑难复杂; 2021/3/8 退回下级 乡镇（街道）",
        "imported",
        "",
    ),
    **{
        f"up to {word}": (f"登记; 2021/3/5 上行 {word} 有激化风险", "imported", "")
        for word in ("县", "县级", "市（县）", "区县", "乡镇", "镇", "街道", "乡级")
    },
    "called up": (
        "登记; 2021/3/5 提级 乡镇（街道） 有激化风险 限期=2021/4/1; 2021/3/8 交办 机构=LW",
        "imported",
        "",
    ),
    "supervised": (
        "登记; 2021/3/5 督办 乡镇（街道） 逾期未化解 限期=2021/3/9 按期=是; 2021/3/9 报告督办情况; 2021/3/20 结束督办",
        "imported",
        "",
    ),
    "supervised too late": (
        "登记; 2021/3/5 督办 乡镇（街道） 逾期未化解 限期=2021/3/9 按期=是; 2021/3/10 报告督办情况",
        "flagged",
        "kept-does-not-fit",
    ),
    "urged": (
        "登记; 2021/3/5 督办 乡镇（街道） 逾期未化解; 2021/3/6 催办 请抓紧",
        "imported",
        "",
    ),
    "urged without": (
        "登记; 2021/3/6 催办",
        "flagged",
        "not-supervised",
    ),
    "no ground": (
        "登记; 2021/3/5 提级 乡镇（街道）",
        "flagged",
        "no-ground",
    ),
    "assigned upwards": (
        "登记; 2021/3/5 交办 乡镇（街道）",
        "flagged",
        "not-below",
    ),
    "nobody above": (
        "登记; 2021/3/5 提级 机构=NOBODY",
        "flagged",
        "no-such-body",
    ),
    "reopened": (
        "登记; 2021/3/6 结案 撤回; 2021/4/1 重新办理 反悔; 2021/4/2 受理",
        "imported",
        "",
    ),
    "reopened without closing": (
        "登记; 2021/4/1 重新办理",
        "flagged",
        "not-closed",
    ),
    "noted": (
        "登记; 2021/3/6 记事 走访双方",
        "imported",
        "",
    ),
    "noted after its closing": (
        "登记; 2021/3/6 结案 撤回; 2021/4/1 记事 回访",
        "imported",
        "",
    ),
    "in time": (
        "登记; 2021/3/2 受理 限期：2021年4月1日 按期：是; 2021/4/1 调解不成",
        "imported",
        "",
    ),
    "a day too late": (
        "登记; 2021/3/2 受理 限期=2021/4/1 按期=否; 2021/4/2 调解不成",
        "imported",
        "",
    ),
    "kept otherwise": (
        "登记; 2021/3/2 受理 限期=2021/4/1 按期=按期; 2021/4/2 调解不成",
        "flagged",
        "kept-does-not-fit",
    ),
    "overdue before it began": (
        "登记; 2021/3/2 受理 限期=2021/3/1",
        "flagged",
        "day-is-over",
    ),
    "only outcomes": (
        "登记; 2021/3/2 达成协议 书面; 2021/3/5 结案 达成书面协议",
        "imported",
        "",
    ),
    "only a failure": (
        "登记; 2021/3/2 调解不成; 2021/3/5 结案 调解不成",
        "imported",
        "",
    ),
    "without marks of a day": (
        "登记; 2021/3/2 受理 限期2021/4/1",
        "flagged",
        "day-in-a-note",
    ),
}


Told = tuple[tuple[str, ...], str]


def each(office: Office, content: str, name: str) -> list[Told]:
    """All in one go: what the report says of each row, as codes and in words."""
    rows, _ = office.take(content, name=name)
    return [*zip(rows, office.told, strict=True)]


@pytest.fixture(scope="module")
def cells(office: Office) -> dict[str, Told]:
    told = [by_steps(f"C-{name}", f"2021/3/1 {steps}") for name, (steps, *_) in PER_CELL.items()]
    told += [by_steps(f"U-{steps}", f"2021/3/1 {steps}") for steps in UNFIT]
    head = told[0].splitlines(keepends=True)[0]
    found = each(office, head + "".join(one.removeprefix(head) for one in told), "steps.csv")
    return dict(zip([*PER_CELL, *UNFIT], found, strict=True))


@pytest.mark.parametrize("name", PER_CELL)
def test_a_cell_of_steps_tells_what_registers_tell(cells, name):
    _, outcome, rule = PER_CELL[name]
    row, words = cells[name]

    assert row[2:] == (outcome, rule), words


UNFIT = {
    "登记; 2021/3/2 受理 限期=2021/2/30": "【步骤】“2021/2/30”没有这一天",
    "登记; 2021/3/2 受理 限期=44260": "【步骤】“44260”这是电子表格的日期序号（2021-03-05）",
    "登记; 2021/3/2 受理 限期=下周": "【步骤】“下周”应为日期",
    "登记; 2021/3/2 受理 限期=2021/4/1 按期=大概": "【步骤】“大概”应为 是 或者 否",
    "登记; 2021/3/2 提请": "【步骤】“提请”应为其中之一：",
}


@pytest.mark.parametrize("steps", UNFIT)
def test_what_does_not_fit_in_a_cell_of_steps_is_told_with_what_stands_there(cells, steps):
    row, words = cells[steps]

    assert row[2] == "unreadable"
    assert UNFIT[steps] in words


COLUMNS = (
    "编号,区域代码,申请人,被申请人,登记日期,受理日期,调解日期,协议日期,结案日期,处理结果,"
    "限办日期,是否按期,经办人,调解员\n"
)


def row(number: str, due: str = "2021/5/1", kept: str = "是", **more: str) -> str:
    told = f"2021/3/1,2021/3/2,2021/3/3,2021/3/4,2021/3/9,达成书面协议,{due},{kept},{more.get('by', '王主任')},李调解\n"
    return f"{number},{VILLAGE},周大山,吴小河,{told}"


def test_columns_tell_the_day_whether_it_was_kept_and_who_did_it(office):
    rows, _ = office.take(COLUMNS + row("K-1"), name="k.csv")
    told = {one["name"]: one for one in stored(office, "K-1")}

    assert rows[0][2:] == ("imported", ""), office.told
    assert told["case.deadline_told"]["event"] == {"step": "registered", "due": "2021-05-01", "kept": True}
    assert told["case.accepted"]["as"] == {"role": "told", "officer": "王主任", "body": "柳湾村人民调解委员会"}
    assert told["case.session_held"]["as"]["officer"] == told["case.agreement_reached"]["as"]["officer"] == "李调解"
    assert told["case.imported"]["as"] == {"role": "operator"}
    assert {one["by"] for one in told.values()} == {told["case.imported"]["by"]}, "on whose word it is recorded"
    office.sound()


UNFIT_COLUMNS = {
    ("2021/13/1", "是"): "【限办日期】“2021/13/1”没有这一天",
    ("45049", "是"): "【限办日期】“45049”这是电子表格的日期序号（2023-05-03）",
    ("21/5/1", ""): "【限办日期】“21/5/1”应为日期",
    ("2021/5/1", "也许"): "【是否按期】“也许”应为 是 或者 否",
    ("2021/5/1", "√"): "【是否按期】“√”应为 是 或者 否",
}


def test_what_does_not_fit_is_told_by_the_title_of_its_own_column(office):
    told = "".join(row(f"K-2-{number}", due, kept) for number, (due, kept) in enumerate(UNFIT_COLUMNS))

    for said, (found, words) in zip(UNFIT_COLUMNS.values(), each(office, COLUMNS + told, "k.csv"), strict=True):
        assert found[2] == "unreadable"
        assert said in words


UNFIT_LINES: list[tuple[dict[str, Any], str]] = [
    ({"due": "2021/2/30"}, "【steps.1.due】“2021/2/30”没有这一天"),
    ({"due": 45049}, "【steps.1.due】“45049”应为日期"),
    ({"kept": "大概"}, "【steps.1.kept】“大概”应为 是 或者 否"),
    ({"by": "x" * 101}, "【steps.1.by】"),
    ({"step": "assigned"}, "【steps.1.step】“assigned”应为其中之一："),
    ({"outcome": "fine"}, "【steps.1.outcome】“fine”应为其中之一："),
]


def test_lines_of_json_tell_the_same_faults_by_their_place(office):
    first, second = {"step": "registered", "at": "2021-03-01"}, {"step": "accepted", "at": "2021-03-02"}
    told = "".join(line(f"J-{number}", first, second | step) for number, (step, _) in enumerate(UNFIT_LINES))

    for (_, said), (found, words) in zip(UNFIT_LINES, each(office, told, "cases.ndjson"), strict=True):
        assert found[2] == "unreadable"
        assert said in words


def test_a_sheet_and_a_line_that_tell_the_same_are_the_same(office):
    told = by_steps(
        "S-1", "2021/3/1 登记 经办人=王五; 2021/3/2 受理 限期=2021/4/1 按期=否 经办人=赵六; 2021/4/2 调解不成"
    )
    steps: list[dict[str, Any]] = [
        {"step": "registered", "at": "2021.3.1", "by": "王五"},
        {"step": "accepted", "at": "2021年3月2日", "due": "20210401", "kept": False, "by": "赵六"},
        {"step": "failed", "at": "2021-04-02"},
    ]

    assert office.take(told, name="s.csv")[0][0][2] == "imported"
    assert office.take(line("S-1", *steps))[0][0][2] == "already-there"


def test_a_row_that_was_imported_before_its_columns_were_known_is_the_same_case(office, monkeypatch):
    new = {title: name for title, name in sheets.TITLES.items() if name in sheets.NEWER}
    with monkeypatch.context() as before:
        before.setattr(sheets, "TITLES", {title: name for title, name in sheets.TITLES.items() if title not in new})
        assert office.take(COLUMNS + row("B-1"), name="b.csv")[0][0][2] == "imported"

    assert office.take(COLUMNS + row("B-1"), name="b.csv")[0][0][2] == "already-there"
    assert office.take(COLUMNS + row("B-1", by="别人"), name="b.csv")[0][0][2] == "conflict"


def test_two_days_of_reopening_stand_in_a_column(office):
    sheet = SHEET.replace("登记日期", "登记日期,撤回日期,结案日期,处理结果,重新办理日期")

    rows, _ = office.take(
        f"{sheet}R-9,{VILLAGE},周大山,吴小河,2021/3/1,2021/3/2,2021/3/3,撤回,2021/4/1\n", name="r.csv"
    )

    assert rows[0][2:] == ("imported", ""), office.told
    assert stored(office, "R-9")[-1]["name"] == "case.reopened"
