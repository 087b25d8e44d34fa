"""The database itself keeps history from being changed, and an unsafe one is not used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from application.unfit import UnsafeLedger
from infrastructure.ledger.recorder import LedgerDatastore, LedgerRecorder
from infrastructure.ledger.schema import ROLE, prepare
from tests.ledger.samples import Noted, record

CHANGES = (
    "UPDATE stored_events SET topic = 'x'",
    "UPDATE stored_events SET topic = 'x' WHERE false",
    "DELETE FROM stored_events",
    "TRUNCATE stored_events",
    "INSERT INTO stored_events SELECT * FROM stored_events LIMIT 1"
    " ON CONFLICT (notification_id) DO UPDATE SET topic = 'x'",
)


@pytest.mark.parametrize("role", ["owner", "app"])
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_what_was_recorded(ledger, owner, change, role):
    record(ledger, uuid4(), 0, Noted())
    if role == "app":
        owner.execute(f"SET ROLE {ROLE}")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(change)


def test_the_feeds_head_and_serials_are_not_emptied_by_the_service(ledger, owner):
    owner.execute(f"SET ROLE {ROLE}")

    for table in ("feed_head", "serials", "idempotency"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(f"DELETE FROM {table}")


def test_work_runs_under_the_role_of_fewer_rights(ledger):
    with ledger.datastore.get_connection() as connection:
        row = connection.execute("SELECT current_user AS role").fetchone()

    assert row == {"role": ROLE}


@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE stored_events DROP CONSTRAINT stored_events_pkey",
        "DROP INDEX stored_events_notification_id_idx;"
        " CREATE INDEX stored_events_notification_id_idx ON stored_events (notification_id)",
        "DROP INDEX stored_events_event_id_idx;"
        " CREATE UNIQUE INDEX stored_events_event_id_idx ON stored_events (event_id) WHERE notification_id > 5",
        "DROP INDEX stored_events_event_id_idx;"
        " CREATE UNIQUE INDEX stored_events_event_id_idx ON stored_events (event_id, lower(topic))",
    ],
)
def test_a_ledger_without_its_unique_indexes_is_not_used(make_database, damage):
    url = make_database()
    prepare(url)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(damage)

    with pytest.raises(UnsafeLedger):
        prepare(url)


def test_the_librarys_insert_function_is_refused(postgres_url):
    with (
        LedgerDatastore(
            postgres_url,
            restricted=False,
            pool_size=1,
            enable_db_functions=True,
        ) as datastore,
        pytest.raises(UnsafeLedger),
    ):
        LedgerRecorder(datastore, b"")


def test_the_librarys_insert_function_is_refused_from_the_environment_too(make_database, monkeypatch):
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")

    with pytest.raises(UnsafeLedger):
        prepare(make_database())


def test_processes_that_start_together_make_the_tables_once(make_database):
    url = make_database()

    with ThreadPoolExecutor(6) as processes:
        assert list(processes.map(prepare, [url] * 6)) == [True] * 6
