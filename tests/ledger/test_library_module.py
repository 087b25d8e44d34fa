"""`PERSISTENCE_MODULE=infrastructure.ledger`: the library's own test cases of all that it asks of a persistence module.

The recorder by itself, and each other way to add, stand in `test_library_cases.py`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder, ProcessRecorder, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.tests import application as application_cases
from eventsourcing.tests import persistence as cases
from eventsourcing.tests import projection as projection_cases
from eventsourcing.utils import Environment
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from infrastructure.ledger import Factory
from infrastructure.ledger.library.recorders import LibraryAggregateRecorder, LibraryProcessRecorder, LibraryRecorder

KEY = b64encode(bytes(range(32))).decode()
MODULE = {"PERSISTENCE_MODULE": "infrastructure.ledger", "TIAOJIE_MASTER_KEY": KEY}


class OnALedger:
    """A database of its own for each case."""

    env: Any

    @pytest.fixture(autouse=True)
    def _database(self, make_database: Callable[[], str]) -> Iterator[None]:
        self.env = Environment(env={**MODULE, "DATABASE_URL": make_database()})
        self.factories: list[Factory] = []
        yield
        for one in self.factories:
            one.close()

    def made(self) -> Factory:
        self.factories.append(Factory(self.env))
        return self.factories[-1]


class TestAggregateRecorder(OnALedger, cases.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return self.made().aggregate_recorder()


class TestApplicationRecorder(OnALedger, cases.ApplicationRecorderTestCase[ApplicationRecorder]):
    def create_recorder(self) -> ApplicationRecorder:
        return self.made().application_recorder()


class TestNotInterleaved(OnALedger, cases.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return self.made().application_recorder()


class TestTrackingRecorder(OnALedger, cases.TrackingRecorderTestCase):
    def create_recorder(self) -> PostgresTrackingRecorder:
        return self.made().tracking_recorder()


class TestProcessRecorder(OnALedger, cases.ProcessRecorderTestCase):
    def create_recorder(self) -> ProcessRecorder:
        return self.made().process_recorder()


class TestProcessRecorderRecords(OnALedger, cases.ApplicationRecorderTestCase[ProcessRecorder]):
    def create_recorder(self) -> ProcessRecorder:
        return self.made().process_recorder()


class TestProcessRecorderTracks(OnALedger, cases.TrackingRecorderTestCase):
    def create_recorder(self) -> ProcessRecorder:
        return self.made().process_recorder()


class MyView(PostgresTrackingRecorder):
    """Of somebody else: a class that the settings name."""


class Expected:
    """Of the factory."""

    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return LibraryAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return LibraryRecorder

    def expected_tracking_recorder_class(self) -> type[PostgresTrackingRecorder]:
        return PostgresTrackingRecorder

    def tracking_recorder_subclass(self) -> type[PostgresTrackingRecorder]:
        return MyView

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return LibraryProcessRecorder


class TestFactory(OnALedger, Expected, cases.InfrastructureFactoryTestCase[Factory]): ...


class TestFactoryByParts(OnALedger, Expected, cases.InfrastructureFactoryTestCase[Factory]):
    """The settings of the library in place of a URL."""

    @pytest.fixture(autouse=True)
    def _in_parts(self, _database: None) -> None:
        parts = conninfo_to_dict(self.env.pop("DATABASE_URL"))
        self.env.update({f"POSTGRES_{name.upper()}": str(one) for name, one in parts.items()})


@pytest.mark.filterwarnings("default:'log' is deprecated")
class TestApplication(OnALedger, application_cases.ApplicationTestCase):
    @pytest.fixture(autouse=True)
    def _environment(self, _database: None, monkeypatch: pytest.MonkeyPatch) -> None:
        """The cases make applications without an environment of their own."""
        for name, value in self.env.items():
            monkeypatch.setenv(name, value)


class CountersView(PostgresTrackingRecorder, projection_cases.EventCountersView):
    """The cases' view as anybody writes one for PostgreSQL: nothing in it knows of our ledger."""

    def __init__(self, datastore: Any, **options: Any) -> None:
        super().__init__(datastore, **options)
        table = Identifier(self.datastore.schema), Identifier(f"{self.tracking_table_name}_counts")
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS {}.{} (name text PRIMARY KEY, count bigint)").format(*table)
        )
        self._add = SQL(
            "INSERT INTO {0}.{1} AS t VALUES (%s, 1) ON CONFLICT (name) DO UPDATE SET count = t.count + 1"
        ).format(*table)
        self._read = SQL("SELECT count FROM {}.{} WHERE name = %s").format(*table)

    def _count(self, name: str) -> int:
        with self.datastore.get_connection() as connection:
            return sum(row["count"] for row in connection.execute(self._read, [name]).fetchall())

    def _counted(self, name: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._add, [name])

    def get_created_event_counter(self) -> int:
        return self._count("created")

    def get_subsequent_event_counter(self) -> int:
        return self._count("subsequent")

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self._counted("created", tracking)

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        self._counted("subsequent", tracking)


class TestProjection(OnALedger, projection_cases.AggregateEventCountersProjectionTestCase):
    view_class: ClassVar[Any] = CountersView


class TestCountersView(OnALedger, projection_cases.EventCountersViewTestCase):
    def construct_event_counters_view(self) -> CountersView:
        return self.made().tracking_recorder(CountersView)


class TestEventSourcedProjection(OnALedger, projection_cases.EventSourcedProjectionTestCase):
    """What it records goes to a ledger of its own: in the one that it follows it would follow itself."""

    @pytest.fixture(autouse=True)
    def _another(self, _database: None, make_database: Callable[[], str]) -> None:
        self.env["COUNTERS_DATABASE_URL"] = make_database()
