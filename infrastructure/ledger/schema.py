"""The ledger's tables: what the database itself refuses, and who owns what."""

from __future__ import annotations

import os
from typing import Any

import psycopg
from psycopg import errors

from application.logs import get_logger
from application.unfit import AnotherStarts, NoTablesMayBeMade, UnsafeLedger
from infrastructure.ledger.steps import take_steps
from infrastructure.postgres.connecting import connect
from infrastructure.postgres.fitness import check_database, check_pooler
from infrastructure.postgres.lending import lent

log = get_logger("tiaojie.ledger")

ROLE = "tiaojie_app"
SETUP_LOCK = 0x71A0_71E0
IN_TURN_WITHIN = "60s"
"""Until a start says that another one does not come to an end."""
YES = ("1", "on", "t", "true", "y", "yes")

RIGHTS = f"""
GRANT USAGE ON SCHEMA public TO {ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO {ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO {ROLE};
REVOKE ALL ON stored_events, ledger, epoch, held_key, schema_step, mark_boundary FROM {ROLE};
GRANT SELECT, INSERT ON stored_events TO {ROLE};
GRANT SELECT ON ledger, epoch, held_key, schema_step, mark_boundary TO {ROLE};
REVOKE DELETE, TRUNCATE ON feed_head, serials, idempotency, proof_tile, proof_head FROM {ROLE};
REVOKE UPDATE, DELETE, TRUNCATE ON proof_checkpoint FROM {ROLE};
"""

NEEDED_INDEXES = {
    ("originator_id", "originator_version"),
    ("notification_id",),
    ("event_id",),
}


def prepare(url: str) -> bool:
    """Creates what is missing, one process at a time. Answers whether work can run under a role with fewer rights.

    Raises what `application.unfit` names: nothing is made in a database that would lose or mix up something."""
    with connect(url, autocommit=True) as connection:
        check_database(connection)
        check_pooler(connection, url)
        lent(connection)
        connection.autocommit = False
        in_turn(connection)
        check_functions(connection)
        try:
            take_steps(connection)
        except errors.InsufficientPrivilege as refused:
            raise NoTablesMayBeMade(told=str(refused).splitlines()[0]) from None
        restricted = _grant(connection)
        check_indexes(connection)
        return restricted


def role_can_be_taken(url: str) -> bool:
    """What `prepare` answers, of a database in which nothing is to be made."""
    with connect(url) as connection:
        query = "SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = %s"
        return connection.execute(query, [ROLE]).fetchall() == [(True,)]


def in_turn(connection: psycopg.Connection[Any]) -> None:
    """Until this transaction ends: a lock of a session could outlive whoever took it. Raises AnotherStarts."""
    connection.execute(f"SET LOCAL lock_timeout = '{IN_TURN_WITHIN}'")
    try:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [SETUP_LOCK])
    except errors.LockNotAvailable:
        raise AnotherStarts(within=IN_TURN_WITHIN) from None
    connection.execute("SET LOCAL lock_timeout = 0")


def _grant(connection: psycopg.Connection[Any]) -> bool:
    try:
        with connection.transaction():
            _make_role(connection)
            connection.execute(f"GRANT {ROLE} TO CURRENT_USER")
            connection.execute(RIGHTS)
            connection.execute(f"SET LOCAL ROLE {ROLE}")
            connection.execute("RESET ROLE")
    except (errors.InsufficientPrivilege, errors.UndefinedObject):
        log.warning("no role of fewer rights could be made: only the trigger keeps events from being changed")
        return False
    return True


def _make_role(connection: psycopg.Connection[Any]) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        return
    try:
        with connection.transaction():
            connection.execute(f"CREATE ROLE {ROLE} NOLOGIN")
    except (errors.DuplicateObject, errors.UniqueViolation):
        log.info("another ledger of this server made the role just now")


def check_functions(connection: psycopg.Connection[Any]) -> None:
    """Raises UnsafeLedger where the library's way to insert by a function of the database is switched on or was."""
    asked_for = os.environ.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").strip().lower() in YES
    query = "SELECT 1 FROM pg_proc WHERE proname LIKE 'es\\_insert\\_events%'"
    if asked_for or connection.execute(query).fetchone():
        raise UnsafeLedger(reason="the library's insert function takes no lock: followers would miss events")


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
        raise UnsafeLedger(reason=f"unique indexes are missing: {sorted(missing)}")
