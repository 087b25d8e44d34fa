"""The log of one ledger: sealed as it grows, verified when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from infrastructure.proof.checking import Report, verify
from infrastructure.proof.kept import KeptCheckpoints
from infrastructure.proof.keys import LogKey
from infrastructure.proof.sealer import Sealer
from infrastructure.schema import ROLE


class ProofLog:
    def __init__(self, url: str, state: Path, *, restricted: bool) -> None:
        self._url, self._restricted = url, restricted
        self._key, self._kept = LogKey.of(state / "log.key"), KeptCheckpoints(state / "checkpoints.db")
        self.seal = Sealer(self._connect, self._key, self._kept).seal

    def verify(self, progress: Callable[[int], None]) -> Report:
        with psycopg.connect(self._url) as connection:
            return verify(connection, self._key, self._kept.notes(), progress)

    def _connect(self) -> psycopg.Connection[Any]:
        connection: psycopg.Connection[Any] = psycopg.connect(self._url, autocommit=True)
        if self._restricted:
            connection.execute(f"SET ROLE {ROLE}")
        return connection
