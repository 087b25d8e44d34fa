"""Each event carries the application's mark: what a superuser writes, moves or alters is believed by nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports import NotOurs
from infrastructure.ledger.bulk import BulkAppend, Page
from infrastructure.ledger.feed import Unreadable
from infrastructure.ledger.marks import Marks, begin_marks, content, whose
from infrastructure.ledger.recorder import LedgerRecorder
from tests.conftest import MASTER
from tests.ledger.samples import NOON, TALLIES, Coded, Noted, record, told
from tests.ledger.test_bulk import rows

MARKS = Marks(MASTER, UUID(int=1))
COLUMNS = "originator_id, originator_version, topic, state, notification_id, event_id, recorded_at, mark"
NEW = "gen_random_uuid(), 1, topic, state, notification_id + 2, gen_random_uuid(), recorded_at, mark"
FORGED = {
    "inserted without a mark": f"INSERT INTO stored_events ({COLUMNS}) SELECT {NEW.replace(', mark', ', NULL')} {{}}",
    "inserted with another's": f"INSERT INTO stored_events ({COLUMNS}) SELECT {NEW} {{}}",
    "inserted with no bytes": f"INSERT INTO stored_events ({COLUMNS}) SELECT {NEW[:-4]} '' {{}}",
    "its mark taken away": "UPDATE stored_events SET mark = NULL",
    "its bytes altered": "UPDATE stored_events SET state = state || ' '",
    "its name altered": "UPDATE stored_events SET topic = 'sample.noted'",
    "its time altered": "UPDATE stored_events SET recorded_at = recorded_at + interval '1 us'",
    "given to another": "UPDATE stored_events SET originator_id = gen_random_uuid()",
    "its version altered": "UPDATE stored_events SET originator_version = 7",
    "its id altered": "UPDATE stored_events SET event_id = gen_random_uuid()",
    "its place altered": "UPDATE stored_events SET notification_id = notification_id + 2",
}
FIRST = "FROM stored_events WHERE notification_id = 1"


@pytest.fixture
def fresh(make_ledger, make_database):
    url = make_database()
    return url, make_ledger(url)


def tamper(url, *statements):
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        for one in statements:
            owner.execute(one)


@pytest.mark.parametrize("forged", FORGED)
def test_a_row_that_others_wrote_or_altered_is_read_by_nobody(fresh, forged):
    url, ledger = fresh
    for _ in range(2):
        record(ledger, uuid4(), 0, told("两家争吵。"))
    statement = FORGED[forged]
    tamper(url, statement.format(FIRST) if "{}" in statement else f"{statement} WHERE notification_id = 1")

    with psycopg.connect(url) as owner:
        ids = "SELECT originator_id FROM stored_events ORDER BY notification_id"
        found = [one for (id,) in owner.execute(ids).fetchall() for one in ledger.part_of(id, 1, 9)]

    assert [one.is_not_ours for one in found if isinstance(one, Unreadable)] == [True]


def test_nothing_is_added_to_a_history_of_which_a_part_is_not_ours(fresh, make_ledger):
    url, ledger = fresh
    id = uuid4()
    record(ledger, id, 0, Noted(), Noted())
    tamper(url, "UPDATE stored_events SET state = state || ' ' WHERE originator_version = 1")

    with pytest.raises(NotOurs) as refused:
        make_ledger(url).history(TALLIES, id)

    assert refused.value.details == {"position": 1}


def test_every_way_to_record_marks(fresh):
    _, ledger = fresh
    page, series = uuid4(), uuid4()
    record(ledger, uuid4(), 0, Noted())
    record(ledger, series, 0, Coded(), Coded())
    bulk = BulkAppend(ledger.datastore.connect, ledger.recorder)
    bulk.append(Page({page: 0}, rows(page, ["a", "b"])))
    bulk.close()

    assert [one.position for one in ledger.feed(0, 10)] == [1, 2, 3, 4, 5]


def test_an_event_of_another_ledger_with_the_same_keys_is_not_ours(fresh, make_ledger, make_database):
    url, ledger = fresh
    other = make_database()
    record(make_ledger(other), uuid4(), 0, Noted())
    with psycopg.connect(other) as owner:
        (row,) = owner.execute(f"SELECT {COLUMNS} FROM stored_events").fetchall()
    with psycopg.connect(url) as owner:
        owner.execute(f"INSERT INTO stored_events ({COLUMNS}) VALUES ({', '.join(['%s'] * 8)})", row)

    with pytest.raises(NotOurs):
        ledger.feed(0, 10)


def unmarked(url, key):
    """As an earlier program had recorded it; and then the present one begins."""
    tamper(url, "UPDATE stored_events SET mark = NULL", "DELETE FROM mark_boundary")
    with psycopg.connect(url) as owner:
        begin_marks(owner, key)


def test_what_was_recorded_before_there_were_marks_is_read_and_what_comes_after_it_is_not(fresh, make_ledger):
    url, ledger = fresh
    record(ledger, uuid4(), 0, Noted(), Noted())
    unmarked(url, ledger.recorder.marks.key)
    now = make_ledger(url)
    record(now, uuid4(), 0, Noted())
    assert [one.position for one in now.feed(0, 10)] == [1, 2, 3]

    tamper(url, "UPDATE stored_events SET mark = NULL WHERE notification_id = 3")
    assert [isinstance(one, Unreadable) for one in now.feed_as_readable(0, 10)] == [False, False, True]


@pytest.mark.parametrize(
    "moved", ["UPDATE mark_boundary SET after = 3", "DELETE FROM mark_boundary", "UPDATE mark_boundary SET mark = ''"]
)
def test_a_boundary_that_others_moved_is_none(fresh, make_ledger, moved):
    url, ledger = fresh
    record(ledger, uuid4(), 0, Noted(), Noted())
    unmarked(url, ledger.recorder.marks.key)
    tamper(url, moved)

    with pytest.raises(NotOurs):
        make_ledger(url).feed(0, 10)


@given(
    version=st.integers(1, 2**62),
    name=st.text(max_size=9),
    state=st.binary(max_size=40),
    cut=st.integers(1, 8),
)
def test_what_is_marked_can_be_cut_in_one_way_only(version, name, state, cut):
    told = name.encode()
    one = content(whose(bytes(16), version, bytes(16), told), state)
    moved = told[:-cut], told[-cut:] + state

    assert content(whose(bytes(16), version, bytes(16), moved[0]), moved[1]) != one or not told


@given(position=st.integers(1, 2**60), micros=st.integers(0, 10**15))
def test_a_mark_fits_one_place_and_one_ledger(position, micros):
    at, said = NOON + timedelta(microseconds=micros), bytes(32)
    here = MARKS.of(said, position, at)

    others = {MARKS.of(said, position + 1, at), MARKS.of(said, position, at + timedelta(microseconds=1))}
    others |= {
        replace(MARKS, ledger=UUID(int=2)).of(said, position, at),
        replace(MARKS, key=b"x").of(said, position, at),
    }
    assert here not in others
    assert len(others) == 4


def test_the_recorder_of_another_key_reads_nothing_of_ours(fresh):
    _, ledger = fresh
    record(ledger, uuid4(), 0, Noted())
    other = LedgerRecorder(ledger.datastore, b"another")

    with ledger.datastore.get_connection() as connection:
        (row,) = connection.execute("SELECT * FROM stored_events").fetchall()
    assert ledger.recorder.marks.fits(row)
    assert not other.marks.fits(row)
