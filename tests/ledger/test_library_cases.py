"""The library's own test cases hold for our recorder, on both servers that the wheel carries, and for each way to add.

Its tracking cases run against its own recorder on our datastore. Ours is no tracking recorder: a read model's position
is one number in the row that is also its lock (`projector.py`), moved in the transaction of its rows, only from where
the page began, and only to where it ended. The cases begin a name at 21 and pass over 23, which a projector must
refuse, and ask for a wait that can be interrupted, which it has not. An adapter that did all this would test itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.tests import persistence as cases
from psycopg.conninfo import make_conninfo

from application.ports import StoreAway, VersionMismatch
from infrastructure.ledger.bulk import BulkAppend, BulkRow, Page
from infrastructure.ledger.group_commit import Decided, GroupCommit
from infrastructure.ledger.recorder import LedgerDatastore, LedgerRecorder, Row
from infrastructure.ledger.schema import prepare
from infrastructure.ledger.stored import Draft, draft
from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.postgres.write_connection import WriteLine
from tests.ledger.samples import NOON, Noted, asked

KEY = bytes(32)
"""Of marks: whoever reads here is the library, which knows of none."""


@pytest.fixture(scope="session")
def server_16(processes: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("the given server is tested instead of the wheel's")
    embedded = EmbeddedPostgres(tmp_path_factory.mktemp("server16"), version=16)
    try:
        yield embedded.start()
    finally:
        embedded.stop()
        embedded.place.remove()


class OnTheNewest:
    @pytest.fixture(autouse=True)
    def _database(self, make_database: Callable[[], str]) -> None:
        self.url = make_database()

    def datastore(self, *, restricted: bool) -> LedgerDatastore:
        opened = LedgerDatastore(self.url, restricted=restricted, pool_size=1, max_overflow=19)
        self.addCleanup(opened.close)  # type: ignore[attr-defined]
        return opened

    def create_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(self.datastore(restricted=prepare(self.url)), KEY)


class OnSixteen(OnTheNewest):
    @pytest.fixture(autouse=True)
    def _database(self, server_16: str, request: pytest.FixtureRequest) -> None:
        name = f"test_{abs(hash(request.node.nodeid)):x}"
        with psycopg.connect(server_16, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        self.url = make_conninfo(server_16, dbname=name)


class TestRecorder(OnTheNewest, cases.ApplicationRecorderTestCase[LedgerRecorder]): ...


class TestNotInterleaved(OnTheNewest, cases.NonInterleavingNotificationIDsBaseCase): ...


class TestRecorderOnSixteen(OnSixteen, cases.ApplicationRecorderTestCase[LedgerRecorder]): ...


class TestNotInterleavedOnSixteen(OnSixteen, cases.NonInterleavingNotificationIDsBaseCase): ...


class BulkRecorder(LedgerRecorder):
    """The library's way in, by the bulk append. It begins streams at any version: the constraint alone refuses."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        if not stored_events:
            return []
        rows = []
        for event in stored_events:
            assert isinstance(event.originator_id, UUID)
            place = event.originator_id.bytes, event.originator_version, uuid4().bytes
            rows.append(BulkRow.of(*place, event.topic.encode(), event.state))
        bulk = BulkAppend(self.datastore.connect, self)  # type: ignore[attr-defined]
        try:
            appended = bulk.append(Page({}, rows))
        except VersionMismatch as overtaken:
            raise IntegrityError from overtaken
        except StoreAway as away:
            raise OperationalError from away
        finally:
            bulk.close()
        self.tell()
        return list(range(appended.first, appended.last + 1))


class InBulk(OnTheNewest):
    def create_recorder(self) -> LedgerRecorder:
        return BulkRecorder(self.datastore(restricted=prepare(self.url)), KEY)


class TestBulkRecorder(InBulk, cases.ApplicationRecorderTestCase[LedgerRecorder]): ...


class TestBulkNotInterleaved(InBulk, cases.NonInterleavingNotificationIDsBaseCase): ...


class TogetherRecorder(LedgerRecorder):
    """The library's way in, by the group commits of two processes in turn: each save is a piece of work, whose rows are
    given ready."""

    def __init__(self, datastore: LedgerDatastore) -> None:
        super().__init__(datastore, KEY)
        self.lines = [WriteLine(datastore.connect), WriteLine(datastore.connect)]
        self._processes = cycle([GroupCommit(one, self, NothingToEncode()) for one in self.lines])

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        if not stored_events:
            return []
        try:
            last = next(self._processes).record(ready(stored_events)).position
        except VersionMismatch as overtaken:
            raise IntegrityError from overtaken
        except StoreAway as away:
            raise OperationalError from away
        self.tell()
        return list(range(last - len(stored_events) + 1, last + 1))


class NothingToEncode:
    def row(self, one: Draft) -> Row:
        raise AssertionError("the rows were given")


def ready(stored_events: Sequence[StoredEvent]) -> Decided:
    """The library expects no version of a stream, and begins at any: the constraint alone refuses."""
    on, drafts, rows = asked(), list[Draft](), dict[UUID, Row]()
    for event in stored_events:
        stream = event.originator_id
        assert isinstance(stream, UUID)
        made = draft(stream, event.originator_version, Noted(), NOON, None, on)
        drafts.append(made)
        rows[made.id] = Row.of(stream, made.version, event.topic, event.state, made.id)
    decided = Decided(on, drafts[0].stream, 0, drafts, {})
    decided.rows = rows
    return decided


class Together(OnTheNewest):
    def create_recorder(self) -> LedgerRecorder:
        recorder = TogetherRecorder(self.datastore(restricted=prepare(self.url)))
        for line in recorder.lines:
            self.addCleanup(line.close)  # type: ignore[attr-defined]
        return recorder


class TestTogetherRecorder(Together, cases.ApplicationRecorderTestCase[LedgerRecorder]): ...


class TestTogetherNotInterleaved(Together, cases.NonInterleavingNotificationIDsBaseCase): ...


class TestTracking(OnTheNewest, cases.TrackingRecorderTestCase):
    def create_recorder(self) -> PostgresTrackingRecorder:  # type: ignore[override]
        recorder = PostgresTrackingRecorder(self.datastore(restricted=False))
        recorder.create_table()
        return recorder
