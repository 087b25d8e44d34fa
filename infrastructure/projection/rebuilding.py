"""Read models made anew beside the old ones: filled in a schema of their own, then moved into their place at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql

from infrastructure.ledger.feed import Read
from infrastructure.ledger.schema import ROLE
from infrastructure.postgres.connecting import connect
from infrastructure.projection import parking
from infrastructure.projection.differences import Difference, difference
from infrastructure.projection.filling import SHADOW, Progress, Workshop, fill_by_streams, into_shadow
from infrastructure.projection.read_model import (
    Feed,
    ReadModel,
    drop,
    forget,
    readable,
    split_schema,
    stand,
    tables,
)

REBUILD_LOCK = 0x71A0_71E1
MANY = 20_000
"""Events: from there on it is worth to start processes for it."""
PAGE = 2_000
SWAP_WAIT = "2s"
"""Readers that are in the middle of something are waited for no longer: everybody goes on, and it is tried again."""
SWAP_ATTEMPTS = 60


class RebuildUnderWay(RuntimeError):
    """One at a time."""


class Rebuilding:
    def __init__(
        self, url: str, source: Feed, read_models: Sequence[ReadModel], workshop: Workshop | None = None
    ) -> None:
        """`url`: of the database's owner, who may make and move tables."""
        self._url, self._source, self._read_models, self._workshop = url, source, read_models, workshop

    def carry_out(self, progress: Progress) -> None:
        """Whatever ends it before its end, the old tables stay as they were. Raises RebuildUnderWay."""
        with self._alone():
            self._make_shadow()
            try:
                position = self._filled(self._source.head(), progress)
                with into_shadow(self._url) as shadow:
                    for one in self._read_models:
                        for statement in split_schema(one)[1]:
                            shadow.execute(statement)
                self._swap(position)
            finally:
                self._drop_shadow()

    def differences(self, reached: int, progress: Progress) -> list[Difference]:
        """Between the tables that serve and what the events say, at one position of both; `reached`: how far those that
        serve have come. Raises RebuildUnderWay."""
        with self._alone():
            self._make_shadow()
            try:
                position = self._filled(reached, progress, up_to=reached)
                with into_shadow(self._url) as shadow:
                    return [one for model in self._read_models for one in self._compared(model, position, shadow)]
            finally:
                self._drop_shadow()

    def _compared(self, model: ReadModel, position: int, shadow: psycopg.Connection[Any]) -> list[Difference]:
        """While its position is held, so that neither side moves."""
        query = "SELECT position FROM public.lasting_projection WHERE name = %s FOR UPDATE"
        rows = shadow.execute(query, [model.name]).fetchall()
        serves = rows[0][0] if rows else position  # without a row nobody fills its tables: they differ all the more
        while position < serves:
            page = readable(self._source, position, min(PAGE, serves - position))
            with shadow.cursor() as cursor:
                parking.apply(model, page, cursor)
            position = page[-1].position
        found = [difference(table, shadow) for table in tables(model)]
        shadow.commit()
        return [one for one in found if one.rows != 0]

    def clear_up(self) -> None:
        """What a rebuild that was killed has left: its lock is free, so nobody fills it any more. Otherwise nothing."""
        with suppress(RebuildUnderWay), self._alone():
            self._drop_shadow()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with connect(self._url, autocommit=True) as guard:
            ((taken,),) = guard.execute("SELECT pg_try_advisory_lock(%s)", [REBUILD_LOCK]).fetchall()
            if not taken:
                raise RebuildUnderWay
            try:
                yield
            finally:  # the server ends a session a moment after it was left, and somebody may ask again at once
                with suppress(psycopg.Error):
                    guard.execute("SELECT pg_advisory_unlock(%s)", [REBUILD_LOCK])

    def _make_shadow(self) -> None:
        with connect(self._url) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {SHADOW} CASCADE")
            connection.execute(f"CREATE SCHEMA {SHADOW}")
            connection.execute(f"CREATE TABLE {SHADOW}.parked (LIKE public.parked INCLUDING ALL)")
        with into_shadow(self._url) as shadow:
            for one in self._read_models:
                for statement in split_schema(one)[0]:
                    shadow.execute(statement)

    def _drop_shadow(self) -> None:
        with connect(self._url) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {SHADOW} CASCADE")

    def _filled(self, head: int, progress: Progress, up_to: int = sys.maxsize) -> int:
        """The position that the new tables have reached."""
        if self._workshop and head >= MANY:
            fill_by_streams(self._workshop, self._read_models, head, progress)
            return head
        position, names = 0, ", ".join(one.name for one in self._read_models)
        with into_shadow(self._url) as shadow:
            while page := readable(self._source, position, min(PAGE, up_to - position)):
                position = self._applied(page, shadow)
                progress(names, position, max(head, position))
        return position

    def _applied(self, page: Sequence[Read], shadow: psycopg.Connection[Any]) -> int:
        with shadow.cursor() as cursor:
            for one in self._read_models:
                parking.apply(one, page, cursor)
        return page[-1].position

    def _swap(self, position: int) -> None:
        with into_shadow(self._url) as shadow:
            while self._source.head() - position > PAGE:
                position = self._applied(readable(self._source, position, PAGE), shadow)
                shadow.commit()
            for attempt in range(1, SWAP_ATTEMPTS + 1):
                try:
                    self._swapped(position, shadow)
                    shadow.commit()
                    return
                except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                    shadow.rollback()
                    if attempt == SWAP_ATTEMPTS:
                        raise

    def _swapped(self, position: int, shadow: psycopg.Connection[Any]) -> None:
        """In the order in which a page takes its locks: the positions first, then the tables."""
        shadow.execute(f"SET LOCAL lock_timeout = '{SWAP_WAIT}'")
        names = [one.name for one in self._read_models]
        shadow.execute("SELECT 1 FROM lasting_projection WHERE name = ANY(%s) ORDER BY name FOR UPDATE", [names])
        while page := readable(self._source, position, PAGE):
            position = self._applied(page, shadow)
        for one in self._read_models:
            forget(one, shadow)
            drop(one, shadow)
            self._moved(one, shadow)
            stand(one, shadow, position, whole_at=position)
        shadow.execute(f"INSERT INTO public.parked SELECT * FROM {SHADOW}.parked")

    def _moved(self, one: ReadModel, shadow: psycopg.Connection[Any]) -> None:
        for table in map(sql.Identifier, tables(one)):
            shadow.execute(sql.SQL("ALTER TABLE {}.{} SET SCHEMA public").format(sql.Identifier(SHADOW), table))
            if shadow.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                shadow.execute(
                    sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON public.{} TO {}").format(
                        table, sql.Identifier(ROLE)
                    )
                )
