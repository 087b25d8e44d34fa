"""Bulk append: many streams at once through COPY, in the one order, with the checks of every append, whole or not."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.legacy.take_over import TakenOver
from application.ports import StoreAway, VersionMismatch
from domain.case.opening.intake import CaseRegistered, case_code
from domain.shared.decider import Event
from domain.shared.values import Narrative, NarrativeId, PersonId
from infrastructure.ledger.bulk import BulkAppend, BulkRow, Page, SeriesOf
from infrastructure.ledger.bulk_rows import BulkCoder, told_of
from infrastructure.ledger.event_names import EVENTS
from infrastructure.ledger.marks import Marks
from infrastructure.ledger.stored import Coder, draft
from tests.effort import times
from tests.ledger.anything import model
from tests.ledger.samples import BODY, NOON, TALLIES, Noted, Person, Told, asked, record

LEDGER = UUID(int=1)
MARKS = Marks(b"", LEDGER, after=9)
"""These rows were placed by nobody: they are read as those of before there were marks."""
REAL = [event for event in EVENTS.values() if not event.name.startswith("sample.")]
MOMENTS = st.integers(0, 10**9).map(lambda seconds: NOON - timedelta(seconds=seconds))


def rows(stream: UUID, events: Sequence[str], first: int = 1) -> list[BulkRow]:
    """Of sample events, each as its stored bytes."""
    found = []
    for version, what in enumerate(events, first):
        id = uuid4()
        state = {"id": str(id), "schema": 1, "by": str(uuid4()), "body": str(uuid4()), "for": None}
        state |= {"at": NOON.isoformat(), "request": str(uuid4()), "correlation": str(uuid4()), "causation": None}
        stored = json.dumps({**state, "event": {"what": what}}).encode()
        found.append(BulkRow.of(stream.bytes, version, id.bytes, b"sample.noted", stored))
    return found


@pytest.fixture(scope="module")
def coder(make_cipher) -> Coder:
    return Coder(MARKS, make_cipher())


@pytest.fixture
def bulk(ledger):
    made = BulkAppend(ledger.datastore.connect, ledger.recorder)
    yield made
    made.close()


def test_a_page_stands_in_the_feed_after_what_was_there_and_before_what_follows(ledger, bulk):
    before, after, streams = uuid4(), uuid4(), [uuid4() for _ in range(3)]
    record(ledger, before, 0, Noted())
    head = ledger.head()

    appended = bulk.append(Page(dict.fromkeys(streams, 0), [row for one in streams for row in rows(one, "ab")]))
    record(ledger, after, 0, Noted())

    assert (appended.first, appended.last) == (head + 1, head + 6)
    told = ledger.feed(head, 100)
    assert [one.stream for one in told] == [streams[0]] * 2 + [streams[1]] * 2 + [streams[2]] * 2 + [after]
    assert [one.position for one in told] == list(range(head + 1, head + 8))
    assert sorted(one.recorded_at for one in told) == [one.recorded_at for one in told]
    assert ledger.history(TALLIES, streams[1]).state.count == 2


def test_a_page_with_one_stream_that_has_moved_is_recorded_not_at_all(ledger, bulk):
    known, new = uuid4(), uuid4()
    record(ledger, known, 0, Noted())
    head = ledger.head()

    with pytest.raises(VersionMismatch):
        bulk.append(Page({new: 0, known: 0}, [*rows(new, "a"), *rows(known, "b")]))

    assert ledger.head() == head
    assert not ledger.history(TALLIES, new).entries


def test_a_page_goes_on_with_a_stream_at_its_version(ledger, bulk):
    known = uuid4()
    record(ledger, known, 0, Noted(), Noted())

    bulk.append(Page({known: 2}, rows(known, "x", first=3)))

    assert ledger.history(TALLIES, known).state.last == "x"


def test_an_event_of_an_id_that_is_there_refuses_the_whole_page(ledger, bulk):
    first, second, new = uuid4(), uuid4(), uuid4()
    (row,) = rows(first, "a")
    bulk.append(Page({first: 0}, [row]))
    id = json.loads(row.state)["id"]
    again = BulkRow.of(second.bytes, 1, UUID(id).bytes, b"sample.noted", row.state)
    head = ledger.head()

    with pytest.raises(VersionMismatch):
        bulk.append(Page({new: 0, second: 0}, [*rows(new, "b"), again]))

    assert ledger.head() == head
    assert not ledger.history(TALLIES, new).entries


def test_the_time_of_recording_never_runs_back(make_ledger, make_database):
    url = make_database()
    clock = [datetime(2026, 3, 3, tzinfo=UTC)]
    ledger = make_ledger(url, clock=lambda: clock[0])
    record(ledger, uuid4(), 0, Noted())
    clock[0] -= timedelta(hours=1)
    bulk = BulkAppend(ledger.datastore.connect, ledger.recorder)

    bulk.append(Page({(id := uuid4()): 0}, rows(id, "a")))
    bulk.close()

    assert [one.recorded_at for one in ledger.feed(0, 10)] == [datetime(2026, 3, 3, tzinfo=UTC)] * 2


def numbered(stream: UUID) -> BulkRow:
    (row,) = rows(stream, [""])
    before, after = row.state.split(b'"what": "')
    id = UUID(json.loads(row.state)["id"]).bytes
    made = BulkRow.of(stream.bytes, 1, id, b"sample.coded", before + b'"code": "')
    return made._replace(number=0, after=after)


def test_numbers_of_a_series_go_on_without_a_gap_also_after_a_page_that_was_refused(ledger, bulk):
    series = [SeriesOf(BODY, f"bulk {uuid4()}", partial(case_code, "LW"))]
    first, taken, second = ([uuid4() for _ in range(3)] for _ in range(3))
    record(ledger, taken[2], 0, Noted())

    bulk.append(Page(dict.fromkeys(first, 0), [numbered(one) for one in first], series))
    with pytest.raises(VersionMismatch):
        bulk.append(Page(dict.fromkeys(taken, 0), [numbered(one) for one in taken], series))
    bulk.append(Page(dict.fromkeys(second, 0), [numbered(one) for one in second], series))

    given = [ledger.history(TALLIES, one).entries[0].event.code for one in (*first, *second)]
    year = datetime.now(UTC).year
    assert given == [f"LW-{year}-{serial:05d}" for serial in range(1, 7)]


def test_others_append_between_two_pages_and_nothing_is_lost_or_out_of_order(make_ledger, make_database):
    url = make_database()
    ledger = make_ledger(url)
    single, pages = [uuid4() for _ in range(60)], [[uuid4() for _ in range(40)] for _ in range(12)]

    def one_by_one() -> None:
        for id in single:
            record(ledger, id, 0, Noted())

    others = threading.Thread(target=one_by_one)
    others.start()
    bulk = BulkAppend(ledger.datastore.connect, ledger.recorder)
    for page in pages:
        bulk.append(Page(dict.fromkeys(page, 0), [row for one in page for row in rows(one, "abc")]))
    others.join()
    bulk.close()

    told = ledger.feed(0, 10_000)
    assert len(told) == ledger.head() == len(single) + 12 * 40 * 3
    assert {one.stream for one in told} == {*single, *(id for page in pages for id in page)}
    assert sorted(one.recorded_at for one in told) == [one.recorded_at for one in told]


def test_a_store_that_is_away_is_told_and_the_next_page_goes_through(ledger, bulk, owner):
    bulk.append(Page({(first := uuid4()): 0}, rows(first, "a")))
    owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    second = uuid4()
    with pytest.raises(StoreAway):
        bulk.append(Page({second: 0}, rows(second, "b")))
    assert not ledger.history(TALLIES, second).entries

    bulk.append(Page({second: 0}, rows(second, "b")))

    assert ledger.history(TALLIES, second).state.last == "b"


def both(coder: Coder, event: Event[Any], at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """The event as the bulk append stores it, and as any other append does, each as a row of stored_events."""
    if isinstance(event, CaseRegistered):
        event = event.but(code="")
    stream, who = uuid4(), asked()
    encoded = BulkCoder(LEDGER, coder.cipher, who).encode([TakenOver(stream, [(stream, event, at)], [])])
    (row,) = encoded.cases[stream]
    ours = {"topic": event.name, "state": row.state + row.after, "originator_id": stream, "originator_version": 1}
    other = draft(stream, 1, event, at, None, who)
    coder.make_keys([other])
    stored = coder.row(other)
    usual = {**ours, "topic": stored.name, "state": stored.state}
    placed = {"notification_id": 9, "recorded_at": NOON, "mark": None}
    return {**ours, **placed}, {**usual, **placed}


def without_secrets(content: Any) -> Any:
    """A ciphertext by what stands beside it: its owner, and how alike its text is to others."""
    if isinstance(content, dict):
        return {name: "…" if name == "~" else without_secrets(one) for name, one in content.items()}
    return [without_secrets(one) for one in content] if isinstance(content, list) else content


@pytest.mark.parametrize("event", REAL, ids=lambda event: event.name)
@settings(max_examples=times(quick=2, test=4, soak=30))
@given(data=st.data())
def test_the_bulk_append_stores_every_event_as_any_other_append_does(coder, event, data):
    ours, usual = both(coder, data.draw(model(event)), data.draw(MOMENTS))

    told, known = json.loads(ours["state"]), json.loads(usual["state"])
    assert list(told) == list(known)
    assert without_secrets({**told, "id": ""}) == without_secrets({**known, "id": ""})
    read, again = coder.entry(ours), coder.entry(usual)
    assert (read.event, read.stamp) == (again.event, again.stamp)


def test_a_key_is_made_for_whom_something_is_told_and_for_nobody_else():
    silent, told = NarrativeId(uuid4()), NarrativeId(uuid4())
    person = PersonId(uuid4())

    assert list(told_of(Told(story=Narrative(id=silent, text="")))) == []
    people = (Person(person=person, name="周大山"),)
    assert set(told_of(Told(story=Narrative(id=told, text="争吵"), people=people))) == {told, person}
