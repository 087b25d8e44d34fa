"""Logins in a table of their own: whoever reads it cannot sign in, and what has no row that lives is no login.

One clock counts for all processes and machines: the database's."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.office import Ended, SessionFacts
from domain.shared.values import BodyId, OfficerId
from infrastructure.concurrency.batching import Together
from infrastructure.concurrency.turns import aside
from infrastructure.postgres.timeouts import answered_within

SCHEMA = """
    CREATE TABLE IF NOT EXISTS session (
        id uuid PRIMARY KEY, mark bytea NOT NULL, officer_id uuid NOT NULL, body_id uuid, in_browser boolean NOT NULL,
        began_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
        ended_at timestamptz, ended_by text, by_sign_on boolean NOT NULL DEFAULT false);
    ALTER TABLE session ADD COLUMN IF NOT EXISTS by_sign_on boolean NOT NULL DEFAULT false;
    CREATE INDEX IF NOT EXISTS session_of_officer ON session (officer_id) WHERE ended_at IS NULL;
"""
HAS_ITS_FORM = "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('session') AND attname = 'by_sign_on'"
"""Nobody waits at a start for those who ask."""
ID, SECRET = 16, 32
"""Bytes of a token: which session, and what only its holder knows."""
MOST_AT_ONCE = 200
LOOKED_UP_WITHIN = 5.0
"""Seconds, for a look by the index that takes milliseconds. Everybody in this process waits behind the one who looks:
where nobody answers, as long as a list may take is too long for them."""
SEEN_WITHIN = "5 minutes"
"""How coarsely it is kept when somebody was last there: a row is not written at each request."""
ENDS = "ended_at = now(), ended_by = %s, mark = sha256(mark)"
"""Whoever shows the token of an ended session is known, and nobody can make of its mark the one that it had."""
REMEMBERED_FOR = "30 days"
"""An ended session is known for so long: whoever sends a form in it is asked to sign in, and keeps what was typed."""

_FACTS = """SELECT id, officer_id AS officer, body_id AS body, in_browser, by_sign_on, began_at, seen_at,
    least(ends_at, clock_timestamp() + interval '1 year') AS ends_at,
    ended_at IS NULL AND clock_timestamp() < ends_at AS is_live"""
_MARKED = (
    _FACTS
    + f", mark, seen_at < clock_timestamp() - interval '{SEEN_WITHIN}' AS is_stale FROM session WHERE id = ANY(%s)"
)
_ROW = """
    INSERT INTO session (id, mark, officer_id, body_id, in_browser, by_sign_on, began_at, seen_at, ends_at)
    SELECT %(id)s, %(mark)s, %(officer)s, %(body)s, %(in_browser)s, %(proof)s::text IS NULL, now(), now(),
        now() + make_interval(secs => %(seconds)s)
"""
_BY_PASSWORD = _ROW + "FROM password WHERE officer_id = %(officer)s AND hash = %(proof)s FOR SHARE"
"""The password's row is held meanwhile: a new password either ends this session too, or keeps it from beginning."""


class _Marked(SessionFacts):
    mark: bytes
    is_stale: bool


class _Asked:
    """Who asks for a session, and what is answered."""

    def __init__(self, id: UUID) -> None:
        self.id = id
        self.found: _Marked | None = None


