"""A commit that no standby has confirmed is told to nobody, however long that takes."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from infrastructure.ledger import group_commit, recorder
from infrastructure.postgres import pipeline
from infrastructure.postgres.embedded import EmbeddedPostgres
from tests.api.conftest import BOTH, open_county
from tests.patience import eventually


@pytest.fixture
def county(processes, tmp_path, monkeypatch):
    """Its server ends a statement after half a second, and we wait no longer than that for a commit."""
    monkeypatch.setattr(recorder, "STATEMENT_TIMEOUT", "500ms")
    monkeypatch.setattr(recorder, "LOCK_TIMEOUT", "200ms")
    monkeypatch.setattr(pipeline, "ANSWER_WITHIN", 0.5)
    monkeypatch.setattr(group_commit, "ASK_AGAIN_FOR", 0.5)
    server = EmbeddedPostgres(tmp_path / "server")
    try:
        with open_county(server.start(), tmp_path / "state", datetime.now(UTC)) as county:
            yield county
    finally:
        server.stop()
        server.place.remove()


def confirmed_by(url, standby):
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{standby}'")
        owner.execute("SELECT pg_reload_conf()")


def events(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT count(*) FROM stored_events").fetchall()[0][0]


def test_what_no_standby_has_confirmed_is_seen_by_nobody_until_one_has(county):
    desk, key = county.as_("li.ming"), {"Idempotency-Key": uuid4().hex}
    content = {"place": str(county.area("990101101201")), "facts": "两家为滴水檐争吵。", "parties": BOTH}
    before = events(county.url)
    confirmed_by(county.url, "nobody")
    until = time.monotonic() + 3
    while time.monotonic() < until:
        assert desk.post("/api/cases/register-case", key, **content).status_code == 503
        assert events(county.url) == before

    confirmed_by(county.url, "")

    told = eventually(lambda: answered(desk.post("/api/cases/register-case", key, **content)))
    assert desk.post("/api/cases/register-case", key, **content).json() == told.json()
    assert desk.get("/api/cases", count=True).json()["count"] == 1


def answered(told):
    return told if told.status_code == 201 else None
