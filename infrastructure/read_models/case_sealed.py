"""What of the case board is personal: sealed where it is written, opened where it is read, found by tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from psycopg import Cursor
from psycopg_pool import ConnectionPool

from application.case.row import Card
from application.looks import looked_at
from infrastructure.privacy.person_tokens import PersonTokens
from infrastructure.privacy.table_keys import TableCipher, TableKeys
from infrastructure.read_models.case import GENERATION, SEALED, SERVES
from infrastructure.read_models.case_condition import ALL_OF_IT
from infrastructure.read_models.remembered import remembered

CARD = ", ".join(
    [*(f"b.{one.name}" for one in fields(Card) if one.name != "whole"), f"{ALL_OF_IT} AS whole", f"b.{GENERATION}"]
)


class CardRows:
    """A row factory: cards with their text opened."""

    def __init__(self, keys: TableKeys) -> None:
        self._keys = keys

    def __call__(self, cursor: Cursor[Any]) -> Callable[[Sequence[Any]], Card]:
        names = [one.name for one in cursor.description or ()]

        def made(values: Sequence[Any]) -> Card:
            return self.card(dict(zip(names, values, strict=True)))

        return made

    def card(self, row: dict[str, Any]) -> Card:
        looked_at([row["id"]])
        cipher = self._keys.of(row.pop(GENERATION))
        return Card(**row | {name: cipher.open(row[name], row["id"], name) for name in SEALED})


class ServedTokens(PersonTokens):
    """Tokens under the key of the table that serves. For a second after an erasure they may be those of before: a
    search finds nothing then."""

    def __init__(self, pool: ConnectionPool[Any], keys: TableKeys) -> None:
        self._pool, self._keys = pool, keys
        self._generation = remembered(self._serves)
        super().__init__(
            lambda purpose, text: self._cipher().keyed_hash(purpose, text), lambda two: self._cipher().pair(two)
        )

    def _serves(self) -> int | None:
        with self._pool.connection() as connection:
            known = connection.execute(SERVES).fetchone()
        return known[0] if known else None

    def _cipher(self) -> TableCipher:
        generation = self._generation()
        return self._keys.of(generation) if generation else self._keys.newest()
