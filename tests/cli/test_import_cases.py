"""tiaojie import cases: each row is recorded once, flagged, or told why not; whatever one is, the others go on."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.cli.test_imports import Run, founded
from tests.effort import times

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "docs" / "samples"
PARTIES = [{"side": "applicant", "name": "周大山"}, {"side": "respondent", "name": "吴小河"}]


def case(number: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = steps or ({"step": "registered", "at": "2021-03-01"},)
    return {"number": number, "area": "990101101201", "parties": PARTIES, "steps": list(told), **more}


def line(number: str, *steps: dict[str, Any], **more: Any) -> str:
    return json.dumps(case(number, *steps, **more), ensure_ascii=False) + "\n"


def head_of(connection: psycopg.Connection[Any]) -> int:
    return int(connection.execute("SELECT position FROM feed_head").fetchall()[0][0])


class Office:
    """A ledger with the small county's registers, and its command line."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.run: Run = founded(url, folder)
        self._reports = 0
        self.told: list[str] = []
        """What the last report says of each row, in words."""

    def take(self, content: bytes | str, *more: str, name: str = "cases.ndjson") -> tuple[list[tuple[str, ...]], str]:
        """Row, number, outcome and rules of every row; and what was told on the screen."""
        self._reports += 1
        file, report = self.folder / f"{self._reports}-{name}", self.folder / f"report-{self._reports}.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        code, output = self.run("import", "cases", str(file), "--report", str(report), *more)
        rows = list(csv.reader(report.read_text("utf-8-sig").splitlines()))[1:]
        assert code == any(row[2] in ("conflict", "unreadable") for row in rows), output
        self.told = [row[4] for row in rows]
        return [tuple(row[:4]) for row in rows], output

    def head(self) -> int:
        with psycopg.connect(self.url) as connection:
            return head_of(connection)

    def imported(self) -> list[dict[str, Any]]:
        query = "SELECT convert_from(state, 'UTF8') FROM stored_events WHERE topic = 'case.imported' ORDER BY 1"
        with psycopg.connect(self.url) as connection:
            return [json.loads(state)["event"] for (state,) in connection.execute(query)]

    def sound(self) -> None:
        """Nothing is missing, out of order, unreadable, or numbered twice."""
        code, output = self.run("check")
        assert code == 0, output
        assert "0 faults" in output
        assert self.run("verify")[0] == 0


