"""tiaojie import: a sheet is taken over as a whole, or refused with every faulty row and its reason."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from api.cli.main import app
from tests.api.conftest import AREAS, BODIES, OFFICERS
from tests.templates import copied, is_empty

HEADER = "code,name,parent_code,level\n"


class Run:
    """The command line, in this process, on a ledger of its own."""

    def __init__(self, url: str, state: Path) -> None:
        self.url, self.state = url, state

    def __call__(self, *arguments: str, answers: str | None = None) -> tuple[int, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABASE_URL", self.url)
            patch.setenv("TIAOJIE_STATE", str(self.state))
            done = CliRunner().invoke(app, list(arguments), input=answers)
        return done.exit_code, done.output + repr(done.exception or "")


def runner(url: str, state: Path) -> Run:
    return Run(url, state)


def founded(url: str, folder: Path) -> Run:
    """With the small county's registers, as the command line takes them over."""
    copied("registers", found_registers, url, folder)
    if is_empty(url):
        found_registers(url, folder)
    return Run(url, folder)


def found_registers(url: str, folder: Path) -> None:
    run = Run(url, folder)
    for verb, content in (("areas", AREAS), ("bodies", BODIES), ("officers", OFFICERS)):
        file = folder / f"{verb}.csv"
        file.write_text(content, encoding="utf-8")
        more = ("--passwords", str(folder / "first.csv")) if verb == "officers" else ()
        code, output = run("import", verb, str(file), *more)
        assert code == 0, output


@pytest.fixture(scope="module")
def run(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """On a ledger that has the small county's registers."""
    return founded(make_database(), tmp_path_factory.mktemp("state"))


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[[bytes | str], str]:
    def write(content: bytes | str) -> str:
        file = tmp_path / "sheet.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(file)

    return write


def events(run: Run) -> int:
    with psycopg.connect(run.url) as connection:
        return int(connection.execute("SELECT position FROM feed_head").fetchall()[0][0])


@pytest.mark.parametrize(
    ("content", "row", "said"),
    [
        (AREAS + "990101103001,无镇村,990101103,5\n", "12", "找不到上级区域"),
        (AREAS + "990101101,又一个河口镇,990101,4\n", "12", "代码重复"),
        (AREAS.encode() + b"\xff,\xfe,\xff,4\n", "12", "UTF-8"),
        (HEADER + "420581104,枝城镇,,4\n", "2", "上面没有市（县）"),
        (HEADER + "4205,宜昌市,,2\n420581104,枝城镇,4205,4\n420581,宜都市,4205,3\n", "3", "上面没有市（县）"),
        ("代号,地区\n1,2\n", "1", "表头"),
        (b"\x1f\x8bnot really packed", "1", "无法读取"),
        (HEADER + "42,\xe6\xb9\x96\x00\xe5\x8c\x97,,1\n", "2", "名称"),
    ],
)  # fmt: skip
def test_a_sheet_of_areas_with_a_fault_is_refused_with_row_and_reason(run, sheet, content, row, said):
    before = events(run)

    code, output = run("import", "areas", sheet(content))

    assert code == 1
    assert f"│ {row} " in output
    assert said in output
    assert events(run) == before


def test_areas_bodies_and_officers_are_taken_over_once_and_then_unchanged(make_database, sheet, tmp_path):
    run = runner(make_database(), tmp_path / "state")
    assert "founded 10" in run("import", "areas", sheet(AREAS))[1]
    assert "unchanged 10" in run("import", "areas", sheet(AREAS))[1]
    assert "recorded 6" in run("import", "bodies", sheet(BODIES))[1]
    assert "unchanged 6" in run("import", "bodies", sheet(BODIES))[1]
    first = tmp_path / "first.csv"

    code, output = run("import", "officers", sheet(OFFICERS), "--passwords", str(first))

    assert code == 0, output
    assert "recorded 17" in output
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert len(first.read_text().splitlines()) == 18
    assert "recorded 0" in run("import", "officers", sheet(OFFICERS), "--passwords", str(tmp_path / "again.csv"))[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ZZ,某委员会,某,committee,123,,", "没有这个代码的区域"),
        ("ZZ,某委员会,某,parliament,990101,,", "不是可以填写的值"),
        ("ZZ,某委员会,某,committee,990101,litigation,", "途径"),
        ("ZZ,某网格,某,grid,990101101201001,,XX", "没有这个代码的机构"),
        ("ZZ,,某,committee,990101,,", "名称"),
        ("L W,某委员会,某,committee,990101,,", "代码"),
        ("ZZ,某委员会,某,committee\n", "列数"),
    ],
)
def test_a_sheet_of_bodies_with_a_fault_is_refused_as_a_whole(run, sheet, line, said):
    before = events(run)
    good = "YY,好委员会,好,committee,990101101,,\n"

    code, output = run("import", "bodies", sheet(BODIES.splitlines()[0] + "\n" + good + line))

    assert code == 1
    assert "│ 3 " in output
    assert said in output
    assert events(run) == before


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("UPPER,甲,mediator,LW,,,", "代码"),
        ("jia,甲,king,LW,,,", "不是可以填写的值"),
        ("jia,甲,mediator,LW,,perhaps,", "不是可以填写的值"),
        ("jia,甲,mediator,NO,,,", "没有这个代码的机构"),
        ("jia,甲,mediator,LW,999,,", "没有这个代码的区域"),
    ],
)
def test_a_sheet_of_officers_with_a_fault_is_refused_as_a_whole(run, sheet, tmp_path, lines, said):
    before, first = events(run), tmp_path / "first.csv"

    code, output = run("import", "officers", sheet(OFFICERS.splitlines()[0] + "\n" + lines), "--passwords", str(first))

    assert code == 1
    assert said in output
    assert events(run) == before
    assert not first.exists()


