"""A terminal gets lines of its width; whoever reads from a pipe or a file gets each as one line."""

from __future__ import annotations

import sys
from io import StringIO

import pytest
from rich.table import Table
from typer.testing import CliRunner

from api.cli.console import Lines
from api.cli.main import app, main

LONG = "/tmp/" + "a-folder-with-a-long-name/" * 12 + "backup"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [None, "20", "200"])
def test_what_is_no_terminal_gets_lines_that_are_not_wrapped(monkeypatch, width):
    monkeypatch.delenv("COLUMNS", raising=False) if width is None else monkeypatch.setenv("COLUMNS", width)
    table = Table("what", "where")
    table.add_row("some words that stand in a cell", f"and here {LONG}")
    out = Lines(file=StringIO())

    out.print(f"[red]AnotherMaster: the keys of {LONG} are wrapped by another one")
    out.print(table)

    sentence, *drawn = out.file.getvalue().splitlines()
    assert sentence == f"AnotherMaster: the keys of {LONG} are wrapped by another one"
    assert len(drawn) == 5
    assert f"some words that stand in a cell │ and here {LONG}" in drawn[3]


def test_a_terminal_gets_lines_of_its_width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    out = Lines(file=Terminal(), color_system=None)

    out.print("word " * 30)

    assert max(map(len, out.file.getvalue().splitlines())) <= 40


@pytest.mark.parametrize("words", [["restore", LONG, "--epoch"], ["import", "areas", LONG]])
def test_a_command_that_is_said_wrongly_is_told_so_in_one_line(words):
    done = CliRunner().invoke(app, words)

    (fault,) = [line for line in done.output.splitlines() if line.startswith("Error: ")]
    assert done.exit_code == 2
    assert words[-1] in fault


@pytest.mark.parametrize("said", [["--help"], ["area", "split", "--help"], ["nonsense"]])
def test_help_and_faults_call_the_program_by_its_name_and_wrap_nothing_where_no_terminal_is(monkeypatch, capsys, said):
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setattr(sys, "argv", ["-c", *said])

    with pytest.raises(SystemExit):
        main()

    told = "".join(capsys.readouterr())
    assert told.startswith("Usage: tiaojie ")
    assert all(line in told for line in LINES[said[0]])


LINES = {
    "--help": ["Copies the database and the keys of persons into a new folder, while others go on recording.\n"],
    "area": ["  It ends, and these come after it. Areas in it are moved before.\n"],
    "nonsense": ["Error: No such command 'nonsense'"],
}
