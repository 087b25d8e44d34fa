"""The tables are what the feed says, however it was cut, and whoever applied it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import product
from typing import Any, ClassVar
from uuid import uuid4

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from application.ports import ReadModelsFilling, StoreAway
from infrastructure.ledger.feed import HoleInTheFeed
from infrastructure.postgres.pool import Readers
from infrastructure.projection import projector as projecting
from infrastructure.projection import rebuilding
from infrastructure.projection.rebuilding import RebuildUnderWay
from tests.api.conftest import County
from tests.effort import in_turn, times
from tests.ledger.feeds import Tables, UpTo, opened_tables, read_models, told_county
from tests.ledger.samples import Noted, record


@pytest.fixture(scope="module")
def county(make_database, tmp_path_factory) -> Iterator[County]:
    with told_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture(scope="module")
def ledger(county):
    return county.parts.ledger


@pytest.fixture(scope="module")
def both(ledger, make_database) -> Iterator[list[Tables]]:
    """Tables to be filled in pieces, and tables to be filled in one go."""
    with opened_tables(ledger, make_database, 2) as made:
        yield made


@pytest.fixture
def tables(ledger, make_database) -> Iterator[Tables]:
    with opened_tables(ledger, make_database, 1) as (made,):
        yield made


@contextmanager
def page_of(size: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(projecting, "PAGE", size)
        yield


@settings(max_examples=times(test=3, soak=40))
@example(cuts=[1.0], page=1, projectors=1)
@example(cuts=[1.0], page=7, projectors=3)
@given(
    cuts=st.lists(st.floats(0, 1), min_size=1, max_size=4),
    page=st.sampled_from([1, 2, 3, 7, 20, 500]),
    projectors=st.integers(1, 3),
)
def test_any_prefix_read_in_any_pages_by_any_number_gives_the_same_tables(ledger, both, cuts, page, projectors):
    pieces, whole = both
    ends = sorted(round(cut * ledger.head()) for cut in cuts)
    feed = UpTo(ledger, 0)
    process, other = pieces.projector(feed), pieces.projector(feed)
    several = [process, other, process][:projectors]
    process.prepare()
    process.rebuild()
    last = whole.projector(UpTo(ledger, ends[-1]))
    last.prepare()

    with page_of(page), ThreadPoolExecutor(projectors) as threads:
        for feed.end in ends:
            assert list(threads.map(lambda one: one.catch_up(), several))
    with page_of(100_000):
        last.rebuild()

    assert set(pieces.positions().values()) == {ends[-1]}
    assert pieces.contents() == whole.contents()


class Seen:
    """A read model that notes what it was given."""

    name: ClassVar = "seen"
    contexts: ClassVar[tuple[str, ...]] = ()
    by_stream: ClassVar = False
    schema: ClassVar = "CREATE TABLE seen (position bigint NOT NULL)"

    def apply(self, page: Any, to: Any) -> None:
        to.executemany("INSERT INTO seen VALUES (%s)", [(entry.position,) for entry in page])


class Refusing(Seen):
    """Fails at one event, in some way, until it is mended."""

    name: ClassVar = "refusing"
    schema: ClassVar = (
        "CREATE TABLE refused (position bigint NOT NULL, label text); CREATE INDEX refused_label ON refused (label)"
    )
    at: int | None = 25

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def apply(self, page: Any, to: Any) -> None:
        for entry in page:
            to.execute("INSERT INTO refused VALUES (%s)", [entry.position])
            if entry.position == self.at:
                to.execute(self.fault or page.nothing_of_this_name)


def seen(tables: Tables) -> list[int]:
    with tables.pool.connection() as connection:
        return [at for (at,) in connection.execute("SELECT position FROM seen ORDER BY 1").fetchall()]


def test_several_at_once_apply_each_event_once(ledger, tables):
    several = [tables.projector(models=[Seen()]) for _ in range(6)]
    several[0].prepare()

    with page_of(3), ThreadPoolExecutor(6) as threads:
        told = list(threads.map(lambda one: one.catch_up(), several))

    assert seen(tables) == list(range(1, ledger.head() + 1))
    assert max(told) == ledger.head()


TOO_LONG = "INSERT INTO refused SELECT 0, string_agg(md5(n::text), '') FROM generate_series(1, 5000) n"


FAULTS = ["", "SELECT 1/0", "SELECT nothing", TOO_LONG]


@pytest.mark.parametrize("failing", in_turn(product(FAULTS, [1, 10, 500]), of=3), ids=repr)
def test_an_event_that_fails_parks_its_stream_and_only_that(ledger, tables, failing):
    """Each fault, at each change, with pages of one size."""
    fault, page = failing
    refusing = Refusing(fault)
    one = tables.projector(models=[refusing, Seen()])
    one.prepare()
    parked = next(entry for entry in ledger.feed(0, ledger.head()) if entry.stream.version == 4 and entry.version == 3)
    refusing.at = parked.position
    queue = [entry.position for entry in ledger.part_of(parked.stream, refusing.at, ledger.head())]
    assert len(queue) > 3

    with page_of(page):
        assert one.catch_up() == ledger.head()

    assert refused(tables) == [at for at in range(1, ledger.head() + 1) if at not in queue]
    assert [(at.model, at.stream, at.position) for at in one.parked()] == [("refusing", parked.stream, refusing.at)]
    assert {at.name: at.parked for at in one.status()} == {"refusing": 1, "seen": 0}
    assert one.retry() == (0, 1)
    assert [at.attempts for at in one.parked()] == [2]
    refusing.at = None
    assert one.retry() == (1, 0)
    assert refused(tables) == list(range(1, ledger.head() + 1))
    assert one.parked() == []


def refused(tables: Tables) -> list[int]:
    with tables.pool.connection() as connection:
        return [at for (at,) in connection.execute("SELECT position FROM refused ORDER BY 1").fetchall()]


def test_what_cannot_be_read_parks_its_stream_where_it_concerns_a_read_model(make_ledger, make_database, tables):
    """A key that is missing: for example a vault that is older than its ledger."""
    other = make_ledger(make_database())
    first, second = uuid4(), uuid4()
    for id, version in ((first, 0), (second, 0), (first, 1), (second, 1)):
        record(other, id, version, Noted())
    entries = other.coder.entries
    other.coder.entries = lambda rows: entries([row if row["notification_id"] != 2 else {} for row in rows])
    one = tables.projector(feed=other, models=[Seen()])
    one.prepare()

    assert one.catch_up() == 4

    assert seen(tables) == [1, 3]
    assert [(at.stream, at.position, at.fault) for at in one.parked()] == [(second, 2, "KeyError")]
    other.coder.entries = entries
    assert one.retry() == (1, 0)
    assert seen(tables) == [1, 2, 3, 4]


def test_keys_that_cannot_be_read_just_now_park_nothing(make_ledger, make_database, tables):
    other = make_ledger(make_database())
    record(other, uuid4(), 0, Noted())
    entries = other.coder.entries

    def away(rows: Any) -> Any:
        raise StoreAway

    other.coder.entries = away
    one = tables.projector(feed=other, models=[Seen()])
    one.prepare()
    with suppress(StoreAway):
        one.catch_up()
    assert (one.parked(), seen(tables)) == ([], [])
    other.coder.entries = entries
    assert one.catch_up() == 1


def test_a_read_model_that_fails_at_everything_stands_and_others_go_on(ledger, tables):
    class Broken(Refusing):
        def apply(self, page: Any, to: Any) -> None:
            to.execute("SELECT 1/0")

    broken = Broken("")
    one = tables.projector(models=[broken, Seen()])
    one.prepare()

    assert one.catch_up() == 0

    assert tables.positions() == {"refusing": 0, "seen": ledger.head()}
    assert one.parked() == []


def test_what_a_failing_read_model_was_given_is_not_in_the_log(tables, caplog):
    one = tables.projector(models=[Refusing("SELECT '欧阳明月'::integer")])
    one.prepare()

    one.catch_up()

    assert "stream parked" in caplog.text
    assert "欧阳" not in caplog.text


class Changed(Seen):
    schema: ClassVar = "CREATE TABLE seen (position bigint PRIMARY KEY, more text); CREATE INDEX more ON seen (more)"

    def apply(self, page: Any, to: Any) -> None:
        to.executemany("INSERT INTO seen VALUES (%s, '')", [(entry.position,) for entry in page])


def test_a_changed_schema_is_made_anew_and_others_are_left(ledger, tables):
    tables.projector(models=[Seen(), *read_models(ledger)]).prepare()
    tables.projector(models=[Seen(), *read_models(ledger)]).catch_up()

    later = tables.projector(models=[Changed(), *read_models(ledger)])
    later.prepare()

    later.check_whole()
    assert tables.positions() == {name: ledger.head() for name in tables.positions()}
    assert seen(tables) == list(range(1, ledger.head() + 1))


def test_while_new_tables_are_filled_the_old_ones_serve_and_go_on(ledger, tables, monkeypatch):
    monkeypatch.setattr(rebuilding, "PAGE", 10)
    feed = UpTo(ledger, 30)
    old, later = tables.projector(feed, [Seen()]), tables.projector(feed, [Changed()])
    old.prepare()
    old.catch_up()
    found: list[Any] = []

    def look(name: str, at: int, of: int) -> None:
        feed.end = min(feed.end + 5, ledger.head() - 1)
        old.catch_up()
        found.append((seen(tables) == list(range(1, feed.end + 1)), old.check_whole(), later.check_whole()))

    later.rebuild(progress=look)

    assert found
    assert all(one == (True, None, None) for one in found)
    assert seen(tables) == list(range(1, feed.end + 1))
    assert old.catch_up() == later.catch_up() == feed.end
    feed.end = ledger.head()
    assert old.catch_up() == tables.positions()["seen"] < later.catch_up() == ledger.head()


def test_a_rebuild_that_is_cut_off_leaves_everything_as_it_was(ledger, tables):
    one = tables.projector(models=[Seen()])
    one.prepare()
    one.catch_up()

    def cut_off(name: str, at: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        one.rebuild(progress=cut_off)

    assert seen(tables) == list(range(1, ledger.head() + 1))
    with tables.pool.connection() as connection:
        assert connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'shadow'").fetchall() == []
    one.rebuild()
    assert seen(tables) == list(range(1, ledger.head() + 1))


def test_filled_stream_by_stream_in_several_processes_the_tables_are_the_same(county, ledger, monkeypatch):
    monkeypatch.setattr(rebuilding, "MANY", 1)
    projector, url = county.parts.projector, county.parts.projector._owner_url
    projector.catch_up()
    told: list[tuple[int, int]] = []
    with Readers(url, restricted=True) as pool:
        tables = Tables(ledger, url, pool)
        before = tables.contents()

        projector.rebuild(progress=lambda name, at, of: told.append((at, of)))

        assert tables.contents() == before
        assert tables.positions() == {name: ledger.head() for name in tables.positions()}
    assert told[-1] == (ledger.head(), ledger.head())
    assert projector.parked() == []


def test_two_do_not_rebuild_at_once(tables):
    one = tables.projector(models=[Seen()])
    one.prepare()

    def again(name: str, at: int, of: int) -> None:
        with pytest.raises(RebuildUnderWay):
            one.rebuild()

    one.rebuild(progress=again)


def test_an_unchanged_schema_is_left_as_it_is(ledger, tables):
    one = tables.projector(models=[Seen()])
    one.prepare()
    one.catch_up()

    tables.projector(models=[Seen()]).prepare()

    assert tables.positions() == {"seen": ledger.head()}
    one.check_whole()


def test_where_tables_were_thrown_away_nothing_is_answered_until_all_is_there_again(ledger, tables):
    one = tables.projector()
    one.prepare()
    one.catch_up()
    before = tables.contents()
    tables.throw_the_board_away()

    for ask in (one.check_whole, lambda: one.wait(1)):
        with pytest.raises(ReadModelsFilling):
            ask()
    assert one.catch_up() == 0
    one.prepare_if_emptied()
    with pytest.raises(ReadModelsFilling):
        one.check_whole()

    assert one.catch_up() == ledger.head()
    one.check_whole()
    assert tables.contents() == before


def test_a_hole_in_the_feed_stops_the_reader_before_it(make_ledger, make_database, tables):
    url = make_database()
    other = make_ledger(url)
    for _ in range(9):
        record(other, uuid4(), 0, Noted())
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        owner.execute("DELETE FROM stored_events WHERE notification_id = 6")
    one = tables.projector(feed=other, models=[Seen()])
    one.prepare()

    with page_of(2), pytest.raises(HoleInTheFeed):
        one.catch_up()

    assert tables.positions() == {"seen": 4}
    assert seen(tables) == [1, 2, 3, 4]


def test_who_waits_is_told_the_position_that_was_reached_and_no_more(ledger, tables):
    feed = UpTo(ledger, 5)
    one = tables.projector(feed)
    one.prepare()

    one.catch_up()

    assert one.wait(3) == 5
    assert one.wait(9, timeout=0.2) == 5
    feed.end = 9
    assert one.wait(9) == 9