class SessionTable:
    """Answers application.office.Sessions."""

    def __init__(self, pool: ConnectionPool[Any], key: bytes, hours: int) -> None:
        """`key`: what only the service knows. A row that somebody wrote into the table without it opens nothing."""
        self._pool, self._key = pool, key
        self.seconds = hours * 3600
        self._together = Together(self._look, MOST_AT_ONCE)

    def prepare(self, owner: psycopg.Connection[Any]) -> None:
        if not owner.execute(HAS_ITS_FORM).fetchall():
            owner.execute(SCHEMA)

    def begin(self, officer: OfficerId, body: BodyId | None, proof: str, in_browser: bool) -> str | None:
        row, token = self._new(officer, body, proof, in_browser)
        return token if aside(lambda: self._begun(_BY_PASSWORD, row)) else None

    def begin_vouched(self, officer: OfficerId) -> str:
        row, token = self._new(officer, None, None, True)
        aside(lambda: self._begun(_ROW, row))
        return token

    def _new(
        self, officer: OfficerId, body: BodyId | None, proof: str | None, in_browser: bool
    ) -> tuple[dict[str, Any], str]:
        id, secret = uuid4(), token_bytes(SECRET)
        row = {
            "id": id,
            "mark": self._mark(id, secret, officer),
            "body": body,
            "in_browser": in_browser,
            "seconds": self.seconds,
            "officer": officer,
            "proof": proof,
        }
        return row, urlsafe_b64encode(id.bytes + secret).decode()

    def _begun(self, query: str, row: dict[str, Any]) -> bool:
        with self._pool.connection() as connection:
            begun = connection.execute(query.encode(), row).rowcount
        return bool(begun == 1)

    def find(self, token: str) -> SessionFacts | None:
        """Those who ask at the same moment are answered by one look at the table."""
        if (read := _parts(token)) is None:
            return None
        asked = _Asked(read[0])
        self._together.done(asked)
        found = asked.found
        if found is None:
            return None
        mark = self._mark(*read, found.officer)
        if hmac.compare_digest(mark, found.mark):
            return found
        return found.but(is_live=False) if hmac.compare_digest(sha256(mark).digest(), found.mark) else None

    def _mark(self, id: UUID, secret: bytes, officer: UUID) -> bytes:
        return hmac.digest(self._key, id.bytes + secret + officer.bytes, sha256)

    def _look(self, asked: Sequence[_Asked]) -> None:
        found = aside(lambda: self._rows([one.id for one in asked]))
        for one in asked:
            one.found = found.get(one.id)

    def _rows(self, ids: list[UUID]) -> dict[UUID, _Marked]:
        with self._pool.connection() as connection, answered_within(connection, LOOKED_UP_WITHIN):
            found = {one.id: one for one in connection.cursor(row_factory=class_row(_Marked)).execute(_MARKED, [ids])}
            if stale := [one.id for one in found.values() if one.is_stale and one.is_live]:
                connection.execute("UPDATE session SET seen_at = clock_timestamp() WHERE id = ANY(%s)", [stale])
            connection.commit()
        return found

    def act_for(self, session: UUID, body: BodyId | None) -> None:
        with self._pool.connection() as connection:
            connection.execute("UPDATE session SET body_id = %s WHERE id = %s", [body, session])

    def of(self, officer: OfficerId) -> Sequence[SessionFacts]:
        live = " FROM session WHERE officer_id = %s AND ended_at IS NULL AND now() < ends_at ORDER BY began_at DESC"
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(SessionFacts)) as cursor:
            found: list[SessionFacts] = cursor.execute((_FACTS + live).encode(), [officer]).fetchall()
        return found

    def end(self, officer: OfficerId, session: UUID, why: Ended) -> bool:
        with self._pool.connection() as connection:
            ended = connection.execute(
                f"UPDATE session SET {ENDS} WHERE id = %s AND officer_id = %s AND ended_at IS NULL AND now() < ends_at",
                [why.value, session, officer],
            )
        return bool(ended.rowcount == 1)

    def end_all(self, officer: OfficerId, why: Ended) -> None:
        with self._pool.connection() as connection:
            end_sessions(connection, officer, why)

    def forget(self) -> None:
        """What has ended long ago."""
        with self._pool.connection() as connection:
            connection.execute(
                f"DELETE FROM session WHERE least(ends_at, ended_at) < now() - interval '{REMEMBERED_FOR}'"
            )


def end_sessions(connection: psycopg.Connection[Any], officer: OfficerId, why: Ended, but: UUID | None = None) -> None:
    """Within whatever transaction it belongs to."""
    connection.execute(
        f"UPDATE session SET {ENDS} WHERE officer_id = %s AND ended_at IS NULL AND id IS DISTINCT FROM %s".encode(),
        [why.value, officer, but],
    )


def end_every_session(connection: psycopg.Connection[Any]) -> None:
    """After a restore: what was ended since the copy was made would live again."""
    connection.execute(SCHEMA)
    connection.execute(f"UPDATE session SET {ENDS} WHERE ended_at IS NULL".encode(), [Ended.RESTORED.value])


def _parts(token: str) -> tuple[UUID, bytes] | None:
    try:
        read = urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        return None
    return (UUID(bytes=read[:ID]), read[ID:]) if len(read) == ID + SECRET else None
