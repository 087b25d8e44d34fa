"""How many connections the server lends to whom the URL names, and how many of them each of our pools may hold."""

from __future__ import annotations

from typing import Any

import psycopg

from application.unfit import TooFewConnections

LEAST = 8
"""Server: one that records, one that reads histories, one that reads lists. Worker: these, and one that listens. One
more, so that a command line can look."""
WORKER = 4
MOST = 12
"""A pool of two busy cores has no use for more."""
MANY = 20
"""From so many on a rebuild may start processes of its own, each with connections of its own."""

LENT = """
SELECT least(
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
    (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = session_user),
    (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()))
"""


def lent(connection: psycopg.Connection[Any]) -> int:
    """By the server, the role and the database, whichever is least. Raises TooFewConnections."""
    ((most,),) = connection.execute(LENT).fetchall()
    if most < LEAST:
        raise TooFewConnections(lent=most, needed=LEAST)
    return int(most)


def size_of_pools(most: int, processes: int) -> int:
    """Of each of the two pools of a server's process, beside the connection that it records over: the worker's are
    left alone, so that a rush of readers never keeps anybody from recording."""
    each = (most - WORKER - 1) // processes - 1
    return max(1, min(MOST, each // 2))
