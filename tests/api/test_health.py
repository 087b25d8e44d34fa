"""Whether commands are taken, whether lists keep up, whether the worker works: three answers, none hides another."""

from __future__ import annotations

import psycopg
import pytest

from api.routes import health


def asked(county, path):
    answer = county.http.get(f"/health/{path}")
    return answer.status_code, answer.json()


def owner(county):
    return psycopg.connect(county.url, autocommit=True)


@pytest.fixture
def worked(county):
    """All parts of a worker looked just now."""
    for part in ("lists", "clocks", "seals", "erasures"):
        county.parts.beats.beat(part)
    yield
    with owner(county) as connection:
        connection.execute("DELETE FROM worker_beat")
    county.parts.beats._last.clear()


def test_commands_are_taken_while_lists_are_being_filled(county, worked):
    with owner(county) as connection:
        connection.execute("UPDATE lasting_projection SET whole_at = whole_at + 1000000 WHERE name = 'office'")
    try:
        assert asked(county, "ready")[0] == 200
        assert asked(county, "ready")[1]["lists"] == "filling"
        assert asked(county, "lists")[0] == 503
    finally:
        with owner(county) as connection:
            connection.execute("UPDATE lasting_projection SET whole_at = whole_at - 1000000 WHERE name = 'office'")
    assert asked(county, "lists")[0] == 200, asked(county, "lists")


def test_a_worker_that_lives_and_does_nothing_is_told_by_its_parts(county, worked):
    assert asked(county, "worker")[0] == 200
    with owner(county) as connection:
        connection.execute("UPDATE worker_beat SET at = at - interval '2 minutes' WHERE part IN ('clocks', 'seals')")

    code, told = asked(county, "worker")

    assert (code, told["status"], told["hanging"]) == (503, "hangs", ["clocks", "seals"])
    assert asked(county, "ready")[1]["worker"] == "hangs"
    assert 'tiaojie_worker_beat_seconds{part="clocks"} 12' in county.http.get("/metrics").text


def test_a_worker_that_never_ran_is_told(county):
    assert asked(county, "worker")[1]["status"] == "absent"


def test_no_commands_are_promised_where_there_is_no_room_for_keys(county, monkeypatch):
    monkeypatch.setattr(health, "LEAST_ROOM", 1 << 62)

    assert asked(county, "ready")[0] == 503
    assert asked(county, "ready")[1]["status"] == "no-room"
    assert asked(county, "live")[0] == 200
