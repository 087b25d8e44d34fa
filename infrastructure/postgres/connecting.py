"""The one way to the database: its whole URL as it was given, and a session that reads and writes as we expect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict

LIMITS: Mapping[str, Any] = {
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 8_000,
}
"""Seconds, and milliseconds. A machine that is there confirms every packet within a fraction of a second, also while
PostgreSQL works or waits on it; so ten seconds without are enough. The system's own limits are a quarter of an hour
and more."""
SESSION = {
    "client_encoding": "UTF8",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "search_path": "public",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
}
"""Whatever the database, the role, `options` or the environment set: our statements and their answers are of this."""
_SETTLE = "SELECT " + ", ".join(f"set_config('{name}', '{value}', false)" for name, value in SESSION.items())
CONNECT_WITHIN = 5
"""Seconds for each host of the URL, where it names no `connect_timeout`."""


class Settled(Connection[Any]):
    """Its session is set as we expect, before anybody asks anything over it."""

    @classmethod
    def connect(cls, conninfo: str = "", **options: Any) -> Self:
        found = super().connect(conninfo, **options)
        try:
            found.execute(_SETTLE)
            if not found.autocommit:
                found.commit()
        except BaseException:
            found.close()
            raise
        return found


def limits(url: str, connect_within: int = CONNECT_WITHIN) -> dict[str, Any]:
    """What keeps a connection from waiting for ever, but for what the URL itself says of it."""
    known = conninfo_to_dict(url)
    ours = {**LIMITS, "connect_timeout": connect_within}
    return {name: value for name, value in ours.items() if name not in known}


def connect(url: str, **options: Any) -> psycopg.Connection[Any]:
    """For work that takes as long as it takes. What somebody waits for is asked over `Bounded`."""
    return Settled.connect(url, **{**limits(url), **options})
