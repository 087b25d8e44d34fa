"""The tables of whoever comes in: sessions, passwords, and how often a wrong one was tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg_pool import ConnectionPool

from api.settings import Settings
from infrastructure.passwords import PasswordTable
from infrastructure.privacy.master import derived
from infrastructure.sessions import SessionTable
from infrastructure.wrong_passwords import WrongPasswords


@dataclass(frozen=True)
class Logins:
    sessions: SessionTable
    passwords: PasswordTable
    tidying: Sequence[Callable[[], None]]
    """What throws away what is of no more use: sessions that ended long ago, wrong passwords of yesterday."""


@contextmanager
def logins(settings: Settings, url: str, pool: ConnectionPool[Any], master: bytes) -> Iterator[Logins]:
    """Their tables are made where they are missing."""
    sessions = SessionTable(pool, derived(master, "session"), settings.session_hours)
    wrong = WrongPasswords(pool, derived(master, "wrong-password"))
    passwords = PasswordTable(pool, wrong)
    for table in (passwords, sessions, wrong):
        table.prepare(url)
    try:
        yield Logins(sessions, passwords, (sessions.forget, wrong.forget))
    finally:
        passwords.close()
