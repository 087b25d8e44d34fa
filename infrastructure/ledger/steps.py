"""The ledger's own tables, step by step: each is taken once, in its order, and never changed afterwards.

A database made by an earlier program takes the steps that it lacks at the next start. Read models are not among them:
they are disposable, and made anew where their form has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from application.unfit import MadeByANewerProgram

FIRST = """
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
"""Also taken by a database that has all of it already, of before the steps were counted: so it asks IF NOT EXISTS."""

KEYS = "CREATE TABLE held_key (kind text PRIMARY KEY, fingerprint bytea NOT NULL)"
"""Which master key, vault and signing key belong to this ledger: a start with another one is refused."""

BEATS = """
CREATE TABLE worker_beat (
    part text NOT NULL, worker text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (part, worker))
"""
"""When each part of the worker looked last: a process that lives and does nothing is known by that alone."""

MARKS = """
ALTER TABLE stored_events ADD COLUMN mark bytea;
CREATE TABLE mark_boundary (after bigint NOT NULL, mark bytea NOT NULL,
    one boolean PRIMARY KEY DEFAULT true CHECK (one))
"""
"""The application's mark on each event; and up to where events stand that were recorded before there were marks."""

LEASES = "CREATE TABLE lease (what text PRIMARY KEY, holder uuid NOT NULL, until timestamptz NOT NULL)"
"""Which worker, of all hosts, does what only one may do at a time."""

FAILURES = "CREATE TABLE worker_failure (part text PRIMARY KEY, failures bigint NOT NULL)"
"""How often a part of the worker looked in vain: it only grows, whichever process the worker is."""

STEPS: Sequence[str] = (FIRST, KEYS, BEATS, MARKS, LEASES, FAILURES)
COUNTED = "CREATE TABLE IF NOT EXISTS schema_step (number integer PRIMARY KEY, taken_at timestamptz NOT NULL)"


def take_steps(connection: psycopg.Connection[Any]) -> None:
    """Those that are not taken yet, within the transaction of whoever asks. Raises MadeByANewerProgram."""
    connection.execute(COUNTED)
    ((taken,),) = connection.execute("SELECT coalesce(max(number), 0) FROM schema_step").fetchall()
    if taken > len(STEPS):
        raise MadeByANewerProgram(known=len(STEPS), found=taken)
    for number in range(taken + 1, len(STEPS) + 1):
        connection.execute(STEPS[number - 1])
        connection.execute("INSERT INTO schema_step VALUES (%s, now())", [number])
