"""What is asked all day reads a few rows of large tables, as PostgreSQL counts what a request has read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest

from application.streams import CASES as HISTORIES
from infrastructure.read_models.running_clocks import RunningClocks
from tests.api.conftest import Case, County, open_county
from tests.api.many import CASES, LARGE, fill

A_FEW, OF_A_DESK = CASES // 5, CASES // 75
"""Rows, of one table: whoever reads more reads more with every year. A mediator's own desk is a small part of it."""
UNTIL_PLANS_STAY = 12
"""Times that a statement is asked until PostgreSQL settles on one plan for it."""
LOGINS = {"li.ming": OF_A_DESK, "town": A_FEW, "leader": A_FEW, "auditor": A_FEW}
"""A mediator, a township's coordinator; a leader and an auditor see all."""
LISTS: dict[str, dict[str, str]] = {"latest": {}, "open": {"status": "open"}, "closed": {"status": "closed"}}


@pytest.fixture(scope="module")
def large(make_database, tmp_path_factory) -> Iterator[tuple[County, Case]]:
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as county:
        case = county.as_("li.ming").register(key="asked before")
        case.under_way()
        county.parts.projector.catch_up()
        fill(county)
        yield county, case


@dataclass
class Read:
    """Of a table: how often from end to end, and how many rows, by whatever way."""

    scans: int
    rows: int


def counted(county: County) -> dict[str, Read]:
    """Every session tells what it has counted only now and then, so each is asked to."""
    query = (
        "SELECT relname, seq_scan, seq_tup_read + (SELECT sum(i.idx_tup_read)::bigint FROM pg_stat_user_indexes i"
        " WHERE i.relid = t.relid) FROM pg_stat_user_tables t WHERE relname = ANY(%s)"
    )
    ledger, board = county.parts.ledger, county.parts.system.reading.board
    for pool in (ledger.datastore.pool, board._pool):
        sessions = [pool.getconn() for _ in range(pool.get_stats()["pool_size"])]
        for one in sessions:
            flush(one)
            pool.putconn(one)
    if ledger._line.open:
        flush(ledger._line._connection)
    with psycopg.connect(county.url) as connection:
        found = connection.execute(query, [list(LARGE)]).fetchall()
    return {name: Read(scans, rows) for name, scans, rows in found}


def flush(session: Any) -> None:
    session.execute("SELECT pg_stat_force_next_flush()")
    session.commit()


def reads_a_few(county: County, ask: Callable[[], Any], most: int = A_FEW) -> Any:
    for _ in range(UNTIL_PLANS_STAY):
        ask()
    before = counted(county)
    answer = ask()
    after = counted(county)
    read = {name: Read(now.scans - before[name].scans, now.rows - before[name].rows) for name, now in after.items()}
    assert not {name: one for name, one in read.items() if one.scans or one.rows > most}
    return answer


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("which", LISTS)
def test_a_list_of_cases(large, login, which):
    county, _ = large
    desk = county.as_(login)

    told = reads_a_few(county, lambda: desk.get("/api/cases", limit=50, **LISTS[which]), LOGINS[login])

    assert told.status_code == 200
    assert told.json()["cases"]


SEARCHES = {"whole number": {"words": "案 12345"}, "part of a name": {"party": "周大"}, "initials": {"party": "zds"}}


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("which", SEARCHES)
def test_a_search_for_a_number_or_a_person(large, login, which, monkeypatch):
    """Also where nothing is remembered of which key the table is sealed under."""
    county, _ = large
    desk = county.as_(login)
    tokens = county.parts.system.reading.board._persons
    monkeypatch.setattr(tokens, "_generation", tokens._serves)

    told = reads_a_few(county, lambda: desk.post("/api/cases/search", **SEARCHES[which]), LOGINS[login])

    assert told.status_code == 200
    assert len(told.json()["cases"]) <= 1


@pytest.mark.parametrize("login", LOGINS)
def test_the_page_of_a_case(large, login):
    county, case = large
    desk = county.as_(login)

    def ask():
        county.parts.ledger.forget()
        return desk.get(f"/api/cases/{case.id}")

    assert reads_a_few(county, ask, OF_A_DESK).status_code == 200


@pytest.mark.parametrize("login", ["li.ming", "town"])
@pytest.mark.parametrize("path", ["/", "/api/referrals"])
def test_what_waits_today(large, login, path):
    county, _ = large
    desk = county.as_(login)

    told = reads_a_few(county, lambda: desk.get(path), LOGINS[login])

    assert told.status_code == 200
    assert path != "/" or login == "town" or "滴水檐" in told.text  # what lies on the village's desk


def test_what_the_worker_looks_for(large):
    county, _ = large
    clocks, now = RunningClocks(county.parts.system.reading.board._pool), county.clock()

    reads_a_few(county, lambda: clocks.due(now, None, 100))
    reads_a_few(county, lambda: clocks.to_be_fixed(now.date(), None, 100))
    reads_a_few(county, lambda: clocks.overdue(now))


def test_a_stream_a_page_of_the_feed_and_how_far_the_tables_are(large):
    county, case = large
    ledger = county.parts.ledger

    def load():
        ledger.forget()
        return ledger.history(HISTORIES, UUID(case.id))

    assert reads_a_few(county, load).version > 5
    assert len(reads_a_few(county, lambda: ledger._page(CASES // 2, 500))) == 500
    assert reads_a_few(county, county.parts.projector.status)


def test_a_command_and_its_key(large):
    county, case = large
    desk = county.as_("li.ming")

    assert reads_a_few(county, lambda: desk.register(key="asked before")).id == case.id
    numbers = iter(range(100))
    assert reads_a_few(county, lambda: desk.register(key=f"new {next(numbers)}"))
