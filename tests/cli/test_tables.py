"""Tables of the command line: readable where lines are short and words Chinese, and JSON for programs."""

from __future__ import annotations

import json
import re
import sys
from io import StringIO
from pathlib import Path

import pytest
import typer
from rich.cells import cell_len
from typer.main import get_command
from typer.testing import CliRunner

from api.cli import tables
from api.cli.console import Lines, fail
from api.cli.main import app, main
from api.cli.tables import Column, Tabular, show, tell
from api.version import VERSION

CLI = Path(tables.__file__).parent
COLUMNS = [
    Column("code", "编号", is_whole=True),
    Column("name", "名称"),
    Column("basis", "依据"),
    Column("local", "本地"),
]
ROWS = [
    {
        "code": "ADM_CONCLUDE_DEFAULT",
        "name": "行政调解办结期限",
        "basis": "中华人民共和国人民调解法第三十三条",
        "local": "二十个工作日" * 4,
    },
    {"code": "CONFIRM_BY_COURT", "name": "司法确认", "basis": "中华人民共和国民事诉讼法第二百零五条", "local": None},
]


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch):
    def at(width: int, *columns: Column) -> str:
        out = Lines(file=Terminal(), color_system=None)
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr(tables, "out", out)
        with tables._told_as_chosen(False):
            show("limits", columns or COLUMNS, ROWS)
        return out.file.getvalue()

    return at


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_a_terminal_of_any_width_shows_whole_words_in_lines_that_fit(printed, width):
    told = printed(width)

    assert max(map(cell_len, told.splitlines())) <= width
    for row in ROWS:
        assert row["code"] in told, "a code is there to be copied"
    assert "司法确认" in told
    assert not any(re.fullmatch(r"[│┃ ]*.[│┃ ]*", line) for line in told.splitlines() if line.strip(" │┃")), told


def test_at_eighty_columns_no_column_is_narrower_than_six_characters(printed):
    lines = printed(80).splitlines()
    framed = [line for line in lines if "│" in line or "┃" in line]

    for line in framed:
        for cell in re.split("[│┃]", line)[1:-1]:
            assert cell_len(cell) >= tables.NARROWEST


def test_where_columns_would_be_too_narrow_each_row_stands_as_lines_of_its_own(printed):
    told = printed(50, *COLUMNS, Column("name", "第二"), Column("basis", "第三"), Column("local", "第四"))

    assert "│" not in told
    assert re.search(r"^编号 ADM_CONCLUDE_DEFAULT$", told, re.MULTILINE)
    assert re.search(r"^名称 司法确认$", told, re.MULTILINE)


def trial() -> typer.Typer:
    made = typer.Typer()

    @made.command("told", cls=Tabular)
    def told(fails: bool = False) -> None:
        tell("a sentence", number=3)
        show("limits", COLUMNS, ROWS)
        if fails:
            fail("broke off")

    @made.command("forgetful")
    def forgetful() -> None:
        show("limits", COLUMNS, ROWS)

    return made


def test_programs_get_one_object_on_stdout_and_sentences_elsewhere():
    done = CliRunner().invoke(trial(), ["told", "--json"])

    assert json.loads(done.stdout) == {"number": 3, "limits": ROWS}
    assert done.stderr == "a sentence\n"


def test_programs_get_what_was_told_before_a_verb_failed():
    done = CliRunner().invoke(trial(), ["told", "--json", "--fails"])

    assert done.exit_code == 1
    assert json.loads(done.stdout)["number"] == 3
    assert "broke off" in done.stderr


def test_without_json_nothing_of_it_is_printed():
    done = CliRunner().invoke(trial(), ["told"])

    assert done.stdout.startswith("a sentence\n")
    assert "{" not in done.stdout


def test_a_verb_that_tells_in_tables_and_takes_no_json_cannot_be_written():
    done = CliRunner().invoke(trial(), ["forgetful"])

    assert isinstance(done.exception, TypeError)


def test_only_one_file_makes_tables():
    makers = [one.name for one in CLI.rglob("*.py") if "import Table" in one.read_text("utf-8")]

    assert makers == ["tables.py"]


def every_verb(group: object, above: tuple[str, ...] = ()):
    for name, one in group.commands.items():  # type: ignore[attr-defined]
        if hasattr(one, "commands"):
            yield from every_verb(one, (*above, name))
        else:
            yield " ".join((*above, name)), one


def test_the_verbs_with_json_are_those_that_tell_in_tables():
    with_json = {name for name, one in every_verb(get_command(app)) if isinstance(one, Tabular)}

    assert with_json >= {"projections list", "projections parked", "status", "rules list", "rules try", "person list"}
    registers = {name for name, _ in every_verb(get_command(app)) if name.startswith(("import ", "area "))}
    assert len(registers) >= 12
    assert registers <= with_json, "whatever a refused sheet or change tells is a table"


def test_the_version_is_told_without_a_ledger():
    done = CliRunner().invoke(app, ["--version"])

    assert (done.exit_code, done.stdout) == (0, f"tiaojie {VERSION}\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_the_verbs(monkeypatch, capsys, shell):
    monkeypatch.setenv("_TIAOJIE_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("COMP_WORDS", "tiaojie pro")
    monkeypatch.setenv("COMP_CWORD", "1")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "tiaojie pro")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setattr(sys, "argv", ["tiaojie"])

    with pytest.raises(SystemExit):
        main()

    told = capsys.readouterr().out
    assert "projections" in told
    assert "proof" in told
    assert "restore" not in told


@pytest.mark.parametrize(
    ("said", "settings"),
    [
        (["status"], {}),
        (["serve"], {"TIAOJIE_ROOT_PATH": "no prefix"}),
        (["demo"], {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}),
        (["discard", "--really"], {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}),
        (["verify", "--bundle", "/nothing/here"], {}),
        (["nonsense"], {}),
    ],
)
def test_what_goes_wrong_is_told_on_stderr_with_an_exit_code(monkeypatch, capsys, tmp_path, said, settings):
    monkeypatch.setenv("TIAOJIE_STATE", str(tmp_path))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["tiaojie", *said])

    with pytest.raises(SystemExit) as ended:
        main()

    told = capsys.readouterr()
    assert ended.value.code not in (0, None)
    assert told.out == ""
    assert told.err
