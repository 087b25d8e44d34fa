"""tiaojie import cases, with what offices have: workbooks, encodings, separators, what a spreadsheet has damaged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest

from tests.cli.test_import_cases import PARTIES, SHEET, Office, line
from tests.cli.workbooks import xls, xlsx
from tests.effort import in_turn

FAULTS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "faults"
VILLAGE = "990101101201"


@pytest.fixture(scope="module")
def office(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(make_database(), tmp_path_factory.mktemp("state"))


def handed(name: str, **replaced: str) -> bytes:
    """A file that was handed to us, of our own county."""
    if not FAULTS.is_dir():
        pytest.skip("the inputs that failed (shared/data/faults) are not here")
    content = (FAULTS / "sheets" / name).read_bytes()
    for was in ("420581001001", "980101100201", "４２０５８１００１００１"):
        wide = VILLAGE.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
        content = content.replace(was.encode(), (wide if was[0] == "４" else VILLAGE).encode())
    return content


def of(rows: list[tuple[str, ...]]) -> dict[str, tuple[str, str]]:
    """Outcome and rules by number."""
    return {row[1]: (row[2], row[3]) for row in rows}


TITLES = ["编号", "区域代码", "申请人", "被申请人", "登记日期", "结案日期", "处理结果"]
MANY = [
    TITLES,
    ["W-1", float(VILLAGE), "周大山", "吴小河", date(2021, 3, 5), None, None],
    [],
    ["W-2", VILLAGE, "周大山|110101199003078000", "吴小河", datetime(2021, 3, 5, 14, 30), None, None],  # noqa: DTZ001
    ["W-3", VILLAGE, "周大山", "吴小河", "昨天", None, None],
    [2023001.0, VILLAGE, "周大山", "吴小河", "2021年3月5日", date(2021, 3, 9), "自行和解"],
    ["W-4", 4.20581e17, "周大山", "吴小河", "2021/3/5", None, None],
]


@pytest.mark.parametrize(("made", "suffix"), [(xlsx, "xlsx"), (xls, "xls"), (xlsx, "csv"), (xls, "XLS")])
def test_a_workbook_is_read_as_it_is_shown_whatever_it_is_named(office, made, suffix):
    rows = [TITLES, *([f"{suffix}-{row[0]}", *row[1:]] if row else [] for row in MANY[1:])]

    reported, _ = office.take(made([], rows), name=f"cases.{suffix}")

    assert [row[0] for row in reported] == ["2", "4", "5", "6", "7"], "a blank row counts"
    assert [row[2] for row in reported] == ["imported", "flagged", "unreadable", "imported", "unreadable"]
    assert reported[1][3] == "unfit-identity-number"
    assert office.told[2].endswith("【登记日期】“昨天”应为日期，如 2023/5/3、2023年5月3日、2023-05-03 14:30")
    assert "【区域代码】“4.20581000000000E+17”代码被电子表格改坏" in office.told[4]
    office.sound()


def test_a_zip_that_is_no_workbook_and_one_without_end_are_refused_as_a_whole(office, monkeypatch):
    monkeypatch.setattr("infrastructure.workbooks.MOST_BYTES", 10_000)
    for content, said in ((xlsx([["x" * 20_000]]), "过大"), (xlsx([["编号"]])[:-30], "压缩包")):
        file = office.folder / "bomb.xlsx"
        file.write_bytes(content)
        code, output = office.run("import", "cases", str(file))
        assert (code, said in output) == (1, True), output


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


ENDS = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
FORMS = [*product(ENDS, ENCODINGS, SEPARATORS)]


@pytest.mark.parametrize(
    "form", in_turn(FORMS, of=7), ids=lambda form: f"{SEPARATORS[form[2]]}-{ENDS[form[0]]}-{form[1]}"
)
def test_a_sheet_is_read_in_any_encoding_with_any_line_end_and_separator(office, form):
    end, encoding, separator = form
    number = f"E-{encoding}-{ord(end[0])}{len(end)}-{ord(separator)}"
    titles = ["编号", "区域代码", "申请人", "被申请人", "登记日期", "步骤"]
    cells = [number, VILLAGE, "周𬍛", "吴小河", "2021/3/5", '"2021/3/6 受理\n2021/3/7 调解 说了""好"""']
    text = end.join([separator.join(titles), separator.join(cells), separator.join(["", *cells[1:5]]), ""])
    before = len(office.imported())

    rows, _ = office.take(text.encode(encoding), name="a.csv")

    assert [row[:3] for row in rows] == [("2", number, "imported"), ("3", "", "unreadable")]
    assert "【编号】不能为空" in office.told[1]
    assert [one["steps"] for one in office.imported() if one["number"] == number] == [3]
    assert len(office.imported()) == before + 1


