"""Lists and figures come from a standby where it has come as far as their readers; otherwise from the leader."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infrastructure.postgres import standby as reading
from infrastructure.postgres.embedded import EmbeddedPostgres
from tests.api.conftest import open_county
from tests.patience import eventually
from tests.postgres.test_database_url import following, standby

__all__ = ["standby"]


@pytest.fixture
def county(standby, tmp_path, monkeypatch):
    leader, follower = standby
    monkeypatch.setenv("TIAOJIE_READ_URL", follower)
    with open_county(leader, tmp_path / "state", datetime.now(UTC)) as county:
        yield county


def asked_of(url):
    """How often the server has looked at the board."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_clear_snapshot()")
        query = "SELECT coalesce(sum(seq_scan + coalesce(idx_scan, 0)), 0) FROM pg_stat_user_tables WHERE relname = %s"
        return int(connection.execute(query, ["case_board"]).fetchall()[0][0])


def listed(county):
    return county.as_("li.ming").get("/api/cases", count=True).json()["count"]


def test_lists_are_read_from_the_standby_and_tell_what_their_reader_has_just_recorded(county, standby):
    desk, (_, follower) = county.as_("li.ming"), standby
    for number in range(1, 6):
        made = desk.register(facts=f"第{number}道墙")
        found = desk.get("/api/cases", count=True).json()
        assert found["count"] == number
        assert {one["id"]: one["facts"] for one in found["cases"]}[made.id] == f"第{number}道墙"

    def from_the_standby():
        before = asked_of(follower)
        assert listed(county) == 5
        return asked_of(follower) > before

    eventually(from_the_standby)


def stop_replay(follower, *, paused):
    with psycopg.connect(follower, autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_pause()" if paused else "SELECT pg_wal_replay_resume()")


def test_while_the_standby_is_behind_the_leader_answers(county, standby):
    desk, follower = county.as_("li.ming"), standby[1]
    desk.register(facts="第一道墙")
    assert listed(county) == 1
    stop_replay(follower, paused=True)
    desk.register(facts="第二道墙")
    desk.register(facts="第三道墙")
    assert [listed(county) for _ in range(5)] == [3] * 5

    stop_replay(follower, paused=False)
    assert listed(county) == 3


def test_while_the_standby_is_away_the_leader_answers(county, standby, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "AGAIN_AFTER", 0.1)
    desk = county.as_("li.ming")
    desk.register(facts="第一道墙")
    assert listed(county) == 1
    follower = EmbeddedPostgres(tmp_path / "follower")
    os.kill(follower.pid or 0, signal.SIGQUIT)
    follower.stop()

    desk.register(facts="第二道墙")
    assert listed(county) == 2


def test_another_standby_in_the_place_of_one_that_died_is_asked_how_far_it_has_come(standby, tmp_path, monkeypatch):
    """What is known of the first tells nothing of the second, which is behind."""
    monkeypatch.setattr(reading, "AGAIN_AFTER", 0.0)
    leader, first = standby
    with following(EmbeddedPostgres(tmp_path / "leader"), tmp_path / "second") as second:
        hosts = {name: f"{conninfo_to_dict(first)[name]},{conninfo_to_dict(second)[name]}" for name in ("host", "port")}
        monkeypatch.setenv("TIAOJIE_READ_URL", make_conninfo(first, **hosts, target_session_attrs="prefer-standby"))
        with open_county(leader, tmp_path / "state", datetime.now(UTC)) as county:
            desk = county.as_("li.ming")
            desk.register(facts="第一道墙")
            assert listed(county) == 1
            caught_up(leader, second)
            stop_replay(second, paused=True)
            desk.register(facts="第二道墙")
            eventually(lambda: told_by_the_standby(county, first))
            follower = EmbeddedPostgres(tmp_path / "follower")
            os.kill(follower.pid or 0, signal.SIGQUIT)
            follower.stop()

            assert [listed(county) for _ in range(5)] == [2] * 5
            stop_replay(second, paused=False)


def caught_up(leader, follower):
    def reached(url):
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute("SELECT coalesce(min(position), 0) FROM projection").fetchall()

    eventually(lambda: reached(leader) == reached(follower))


def told_by_the_standby(county, url):
    before = asked_of(url)
    assert listed(county) == 2
    return asked_of(url) > before
