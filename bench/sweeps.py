"""A county's month of zero reports through the real ledger: `python -m bench.sweeps`. Decision 46 tells what came out.

1,000 units, 30 days: one by one, and a village at once; bytes of an event; read models, lists and figures.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from time import perf_counter
from uuid import UUID, uuid4

import psycopg

from api.settings import Settings
from api.wiring import Wired, wired
from application.figures.board import counting
from application.figures.case_figures import CaseFilter
from application.figures.definitions import FIGURES
from application.ports import Asked, Unit
from application.rights import Scope
from application.sweep.board import DueUnit
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.values import AreaId, BodyId, OfficerId
from domain.sweep.reporting import ReportZero
from infrastructure.postgres.embedded import EmbeddedPostgres

DAYS, TOWNS, VILLAGES, GRIDS, UNITS = 30, 11, 14, 6, 1_000
FOUNDED, NOBODY = date(2020, 1, 1), UUID(int=0)
SWEPT = ("sweep_coverage", "zero_share", "reported_late", "sweep_finds")


class Clock:
    moment = datetime(2026, 3, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


def asked(clock: Clock, body: UUID = NOBODY) -> Asked:
    request = uuid4()
    return Asked(OfficerId(NOBODY), BodyId(body), ActingAs(NoOfficer.OPERATOR), request, request, clock())


def sheets() -> tuple[bytes, bytes]:
    areas = ["code,name,parent_code,level", "99,省,,1", "9901,市,99,2", "990101,县,9901,3"]
    bodies = ["code,name,short_name,kind,area_code,channel,answers_for"]
    for town in range(1, TOWNS + 1):
        above = f"990101{town:03d}"
        areas.append(f"{above},镇{town},990101,4")
        for village in range(1, VILLAGES + 1):
            code = f"{above}{village:03d}"
            areas.append(f"{code},村{town}-{village},{above},5")
            bodies.append(f"V{code},调委会{code},村,committee,{code},,")
            for grid in range(1, GRIDS + 1):
                areas.append(f"{code}{grid:03d},网格{grid},{code},6")
                bodies.append(f"G{code}{grid:03d},网格站{code}{grid},格,grid,{code}{grid:03d},,V{code}")
    villages = [one for one in bodies if not one.startswith("G")]
    grids = [one for one in bodies if one.startswith("G")][: UNITS - len(villages) + 1]
    return "\n".join(areas).encode(), "\n".join([*villages, *grids]).encode()


@contextmanager
def county(clock: Clock) -> Iterator[tuple[Wired, str]]:
    with tempfile.TemporaryDirectory() as place:
        server = EmbeddedPostgres(Path(place) / "server")
        url = server.start()
        try:
            with wired(Settings(state=Path(place) / "state"), url, clock) as parts:
                areas, bodies = sheets()
                parts.system.administering.sheets.take_over(asked(clock), areas, FOUNDED)
                parts.projector.catch_up()
                parts.system.administering.body_sheets.take_over(asked(clock), bodies, FOUNDED)
                parts.projector.catch_up()
                yield parts, url
        finally:
            server.stop()


def report(parts: Wired, clock: Clock, units: Sequence[DueUnit]) -> None:
    """In one transaction."""
    told = asked(clock, units[0].body)

    def work(unit: Unit) -> UUID:
        done = [
            parts.system.deciding.sweeps.reports.act(unit, ReportZero(unit=AreaId(one.unit)), told) for one in units
        ]
        return done[-1]

    parts.ledger.carry_out(told, work, from_memory=True)


def timed(what: str, count: int, work: Callable[[], object]) -> None:
    start = perf_counter()
    work()
    took = perf_counter() - start
    print(f"{what:<32} {count:>7,}   {took:8.2f} s   {count / took:10,.0f} a second")


def village_of(unit: DueUnit) -> str:
    return str(unit.parent if unit.level == "grid" else unit.unit)


def one_day(parts: Wired, clock: Clock, parts_of: Sequence[Sequence[DueUnit]]) -> None:
    for units in parts_of:
        report(parts, clock, units)


def month(parts: Wired, clock: Clock, villages: Sequence[Sequence[DueUnit]]) -> None:
    for _ in range(DAYS - 1):
        clock.moment += timedelta(days=1)
        one_day(parts, clock, villages)


def main() -> None:
    clock = Clock()
    with county(clock) as (parts, url):
        area = parts.system.registers.register.by_code("990101", clock().date())
        assert area
        board = parts.system.reading.sweeps
        units = list(board.due(area, clock().date()))
        report(parts, clock, units[:1])
        parts.projector.catch_up()
        duties = parts.system.deciding.sweeps.duties
        timed("months opened", len(units) - 1, lambda: duties.look(clock()))
        head = parts.ledger.head()
        timed("one by one", len(units) - 1, lambda: one_day(parts, clock, [[one] for one in units[1:]]))
        villages = [list(each) for _, each in groupby(sorted(units, key=village_of), key=village_of)]
        timed("a village at once", len(units) * (DAYS - 1), lambda: month(parts, clock, villages))
        recorded = parts.ledger.head() - head
        timed("all read models", recorded, parts.projector.catch_up)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            query = "SELECT avg(pg_column_size(e.*)) FROM stored_events e WHERE topic = 'sweep.zero_reported'"
            print("bytes of a row", connection.execute(query).fetchone())
        timed("who is due in the county", 1, lambda: board.total(area, clock().date()))
        wanted = CaseFilter(since=date(2026, 1, 1), until=clock().date())
        scope = Scope(areas=frozenset({area}), home=area)
        with parts.system.reading.figures.snapshot(scope, wanted, clock().date()) as snapshot:
            question = counting(scope, wanted, clock().date())
            timed("four figures", 1, lambda: snapshot.count(question, [FIGURES[one] for one in SWEPT]))


if __name__ == "__main__":
    main()
