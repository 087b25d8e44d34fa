"""A ledger of sample events, what seals it, and somebody with a superuser's rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.proof.audit import Report
from domain.proof.signed_note import verifier_key
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.ledger.schema import prepare
from infrastructure.privacy.master import mark_key
from infrastructure.proof.bundle import export_ledger
from infrastructure.proof.checking import verify
from infrastructure.proof.files import LogFiles
from infrastructure.proof.kept import KeptCheckpoints
from infrastructure.proof.keys import FILE, LogKey
from infrastructure.proof.ledger_proofs import sealer
from infrastructure.proof.sealer import Sealer
from tests.conftest import MASTER
from tests.ledger.conftest import _sample_events
from tests.ledger.samples import Noted, record, told

__all__ = ["_sample_events"]


@dataclass
class Sealed:
    url: str
    ledger: PostgresLedger
    key: LogKey
    kept: KeptCheckpoints
    sealer: Sealer
    folder: Path

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

    def exported(self) -> Path:
        """A bundle of everything, exported anew."""
        file = self.folder / "bundle.zip"
        file.unlink(missing_ok=True)
        export_ledger(self.url, LogFiles.of(self.folder), file, lambda done: None)
        return file

    def vkey(self, key: LogKey | None = None) -> str:
        with psycopg.connect(self.url) as connection:
            ((ledger,),) = connection.execute("SELECT id FROM ledger").fetchall()
        return verifier_key(f"tiaojie/{ledger}", (key or self.key).public)


@pytest.fixture(scope="module")
def make_sealed(make_database: Callable[[], str], make_cipher: Any) -> Iterator[Callable[[Path], Sealed]]:
    opened: list[PostgresLedger] = []

    def make(folder: Path) -> Sealed:
        url = make_database()
        opened.append(PostgresLedger(url, make_cipher(folder), restricted=prepare(url)))
        files = LogFiles.of(folder, LogKey.make(folder / FILE))
        made = sealer(url, files, mark_key(MASTER), restricted=True)
        return Sealed(url, opened[-1], files.key, files.kept, made, folder)

    yield make
    for ledger in opened:
        ledger.close()


@pytest.fixture
def sealed(make_sealed: Callable[[Path], Sealed], tmp_path: Path) -> Sealed:
    return make_sealed(tmp_path)