def test_a_first_line_may_tell_the_separator(office):
    text = f"sep=;\n编号;区域代码;申请人;被申请人;登记日期\nP-1;{VILLAGE};周大山;吴小河;2021/3/5\n"

    assert [row[:3] for row in office.take(text, name="sep.csv")[0]] == [("2", "P-1", "imported")]


@pytest.mark.parametrize("name", ["utf16.csv", "cr.csv", "bom_semicolon.csv"])
def test_the_sheets_that_were_handed_to_us_are_read(office, name):
    rows, _ = (
        office.take(handed(name), name=name)
        if name != "utf16.csv"
        else office.take(handed(name).decode("utf-16").replace("980101100201", VILLAGE).encode("utf-16"), name=name)
    )

    assert {row[2] for row in rows} <= {"imported", "flagged", "already-there"}, office.told
    assert rows


def test_a_register_as_a_spreadsheet_leaves_it_is_read_flagged_or_refused_with_its_column(office):
    rows, _ = office.take(handed("odd.csv"), name="odd.csv")
    found = of(rows)
    told = {row[1]: words for row, words in zip(rows, office.told, strict=True)}

    for number in [
        "01-control",
        "05-id-quote",
        "07-date-0:00",
        "08-date-000000",
        "10-digits",
        "11-fullwidth",
        "16-time",
    ]:
        assert found[number][0] == "imported", (number, told[number])
    for number in ("02-id-sci", "03-id-000", "04-id-17digits"):
        assert found[number] == ("flagged", "unfit-identity-number")
        assert "【申请人】证件号码" in told[number]
    for number, said in (
        ("06-serial-date", "【登记日期】“46086”这是电子表格的日期序号（2026-03-05）"),
        ("09-two-digit-year", "【登记日期】“26/3/5”应为日期"),
        ("12-no-leap", "【登记日期】“2026-02-29”没有这一天"),
        ("13-dmy", "【登记日期】“5/3/2026”应为日期"),
    ):
        assert (found[number][0], said in told[number]) == ("unreadable", True), told[number]
    office.sound()


def test_codes_in_wide_digits_with_a_zero_or_an_apostrophe_are_read_and_words_told(office):
    rows, _ = office.take(handed("fields.csv"), name="fields.csv")
    found = of(rows)
    told = {row[1]: words for row, words in zip(rows, office.told, strict=True)}

    assert [found[f"F{n}"][0] for n in (1, 3, 6)] == ["imported"] * 3
    assert "代码被电子表格改坏" in told["F2"]
    assert "【区域代码】不能为空" in told["F15"]
    assert "【处理结果】“调解成功”应为其中之一：" in told["F9"]
    assert "达成书面协议" in told["F9"]
    assert found["F8"] == ("flagged", "several-names")


def test_unknown_columns_are_kept_as_a_note_of_the_row(office):
    rows, _ = office.take(handed("unknowncol.csv"), name="unknowncol.csv")

    assert [row[2] for row in rows] == ["imported"], office.told


@pytest.mark.parametrize("name", ["nosep.csv", "cr_in_cell.csv"])
def test_steps_without_semicolons_are_read_as_the_steps_they_are(office, name):
    rows, _ = office.take(handed(name), name=name)

    steps = {one["number"]: one["steps"] for one in office.imported()}
    assert [steps[row[1]] for row in rows if row[1][0] in "NC"] == {"n": [5, 5, 4], "c": [5, 1]}[name[0]]
    assert {row[2] for row in rows} <= {"imported", "flagged"}


def test_an_open_quotation_mark_swallows_nothing_and_shifts_no_number(office):
    rows, _ = office.take(handed("open_quote.csv"), name="open_quote.csv")
    bad = {row[0]: (row[2], row[3]) for row in rows if row[2] != "imported"}

    assert len(rows) == 400
    assert [row[0] for row in rows] == [str(number) for number in range(2, 402)]
    assert bad == {"101": ("unreadable", "open-quote"), "301": ("unreadable", "unfit")}, bad