@pytest.fixture(scope="module")
def office(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(make_database(), tmp_path_factory.mktemp("state"))


def test_the_sample_of_json_lines_is_taken_over(office):
    rows, _ = office.take((SAMPLES / "cases.ndjson").read_bytes())

    assert [(number, outcome) for _, number, outcome, _ in rows] == [
        ("2021-柳湾-007", "imported"),
        ("2021-柳湾-008", "imported"),
        ("2022-石桥-003", "flagged"),
        ("2023-坪头-012", "flagged"),
    ]
    assert rows[2][3].split() == ["before-registration", "without-session-or-consent", "result-does-not-fit"]
    assert rows[3][3] == "taken-by-another-organ"
    office.sound()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_the_sample_sheet_is_taken_over_in_the_encodings_of_the_office(office, encoding):
    text = (SAMPLES / "cases.csv").read_text("utf-8").replace("2021-柳湾-1", f"{encoding}-1")

    rows, output = office.take(text.encode(encoding), name="cases.csv")

    assert [row[2] for row in rows] == ["imported", "imported"]
    assert ("GB18030" if encoding.startswith("gb") else "UTF-8") in output
    office.sound()


def test_english_titles_and_chinese_ones_mean_the_same(office):
    steps = "2021/3/5 登记; 2021/3/6 受理; 2021/3/8 调解 双方到场; 2021/3/8 达成协议 口头; 2021/3/9 结案 达成口头协议"
    chinese = f"编号,区域代码,申请人,被申请人,步骤\nZ-1,990101101201,周大山,吴小河,{steps}\n"
    english = f"number,area,applicant,respondent,steps\nZ-1,990101101201,周大山,吴小河,{steps}\n"

    assert [row[2] for row in office.take(chinese, name="cases.csv")[0]] == ["imported"]
    assert [row[2] for row in office.take(english, name="cases.csv")[0]] == ["already-there"]


def test_a_dry_run_checks_and_records_nothing(office):
    head, keys = office.head(), (office.folder / "keys.db").stat().st_mtime_ns

    rows, _ = office.take(line("dry") + line("dry-2", {"step": "session", "at": "2021-01-01"}), "--dry-run")

    assert [row[2] for row in rows] == ["imported", "flagged"]
    assert office.head() == head
    assert (office.folder / "keys.db").stat().st_mtime_ns == keys


def test_the_same_row_is_one_case_however_often_it_comes(office):
    first = line("twice")
    rows, _ = office.take(first + line("other") + first)
    head = office.head()

    again, _ = office.take(line("other") + first)

    assert [row[2] for row in rows] == ["imported", "imported", "already-there"]
    assert [row[2] for row in again] == ["already-there", "already-there"]
    assert office.head() == head
    assert [one["number"] for one in office.imported()].count("twice") == 1


def test_the_same_number_with_other_content_is_a_conflict_and_overwrites_nothing(office):
    office.take(line("clash"))
    head = office.head()

    rows, _ = office.take(line("clash", facts="另一件事") + line("clash-2") + line("clash-2", facts="又一件"))

    assert [row[2] for row in rows] == ["conflict", "imported", "conflict"]
    assert office.head() == head + 4, "one case with its registration and two parties"


def test_the_same_number_in_another_village_is_another_case(office):
    rows, _ = office.take(line("shared") + line("shared", area="990101101202"))

    assert [row[2] for row in rows] == ["imported", "imported"]


BAD: dict[str, tuple[bytes, str]] = {
    "broken JSON": (b'{"number": "bad-1", "area"\n', "unfit"),
    "a list": (b"[1, 2]\n", "unfit"),
    "no steps": (json.dumps({**case("bad-2"), "steps": []}).encode() + b"\n", "unfit"),
    "a NUL in a name": (line("bad-3").replace("周大山", "周\\u0000山").encode(), "unfit"),
    "broken UTF-8": (line("bad-4").encode().replace("周大山".encode(), b"\xff\xfe\xc3"), "not-text"),
    "a huge line": (line("bad-5", facts="x" * 2_000_000).encode(), "too-long"),
    "deep nesting": (b'{"number":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "unfit"),
    "an unknown area": (line("bad-6", area="../../etc/passwd").encode(), "no-such-area"),
    "an unknown body": (line("bad-7", {**case("")["steps"][0], "body": "XX"}).encode(), "no-body-there"),
    "no day": (line("bad-8", {"step": "registered", "at": "2021-02-30"}).encode(), "unfit"),
    "an unknown step": (line("bad-9", {"step": "dropped", "at": "2021-02-03"}).encode(), "unfit"),
    "an unknown field": (line("bad-10", secret=1).encode(), "unfit"),
    "a year far off": (line("bad-11", {"step": "registered", "at": "9999-12-31"}).encode(), "unfit"),
    "marks that turn the writing": (line("bad-12").replace("周大山", "周\u202e山").encode(), "unfit"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_row_that_cannot_be_read_is_told_and_the_others_go_on(office, name):
    content, fault = BAD[name]
    before, after = line(f"before {name}"), line(f"after {name}")

    rows, output = office.take(before.encode() + content + after.encode())

    assert [(row, outcome) for row, _, outcome, _ in rows] == [
        ("1", "imported"),
        ("2", "unreadable"),
        ("3", "imported"),
    ]
    assert rows[1][3] == fault
    assert "Traceback" not in output


SHEET = "编号,区域代码,申请人,被申请人,登记日期\n"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("S-1,990101101201,周大山,吴小河,2021/3/5,更多", "wrong-columns"),
        ("S-2,990101101201,周大山,吴小河,不详", "unfit"),
        ('S-3,990101101201,"周大山,吴小河,2021/3/5', "open-quote"),
        ("S-4,990101101201,周\x00山,吴小河,2021/3/5", "unfit"),
    ],
)
def test_a_row_of_a_sheet_that_cannot_be_read_is_told(office, row, fault):
    rows, _ = office.take(f"{SHEET}{row}\n{row[:3]}-ok,990101101201,周大山,吴小河,2021/3/5\n", name="a.csv")

    assert [(outcome, rule) for _, _, outcome, rule in rows if outcome == "unreadable"] == [("unreadable", fault)]
    assert [number for _, number, outcome, _ in rows if outcome == "imported"] == [f"{row[:3]}-ok"]


def test_a_broken_row_of_a_sheet_in_utf_8_does_not_make_it_another_encoding(office):
    good = [f"U-{number},990101101201,周大山,吴小河,2021/3/5\n".encode() for number in range(3)]

    rows, output = office.take(
        SHEET.encode() + good[0] + b"U-x,990101101201,\xff\xfe,\xc3,2021/3/5\n" + good[1], name="b.csv"
    )

    assert [row[2] for row in rows] == ["imported", "unreadable", "imported"]
    assert "UTF-8" in output


def test_what_looks_like_a_formula_is_text_and_stays_text_in_the_report(office):
    formula = '=HYPERLINK("http://x")'
    rows, _ = office.take(line(formula, facts="@SUM(A1)", parties=[{**PARTIES[0], "name": "+8610"}, PARTIES[1]]))

    assert rows[0][1] == f"'{formula}"
    assert formula in [one["number"] for one in office.imported()]


@pytest.mark.parametrize("begins", [b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"\xd0\xcf\x11\xe0"])
def test_a_packed_file_or_a_workbook_is_refused_as_a_whole(office, begins):
    file = office.folder / "packed.csv"
    file.write_bytes(begins + bytes(100))

    code, output = office.run("import", "cases", str(file))

    assert code == 1
    assert "不是能读的工作簿" in output


def test_a_sheet_without_a_column_that_it_needs_is_refused_with_what_was_read_and_what_is_known(office):
    file = office.folder / "strange.csv"
    file.write_text("编号,地区,身高\n1,990101101201,180\n", encoding="utf-8")

    code, output = office.run("import", "cases", str(file))

    assert code == 1
    assert all(word in output for word in ("缺少列：区域代码", "编号 · 地区 · 身高", "登记日期"))


def test_no_name_stands_in_the_report_or_on_the_screen_and_none_in_plain_text_in_the_ledger(office):
    marked = [{"side": "applicant", "name": "独孤求败", "phone": "13911112222"}, PARTIES[1]]
    told = line("private", {"step": "session", "at": "2021-01-01", "note": "独孤求败到场"}, parties=marked)

    rows, output = office.take(told + line("private-2", parties=[{**marked[0], "side": "neither"}]))

    assert [row[2] for row in rows] == ["flagged", "unreadable"]
    reports = [file.read_text("utf-8-sig") for file in office.folder.glob("report-*.csv")]
    assert not any("独孤" in text or "13911112222" in text for text in (output, *reports))
    with psycopg.connect(office.url) as connection:
        query = "SELECT count(*) FROM stored_events WHERE position(%s::bytea in state) > 0"
        for secret in ("独孤求败", "13911112222"):
            assert connection.execute(query, [secret.encode()]).fetchall() == [(0,)]


def test_it_is_recorded_who_imported_it_from_which_row_of_which_file(office):
    office.take("\n" + line("provenance"), "--as", "town", "--system", "柳湾台账")

    (imported,) = [one for one in office.imported() if one["number"] == "provenance"]
    assert (imported["system"], imported["row"], len(imported["file"])) == ("柳湾台账", 2, 64)
    with psycopg.connect(office.url) as connection:
        (state,) = connection.execute(
            "SELECT convert_from(state, 'UTF8') FROM stored_events WHERE topic = 'case.imported'"
            " ORDER BY notification_id DESC LIMIT 1"
        ).fetchone() or [""]
    assert json.loads(state)["by"] != "00000000-0000-0000-0000-000000000000"


def test_nobody_imports_on_the_word_of_a_stranger(office):
    file = office.folder / "stranger.ndjson"
    file.write_text(line("stranger"), encoding="utf-8")

    code, _ = office.run("import", "cases", str(file), "--as", "nobody")

    assert code == 1
    assert "stranger" not in [one["number"] for one in office.imported()]


def test_a_report_overwrites_no_file(office):
    file, report = office.folder / "again.ndjson", office.folder / "kept.txt"
    file.write_text(line("again"), encoding="utf-8")
    report.write_text("mine")

    code, _ = office.run("import", "cases", str(file), "--report", str(report))

    assert (code, report.read_text()) == (1, "mine")


@pytest.mark.parametrize(
    ("content", "more"), [("号,区\n1,2\n", ()), ("编号,区域代码\n", ("--as", "nobody"))], ids=["titles", "officer"]
)
def test_what_is_refused_as_a_whole_leaves_no_report_in_the_way_of_the_next_one(office, content, more):
    file, report = office.folder / "refused.csv", office.folder / "refused-report.csv"
    file.write_text(content, encoding="utf-8")

    code, output = office.run("import", "cases", str(file), "--report", str(report), *more)

    assert (code, report.exists()) == (1, False), output


def test_two_who_import_the_same_file_at_once_record_each_case_once(office):
    file = office.folder / "raced.ndjson"
    file.write_text("".join(lawful(number).replace("N-", "R-") for number in range(BOTH)), encoding="utf-8")
    environment = {**os.environ, "DATABASE_URL": office.url, "TIAOJIE_STATE": str(office.folder)}
    command = [sys.executable, "-m", "api.cli.main", "import", "cases", str(file), "--desks", "0"]

    runs = [subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [one.communicate()[0] for one in runs]

    assert [one.returncode for one in runs] == [0, 0], outputs
    numbers = [one["number"] for one in office.imported() if one["number"].startswith("R-")]
    assert sorted(numbers) == sorted(f"R-{number}" for number in range(BOTH))
    office.sound()


ROWS, BOTH = times(test=1_500, soak=20_000), times(test=300, soak=1_500)


def lawful(number: int) -> str:
    village = ("990101101201", "990101101202", "990101102201")[number % 3]
    steps = [
        {"step": kind, "at": f"2021-03-{day:02d}"} for day, kind in enumerate(("registered", "accepted", "session"), 1)
    ]
    return line(f"N-{number}", *steps, area=village)


def test_thousands_of_rows_killed_again_and_again_are_each_recorded_once(make_database, tmp_path):
    office = Office(make_database(), tmp_path)
    file = tmp_path / "many.ndjson"
    file.write_text("".join(lawful(number) for number in range(ROWS)), encoding="utf-8")
    environment = {**os.environ, "DATABASE_URL": office.url, "TIAOJIE_STATE": str(tmp_path)}
    command = [sys.executable, "-m", "api.cli.main", "import", "cases", str(file)]
    kills, before = 0, office.head()

    for _ in range(3):
        begun = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until, head = time.monotonic() + 300, office.head()
        with psycopg.connect(office.url, autocommit=True) as looking:
            while head_of(looking) < head + 2 * ROWS // 3 and begun.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
        desks = Path(f"/proc/{begun.pid}/task/{begun.pid}/children").read_text().split() if begun.poll() is None else []
        if begun.poll() is None:
            begun.send_signal(signal.SIGKILL)
            kills += 1
        begun.wait()
        while any(Path(f"/proc/{desk}/exe").exists() for desk in desks) and time.monotonic() < until:
            time.sleep(0.05)
        assert not [desk for desk in desks if Path(f"/proc/{desk}/exe").exists()], "no desk outlives the one that leads"
        assert before < office.head() < 7 * ROWS, "it was on its way"

    code, output = office.run("import", "cases", str(file))

    assert (kills, code) == (3, 0), output
    numbers = [one["number"] for one in office.imported()]
    assert sorted(numbers) == sorted(f"N-{number}" for number in range(ROWS))
    office.sound()


UNFIT = [("4.20583E+17", "1.38E+10"), ("110101199003078000", "139<b>"), ("11010119900307803", "1380000111")]


@pytest.mark.parametrize(("identity", "phone"), UNFIT)
def test_numbers_that_cannot_be_ones_are_flagged_in_lines_and_in_sheets_and_their_case_is_taken_over(
    office, identity, phone
):
    """A command would be refused for them."""
    told = {"side": "applicant", "name": "周大山", "identity_number": identity, "phone": phone}
    cells = f"U-{identity},990101101201,周大山|{identity}|{phone},吴小河,2021-03-01"
    sheet = f"编号,区域代码,申请人,被申请人,登记日期\n{cells}\n"

    for content, name in ((line(f"u-{identity}", parties=[told, PARTIES[1]]), "u.ndjson"), (sheet, "u.csv")):
        ((_, _, outcome, rules),), _ = office.take(content, name=name)
        assert (outcome, set(rules.split())) == ("flagged", {"unfit-identity-number", "unfit-phone"})
    office.sound()
