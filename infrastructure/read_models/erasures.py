"""删除 Whose keys an event says are destroyed: ids only, from which a broken erasure is taken up again.

And which files a case has: a picture shows whom it shows, so they are erased with any person of the case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

import psycopg

from application.case.files import hash_fields
from application.files import file_id
from domain.case.record.privacy import PersonErased
from domain.shared.decider import Entry
from domain.shared.erasing import TextErased
from domain.shared.values import Value

_FILED = "INSERT INTO case_file VALUES (%s, %s) ON CONFLICT (owner) DO NOTHING"
_ERASED = "INSERT INTO erasure VALUES (%s, %s, %s) ON CONFLICT (owner) DO NOTHING"
_WITH_THE_FILES = """
    INSERT INTO erasure SELECT owner, stream, %s FROM case_file WHERE stream = %s ON CONFLICT (owner) DO NOTHING
"""


class ErasureTables:
    name: ClassVar = "erasure"
    contexts: ClassVar[tuple[str, ...]] = ("case", "referral", "escalation")
    by_stream: ClassVar = True
    schema: ClassVar = """
        CREATE TABLE erasure (owner uuid PRIMARY KEY, stream uuid NOT NULL, position bigint NOT NULL);
        CREATE TABLE case_file (owner uuid PRIMARY KEY, stream uuid NOT NULL);
        CREATE INDEX case_file_by_case ON case_file (stream);
    """

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        for entry in page:
            if filed := files_of(entry):
                to.executemany(_FILED, [(owner, entry.stream) for owner in filed])
            match entry.event:
                case PersonErased(person=owner) | TextErased(narrative=owner):
                    to.execute(_ERASED, [owner, entry.stream, entry.position])
            if isinstance(entry.event, PersonErased):
                to.execute(_WITH_THE_FILES, [entry.position, entry.stream])


def files_of(entry: Entry[Any]) -> list[UUID]:
    """The owners of the keys of the files that it names."""
    kind: type[Value] = type(entry.event)
    hashes = (getattr(entry.event, name) for name in hash_fields(kind))
    return [file_id(entry.stream, one) for one in hashes if one]
