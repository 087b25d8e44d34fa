"""docs/adding.md is true: a use case takes seven files, a figure four, a listed field six; what is missing is named."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOLD = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
COPIED = sorted(one.name for one in ROOT.iterdir() if not one.name.startswith(".") or one.name == ".gitignore")
"""All of it but what tools keep for themselves."""


def part(title: str) -> str:
    return TOLD.split(f"\n## {title}\n")[1].split("\n## ")[0]


def code(title: str) -> list[str]:
    return [textwrap.dedent(one) for one in re.findall(r"```python\n(.*?)\n *```", part(title), re.DOTALL)]


def words(title: str) -> list[tuple[str, str, str, str]]:
    rows = re.findall(r"^ *\| `(\w+)` \| `([\w.-]+)` \| (.+?) \| (.+?) \|$", part(title), re.MULTILINE)
    assert rows
    return [(table, key, zh, en) for table, key, zh, en in rows]


class Copy:
    """The project, to be added to; what is changed in it is counted by git."""

    def __init__(self, place: Path) -> None:
        self.place = place
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(ROOT / name, place / name)
        self.run("git", "init", "-q")
        self.commit()

    def commit(self) -> None:
        self.run("git", "add", "-A")
        self.run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "before")

    def run(self, *command: str) -> str:
        kept = {"PYTHONPYCACHEPREFIX": str(self.place / ".pytest_cache" / "bytecode")}
        done = subprocess.run(
            command, cwd=self.place, env=os.environ | kept, capture_output=True, text=True, timeout=600
        )
        self.failed = done.returncode != 0
        return done.stdout + done.stderr

    def tests(self, *names: str) -> str:
        return self.run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", *names)

    def docs(self) -> str:
        return self.run(sys.executable, "-c", "from api.cli.main import main; main()", "docs")

    def insert(self, file: str, after: str, text: str) -> None:
        """The lines, on a line of their own after the first that has these words."""
        path = self.place / file
        before, found, rest = path.read_text("utf-8").partition(after)
        assert found, f"{file} has no {after!r}"
        line, _, later = rest.partition("\n")
        path.write_text(f"{before}{found}{line}\n{text.rstrip()}\n{later}", "utf-8")

    def append(self, file: str, text: str) -> None:
        path = self.place / file
        path.write_text(f"{path.read_text('utf-8').rstrip()}\n\n\n{text.rstrip()}\n", "utf-8")

    def label(self, context: str, title: str) -> None:
        for table, key, zh, en in words(title):
            quoted = f'"{key}"' if "." in key else key
            for language, word in (("zh", zh), ("en", en)):
                file = f"api/labels/{context}.{language}.toml"
                if f"[{table}]" not in (self.place / file).read_text("utf-8").splitlines():
                    self.append(file, f"[{table}]")
                self.insert(file, f"[{table}]", f'{quoted} = "{word}"')

    @property
    def changed(self) -> list[str]:
        return self.run("git", "status", "--porcelain").split("\n")[:-1]


@pytest.fixture
def copy(tmp_path: Path, processes: None) -> Copy:
    return Copy(tmp_path)


USE_CASE = "A use case"
FIGURE = "A figure"
LISTED = "A field of a registration, shown and filtered"
CHECKED = (
    "tests/test_labels.py",
    "tests/test_docs.py",
    "tests/test_architecture.py",
    "tests/case/test_parties.py",
    "tests/case/test_plain_texts.py",
    "tests/case/test_lifecycle.py",
    "tests/case/test_intake.py",
    "tests/legacy/test_documented.py",
)
OF_FIGURES = ("tests/api/test_rights.py::test_a_number_is_as_long_as_the_list_behind_it",)


def add_the_use_case(copy: Copy) -> None:
    state, phase, lawful, rule = code(USE_CASE)
    copy.insert("domain/case/case.py", "    withdrawn: bool = False", textwrap.indent(state, "    "))
    copy.insert("domain/case/case.py", "from collections.abc import Mapping", "from datetime import date")
    copy.append("domain/case/opening/parties.py", phase)
    copy.insert("domain/case/opening/parties.py", "from typing import ", "from domain.shared.values import Day")
    copy.label("case", USE_CASE)
    copy.insert("tests/oracle/lawful.py", '    "DeclineCase": ', textwrap.indent(lawful, "    "))
    copy.append("tests/case/test_parties.py", rule)
    copy.insert(
        "tests/case/test_parties.py",
        '"""',
        "from datetime import date\nfrom domain.case.opening.parties import NoteMove",
    )


