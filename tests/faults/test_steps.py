"""Workers that die at each step of a page, of a deadline, of a rebuild: everything has its effect once."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import active_children
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import pytest

from api.wiring import Wired
from application import timers
from application.ports import StoreAway
from application.streams import CASES
from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.postgres.pool import Readers
from infrastructure.projection import projector as projecting
from infrastructure.projection import rebuilding
from infrastructure.projection.read_model import make
from infrastructure.projection.rebuilding import REBUILD_LOCK, RebuildUnderWay
from tests.api.conftest import County
from tests.effort import in_turn
from tests.faults.steps import Step, Task, die_at
from tests.handover.many import registered
from tests.ledger.feeds import Tables, told_county
from tests.patience import PATIENCE, eventually
from tests.referral.offices import open_desks

KILLED = -signal.SIGKILL
LONG_AGO, NOW = datetime(2026, 6, 1, 2, tzinfo=UTC), datetime(2026, 6, 30, 4, tzinfo=UTC)
PROJECTOR, POSITION = "infrastructure.projection.projector", "SET position"
OF_A_PAGE = {
    "has read the page": Step(PROJECTOR, "readable", after=True),
    "is about to take the lock": Step("psycopg:Cursor", "execute", told="FOR UPDATE"),
    "holds the lock": Step("psycopg:Cursor", "execute", after=True, told="FOR UPDATE"),
    "is about to apply it": Step("infrastructure.projection.parking", "apply"),
    "has applied it": Step("infrastructure.projection.parking", "apply", after=True),
    "has moved the position": Step("psycopg:Cursor", "execute", after=True, told=POSITION),
    "is about to commit": Step("psycopg:Connection", "commit", once=POSITION),
    "has committed": Step("psycopg:Connection", "commit", after=True, once=POSITION),
}
COMMIT = "COMMIT"
OF_A_DEADLINE = {
    "has read what is due": Step("infrastructure.read_models.running_clocks:RunningClocks", "due", after=True),
    "is about to decide": Step("infrastructure.ledger.event_store:PostgresLedger", "carry_out"),
    "is about to take the lock": Step("infrastructure.postgres.pipeline:Wire", "ask", told="FOR UPDATE"),
    "holds the lock": Step("infrastructure.postgres.pipeline:Wire", "ask", after=True, told="FOR UPDATE"),
    "is about to append": Step("infrastructure.postgres.pipeline:Wire", "ask", told=COMMIT),
    "has appended": Step("infrastructure.postgres.pipeline:Wire", "ask", after=True, told=COMMIT),
    "has been told so": Step("infrastructure.ledger.event_store:PostgresLedger", "carry_out", after=True),
}
REBUILDING = "infrastructure.projection.rebuilding:Rebuilding"
OF_A_REBUILD = {
    "has made room": Step(REBUILDING, "_make_shadow", after=True),
    "has read a part": Step("infrastructure.projection.rebuilding", "readable", after=True),
    "has filled a part": Step(REBUILDING, "_applied", after=True),
    "is about to make indexes": Step(REBUILDING, "_filled", after=True),
    "is about to change them over": Step(REBUILDING, "_swap"),
    "holds the positions": Step("psycopg:Connection", "execute", after=True, told="FOR UPDATE"),
    "has dropped the old": Step("infrastructure.projection.rebuilding", "drop", after=True),
    "has moved the new": Step(REBUILDING, "_moved", after=True),
    "is about to commit": Step("psycopg:Connection", "commit", once="INSERT INTO public.parked"),
    "has changed them over": Step(REBUILDING, "_swap", after=True),
    "has cleared up": Step(REBUILDING, "_drop_shadow", after=True),
}


@pytest.fixture(scope="module")
def county(make_database, tmp_path_factory) -> Iterator[County]:
    with told_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture(scope="module")
def desks(make_database, tmp_path_factory) -> Iterator[County]:
    with open_desks(make_database(), tmp_path_factory.mktemp("desks")) as made:
        made.clock.moment = max(made.clock.moment, NOW)
        yield made


@contextmanager
def tables_of(county: County) -> Iterator[Tables]:
    with Readers(county.url, restricted=True) as pool:
        yield Tables(county.parts.ledger, county.url, pool)


@pytest.fixture(scope="module")
def whole(county) -> dict[str, list[str]]:
    county.parts.projector.rebuild()
    with tables_of(county) as tables:
        return tables.contents()


def small_pages() -> None:
    projecting.PAGE, timers.PAGE, rebuilding.PAGE = 40, 5, 60


def catch_up(parts: Wired, moment: datetime) -> None:
    parts.projector.catch_up()


def fire(parts: Wired, moment: datetime) -> None:
    parts.system.deciding.timers.fire(moment)


def rebuild(parts: Wired, moment: datetime) -> None:
    parts.projector.rebuild()


def dying(county: County, work: Callable[[Wired, datetime], Any], step: Step, times: tuple[int, ...]) -> None:
    tasks = [Task(work, county.state, county.url, county.clock(), step, time) for time in times]
    assert die_at(tasks, small_pages) == [KILLED] * len(times)


@pytest.mark.parametrize("step", in_turn(OF_A_PAGE, of=3))
def test_three_projectors_that_die_at_a_step_leave_each_event_applied_once(county, whole, step):
    projector = county.parts.projector
    with psycopg.connect(projector._owner_url) as owner:
        for one in projector._read_models:
            make(one, owner, county.events())

    dying(county, catch_up, OF_A_PAGE[step], (1, 2, 3))

    assert projector.catch_up() == county.events()
    with tables_of(county) as tables:
        assert tables.contents() == whole
        assert set(tables.positions().values()) == {county.events()}
    assert projector.parked() == []


@pytest.mark.parametrize("step", in_turn(OF_A_DEADLINE, of=3))
def test_three_workers_that_die_at_a_step_act_on_each_deadline_once(desks, step):
    ids = registered(desks, "HK", 30, LONG_AGO)
    desks.parts.projector.catch_up()

    dying(desks, fire, OF_A_DEADLINE[step], (1, 2, 3))
    desks.parts.projector.catch_up()
    desks.parts.system.deciding.timers.fire(desks.clock())

    histories = [desks.parts.ledger.history(CASES, id).entries for id in ids]
    once = Counter(entry.event.name for entry in histories[0])
    assert once["case.clock_ran_out"] == len(("of its holder", "of the dispute"))
    assert [Counter(entry.event.name for entry in one) for one in histories] == [once] * len(ids)
    assert desks.parts.system.deciding.timers.fire(desks.clock()) == 0


@pytest.mark.parametrize("step", in_turn(OF_A_REBUILD, of=3))
def test_a_rebuild_that_dies_at_a_step_leaves_tables_that_serve_and_the_next_one_is_whole(county, whole, step):
    dying(county, rebuild, OF_A_REBUILD[step], (1,))

    with tables_of(county) as tables:
        assert tables.contents() == whole
        rebuilt(county)
        assert tables.contents() == whole
        assert set(tables.positions().values()) == {county.events()}
    assert nothing_left(county)


def rebuilt(county: County) -> None:
    """As soon as PostgreSQL has noticed that the one before is dead."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            return county.parts.projector.rebuild()
        except RebuildUnderWay:
            time.sleep(0.05)
    raise AssertionError("the lock of a dead one stays")


