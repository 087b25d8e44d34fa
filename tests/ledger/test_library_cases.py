"""The library's own test cases hold for our recorder, on both servers that the wheel carries."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.tests import persistence as cases
from psycopg.conninfo import conninfo_to_dict, make_conninfo

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


class TestTracking(OnTheNewest, cases.TrackingRecorderTestCase):
    def create_recorder(self) -> PostgresTrackingRecorder:  # type: ignore[override]
        recorder = PostgresTrackingRecorder(self.datastore(restricted=False))
        recorder.create_table()
        return recorder
