"""A real PostgreSQL for every test that needs one: an embedded server for the run, a fresh database for each module."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.privacy.cipher import PersonalCipher
from infrastructure.privacy.vault import Vault

MASTER = bytes(range(32))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server where databases may be made."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    embedded = EmbeddedPostgres(tmp_path_factory.mktemp("server"))
    try:
        yield embedded.start()
    finally:
        embedded.stop()
        embedded.place.remove()


@pytest.fixture(scope="session")
def make_database(server: str) -> Callable[[], str]:
    def make() -> str:
        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return make_conninfo(server, dbname=name)

    return make


@pytest.fixture(scope="module")
def postgres_url(make_database: Callable[[], str]) -> str:
    return make_database()


@pytest.fixture(scope="session")
def make_cipher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], PersonalCipher]]:
    vaults: list[Vault] = []

    def make(folder: Path | None = None) -> PersonalCipher:
        vaults.append(Vault((folder or tmp_path_factory.mktemp("vault")) / "keys.db", MASTER))
        return PersonalCipher(vaults[-1], MASTER)

    yield make
    for vault in vaults:
        vault.close()
