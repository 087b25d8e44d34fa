"""Passwords: hashes in an ordinary table, apart from the events; guessing is slowed down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg_pool import ConnectionPool

from domain.shared.errors import Forbidden, Refused
from domain.shared.values import OfficerId
from infrastructure.ledger.schema import SETUP_LOCK
from infrastructure.postgres.connecting import connect

SCHEMA = """
    CREATE TABLE IF NOT EXISTS password (
        officer_id uuid PRIMARY KEY, hash text NOT NULL,
        attempts integer NOT NULL DEFAULT 0, blocked_until timestamptz)
"""
SHORTEST, LONGEST = 8, 200
FREE_ATTEMPTS = 5
LONGEST_WAIT = timedelta(minutes=15)


class PasswordLength(Refused):
    """A password has 8 to 200 characters."""


class TooManyAttempts(Forbidden):
    """Too many wrong passwords: nobody signs in as this officer before `until`."""


class PasswordTable:
    """Answers application.office.Passwords."""

    def __init__(self, pool: ConnectionPool[Any], hasher: PasswordHasher | None = None) -> None:
        self._pool = pool
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._hasher.hash("nobody has this password")

    def prepare(self, owner_url: str) -> None:
        with connect(owner_url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [SETUP_LOCK])
            connection.execute(SCHEMA)

    def refuse_unfit(self, password: str) -> None:
        if not SHORTEST <= len(password) <= LONGEST:
            raise PasswordLength(shortest=SHORTEST, longest=LONGEST)

    def set(self, officer: OfficerId, password: str) -> None:
        self.refuse_unfit(password)
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO password (officer_id, hash) VALUES (%s, %s) ON CONFLICT (officer_id)"
                " DO UPDATE SET hash = excluded.hash, attempts = 0, blocked_until = NULL",
                [officer, self._hasher.hash(password)],
            )

    def check(self, officer: OfficerId | None, password: str, now: datetime) -> bool:
        """Takes as long for an unknown officer as for a known one. Raises TooManyAttempts."""
        kept = self._attempt(officer, now) if officer else None
        right = self._fits(kept or self._nobodys, password) and kept is not None
        if right and officer:
            self._forgive(officer)
        return right

    def _fits(self, hash: str, password: str) -> bool:
        try:
            return len(password) <= LONGEST and self._hasher.verify(hash, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False

    def _attempt(self, officer: OfficerId, now: datetime) -> str | None:
        """Counts the attempt before it is made, so that many at once count as many."""
        with self._pool.connection() as connection:
            row = connection.execute(
                "SELECT hash, attempts, blocked_until FROM password WHERE officer_id = %s FOR UPDATE",
                [officer],
            ).fetchone()
            if row is None:
                return None
            hash, attempts, blocked_until = row
            if blocked_until and now < blocked_until:
                raise TooManyAttempts(until=blocked_until)
            connection.execute(
                "UPDATE password SET attempts = %s, blocked_until = %s WHERE officer_id = %s",
                [attempts + 1, _blocked_until(attempts + 1, now), officer],
            )
            return str(hash)

    def _forgive(self, officer: OfficerId) -> None:
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE password SET attempts = 0, blocked_until = NULL WHERE officer_id = %s", [officer]
            )


def _blocked_until(attempts: int, now: datetime) -> datetime | None:
    """After five attempts every further one doubles the wait, up to a quarter of an hour."""
    if attempts < FREE_ATTEMPTS:
        return None
    doubled = timedelta(seconds=2 ** min(attempts - FREE_ATTEMPTS + 1, 12))
    return now + min(doubled, LONGEST_WAIT)
