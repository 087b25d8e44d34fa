"""The ledger's tables: what the database itself refuses, and who owns what."""

from __future__ import annotations

import os
from typing import Any

import psycopg
from psycopg import errors

from application.logs import get_logger

log = get_logger("tiaojie.ledger")

ROLE = "tiaojie_app"
SETUP_LOCK = 0x71A0_71E0
YES = ("1", "on", "t", "true", "y", "yes")

TABLES = """
CREATE TABLE IF NOT EXISTS ledger (
    id uuid NOT NULL DEFAULT gen_random_uuid(), epoch integer NOT NULL DEFAULT 1,
    one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO ledger DEFAULT VALUES ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS stored_events (
    originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL, state bytea NOT NULL,
    notification_id bigint NOT NULL, event_id uuid NOT NULL, recorded_at timestamptz NOT NULL,
    PRIMARY KEY (originator_id, originator_version));
CREATE UNIQUE INDEX IF NOT EXISTS stored_events_notification_id_idx ON stored_events (notification_id);
CREATE UNIQUE INDEX IF NOT EXISTS stored_events_event_id_idx ON stored_events (event_id);
CREATE TABLE IF NOT EXISTS feed_head (
    position bigint NOT NULL, recorded_at timestamptz NOT NULL, one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO feed_head (position, recorded_at) VALUES (0, 'epoch') ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS serials (
    body uuid NOT NULL, kind text NOT NULL, year integer NOT NULL, last integer NOT NULL,
    PRIMARY KEY (body, kind, year));
CREATE TABLE IF NOT EXISTS idempotency (
    officer uuid NOT NULL, key text NOT NULL, digest bytea NOT NULL, receipt jsonb NOT NULL,
    recorded_at timestamptz NOT NULL, PRIMARY KEY (officer, key));
CREATE TABLE IF NOT EXISTS epoch (number integer PRIMARY KEY, after bigint NOT NULL);
INSERT INTO epoch VALUES (1, 0) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS proof_tile (
    level integer NOT NULL, number bigint NOT NULL, hashes bytea NOT NULL, PRIMARY KEY (level, number));
CREATE TABLE IF NOT EXISTS proof_head (size bigint NOT NULL, one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO proof_head (size) VALUES (0) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS proof_checkpoint (
    epoch integer NOT NULL, size bigint NOT NULL, note text NOT NULL, PRIMARY KEY (epoch, size));
CREATE OR REPLACE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''events are only ever added'' USING ERRCODE = ''insufficient_privilege''; END';
CREATE OR REPLACE TRIGGER events_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history();
"""

RIGHTS = f"""
GRANT USAGE ON SCHEMA public TO {ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO {ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO {ROLE};
REVOKE ALL ON stored_events, ledger, epoch FROM {ROLE};
GRANT SELECT, INSERT ON stored_events TO {ROLE};
GRANT SELECT ON ledger, epoch TO {ROLE};
REVOKE DELETE, TRUNCATE ON feed_head, serials, idempotency, proof_tile, proof_head FROM {ROLE};
REVOKE UPDATE, DELETE, TRUNCATE ON proof_checkpoint FROM {ROLE};
"""

NEEDED_INDEXES = {
    ("originator_id", "originator_version"),
    ("notification_id",),
    ("event_id",),
}


class UnsafeLedger(RuntimeError):
    """The database would let the ledger lose or mix up something: the service does not start."""


def prepare(url: str) -> bool:
    """Creates what is missing, one process at a time. Answers whether work can run under a role with fewer rights."""
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.info.server_version < 150_000:
            raise UnsafeLedger("PostgreSQL 15 or newer is needed")
        connection.execute("SELECT pg_advisory_lock(%s)", [SETUP_LOCK])
        check_functions(connection)
        connection.execute(TABLES)
        restricted = _grant(connection)
        check_indexes(connection)
        return restricted


def _grant(connection: psycopg.Connection[Any]) -> bool:
    try:
        _make_role(connection)
        connection.execute(f"GRANT {ROLE} TO CURRENT_USER")
        connection.execute(RIGHTS)
        connection.execute(f"SET ROLE {ROLE}")
        connection.execute("RESET ROLE")
    except (errors.InsufficientPrivilege, errors.UndefinedObject):
        log.warning("no role of fewer rights could be made: only the trigger keeps events from being changed")
        return False
    return True


def _make_role(connection: psycopg.Connection[Any]) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        return
    try:
        connection.execute(f"CREATE ROLE {ROLE} NOLOGIN")
    except (errors.DuplicateObject, errors.UniqueViolation):
        log.info("another ledger of this server made the role just now")


def check_functions(connection: psycopg.Connection[Any]) -> None:
    """Raises UnsafeLedger where the library's way to insert by a function of the database is switched on or was."""
    asked_for = os.environ.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").strip().lower() in YES
    query = "SELECT 1 FROM pg_proc WHERE proname LIKE 'es\\_insert\\_events%'"
    if asked_for or connection.execute(query).fetchone():
        raise UnsafeLedger("the library's insert function takes no lock: followers would miss events")


def check_indexes(connection: psycopg.Connection[Any]) -> None:
    """Raises UnsafeLedger where one of the constraints that are the last wall is missing."""
    found = connection.execute(
        "SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i"
        " CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND a.attnotnull"
        " WHERE i.indrelid = 'stored_events'::regclass AND i.indisunique AND i.indisvalid"
        " AND i.indpred IS NULL AND i.indexprs IS NULL GROUP BY i.indexrelid"
    ).fetchall()
    if missing := NEEDED_INDEXES - {tuple(columns) for (columns,) in found}:
        raise UnsafeLedger(f"unique indexes are missing: {sorted(missing)}")
