"""The tables are what the feed says, however it was cut, and whoever applied it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import uuid4

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from application.ports import ReadModelsFilling
from infrastructure import projector as projecting
from infrastructure.event_store import HoleInTheFeed
from tests.api.conftest import County
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


@settings(max_examples=12)
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
    schema: ClassVar = "CREATE TABLE seen (position bigint NOT NULL)"

    def apply(self, page: Any, to: Any) -> None:
        to.executemany("INSERT INTO seen VALUES (%s)", [(entry.position,) for entry in page])


class Refusing(Seen):
    """Fails at one event, in some way, until it is mended."""

    name: ClassVar = "refusing"
    schema: ClassVar = (
        "CREATE UNLOGGED TABLE refused (position bigint NOT NULL, label text);"
        " CREATE INDEX refused_label ON refused (label)"
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


@pytest.mark.parametrize("fault", ["", "SELECT 1/0", "SELECT nothing", TOO_LONG])
def test_a_read_model_that_fails_stands_before_the_page_and_others_go_on(ledger, tables, fault):
    refusing, feed = Refusing(fault), UpTo(ledger, 20)
    one = tables.projector(feed, [refusing, Seen()])
    one.prepare()
    one.catch_up()
    feed.end = ledger.head()

    with page_of(10):
        reached = [one.catch_up(), one.catch_up(), one.wait(ledger.head(), timeout=0.1)]

    assert reached == [20, 20, 20]
    assert tables.positions() == {"refusing": 20, "seen": ledger.head()}
    refusing.at = None
    assert one.catch_up() == ledger.head()


def test_what_a_failing_read_model_was_given_is_not_in_the_log(tables, caplog):
    one = tables.projector(models=[Refusing("SELECT '欧阳明月'::integer")])
    one.prepare()

    one.catch_up()

    assert "refusing stands before" in caplog.text
    assert "欧阳" not in caplog.text


def test_a_changed_schema_is_made_anew_and_others_are_left(ledger, tables):
    class Changed(Seen):
        schema: ClassVar = "CREATE TABLE seen (position bigint PRIMARY KEY, more text)"

    tables.projector(models=[Seen(), *read_models(ledger)]).prepare()
    tables.projector(models=[Seen(), *read_models(ledger)]).catch_up()

    later = tables.projector(models=[Changed(), *read_models(ledger)])
    later.prepare()

    assert tables.positions() == {name: ledger.head() for name in tables.positions()} | {"seen": 0}
    with pytest.raises(ReadModelsFilling):
        later.check_whole()
    assert later.catch_up() == ledger.head()
    later.check_whole()
    assert seen(tables) == list(range(1, ledger.head() + 1))


def test_an_unchanged_schema_is_left_as_it_is(ledger, tables):
    one = tables.projector(models=[Seen()])
    one.prepare()
    one.catch_up()

    tables.projector(models=[Seen()]).prepare()

    assert tables.positions() == {"seen": ledger.head()}
    one.check_whole()


def test_after_a_crash_of_the_database_nothing_is_answered_until_all_is_there_again(ledger, tables):
    one = tables.projector()
    one.prepare()
    one.catch_up()
    before = tables.contents()
    tables.empty_what_a_crash_empties()

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