def nothing_left(county: County) -> bool:
    with psycopg.connect(county.url) as connection:
        return not connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'shadow'").fetchall()


@contextmanager
def working(county: County) -> Iterator[None]:
    """The worker's projector."""
    stop = Event()
    worker = Thread(target=county.parts.projector.run, args=[stop])
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(PATIENCE)
    assert not worker.is_alive()


def test_what_a_killed_rebuild_leaves_is_cleared_up_by_the_worker_but_never_what_somebody_fills(county, whole):
    dying(county, rebuild, OF_A_REBUILD["has filled a part"], (1,))
    assert not nothing_left(county)

    with psycopg.connect(county.url, autocommit=True) as another:
        eventually(lambda: another.execute("SELECT pg_try_advisory_lock(%s)", [REBUILD_LOCK]).fetchall()[0][0])
        with working(county):
            time.sleep(1.5)
            assert not nothing_left(county)
            another.close()
            eventually(lambda: nothing_left(county))

    with tables_of(county) as tables:
        assert tables.contents() == whole


def test_a_rebuild_whose_helper_dies_ends_and_leaves_everything_as_it_was(county, whole, monkeypatch):
    monkeypatch.setattr(rebuilding, "MANY", 1)
    killed = list[int]()

    def kill(name: str, at: int, of: int) -> None:
        if not killed:
            helper = next(one for one in active_children() if one.name.startswith("SpawnProcess"))
            killed.append(helper.pid or 0)
            os.kill(helper.pid or 0, signal.SIGKILL)

    with pytest.raises(BrokenProcessPool):
        county.parts.projector.rebuild(progress=kill)

    assert killed
    assert nothing_left(county)
    with tables_of(county) as tables:
        assert tables.contents() == whole
        county.parts.projector.rebuild()
        assert tables.contents() == whole


@pytest.fixture
def server_of_its_own(processes: None, tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(tmp_path / "cluster")
    yield embedded
    embedded.stop()
    embedded.place.remove()


def prepared(projector):
    """The pool needs a moment to find the database again."""
    try:
        projector.prepare_if_emptied()
    except StoreAway:
        return False
    return True


@pytest.mark.parametrize("many", in_turn([1, 10**9], of=2))
def test_a_rebuild_whose_database_dies_ends_and_afterwards_all_is_filled_again(
    server_of_its_own, tmp_path, monkeypatch, many
):
    monkeypatch.setattr(rebuilding, "MANY", many)
    monkeypatch.setattr(rebuilding, "PAGE", 100)
    with told_county(server_of_its_own.start(), tmp_path) as county, tables_of(county) as tables:
        projector = county.parts.projector
        projector.catch_up()
        before, pid = tables.contents(), server_of_its_own.pid

        def kill(name: str, at: int, of: int) -> None:
            if server_of_its_own.pid == pid:
                os.kill(pid or 0, signal.SIGKILL)

        with pytest.raises((psycopg.OperationalError, StoreAway)):
            projector.rebuild(progress=kill)

        server_of_its_own.start()
        eventually(lambda: prepared(projector))
        projector.catch_up()
        assert tables.contents() == before
        projector.rebuild()
        assert nothing_left(county)
        assert tables.contents() == before
