"""The event store, and all that it needs to append and read.

It is also a persistence module of the eventsourcing library: `PERSISTENCE_MODULE=infrastructure.ledger`. The library
looks for the one factory among the names of the module that is named, so it stands here.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar, cast

from eventsourcing import persistence
from eventsourcing.persistence import AggregateRecorder, Mapper, Transcoder
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool
from psycopg.conninfo import make_conninfo

from application.unfit import UnsafeLedger
from infrastructure.ledger.event_names import KINDS
from infrastructure.ledger.library.keys import WithoutKeys, named_keys
from infrastructure.ledger.library.recorded import LedgerMapper, recorded
from infrastructure.ledger.library.recorders import LibraryAggregateRecorder, LibraryProcessRecorder, LibraryRecorder
from infrastructure.ledger.recorder import LedgerDatastore
from infrastructure.ledger.schema import prepare, role_can_be_taken

TrackingView = TypeVar("TrackingView", bound=PostgresTrackingRecorder)
TOLD_APART = ("DBNAME", "HOST", "PORT", "USER", "PASSWORD")
"""`POSTGRES_…`: the parts of a URL, for whoever has the library's settings already."""
POOL = {"pool_size": 1, "max_overflow": 11, "idle_in_transaction_session_timeout": 10}


class Factory(persistence.InfrastructureFactory[PostgresTrackingRecorder]):
    """`DATABASE_URL` says where the ledger is; `TIAOJIE_STATE` and `TIAOJIE_MASTER_KEY`, where they are named, with
    which keys it is read. With `CREATE_TABLE=no` nothing is made there, also no table of a ledger that lacks one."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self._opened: list[LedgerDatastore] = []
        for kind in KINDS:
            recorded(kind)
        if self.env.get("ORIGINATOR_ID_TYPE", "uuid").lower() != "uuid":
            raise UnsafeLedger(reason="streams are named by uuids alone: ORIGINATOR_ID_TYPE must be uuid")

    @cached_property
    def url(self) -> str:
        """As it was given, with every option that it has."""
        if given := self.env.get("DATABASE_URL"):
            return given
        parts = {name.lower(): self.env.get(f"POSTGRES_{name}") for name in TOLD_APART}
        if not parts["dbname"]:
            raise OSError("neither DATABASE_URL nor POSTGRES_DBNAME names a database")
        return make_conninfo(**{name: one for name, one in parts.items() if one})

    @cached_property
    def _datastore(self) -> LedgerDatastore:
        """Of the ledger: its tables are there, and work runs under the role that cannot change events."""
        restricted = prepare(self.url) if self._makes_tables() else role_can_be_taken(self.url)
        return self._open(restricted=restricted)

    @cached_property
    def _views(self) -> LedgerDatastore:
        """Of whoever follows: what they make there is theirs, in this database or in one of their own."""
        return self._open(restricted=False)

    @cached_property
    def keys(self) -> WithoutKeys:
        """Raises KeysAbsent, OtherKeys."""
        assert self._datastore  # its tables hold what the keys are compared with
        return named_keys(self.env, self.url)

    def _open(self, *, restricted: bool) -> LedgerDatastore:
        made = LedgerDatastore(self.url, restricted=restricted, pre_ping=True, **POOL)
        pool: Any = made.pool
        pool.kwargs["prepare_threshold"] = None  # psycopg drops what it prepared after a rollback, and ours with it
        self._opened.append(made)
        return made

    def _makes_tables(self) -> bool:
        return strtobool(self.env.get("CREATE_TABLE") or "yes")

    def mapper(
        self, transcoder: Transcoder | None = None, mapper_class: type[Mapper[Any]] | None = None
    ) -> Mapper[Any]:
        """Ours, unless the reader has one of their own."""
        named = self.env.get(self.MAPPER_TOPIC)
        made = super().mapper(transcoder, mapper_class or (resolve_topic(named) if named else LedgerMapper))
        if isinstance(made, LedgerMapper):
            made.opening = lambda row: self.keys.entry(row)
        return made

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """Raises UnsafeLedger: a snapshot would keep personal text in plain, where no erasure finds it."""
        if purpose != "events":
            raise UnsafeLedger(reason=f"{purpose} would keep personal text in plain, where no erasure finds it")
        return LibraryAggregateRecorder(self._datastore, self.keys)

    def application_recorder(self) -> LibraryRecorder:
        return LibraryRecorder(self._datastore, self.keys)

    def tracking_recorder(self, tracking_recorder_class: type[TrackingView] | None = None) -> TrackingView:
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        named = resolve_topic(topic) if topic else PostgresTrackingRecorder
        kind = cast("type[TrackingView]", tracking_recorder_class or named)
        made = kind(self._views, tracking_table_name=self._positions)
        if self._makes_tables():
            made.create_table()
        return made

    def process_recorder(self) -> LibraryProcessRecorder:
        """The table of positions is made by whoever may: the role that records makes none."""
        datastore, told = self._datastore, {"tracking_table_name": self._positions}
        if self._makes_tables():
            PostgresTrackingRecorder(self._views, **told).create_table()
        return LibraryProcessRecorder(datastore, self.keys, **told)

    @property
    def _positions(self) -> str:
        return f"{self.env.name.lower() or 'notification'}_tracking"

    def close(self) -> None:
        if "keys" in vars(self):
            self.keys.close()
        for one in self._opened:
            one.close()
