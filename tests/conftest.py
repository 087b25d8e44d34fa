"""A real PostgreSQL for every test that needs one: an embedded server for the run, a fresh database for each module."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api import labels
from infrastructure import passwords
from infrastructure.postgres import embedded as running
from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.privacy.cipher import PersonalCipher
from infrastructure.privacy.key_file import KeyFile
from infrastructure.privacy.vault import Vault
from tests.templates import SHARED, Templates

MASTER = bytes(range(32))
FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "8GB",
    "scram_iterations": "1",
}
"""Of the server that the tests share, which ends with them. Whoever tests durability starts one of their own. Its
hundreds of small databases are tidied by nobody, and nobody guesses its password for a minute."""
FOREIGN = ("TIAOJIE_", "DATABASE_URL", "PG", "OTEL_", "COLUMNS", "FORCE_COLOR")


def pytest_configure() -> None:
    """No setting of whoever runs the tests is one of theirs."""
    for name in [name for name in os.environ if name.startswith(FOREIGN)]:
        del os.environ[name]


MISSED: list[str] = []
"""Words that were looked for and not found, while a test was running."""


@pytest.fixture(scope="session", autouse=True)
def _words_that_are_missing_are_noted() -> Iterator[None]:
    def noted(table: str, key: object) -> str:
        MISSED.append(f"[{table}] {key}")
        return str(key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labels, "instead", noted)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """A page that shows a key instead of a word fails whatever test looks at it."""
    MISSED.clear()
    answer = yield
    assert not MISSED, f"api/labels has no word for {', '.join(sorted(set(MISSED)))}"
    return answer


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_cheap() -> Iterator[None]:
    """A county has thirty of them, and each sign-in costs as much again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session")
def processes() -> None:
    """Asked for by whatever starts one, a PostgreSQL, a server or a browser, and so no part of `make quick`."""


@pytest.fixture(scope="session")
def server(processes: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server where databases may be made."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    embedded = EmbeddedPostgres(tmp_path_factory.mktemp("server"))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(running, "SETTINGS", running.SETTINGS | FORGETFUL)
            url = embedded.start()
        _let_in_quickly(url)
        yield url
    finally:
        embedded.stop()
        embedded.place.remove()


def _let_in_quickly(url: str) -> None:
    """The password is kept anew: half of what a connection costs is the hashing of it, on both sides."""
    known = conninfo_to_dict(url)
    with psycopg.connect(url, autocommit=True) as connection:
        change = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
            sql.Identifier(str(known["user"])), sql.Literal(str(known["password"]))
        )
        connection.execute(change)


@pytest.fixture(scope="session")
def make_database(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    SHARED.append(Templates(server, tmp_path_factory.mktemp("templates")))

    def make() -> str:
        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return make_conninfo(server, dbname=name)

    yield make
    SHARED.clear()


@pytest.fixture(scope="module")
def postgres_url(make_database: Callable[[], str]) -> str:
    return make_database()


@pytest.fixture(scope="session")
def make_cipher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], PersonalCipher]]:
    vaults: list[Vault] = []

    def make(folder: Path | None = None) -> PersonalCipher:
        file = (folder or tmp_path_factory.mktemp("vault")) / "keys.db"
        vaults.append(Vault(KeyFile.made(file), MASTER))
        return PersonalCipher(vaults[-1], MASTER)

    yield make
    for vault in vaults:
        vault.close()