QUOTES = {
    "closed two rows below": ('1,{v},"周某,吴某,2021/3/5', "2,{v},周某,吴某,2021/3/5", '3,{v},周",吴某,2021/3/5'),
    "closed in the next row": ('1,{v},"周某,吴某,2021/3/5', '2,{v},周某",吴某,2021/3/5', "3,{v},周,吴某,2021/3/5"),
    "text behind the end of it": ('1,{v},"周"某,吴某,2021/3/5', "2,{v},周,吴某,2021/3/5", "3,{v},周,吴某,2021/3/5"),
    "in the last row": ("2,{v},周,吴某,2021/3/5", "3,{v},周,吴某,2021/3/5", '1,{v},"周某,吴某,2021/3/5'),
    "in the last cell": ('1,{v},周,吴某,"2021/3/5', "2,{v},周,吴某,2021/3/5", "3,{v},周,吴某,2021/3/5"),
    "two of them": ('1,{v},"周某,吴某,2021/3/5', '1,{v},"周某,吴某,2021/3/5', "3,{v},周,吴某,2021/3/5"),
}  # fmt: skip


@pytest.mark.parametrize("name", QUOTES)
def test_wherever_a_quotation_mark_stands_each_row_is_told_once(office, name):
    rows = [f"{name}-{row.format(v=VILLAGE)}" for row in QUOTES[name]]

    told, _ = office.take(SHEET + "\n".join(rows) + "\n", name="q.csv")

    assert [row[0] for row in told] == ["2", "3", "4"]
    assert [row[3] == "open-quote" for row in told] == [row.startswith(f"{name}-1") for row in rows]


def written(file: str) -> list[tuple[str, bool]]:
    if not FAULTS.is_dir():
        return []
    told = (line.split(",", 1) for line in (FAULTS / file).read_text("utf-8").splitlines()[1:])
    return [(one, must.strip('"').startswith("read")) for one, must in told]


MORE_DAYS = [("2023年5月3号", True), ("2023-05-03 14:30:05", True), ("2023/5/3 25:00", False), ("202353", False)]


@pytest.mark.parametrize("form", ["sheet", "lines"])
def test_days_are_read_alike_in_sheets_and_in_lines(office, form):
    days = [*written("dates.csv"), *MORE_DAYS]
    if form == "sheet":
        told = [f"D-{number},{VILLAGE},周大山,吴小河,{day}\n" for number, (day, _) in enumerate(days)]
        rows, _ = office.take(SHEET + "".join(told), name="d.csv")
    else:
        told = [line(f"L-{number}", {"step": "registered", "at": day}) for number, (day, _) in enumerate(days)]
        rows, _ = office.take("".join(told))

    assert len(rows) == len(days)
    wrong = [
        (day, told)
        for (day, is_read), row, told in zip(days, rows, office.told, strict=True)
        if (row[2] == "imported") != is_read
    ]
    assert not wrong


def test_a_dry_run_says_what_would_be(office, monkeypatch):
    for language, said in (("zh", "将导入 1"), ("en", "would be imported 1")):
        monkeypatch.setenv("TIAOJIE_LANGUAGE", language)
        _, output = office.take(line(f"would-{language}"), "--dry-run")
        assert said in output


def test_a_fault_is_told_in_the_readers_language_and_names_nobody(office, monkeypatch):
    monkeypatch.setenv("TIAOJIE_LANGUAGE", "en")
    office.take(f"{SHEET}N-1,{VILLAGE},独孤\x01求败,吴小河,tomorrow\n", name="n.csv")

    assert "登记日期: “tomorrow” is no day like" in office.told[0]
    assert "申请人: is empty, too long, or has invisible characters" in office.told[0]
    assert "独孤" not in office.told[0]


def test_a_result_without_a_closing_is_not_lost(office):
    sheet = SHEET.replace("登记日期", "登记日期,处理结果")

    rows, _ = office.take(f"{sheet}R-1,{VILLAGE},周大山,吴小河,2021/3/5,调解成功了\n", name="r.csv")

    assert [row[2] for row in rows] == ["imported"]


def test_names_that_are_parted_are_people_of_their_own_and_what_is_uncertain_is_flagged(office):
    cells = {"甲、乙、丙": "imported", "甲，乙": "flagged", "周某，男，50岁": "flagged", "张三等5人": "flagged"}
    text = "".join(f"M-{name},{VILLAGE},{name},吴小河,2021/3/5\n" for name in cells)

    rows, _ = office.take(SHEET + text, name="m.csv")

    assert [row[2] for row in rows] == list(cells.values())


def test_a_json_field_that_nobody_knows_and_a_broken_line_are_told(office):
    neither = [{**PARTIES[0], "side": "neither"}]
    office.take(line("J-1", secret=1) + '{"number": "J-2",\n' + line("J-3", parties=neither))

    for said, told in zip(("secret", "JSON", "parties.0.side"), office.told, strict=True):
        assert said in told
