"""A county is founded once for each server: who asks for another one gets a copy of its database and of its keys."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

Found = Callable[[str, Path], None]
"""Fills the empty database and the state folder of a county."""


class Templates:
    """Of one server, which its tests share; a server of a test's own has none."""

    def __init__(self, server: str, folder: Path) -> None:
        self.server, self.folder = server, folder
        self._made = dict[str, str]()

    def has(self, url: str) -> bool:
        ours, theirs = conninfo_to_dict(self.server), conninfo_to_dict(url)
        return all(ours.get(one) == theirs.get(one) for one in ("host", "port"))

    def copy(self, name: str, found: Found, url: str, state: Path) -> None:
        """The first time it is founded."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            template = self._made.get(name) or self._make(connection, name, found)
            names = sql.Identifier(str(conninfo_to_dict(url)["dbname"])), sql.Identifier(template)
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(names[0]))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        shutil.copytree(self.folder / name, state, dirs_exist_ok=True)

    def _make(self, connection: psycopg.Connection, name: str, found: Found) -> str:
        template = f"template_{name}_{uuid4().hex[:12]}"
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
        (self.folder / name).mkdir()
        found(make_conninfo(self.server, dbname=template), self.folder / name)
        self._made[name] = template
        return template


SHARED: list[Templates] = []
"""Those of the server that the tests share, while it runs."""


def copied(name: str, found: Found, url: str, state: Path) -> None:
    """Into a database and a folder, if they are empty and on the server that the tests share; else nothing is done."""
    for templates in SHARED:
        if templates.has(url) and is_empty(url) and not any(state.glob("*")):
            templates.copy(name, found, url, state)


def is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone() is None
