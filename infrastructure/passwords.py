"""Passwords: hashes in an ordinary table, apart from the events; a few are checked at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg_pool import ConnectionPool

from application.office import Ended, PasswordLength
from domain.shared.values import OfficerId
from infrastructure.concurrency.places import Places
from infrastructure.concurrency.stepping_back import SteppingBack
from infrastructure.concurrency.turns import aside
from infrastructure.ledger.schema import SETUP_LOCK
from infrastructure.postgres.connecting import connect
from infrastructure.sessions import end_sessions
from infrastructure.wrong_passwords import WrongPasswords

SCHEMA = """
    CREATE TABLE IF NOT EXISTS password (officer_id uuid PRIMARY KEY, hash text NOT NULL);
"""
SHORTEST, LONGEST = 8, 200
AT_ONCE = 2
"""A hash takes 64 MB and both cores of a small machine."""
WAITING = 30
"""So many may wait for their hash: the last of them for two or three seconds."""


class PasswordTable:
    """Answers application.office.Passwords."""

    def __init__(self, pool: ConnectionPool[Any], wrong: WrongPasswords, hasher: PasswordHasher | None = None) -> None:
        self._pool, self._wrong = pool, wrong
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._hasher.hash("nobody has this password")
        self._hashing, self._places = SteppingBack(AT_ONCE), Places(AT_ONCE + WAITING)

    def prepare(self, owner_url: str) -> None:
        with connect(owner_url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [SETUP_LOCK])
            connection.execute(SCHEMA)

    def close(self) -> None:
        self._hashing.close()

    def refuse_unfit(self, password: str) -> None:
        if not SHORTEST <= len(password) <= LONGEST:
            raise PasswordLength(shortest=SHORTEST, longest=LONGEST)

    def set(self, officer: OfficerId, password: str, but: UUID | None = None) -> None:
        self.refuse_unfit(password)
        hash = self._hashing.done(lambda: self._hasher.hash(password))
        aside(lambda: self._keep(officer, hash, but))

    def _keep(self, officer: OfficerId, hash: str, but: UUID | None) -> None:
        """In one transaction: nobody goes on in a session that began with the old one."""
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO password (officer_id, hash) VALUES (%s, %s)"
                " ON CONFLICT (officer_id) DO UPDATE SET hash = excluded.hash",
                [officer, hash],
            )
            end_sessions(connection, officer, Ended.NEW_PASSWORD, but)

    def check(self, officer: OfficerId, password: str, source: str) -> str | None:
        with self._wrong.attempt(source, officer) as attempt:
            kept = aside(lambda: self._kept(officer))
            with self._places.one():
                fits = self._hashing.done(lambda: self._fits(kept or self._nobodys, password))
            if kept is None or not fits:
                return None
            attempt.was_right()
            return kept

    def _kept(self, officer: OfficerId) -> str | None:
        with self._pool.connection() as connection:
            row = connection.execute("SELECT hash FROM password WHERE officer_id = %s", [officer]).fetchone()
        return str(row[0]) if row else None

    def _fits(self, hash: str, password: str) -> bool:
        try:
            return len(password) <= LONGEST and self._hasher.verify(hash, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
