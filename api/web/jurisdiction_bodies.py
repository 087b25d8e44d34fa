"""机构 S16 A body: where it stands, who its members are, and what became of it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.web.administering import AdminDep, told_history
from api.web.page import Reader, fresh, names_of, render
from application.figures.case_figures import CaseFilter
from application.register_decisions import BODIES
from application.rights import Scope
from domain.case.case import Status
from domain.jurisdiction.body import Body, BodyStage
from domain.shared.decider import History
from domain.shared.errors import UnknownStream
from domain.shared.values import BodyId

router = APIRouter(include_in_schema=False)


def body_history(reader: Reader, id: UUID) -> History[Body]:
    """Raises UnknownStream."""
    history = reader.standing.ledger.history(BODIES, BodyId(id))
    if not history.entries:
        raise UnknownStream(id=id)
    return history


def open_cases(reader: Reader, id: UUID) -> int:
    """That it holds and that are not closed."""
    everywhere = Scope(everything=True)
    wanted = (CaseFilter(body=id, status=one) for one in (Status.REGISTERED, Status.OPEN))
    return sum(reader.reading.board.count(everywhere, one) for one in wanted)


@router.get("/bodies/{id:uuid}")
def body(id: UUID, reader: AdminDep, saved: str = "") -> Response:
    fresh(reader)
    history = body_history(reader, id)
    known = history.state
    named = {one for one in (known.area, known.merged_into, known.answers_for) if one}
    return render(
        reader,
        "jurisdiction/body.html",
        body=known,
        stands=known.stage is BodyStage.STANDING,
        members=reader.reading.directory.members(BodyId(id), reader.today),
        names=names_of(reader, {}, history.entries, named),
        open_cases=open_cases(reader, id),
        told=told_history(history, reader),
        saved=saved,
    )
