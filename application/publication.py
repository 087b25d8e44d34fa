"""公布 Publishing: figures are computed at a moment, recorded, and computed again whenever somebody doubts them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from application.figures.asking import LEVELS, By
from application.figures.board import counting
from application.figures.case_figures import CaseFilter
from application.figures.counting import Figure
from application.figures.definitions import FIGURES, OF_PLACES, definition
from application.figures.numbers import Counted, FigureBoard, Snapshot, of
from application.ports import Asked, Ledger, Receipt, Stream, Unit
from application.register_decisions import occasion, record
from application.rights import NotYourRight, Scope, Viewer
from domain.office.officer import Role
from domain.publication.commands import NumberOf, Publication, PublishedTable, RowOf, publication_id
from domain.publication.publication import PublishFigures
from domain.shared.values import AreaId, Level

PUBLICATIONS: Stream[Publication] = Stream("publication", Publication.blank)
PUBLISHES = frozenset({Role.LEADER, Role.COORDINATOR})
EVERYTHING = Scope(everything=True)
"""A publication counts all that lies in its area, whoever publishes it."""


@dataclass(frozen=True)
class Edition:
    """A publication as a list has it."""

    id: UUID
    edition: int
    position: int
    table: PublishedTable
    reason: str
    digest: str
    published_at: datetime
    by: UUID
    body: UUID


class PublishedFigures(Protocol):
    """What was published, as the read model knows it."""

    def editions(self, areas: frozenset[AreaId] | None) -> Sequence[Edition]:
        """Of these areas, or all; the latest period first."""
        ...

    def edition(self, id: UUID, number: int) -> Edition | None: ...


class Names(Protocol):
    def names(self, ids: Sequence[AreaId], day: date) -> Mapping[AreaId, str]: ...


@dataclass(frozen=True)
class Checked:
    """A publication, computed again by the definitions, the day and the position that it names."""

    again: PublishedTable
    holds: bool
    """Whether the same bytes came out."""


class Publishing:
    def __init__(self, ledger: Ledger, board: FigureBoard, names: Names, catch_up: Callable[[], object]) -> None:
        self._ledger, self._board, self._names, self._catch_up = ledger, board, names, catch_up

    def publish(self, asked: Asked, viewer: Viewer, since: date, until: date, reason: str, today: date) -> Receipt:
        """Of the viewer's own area, by what is known now. Raises NotYourRight, PeriodNotOver."""
        if viewer.role not in PUBLISHES or viewer.area is None:
            raise NotYourRight(role=viewer.role)
        self._catch_up()
        table = self.table(viewer.area, since, until, until, None, today)
        command = PublishFigures(table=table, reason=reason)
        id = publication_id(table.area, since, until)

        def work(unit: Unit) -> UUID:
            record(unit, PUBLICATIONS, unit.history(PUBLICATIONS, id), command, occasion(asked, command))
            return id

        return self._ledger.carry_out(asked, work)

    def table(
        self, area: AreaId | None, since: date, until: date, day: date, position: int | None, today: date
    ) -> PublishedTable:
        """Every figure, of the whole and of each township and village in it."""
        wanted = CaseFilter(area=area, since=since, until=until, day=day, position=position)
        with self._board.snapshot(EVERYTHING, wanted, today) as snapshot:
            rows = tuple(self._each(snapshot, wanted, area, list(FIGURES.values()), today))
            known = snapshot.moment.position
        return PublishedTable(area=area, since=since, until=until, day=day, position=known, rows=rows)

    def _each(
        self, snapshot: Snapshot, wanted: CaseFilter, area: AreaId | None, figures: Sequence[Figure], today: date
    ) -> list[RowOf]:
        whole = snapshot.count(counting(EVERYTHING, wanted, today), figures)["all"]
        name = self._names.names([area], wanted.until or today).get(area, "") if area else ""
        rows = [RowOf(area=area, area_name=name, numbers=numbers(whole, figures))]
        of_places = [one for one in figures if one.key in OF_PLACES]
        for by in (By.TOWNSHIP, By.VILLAGE):
            told = snapshot.count(counting(EVERYTHING, wanted, today, by), of_places)
            ids = [AreaId(UUID(key)) for key in sorted(told) if key]
            names = self._names.names(ids, wanted.until or today)
            level: Level = LEVELS[by]
            rows += [
                RowOf(area=id, area_name=names.get(id, ""), level=level, numbers=numbers(told[str(id)], of_places))
                for id in ids
                if id != area
            ]
        return rows

    def checked(self, edition: Edition, today: date) -> Checked:
        """Computed again: names are those that were published, for they are no figures."""
        old = edition.table
        figures = [definition(one.figure, one.version) for one in old.rows[0].numbers]
        wanted = CaseFilter(area=old.area, since=old.since, until=old.until, day=old.day, position=old.position)
        with self._board.snapshot(EVERYTHING, wanted, today) as snapshot:
            rows = self._each(snapshot, wanted, old.area, figures, today)
        called = {(one.area, one.level): one.area_name for one in old.rows}
        again = old.but(rows=tuple(one.but(area_name=called.get((one.area, one.level), one.area_name)) for one in rows))
        return Checked(again, again.digest() == edition.digest)


def numbers(told: Mapping[str, Counted], figures: Sequence[Figure]) -> tuple[NumberOf, ...]:
    return tuple(_number(one, of(told, one.key)) for one in figures)


def _number(figure: Figure, counted: Counted) -> NumberOf:
    return NumberOf(
        figure=figure.key,
        version=figure.version,
        period=counted.period,
        period_of=counted.period_of,
        cohort=counted.cohort,
        cohort_of=counted.cohort_of,
    )
