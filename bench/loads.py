"""Loading one case from the ledger: cold, as a new process does, and warm."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from psycopg.rows import dict_row

from api.settings import Settings
from application.streams import CASES
from domain.shared.values import CaseId
from infrastructure.held_keys import KeyPlace
from infrastructure.ledger.event_store import PostgresLedger
from infrastructure.privacy.cipher import PersonalCipher

ROWS = "SELECT * FROM stored_events WHERE originator_id = %s ORDER BY originator_version"


def measure(settings: Settings, url: str, case: CaseId, repeats: int) -> dict[str, float]:
    """Milliseconds: `cold` knows neither history nor keys, `warm` both; `plain` is the rows with their JSON parsed."""
    cold = []
    for _ in range(repeats):
        with fresh_ledger(settings, url) as ledger:
            cold.append(_milliseconds(lambda ledger=ledger: ledger.history(CASES, case)))  # type: ignore[misc]
    with fresh_ledger(settings, url) as ledger, psycopg.connect(url, row_factory=dict_row) as plain:
        ledger.history(CASES, case)
        warm = [_milliseconds(lambda: ledger.history(CASES, case)) for _ in range(repeats)]
        rows = [_milliseconds(lambda: _plain(plain, case)) for _ in range(repeats)]
    return {"cold": median(cold), "warm": median(warm), "plain": median(rows)}


@contextmanager
def fresh_ledger(settings: Settings, url: str) -> Iterator[PostgresLedger]:
    """With an open connection, and nothing remembered."""
    keys = KeyPlace(settings.state)
    vault = keys.vault()
    ledger = PostgresLedger(url, PersonalCipher(vault, keys.master()), restricted=True)
    try:
        ledger.head()
        yield ledger
    finally:
        ledger.close()
        vault.close()


def _plain(connection: psycopg.Connection[dict[str, Any]], case: CaseId) -> int:
    rows = connection.execute(ROWS, [case], prepare=True).fetchall()
    return len([json.loads(bytes(row["state"])) for row in rows])


def _milliseconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000