def test_a_use_case_of_which_the_rest_is_missing_is_told_by_name_and_stops_nothing(copy):
    copy.append(
        "domain/case/opening/parties.py", code(USE_CASE)[1].replace("moved_on=self.moved_on)", "withdrawn=True)")
    )
    copy.insert("domain/case/opening/parties.py", "from typing import ", "from domain.shared.values import Day")

    told = copy.tests(
        "tests/test_labels.py", "tests/test_docs.py", "tests/case/test_lifecycle.py", "-k", "not law_lets"
    )

    assert copy.failed
    assert [one for one in ("note-move", "case.party_moved", "NoteMove", "run `make docs`") if one not in told] == []
    assert "error during collection" not in told
    assert "no label: zh: [command] note-move" in copy.docs()


def test_a_figure_without_its_words_is_told_by_name(copy):
    add_the_figure(copy)

    told = copy.tests("tests/test_labels.py")

    assert "failed" in told.split("short test summary")[0]


def add_the_figure(copy: Copy) -> None:
    (row,) = code(FIGURE)
    copy.insert("application/figures/definitions.py", '    Figure("resolved"', textwrap.indent(row, "    "))


INTAKE = "domain/case/opening/intake.py"
OF_LISTED_FIELDS = ("tests/shared/test_listed.py", "tests/case/test_joining.py", "tests/shared/test_marks.py")
OVER_THE_API = ("tests/handover/test_listed.py", "tests/api/test_urgency.py")
NUMBERED = {"asked": '    dossier: Line = ""', "kept": '    dossier: Listed[Correctable[Line]] = ""'}
WISHED = {
    "asked": "    wished_for: Day | None = None",
    "kept": "    wished_for: Listed[Framed[Correctable[Day | None]]] = None",
}
"""The other kinds of listed fields: a line that only whoever sees the whole case reads, a day that everybody does."""
RULES = (
    "test_it_stands_on_the_page_and_in_the_line_of_a_list",
    "test_a_list_is_asked_for_it_by_the_line_of_its_reader",
    "test_a_case_is_found_by_it_and_shows_it",
    "test_who_was_handed_a_part_finds_and_reads_only_what_is_of_the_frame",
    "test_pages_show_it_and_the_list_has_a_place_to_ask_for_it",
)
"""Tests of each listed field, over the domain and over the API: that a new one is among them is looked at."""


def add_to_the_registration(copy: Copy, asked: str, kept: str) -> None:
    copy.insert(INTAKE, "    urgency: Urgency = ", asked)
    copy.insert(INTAKE, "    urgency: Listed[", kept)


def add_the_field(copy: Copy) -> None:
    codes, asked, kept, rule = code(LISTED)
    copy.append("domain/case/kinds.py", codes)
    add_to_the_registration(copy, textwrap.indent(asked, "    "), textwrap.indent(kept, "    "))
    copy.insert(INTAKE, "from typing import ", "from domain.case.kinds import Concern")
    copy.append("tests/case/test_intake.py", rule)
    copy.insert("tests/case/test_intake.py", "from datetime import ", "from domain.case.kinds import Concern")


def test_a_use_case_takes_seven_files_a_figure_four_and_a_listed_field_six(copy):
    """One after the other, as a newcomer would; then all that would have told what is missing."""
    add_the_use_case(copy)
    copy.docs()
    assert len(copy.changed) == 7, copy.changed
    copy.commit()
    add_the_figure(copy)
    copy.label("figures", FIGURE)
    copy.docs()
    assert len(copy.changed) == 4, copy.changed
    copy.commit()
    add_the_field(copy)
    assert "no label: zh: [concern] minors" in copy.docs()
    copy.label("case", LISTED)
    copy.docs()
    assert len(copy.changed) == 6, copy.changed

    told = copy.tests(*CHECKED, *OF_LISTED_FIELDS, *OF_FIGURES)

    assert not copy.failed, told


@pytest.mark.soak
def test_every_kind_of_listed_field_is_told_found_and_hidden_over_the_api(copy):
    add_the_field(copy)
    for added in (NUMBERED, WISHED):
        add_to_the_registration(copy, **added)
    copy.insert(INTAKE, "from typing import ", "from domain.shared.values import Day")

    told = copy.tests(*OF_LISTED_FIELDS, *OVER_THE_API, "-rp")

    assert not copy.failed, told
    passed = {one.partition("::")[2] for one in told.splitlines() if one.startswith("PASSED")}
    assert {f"{rule}[{name}]" for rule in RULES for name in ("concern", "dossier", "wished_for")} <= passed, told


def test_a_field_that_cannot_be_listed_stops_the_start_and_is_named(copy):
    add_to_the_registration(copy, "    floors: int = 0", "    floors: Listed[Framed[int]] = 0")

    told = copy.docs()

    assert copy.failed
    assert "TypeError: floors is listed" in told
