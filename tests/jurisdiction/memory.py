"""A ledger and a register that live in memory, for the tests of use cases and tables."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from application.jurisdiction import AreaVersion
from application.ports import Asked, Receipt, Stream, VersionMismatch
from application.register_decisions import AREAS
from domain.jurisdiction.area import area_id, facts
from domain.jurisdiction.successions import KnownArea
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.decider import Entry, Event, History, Stamp
from domain.shared.occasion import AreaFacts
from domain.shared.values import AreaId, BodyId, OfficerId

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = date(2026, 1, 1)
CLERK = OfficerId(UUID(int=1))
OFFICE = BodyId(UUID(int=2))
HEADER = "code,name,parent_code,level\n"


def asked() -> Asked:
    return Asked(
        by=CLERK, body=OFFICE, acting=ActingAs(NoOfficer.OPERATOR), request=uuid4(), correlation=uuid4(), now=NOW
    )


class MemoryLedger:
    """A unit of work of its own: what fails leaves nothing behind."""

    def __init__(self) -> None:
        self.entries: list[Entry[Any]] = []

    def carry_out(self, asked: Asked, work: Callable[[Any], UUID]) -> Receipt:
        before = list(self.entries)
        try:
            id = work(self)
        except Exception:
            self.entries = before
            raise
        return Receipt(id=id, version=len(self._of(id)), position=len(self.entries))

    def history(self, stream: Stream[Any], id: UUID) -> History[Any]:
        return History.of(id, stream.blank(id), self._of(id))

    def append(
        self,
        stream: Stream[Any],
        id: UUID,
        expected: int,
        events: Sequence[Event[Any]],
        occurred_at: datetime,
        on_behalf_of: Any = None,
    ) -> None:
        if expected != len(self._of(id)):
            raise VersionMismatch(id=id)
        for version, event in enumerate(events, start=expected + 1):
            stamp = Stamp(CLERK, OFFICE, occurred_at, None, uuid4(), uuid4(), None)
            position = len(self.entries) + 1
            self.entries.append(Entry(uuid4(), id, version, position, NOW, event, stamp))

    def feed(self, after: int, limit: int) -> Sequence[Entry[Any]]:
        return self.entries[after : after + limit]

    def head(self) -> int:
        return len(self.entries)

    def _of(self, id: UUID) -> list[Entry[Any]]:
        return [entry for entry in self.entries if entry.stream == id]


class MemoryRegister:
    """Reads a ledger's areas as they stand: the later versions only."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger

    def _areas(self, day: date) -> list[Any]:
        ids = dict.fromkeys(e.stream for e in self._ledger.entries if e.event.name.startswith("jurisdiction.area"))
        states = [self._ledger.history(AREAS, id).state for id in ids]
        return [state for state in states if state.in_force(day)]

    def area(self, id: AreaId, day: date) -> AreaFacts | None:
        return facts(self._ledger.history(AREAS, id).state, day)

    def by_code(self, code: str, day: date) -> AreaId | None:
        return next((area.id for area in self._areas(day) if area.code == code), None)

    def children(self, area: AreaId, day: date) -> list[AreaId]:
        return [one.id for one in self._areas(day) if one.parent == area]

    def path(self, area: AreaId, day: date) -> list[AreaFacts]:
        states = {one.id: one for one in self._areas(day)}
        path = [states[area]]
        while path[-1].parent:
            path.append(states[path[-1].parent])
        return [AreaFacts(id=one.id, level=one.level, in_force=True) for one in path]

    def area_history(self) -> list[AreaVersion]:
        """Only as they are now: enough for what has ended."""
        ids = dict.fromkeys(e.stream for e in self._ledger.entries if e.event.name.startswith("jurisdiction.area"))
        return [
            AreaVersion(
                id=one.id,
                level=one.level,
                code=one.code,
                name=one.name,
                parent=one.parent,
                since=one.founded_on,
                until=one.ended_on or date.max,
                successors=(),
            )
            for one in (self._ledger.history(AREAS, id).state for id in ids)
        ]

    def known_areas(self, day: date) -> dict[str, KnownArea]:
        areas = self._areas(day)
        codes = {area.id: area.code for area in areas}
        return {
            area.code: KnownArea(
                id=area.id,
                code=area.code,
                name=area.name,
                level=area.level,
                parent=codes.get(area.parent, ""),
            )
            for area in areas
        }


def sheet(*rows: str) -> bytes:
    return (HEADER + "\n".join(rows) + "\n").encode()


COUNTY = (
    "42,湖北省,,1",
    "4205,宜昌市,42,2",
    "420581,宜都市,4205,3",
    "420581104,枝城镇,420581,4",
    "420581105,姚家店镇,420581,4",
    "420581104201,全福河村,420581104,5",
    "420581104001,全福河社区,420581104,5",
)


def imported(code: str) -> AreaId:
    return area_id(code, DAY)
