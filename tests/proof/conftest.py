"""A ledger of sample events, what seals it, and somebody with a superuser's rights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from infrastructure.event_store import PostgresLedger
from infrastructure.proof.checking import Report, verify
from infrastructure.proof.kept import KeptCheckpoints
from infrastructure.proof.keys import LogKey
from infrastructure.proof.sealer import Sealer
from tests.ledger.conftest import _sample_events, make_ledger, vault_folder
from tests.ledger.samples import Noted, record, told

__all__ = ["_sample_events", "make_ledger", "vault_folder"]


@dataclass
class Sealed:
    url: str
    ledger: PostgresLedger
    key: LogKey
    kept: KeptCheckpoints
    sealer: Sealer

    def grows(self, count: int) -> None:
        """By streams of three events, one of them with personal text."""
        for _ in range(count):
            record(self.ledger, uuid4(), 0, Noted(), told("两家争吵。"), Noted(what="again"))

    def verified(self, key: Any = None) -> Report:
        with psycopg.connect(self.url) as connection:
            return verify(connection, key or self.key, self.kept.notes(), lambda done: None)

    def faults(self) -> set[str]:
        return {one.kind for one in self.verified().faults}

    def tampers(self, *statements: str) -> None:
        """As a superuser who switches off whatever guards the events."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
            for statement in statements:
                connection.execute(statement)


@pytest.fixture
def sealed(make_database: Callable[[], str], make_ledger: Any, tmp_path: Path) -> Sealed:
    url = make_database()
    ledger = make_ledger(url)
    key, kept = LogKey.of(tmp_path / "log.key"), KeptCheckpoints(tmp_path / "checkpoints.db")
    return Sealed(url, ledger, key, kept, Sealer(lambda: psycopg.connect(url, autocommit=True), key, kept))
