"""Whoever owns the database changes a table: rights are not believed from it, and each change is told by `check`."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest

from api.cli.check import check
from infrastructure.proof.sealer import Forked
from infrastructure.read_models.remembered import FOR

CHANGES = {
    "case_board": "UPDATE case_board SET urgency = 'urgent'",
    "appointment": "UPDATE appointment SET role = 'auditor'",
    "officer": "DELETE FROM officer",
    "case_clock": "DROP TABLE case_clock CASCADE",
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


@pytest.mark.parametrize(
    "change", ["UPDATE serials SET last = last - 1", "UPDATE serials SET last = last + 7", "DELETE FROM serials"]
)
def test_a_row_of_numbers_that_was_set_back_or_forward_is_told_before_a_number_is_given_twice(county, change):
    with psycopg.connect(county.url, autocommit=True) as owner:
        rows = owner.execute("SELECT body, kind, year, last FROM serials").fetchall()
        owner.execute(change.encode())
        told = faults(county)
        owner.execute("DELETE FROM serials")
        owner.cursor().executemany("INSERT INTO serials VALUES (%s, %s, %s, %s)", rows)

    assert (len(told), all("the next would be" in one for one in told)) == (len(rows), True), told
    assert faults(county) == []


def test_a_role_that_was_written_into_the_table_gives_no_right(county, mediator):
    before = mediator.get("/api/me").json()
    with changed(county, CHANGES["appointment"]):
        assert mediator.get("/api/me").json() == before


def test_who_was_taken_out_of_the_table_is_still_who_they_are(county, mediator):
    with changed(county, CHANGES["officer"]):
        assert mediator.get("/api/me").status_code == 200


@contextmanager
def inserted(county, login):
    """An appointment that nobody made, as the next event of an officer: in the form that such an event has."""
    with psycopg.connect(county.url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        query = "SELECT * FROM stored_events WHERE topic = 'office.officer_appointed' ORDER BY notification_id LIMIT 1"
        columns = [one.name for one in owner.execute(query).description or ()]
        row = dict(zip(columns, owner.execute(query).fetchall()[0], strict=True))
        (officer, version), (head,) = (
            owner.execute(one).fetchall()[0]
            for one in (
                "SELECT originator_id, max(originator_version) FROM stored_events WHERE originator_id ="
                f" (SELECT id FROM officer WHERE login = '{login}') GROUP BY 1",
                "UPDATE feed_head SET position = position + 1 RETURNING position",
            )
        )
        told, id = json.loads(row["state"]), uuid4()
        told["id"], told["event"]["number"], told["event"]["role"] = str(id), 99, "system-admin"
        place = {"originator_id": officer, "originator_version": version + 1, "notification_id": head, "event_id": id}
        row |= {**place, "state": json.dumps(told).encode()}
        owner.execute(
            f"INSERT INTO stored_events ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})", [*row.values()]
        )
        yield
        owner.execute("DELETE FROM stored_events WHERE notification_id = %s", [head])
        owner.execute("UPDATE feed_head SET position = %s", [head - 1])
        owner.execute("ALTER TABLE stored_events ENABLE TRIGGER ALL")
    county.parts.projector.rebuild()


def test_an_event_that_was_inserted_is_told_before_it_is_sealed_gives_no_right_and_is_not_sealed(county):
    county.parts.proof.seal()
    with inserted(county, "li.ming"):
        (fault,) = (one for one in faults(county) if one.startswith("position"))
        assert fault.endswith("office.officer_appointed was recorded by somebody else, or altered since")

        time.sleep(FOR)
        answer = county.as_("li.ming").get("/api/me")
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "not-ours"), answer.text

        with pytest.raises(Forked):
            county.parts.proof.seal()
