"""Whoever owns the database changes a table: rights are not believed from it, and each change is told by `check`."""

from __future__ import annotations

from contextlib import contextmanager

import psycopg
import pytest

from api.cli.check import check

CHANGES = {
    "case_board": "UPDATE case_board SET urgency = 'urgent'",
    "appointment": "UPDATE appointment SET role = 'auditor'",
    "officer": "DELETE FROM officer",
}


@pytest.fixture
def county(county, mediator):
    mediator.register()
    county.parts.projector.catch_up()
    return county


@contextmanager
def changed(county, statement):
    """And put right afterwards."""
    with psycopg.connect(county.url, autocommit=True) as owner:
        owner.execute(statement)
    yield
    county.parts.projector.rebuild()


def faults(county):
    return check(county.parts, lambda *_: None).faults


def test_what_nobody_changed_is_as_the_events_say(county):
    assert faults(county) == []


@pytest.mark.parametrize("table", sorted(CHANGES))
def test_each_change_of_a_row_is_told_by_its_table(county, table):
    with changed(county, CHANGES[table]):
        (fault,) = faults(county)

    assert fault.startswith(f"table {table}: ")
    assert faults(county) == []


def test_a_role_that_was_written_into_the_table_gives_no_right(county, mediator):
    before = mediator.get("/api/me").json()
    with changed(county, CHANGES["appointment"]):
        assert mediator.get("/api/me").json() == before


def test_who_was_taken_out_of_the_table_is_still_who_they_are(county, mediator):
    with changed(county, CHANGES["officer"]):
        assert mediator.get("/api/me").status_code == 200
