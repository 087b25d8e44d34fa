"""删除 Whose keys an event says are destroyed: ids only, from which a broken erasure is taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import psycopg

from domain.case.record.privacy import PersonErased
from domain.shared.decider import Entry
from domain.shared.erasing import TextErased


class ErasureTables:
    name: ClassVar = "erasure"
    contexts: ClassVar[tuple[str, ...]] = ("case", "referral", "escalation")
    by_stream: ClassVar = True
    schema: ClassVar = "CREATE TABLE erasure (owner uuid PRIMARY KEY, stream uuid NOT NULL, position bigint NOT NULL);"

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        rows = []
        for entry in page:
            match entry.event:
                case PersonErased(person=owner) | TextErased(narrative=owner):
                    rows.append((owner, entry.stream, entry.position))
        if rows:
            to.executemany("INSERT INTO erasure VALUES (%s, %s, %s) ON CONFLICT (owner) DO NOTHING", rows)