def test_a_committee_without_a_woman_is_not_constituted_by_a_sheet(run, sheet, tmp_path):
    run("import", "bodies", sheet(BODIES.splitlines()[0] + "\nNW,某委员会,某,committee,990101101202,,\n"))
    men = "\n".join(f"nw{number},甲{number},mediator,NW,,yes,no" for number in (1, 2, 3))

    code, output = run(
        "import", "officers", sheet(OFFICERS.splitlines()[0] + "\n" + men), "--passwords", str(tmp_path / "p.csv")
    )

    assert code == 1
    assert "女" in output, output


NOWHERE = ("--body", "NO", "--area", "1", "--password", "long enough")


def test_officers_are_added_given_passwords_and_disabled(run):
    add = ("officer", "add", "new.one", "--name", "新人", "--body", "LW", "--area", "990101101201")
    added = run(*add[:3], "mediator", *add[3:], "--password", "long enough")
    assert added[0] == 0, added
    assert run("officer", "password", "new.one", "--password", "another one")[0] == 0
    assert run("officer", "disable", "new.one")[0] == 0

    for wrong in (
        ("officer", "add", "short.pw", "mediator", *add[3:], "--password", "short"),
        ("officer", "add", "UPPER", "mediator", *add[3:], "--password", "long enough"),
        (
            "officer",
            "add",
            "lost",
            "mediator",
            "--name",
            "甲",
            "--body",
            "NO",
            "--area",
            "1",
            "--password",
            "long enough",
        ),
        ("officer", "password", "nobody", "--password", "long enough"),
        ("import", "areas", "/no/such/file.csv"),
    ):
        before = events(run)
        code, output = run(*wrong)
        assert code != 0
        assert "Traceback" not in output
        assert events(run) == before


def test_the_ledger_is_checked_and_the_read_models_are_listed_and_rebuilt(run):
    assert "0 faults" in run("check")[1]
    listed = run("projections", "list")[1]
    for name in ("jurisdiction", "office", "case"):
        assert name in listed
    assert run("projections", "rebuild")[0] == 0
    assert run("projections", "rebuild", "no-such-model")[0] == 1
    assert "events:" in run("status")[1]


def test_a_demo_county_is_not_put_into_a_ledger_of_ones_own_by_accident(run):
    code, output = run("demo")

    assert code == 1
    assert "--into-this-ledger" in output
    assert run("demo", "--into-this-ledger")[0] == 1
