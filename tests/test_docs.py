"""The documents say what the code does: generated pages are fresh, settings and verbs are told, links lead on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.cli.main import app
from api.labels import labels
from api.reference import pages as reference
from api.reference.pages import PAGES, Words
from api.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LAYERS = ("domain", "application", "infrastructure", "api")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_as_fresh_as_the_code(name):
    written = PAGES[name](Words())

    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == written, "run `make docs`"


def test_every_word_that_a_generated_page_needs_is_in_the_labels():
    words = Words()
    for page in PAGES.values():
        page(words)

    assert words.missing == []


def test_whoever_writes_the_pages_is_told_every_label_that_is_missing(monkeypatch, tmp_path):
    known = {language: labels(language) for language in ("zh", "en")}
    commands = {key: word for key, word in known["zh"]["command"].items() if key != "accept-case"}
    spoilt = {table: words for table, words in known["zh"].items() if table != "side"} | {"command": commands}
    monkeypatch.setattr(reference, "labels", lambda language: spoilt if language == "zh" else known["en"])

    done = CliRunner().invoke(app, ["docs", "--folder", str(tmp_path)])

    assert done.exit_code == 1
    assert {"no label: zh: [command] accept-case", "no label: zh: [side] applicant"} <= {*done.output.splitlines()}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_told_in_the_readme(name):
    asked_for = "DATABASE_URL" if name == "database_url" else f"TIAOJIE_{name.upper()}"

    assert f"| `{asked_for}` |" in README


def test_every_verb_of_the_command_line_is_told_in_the_readme():
    group = typer.main.get_command(app)
    shown = [name for name, command in group.commands.items() if not command.hidden]  # type: ignore[attr-defined]

    assert [name for name in shown if f"`{name}`" not in README and f"tiaojie {name}" not in README
            and f"`{name} " not in README and f"make {name}" not in README] == []  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_link_leads_to_a_file(document):
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", text)
    named = [link for pair in links for link in pair if link and "://" not in link]

    assert [link for link in named if not (document.parent / link).exists()] == []


PATH = re.compile(r"`((?:domain|application|infrastructure|api|tests|docs|requirements|bench)/[^`\s]*|[\w*]+\.py)`")
"""A path from the root of the project, or a file of Python by its name alone."""


@pytest.mark.parametrize("document", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=lambda path: path.name)
def test_a_path_that_a_document_names_is_there(document):
    named = [one for one in PATH.findall(document.read_text(encoding="utf-8")) if "<" not in one]

    assert [one for one in named if not is_there(one)] == []


def is_there(path: str) -> bool:
    if "/" in path:
        return any(ROOT.glob(path))
    return any(True for layer in (*LAYERS, "docs") for _ in (ROOT / layer).rglob(path))


def test_every_folder_of_the_tree_in_the_readme_is_there():
    tree = README.split("## The tree")[1].split("```")[1]
    folders = re.findall(r"^(\w+)/", tree, re.MULTILINE)

    assert len(folders) > 5
    assert [name for name in folders if not (ROOT / name).is_dir()] == []


def test_every_verb_of_make_is_explained():
    verbs = re.findall(r"^(\w+):.*## \S", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert {"run", "quick", "test", "soak", "check", "format", "demo", "bench", "docs", "lock"} <= set(verbs)
