"""Two hosts: two state folders with the same keys of the service, one ledger, one vault in a cluster of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from api.settings import Settings
from infrastructure.postgres.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def vault_server(processes: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    embedded = EmbeddedPostgres(tmp_path_factory.mktemp("vault_server"))
    try:
        yield embedded.start()
    finally:
        embedded.stop()
        embedded.place.remove()


@pytest.fixture
def vault_url(vault_server: str) -> str:
    name = f"vault_{uuid4().hex}"
    with psycopg.connect(vault_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return make_conninfo(vault_server, dbname=name)


def host(folder: Path, vault_url: str, first: Path | None = None) -> Settings:
    """`first`: another one whose keys it is given."""
    folder.mkdir(parents=True)
    for name in ("master.key", "log.key") if first else ():
        assert first
        shutil.copy(first / name, folder)
    return Settings(state=folder, vault_url=vault_url)
