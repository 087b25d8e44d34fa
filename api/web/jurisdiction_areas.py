"""区划 S16 Areas: one at a time, with what lies in it, since when and until when, and the bodies that stand there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.web.administering import AdminDep, told_history
from api.web.page import Reader, fresh, names_of, render
from application.directory import AreaRow, BodyRow, MemberRow
from application.jurisdiction import AreaVersion
from application.register_decisions import AREAS
from domain.jurisdiction.area import Area
from domain.shared.decider import History
from domain.shared.errors import UnknownStream
from domain.shared.values import AreaId

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class InIt:
    """An area that lies in another one, or did: as it is called now, or was called last."""

    version: AreaVersion
    since: date
    until: date | None
    names: Sequence[str]
    """Those that it had before."""


def area_history(reader: Reader, id: UUID) -> History[Area]:
    """Raises UnknownStream."""
    history = reader.standing.ledger.history(AREAS, AreaId(id))
    if not history.entries:
        raise UnknownStream(id=id)
    return history


@router.get("/areas")
def areas(reader: AdminDep) -> Response:
    """The reader's own; all that lies in none, where they have none."""
    if reader.viewer.area:
        return area(reader.viewer.area, reader)
    fresh(reader)
    inside = _inside(reader.reading.directory.versions_around(None), None)
    return render(
        reader,
        "jurisdiction/areas.html",
        apart=reader.reading.directory.bodies_apart(),
        inside=_sorted(inside, reader.today),
    )


@router.get("/areas/{id:uuid}")
def area(id: UUID, reader: AdminDep, saved: str = "") -> Response:
    fresh(reader)
    history, directory = area_history(reader, id), reader.reading.directory
    place, versions = AreaId(id), reader.reading.directory.versions_around(AreaId(id))
    bodies = [one for one in directory.bodies_in(place, reader.today) if one.area == id]
    own = [one for one in versions if one.id == id]
    return render(
        reader,
        "jurisdiction/area.html",
        apart=reader.reading.directory.bodies_apart(),
        area=history.state,
        in_force=history.state.in_force(reader.today),
        path=_above(reader, place),
        own=own,
        inside=_sorted(_inside(versions, place), reader.today),
        bodies=_with_members(reader, bodies),
        names=names_of(reader, {}, history.entries, {one.parent for one in own if one.parent}),
        told=told_history(history, reader),
        saved=saved,
        last=date.max,
    )


def _above(reader: Reader, id: AreaId) -> Sequence[AreaRow]:
    """What it lies in today, the topmost first."""
    return [row for row in reversed(reader.reading.directory.path_rows(id, reader.today)) if row.id != id]


def _with_members(reader: Reader, bodies: Iterable[BodyRow]) -> list[tuple[BodyRow, Sequence[MemberRow]]]:
    return [(one, reader.reading.directory.members(one.id, reader.today)) for one in bodies]


def _inside(versions: Sequence[AreaVersion], area: AreaId | None) -> list[InIt]:
    of: dict[AreaId, list[AreaVersion]] = {}
    for one in versions:
        if one.parent == area and one.id != area:
            of.setdefault(one.id, []).append(one)
    return [_in_it(known) for known in of.values()]


def _in_it(known: Sequence[AreaVersion]) -> InIt:
    last = known[-1]
    before = dict.fromkeys(one.name for one in known if one.name != last.name)
    return InIt(last, known[0].since, None if last.until == date.max else last.until, list(before))


def _sorted(found: Iterable[InIt], today: date) -> list[InIt]:
    """What has ended stands last."""
    return sorted(found, key=lambda one: (one.until is not None and one.until <= today, one.version.code))
