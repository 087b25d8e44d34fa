"""The library's own test cases hold for our recorder, on both servers that the wheel carries."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.tests import persistence as cases
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from application.ports import StoreAway, VersionMismatch
from infrastructure.bulk import BulkAppend, BulkRow, Page, begun
from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.recorder import LedgerDatastore, LedgerRecorder
from infrastructure.schema import prepare


@pytest.fixture(scope="session")
def server_16(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
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
        info = conninfo_to_dict(self.url)
        names = ("dbname", "host", "port", "user", "password")
        opened = LedgerDatastore(
            restricted=restricted, pool_size=1, max_overflow=19, **{name: str(info[name]) for name in names}
        )
        self.addCleanup(opened.close)  # type: ignore[attr-defined]
        return opened

    def create_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(self.datastore(restricted=prepare(self.url)))


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
            begins = begun(event.originator_id.bytes, event.originator_version, uuid4().bytes, event.topic.encode())
            rows.append(BulkRow(begins, event.state))
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
        return BulkRecorder(self.datastore(restricted=prepare(self.url)))


class TestBulkRecorder(InBulk, cases.ApplicationRecorderTestCase[LedgerRecorder]): ...


class TestBulkNotInterleaved(InBulk, cases.NonInterleavingNotificationIDsBaseCase): ...


class TestTracking(OnTheNewest, cases.TrackingRecorderTestCase):
    def create_recorder(self) -> PostgresTrackingRecorder:  # type: ignore[override]
        recorder = PostgresTrackingRecorder(self.datastore(restricted=False))
        recorder.create_table()
        return recorder
