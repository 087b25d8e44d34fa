"""Ledgers on a fresh database, with the sample events known by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from infrastructure.ledger.event_names import EVENTS
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.ledger.schema import prepare
from infrastructure.privacy.cipher import PersonalCipher
from tests.ledger.samples import SAMPLES

MakeLedger = Callable[..., PostgresLedger]


@pytest.fixture(scope="session", autouse=True)
def _sample_events() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for event in SAMPLES:
            patch.setitem(EVENTS, event.name, event)
        yield


@pytest.fixture(scope="module")
def vault_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def make_ledger(
    postgres_url: str, vault_folder: Path, make_cipher: Callable[[Path], PersonalCipher]
) -> Iterator[MakeLedger]:
    opened: list[PostgresLedger] = []

    def make(url: str = postgres_url, clock: Callable[[], datetime] | None = None) -> PostgresLedger:
        opened.append(PostgresLedger(url, make_cipher(vault_folder), clock, restricted=prepare(url)))
        return opened[-1]

    yield make
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(make_ledger: MakeLedger) -> PostgresLedger:
    return make_ledger()


@pytest.fixture
def owner(postgres_url: str) -> Iterator[psycopg.Connection]:
    """The database as the one who owns it sees it."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection
