"""docs/import.md tells every rule, outcome, step, field and title; its samples are read as they stand."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from api.labels import labels
from application.legacy.reading import Outcome
from application.legacy.row_content import LegacyCase, LegacyStep
from application.legacy.rows import RowFault, lines
from application.legacy.sheets import COLUMNS, case_of, columns_of
from application.legacy.words import Words
from domain.case.people import NewParty
from domain.case.record.importing import BASES, Breach, StepKind
from domain.shared.tables import Sheet
from domain.shared.text_files import text_file

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "import.md").read_text("utf-8")
CODES = set(re.findall(r"`([\w-]+)`", PAGE))


@pytest.mark.parametrize("enum", [Breach, Outcome, StepKind], ids=lambda enum: enum.__name__)
def test_every_word_of_the_import_is_told(enum):
    assert {one.value for one in enum} <= CODES


@pytest.mark.parametrize("value", [LegacyCase, LegacyStep, NewParty], ids=lambda value: value.__name__)
def test_every_field_of_a_line_is_told(value):
    assert set(value.model_fields) <= CODES


def test_every_title_of_a_sheet_is_told_in_both_languages():
    assert set(COLUMNS) <= CODES
    assert [title for title in COLUMNS.values() if title not in PAGE] == []


def test_the_article_of_a_rule_stands_beside_it():
    for rule, basis in BASES.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{rule.value}` "))
        assert str(basis) in row


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_outcome_and_fault_has_words(language):
    assert set(labels(language)["import_outcome"]) == {one.value for one in Outcome}
    assert set(labels(language)["import_would"]) == {one.value for one in Outcome}
    assert set(labels(language)["import_fault"]) == {one.value for one in RowFault}


def test_the_samples_tell_the_same_case_in_both_forms():
    file = io.BytesIO((DOCS / "samples" / "cases.csv").read_bytes())
    sheet = Sheet(text_file(file))
    words, columns = Words([labels("zh"), labels("en")]), columns_of(sheet.titles)
    of_sheet = [LegacyCase.model_validate(case_of(columns, row.content, words).told) for row in sheet]  # type: ignore[arg-type]
    file = io.BytesIO((DOCS / "samples" / "cases.ndjson").read_bytes())
    of_lines = [LegacyCase.model_validate_json(str(row.content)) for row in lines(text_file(file))]

    assert [one.category for one in of_sheet] == [one.category for one in of_lines[:2]]
    told = [[(one.step, one.day) for one in case.steps] for case in (of_sheet[1], of_lines[1])]
    assert told[0] == told[1]
    assert of_sheet[1].steps[3].ground == of_lines[1].steps[3].ground == "mediation-failed"
    assert of_sheet[0].parties[0] == of_lines[0].parties[0]
