"""Service tokens: marked in the events of their officer, so no row of a table opens anything.

A table only tells when each was last used."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, time
from hashlib import sha256
from hmac import compare_digest, digest
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg_pool import ConnectionPool

from application.office import SessionFacts
from application.office_tokens import OF_A_SERVICE, IssuedTokens, ToldToken, WantedToken
from application.ports import Asked
from domain.office.officer import Officer
from domain.office.scopes import ServiceToken
from domain.office.tokens import IssueToken, lives, open_to_be_ended
from domain.shared.calendar import SHANGHAI, local_day
from domain.shared.values import OfficerId
from infrastructure.concurrency.turns import aside

SCHEMA = """
    CREATE TABLE IF NOT EXISTS token_seen (
        officer_id uuid NOT NULL, number integer NOT NULL, seen_at timestamptz NOT NULL,
        PRIMARY KEY (officer_id, number))
"""
ID, SECRET = 16, 32
SEEN_WITHIN = "5 minutes"
_SEEN = f"""
    INSERT INTO token_seen VALUES (%s, %s, clock_timestamp())
    ON CONFLICT (officer_id, number) DO UPDATE SET seen_at = excluded.seen_at
    WHERE token_seen.seen_at < clock_timestamp() - interval '{SEEN_WITHIN}'
"""
_ISSUED_TO = "SELECT DISTINCT originator_id FROM stored_events WHERE topic = 'office.token_issued' ORDER BY 1"


class TokenTable:
    """Answers application.office_tokens.ServiceTokens."""

    def __init__(self, pool: ConnectionPool[Any], issued: IssuedTokens, key: bytes) -> None:
        """`key`: of the marks."""
        self._pool, self._issued, self._key = pool, issued, key

    def prepare(self, owner: Connection[Any]) -> None:
        owner.execute(SCHEMA)

    def issue(self, asked: Asked, officer: OfficerId, wanted: WantedToken) -> tuple[int, str]:
        secret = token_bytes(SECRET)
        command = IssueToken(**dict(wanted), mark=self._mark(officer, secret))
        number = self._issued.record(asked, officer, command)
        return number, OF_A_SERVICE + urlsafe_b64encode(officer.bytes + secret).decode()

    def _mark(self, officer: UUID, secret: bytes) -> str:
        return digest(self._key, officer.bytes + secret, sha256).hex()

    def find(self, token: str, now: datetime) -> SessionFacts | None:
        if (read := _parts(token)) is None:
            return None
        officer, mark = OfficerId(read[0]), self._mark(*read)
        known = self._issued.of(officer)
        found = [number for number, one in known.tokens.items() if compare_digest(one.mark, mark)]
        return self._facts(officer, known, found[0], now) if found else None

    def _facts(self, officer: OfficerId, known: Officer, number: int, now: datetime) -> SessionFacts:
        token = known.tokens[number]
        is_live = lives(known, token, local_day(now))
        if is_live:
            aside(lambda: self._saw(officer, number))
        return SessionFacts(
            id=uuid5(officer, f"token {number}"),
            officer=officer,
            body=known.appointments[token.appointment].body,
            in_browser=False,
            by_sign_on=False,
            began_at=now,
            seen_at=now,
            ends_at=datetime.combine(token.ends_on, time(), SHANGHAI).astimezone(UTC),
            is_live=is_live,
            token=number,
            scopes=frozenset(token.scopes),
        )

    def _saw(self, officer: OfficerId, number: int) -> None:
        with self._pool.connection() as connection:
            connection.execute(_SEEN.encode(), [officer, number])

    def of(self, officer: OfficerId, now: datetime) -> list[ToldToken]:
        known = self._issued.of(officer)
        with self._pool.connection() as connection:
            query = "SELECT number, seen_at FROM token_seen WHERE officer_id = %s"
            seen: dict[int, datetime] = dict(connection.execute(query, [officer]).fetchall())
        return [_told(officer, known, number, one, seen, now) for number, one in known.tokens.items()]

    def all(self, now: datetime) -> list[ToldToken]:
        return [one for officer in self._officers() for one in self.of(officer, now)]

    def not_ended(self, now: datetime) -> list[tuple[OfficerId, int]]:
        known = ((officer, self._issued.of(officer)) for officer in self._officers())
        numbered = ((officer, number, one) for officer, told in known for number, one in told.tokens.items())
        return [(officer, number) for officer, number, one in numbered if open_to_be_ended(one, local_day(now))]

    def _officers(self) -> list[OfficerId]:
        with self._pool.connection() as connection:
            return [OfficerId(officer) for (officer,) in connection.execute(_ISSUED_TO).fetchall()]


def _told(
    officer: OfficerId, known: Officer, number: int, one: ServiceToken, seen: dict[int, datetime], now: datetime
) -> ToldToken:
    told = one.model_dump(include={"label", "scopes", "appointment", "ends_on"})
    is_live = lives(known, one, local_day(now))
    return ToldToken(officer=officer, number=number, is_live=is_live, seen_at=seen.get(number), **told)


def _parts(token: str) -> tuple[UUID, bytes] | None:
    """Whose it says that it is, and what only its holder knows."""
    if not token.startswith(OF_A_SERVICE):
        return None
    try:
        read = urlsafe_b64decode(token.removeprefix(OF_A_SERVICE).encode("ascii"))
    except ValueError:
        return None
    return (UUID(bytes=read[:ID]), read[ID:]) if len(read) == ID + SECRET else None
