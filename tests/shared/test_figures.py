"""A figure is what its row says: each column and each test that a row may name has its way into the query."""

from __future__ import annotations

from datetime import date

import pytest

from application.figures.asking import Counting, Moment
from application.figures.counting import COLUMNS, Check, Condition, Count, Figure, RowKind, When, refuse_unfit
from infrastructure.read_models.figure_query import FigureQuery, statements
from infrastructure.read_models.figures import ROWS, DatedTables


def test_a_figure_that_reads_what_its_rows_do_not_have_is_refused_by_name():
    strange = Figure("strange", RowKind.ANSWER, Count("resolved_on"))

    with pytest.raises(ValueError, match=r"strange.*answer.*resolved_on"):
        refuse_unfit(strange)


def test_every_test_of_a_condition_has_a_form_of_its_own():
    forms = set()
    for one in Check:
        values: tuple[str | int, ...] = ("due_on",) if one in (Check.BY, Check.ON) else (1,)
        figure = Figure("one", RowKind.DISPUTE, Count(where=(Condition("closed_on", one, values),)))
        ((_, query),) = statements(_query(), [figure])
        forms.add(query)
    assert len(forms) == len(Check)


def test_every_way_to_lie_in_a_window_has_a_form_of_its_own():
    asked = {one: _query().counted(Count(when=one), cohort=False) for one in When}

    assert len(set(asked.values())) == len(When)


def _query() -> FigureQuery:
    return FigureQuery(RowKind.DISPUTE, Counting(until=date(2026, 3, 1)), Moment(date(2026, 3, 1), 1))


@pytest.mark.parametrize("kind", RowKind)
def test_the_columns_of_a_row_are_those_of_its_table(kind):
    schema = DatedTables.schema.partition(f"CREATE TABLE dated_{kind.value} (")[2].partition(");")[0]
    columns = [one.split()[0] for one in schema.replace("\n", " ").split(",")]

    assert columns[6:] == list(ROWS[kind])
    assert set(ROWS[kind]) == COLUMNS[kind]
