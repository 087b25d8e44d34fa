"""Passwords: hashes in an ordinary table, apart from the events; a few are checked at a time.

A hash is believed only where the officer's own events tell its mark: whoever runs the database can write a hash into
the table, or put back an old one, and cannot make a mark.
"""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import psycopg
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg_pool import ConnectionPool

from application.office import Ended, PasswordLength
from application.ports import Asked, NotOurs
from domain.shared.values import OfficerId
from infrastructure.concurrency.places import Places
from infrastructure.concurrency.stepping_back import SteppingBack
from infrastructure.concurrency.turns import aside
from infrastructure.sessions import end_sessions
from infrastructure.wrong_passwords import WrongPasswords

SCHEMA = """
    CREATE TABLE IF NOT EXISTS password (officer_id uuid NOT NULL, hash text NOT NULL);
    ALTER TABLE password DROP CONSTRAINT IF EXISTS password_pkey, ADD COLUMN IF NOT EXISTS mark text;
    CREATE UNIQUE INDEX IF NOT EXISTS password_of_officer ON password (officer_id, hash);
"""
"""A new hash stands beside the old one until its event is recorded: whatever ends it in between, one of them holds."""
HAS_ITS_FORM = "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('password') AND attname = 'mark'"
"""Nobody waits at a start for those who sign in."""
SHORTEST, LONGEST = 8, 200
AT_ONCE = 2
"""A hash takes 64 MB and both cores of a small machine."""
WAITING = 30
"""So many may wait for their hash: the last of them for two or three seconds."""
SET, OF_BEFORE = b"set", b"before"


class SetLast(Protocol):
    """What the events tell: `application.office.SetPasswords`."""

    def record(self, asked: Asked, officer: OfficerId, mark: str) -> None: ...

    def last(self, officer: OfficerId) -> str: ...


class Kept(NamedTuple):
    hash: str
    mark: str | None


class PasswordTable:
    """Answers application.office.Passwords."""

    def __init__(
        self,
        pool: ConnectionPool[Any],
        wrong: WrongPasswords,
        set_last: SetLast,
        key: bytes,
        hasher: PasswordHasher | None = None,
    ) -> None:
        """`key`: of the marks."""
        self._pool, self._wrong, self._set_last, self._key = pool, wrong, set_last, key
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._hasher.hash("nobody has this password")
        self._hashing, self._places = SteppingBack(AT_ONCE), Places(AT_ONCE + WAITING)

    def prepare(self, owner: psycopg.Connection[Any]) -> None:
        if not owner.execute(HAS_ITS_FORM).fetchall():
            owner.execute(SCHEMA)

    def take_over_those_of_before(self) -> None:
        """What was set before there were marks goes on to hold, until another one is set. Once in the life of a
        ledger: afterwards a hash without a mark is nobody's."""
        with self._pool.connection() as connection:
            rows = connection.execute("SELECT officer_id, hash FROM password WHERE mark IS NULL").fetchall()
            marked = [(self._mark(OF_BEFORE, officer, hash), officer, hash) for officer, hash in rows]
            query = "UPDATE password SET mark = %s WHERE officer_id = %s AND hash = %s"
            connection.cursor().executemany(query, marked)

    def close(self) -> None:
        self._hashing.close()

    def refuse_unfit(self, password: str) -> None:
        if not SHORTEST <= len(password) <= LONGEST:
            raise PasswordLength(shortest=SHORTEST, longest=LONGEST)

    def set(self, asked: Asked, officer: OfficerId, password: str, but: UUID | None = None) -> None:
        self.refuse_unfit(password)
        hash = self._hashing.done(lambda: self._hasher.hash(password))
        mark = self._mark(SET, officer, hash)
        aside(lambda: self._add(officer, hash, mark))
        self._set_last.record(asked, officer, mark)
        aside(lambda: self._keep_only(officer, hash, but))

    def _mark(self, how: bytes, officer: OfficerId, hash: str) -> str:
        return digest(self._key, how + officer.bytes + hash.encode(), sha256).hex()

    def _add(self, officer: OfficerId, hash: str, mark: str) -> None:
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO password (officer_id, hash, mark) VALUES (%s, %s, %s)", [officer, hash, mark]
            )

    def _keep_only(self, officer: OfficerId, hash: str, but: UUID | None) -> None:
        """In one transaction: nobody goes on in a session that began with the old one."""
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM password WHERE officer_id = %s AND hash <> %s", [officer, hash])
            end_sessions(connection, officer, Ended.NEW_PASSWORD, but)

    def check(self, officer: OfficerId, password: str, source: str) -> str | None:
        with self._wrong.attempt(source, officer) as attempt:
            kept = self._kept(officer)
            with self._places.one():
                fits = self._hashing.done(lambda: self._fits(kept or self._nobodys, password))
            if kept is None or not fits:
                return None
            attempt.was_right()
            return kept

    def _kept(self, officer: OfficerId) -> str | None:
        """The hash that holds."""
        rows, last = aside(lambda: self._rows(officer)), self._set_last.last(officer)
        return next((one.hash for one in rows if self._holds(officer, one, last)), None)

    def _holds(self, officer: OfficerId, one: Kept, last: str) -> bool:
        told = last or one.mark or ""
        return compare_digest(self._mark(SET if last else OF_BEFORE, officer, one.hash), told)

    def _rows(self, officer: OfficerId) -> list[Kept]:
        with self._pool.connection() as connection:
            query = "SELECT hash, mark FROM password WHERE officer_id = %s"
            return [Kept(*row) for row in connection.execute(query, [officer]).fetchall()]

    def not_set(self) -> list[OfficerId]:
        """Whose hash in the table nobody has set, or whose is gone: for `tiaojie check`."""
        with self._pool.connection() as connection:
            rows = connection.execute("SELECT officer_id, hash, mark FROM password ORDER BY 1").fetchall()
            officers = _officers(connection)
        return [one for one in officers if not self._is_whole(one, [Kept(*row[1:]) for row in rows if row[0] == one])]

    def _is_whole(self, officer: OfficerId, rows: list[Kept]) -> bool:
        try:
            last = self._set_last.last(officer)
        except NotOurs:
            return True  # that is told of the event
        ours = [self._mark(how, officer, one.hash) == one.mark for one in rows for how in (SET, OF_BEFORE)]
        return sum(ours) == len(rows) and (not last or any(self._holds(officer, one, last) for one in rows))

    def _fits(self, hash: str, password: str) -> bool:
        try:
            return len(password) <= LONGEST and self._hasher.verify(hash, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False


def _officers(connection: psycopg.Connection[Any]) -> list[OfficerId]:
    """Who has a hash, and who is known: of the events that begin with an officer."""
    query = (
        "SELECT officer_id FROM password UNION SELECT originator_id FROM stored_events"
        " WHERE originator_version = 1 AND topic = 'office.officer_registered' ORDER BY 1"
    )
    return [OfficerId(id) for (id,) in connection.execute(query).fetchall()]
