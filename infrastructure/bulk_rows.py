"""Encodes imported cases for the bulk append: the same stored bytes as any append makes, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from application.legacy.record import Recorded
from application.legacy.taking import TakenOver
from application.ports import Asked
from domain.case.intake import CaseRegistered, case_code
from infrastructure.bulk import BulkRow, SeriesOf, begun
from infrastructure.personal import owners
from infrastructure.stored import Coder, Draft, draft

NUMBER = b'"code":""'
"""Where the number of a case is put when it is given. What an imported mediation was numbered stays with its system."""


@dataclass
class Encoded:
    """The rows of a page's cases, and the series that number them."""

    cases: dict[UUID, list[BulkRow]] = field(default_factory=dict)
    streams: dict[UUID, list[UUID]] = field(default_factory=dict)
    """Of each case: the streams that it begins."""
    series: list[SeriesOf] = field(default_factory=list)


class BulkCoder:
    def __init__(self, coder: Coder, asked: Asked) -> None:
        self._coder, self._asked = coder, asked

    def encode(self, cases: Sequence[TakenOver]) -> Encoded:
        """Keys first, in one durable step for all of them; then every event."""
        drafts = {one.id: list(self._drafts(one.lines)) for one in cases}
        every = (one for several in drafts.values() for one in several)
        self._coder.cipher.vault.make_new({owner for one in every for owner in owners(one.event)})
        found, known = Encoded(), dict[UUID, int]()
        for id, several in drafts.items():
            found.cases[id] = [self._row(one, found, known) for one in several]
            found.streams[id] = list(dict.fromkeys(one.stream for one in several))
        return found

    def _drafts(self, lines: Iterable[Recorded]) -> Iterable[Draft]:
        versions: dict[UUID, int] = {}
        for stream, event, at in lines:
            versions[stream] = versions.get(stream, 0) + 1
            yield draft(stream, versions[stream], event, at, None, self._asked)

    def _row(self, one: Draft, found: Encoded, known: dict[UUID, int]) -> BulkRow:
        row = self._coder.row(one)
        begins = begun(row.stream, row.version, row.event, row.name)
        if not isinstance(one.event, CaseRegistered):
            return BulkRow(begins, row.state, None, b"")
        before, _, after = row.state.rpartition(NUMBER)
        assert before, "a registered case has a place for its number"
        return BulkRow(begins, before + NUMBER[:-1], _numbered(one.event, found, known), NUMBER[-1:] + after)


def _numbered(event: CaseRegistered, found: Encoded, known: dict[UUID, int]) -> int:
    series = event.series()
    if series.body not in known:
        known[series.body] = len(found.series)
        found.series.append(SeriesOf(series.body, series.kind, partial(case_code, event.body_code)))
    return known[series.body]
