"""The ledger as the library reads it, by selects of our own: rows with their places, and their marks looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    InterfaceError,
    Notification,
    OperationalError,
    ProcessRecorder,
    StoredEvent,
    Subscription,
)
from eventsourcing.postgres import PostgresDatastore, PostgresSubscription, PostgresTrackingRecorder
from eventsourcing.utils import retry

from application.unfit import KeysAbsent, UnsafeLedger
from infrastructure.ledger.event_names import EVENTS
from infrastructure.ledger.library.keys import WithoutKeys
from infrastructure.ledger.recorder import LedgerRecorder
from infrastructure.privacy.master import FILE

SELECT = (
    "SELECT notification_id, recorded_at, originator_id, originator_version, event_id, topic, state, mark"
    " FROM stored_events WHERE "
)
LOOK = 1.0
"""Seconds: a rush of appends is told once in a tick, so the last of them may be told by nobody."""
WITHOUT_A_KEY = b""
patiently = retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
"""As the library reads: whoever follows outlives a database that is away for two seconds."""


@dataclass(frozen=True, eq=False)
class Placed(StoredEvent):
    """A stored event that knows where and when it stands. To the library it is equal to whatever says the same."""

    position: int
    event_id: UUID
    recorded_at: datetime

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredEvent) and _told(self) == _told(other)

    def __hash__(self) -> int:
        return hash(_told(self))


@dataclass(frozen=True, eq=False)
class PlacedNotification(Notification, Placed):
    """The same with its position under the library's name."""


def _told(one: StoredEvent) -> tuple[object, ...]:
    return one.originator_id, one.originator_version, one.topic, one.state


class LibraryRecorder(LedgerRecorder):
    """Whoever has the key believes no row without its mark. Whoever has none reads what stands there, and writes
    nothing."""

    def __init__(self, datastore: PostgresDatastore, keys: WithoutKeys) -> None:
        super().__init__(datastore, keys.mark_key or WITHOUT_A_KEY)
        self._keys = keys

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Raises KeysAbsent; UnsafeLedger for a name at which the service, which records here as well, would stop."""
        if stored_events and not self._keys.mark_key:
            raise KeysAbsent(absent=[FILE])
        if self._keys.claimed and (foreign := {one.topic for one in stored_events} - EVENTS.keys()):
            raise UnsafeLedger(reason=f"the service could not read {', '.join(sorted(foreign))}: use another database")
        return super().insert_events(stored_events, **kwargs)

    @patiently
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Raises NotOurs."""
        wanted = _Wanted("originator_id = %s", originator_id)
        wanted.also("originator_version > %s", gt)
        wanted.also("originator_version <= %s", lte)
        rows = self._rows(wanted, f"originator_version {'DESC' if desc else 'ASC'}", limit)
        return [Placed(*_as_stored(row), *_place(row)) for row in rows]

    @patiently
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Raises NotOurs."""
        wanted = _Wanted("notification_id >= %s" if inclusive_of_start else "notification_id > %s", start or 0)
        wanted.also("notification_id <= %s", stop)
        wanted.also("topic = ANY(%s)", list(topics) or None)
        rows = self._rows(wanted, "notification_id", limit)
        return [PlacedNotification(*_as_stored(row), *_place(row), id=row["notification_id"]) for row in rows]

    @patiently
    def max_notification_id(self) -> int | None:
        with self.datastore.get_connection() as connection:
            (row,) = connection.execute("SELECT position FROM feed_head").fetchall()
            return row["position"] or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        return Following(self, gt, topics)

    def _rows(self, wanted: _Wanted, order: str, limit: int | None) -> Sequence[Mapping[str, Any]]:
        query = f"{SELECT}{' AND '.join(wanted.conditions)} ORDER BY {order} LIMIT %s"
        with self.datastore.get_connection() as connection:
            rows = connection.execute(query.encode(), [*wanted.values, limit]).fetchall()
        if self._keys.mark_key:
            for row in rows:
                self.marks.check(row)
        return rows


class _Wanted:
    """Conditions of ours, never a reader's, and the values that they ask for."""

    def __init__(self, condition: str, value: object) -> None:
        self.conditions, self.values = [condition], [value]

    def also(self, condition: str, value: object) -> None:
        if value is not None:
            self.conditions.append(condition)
            self.values.append(value)


def _as_stored(row: Mapping[str, Any]) -> tuple[UUID, int, str, bytes]:
    return row["originator_id"], row["originator_version"], row["topic"], row["state"]


def _place(row: Mapping[str, Any]) -> tuple[int, UUID, datetime]:
    return row["notification_id"], row["event_id"], row["recorded_at"]


class Following(PostgresSubscription):
    """It also looks by itself: the library's own waits for a word, and our ledger does not send one for each event."""

    def _loop_on_pull(self) -> None:
        try:
            self._pull()
            while not self._has_been_stopped:
                self._has_been_notified.wait(LOOK)
                self._pull()
        except BaseException as fault:
            self._thread_error = self._thread_error or fault
            self.stop()


class LibraryAggregateRecorder(LibraryRecorder):
    """The same for one who asks for streams only."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        """Raises KeysAbsent."""
        super().insert_events(stored_events, **kwargs)


class LibraryProcessRecorder(PostgresTrackingRecorder, LibraryRecorder, ProcessRecorder):
    """What follows from an event is recorded with the position of that event: both, or neither."""

    def __init__(self, datastore: PostgresDatastore, keys: WithoutKeys, *, tracking_table_name: str) -> None:
        super().__init__(datastore, tracking_table_name=tracking_table_name, keys=keys)

    def _insert_events(self, curs: Any, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        if tracking := kwargs.get("tracking"):
            self._insert_tracking(curs, tracking)
