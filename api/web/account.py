"""我的登录 Where one is signed in, each of which one can end; and one's password."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.door import DoorDep, SessionDep, change_password
from api.problems import marks, status, title
from api.web.page import Reader, ReaderDep, render
from api.web.sending import FormDep, SenderDep
from application.office import Ended, SessionFacts
from domain.shared.errors import DomainError

router = APIRouter(include_in_schema=False)


def _shown(reader: Reader, door: DoorDep, session: SessionFacts, refusal: DomainError | None, is_set: bool) -> Response:
    answer = render(
        reader,
        "account.html",
        status(type(refusal)) if refusal else 200,
        sessions=door.access.sessions.of(session.officer),
        this=session.id,
        problem=title(refusal, reader.language) if refusal else "",
        is_set=is_set,
    )
    answer.headers.update(marks(refusal) if refusal else {})
    return answer


@router.get("/account")
def account(reader: ReaderDep, door: DoorDep, session: SessionDep, password: str = "") -> Response:
    return _shown(reader, door, session, None, password == "new")


@router.post("/account/end/{id}")
def end(id: UUID, reader: SenderDep, door: DoorDep, session: SessionDep) -> Response:
    """What has ended meanwhile is ended: nobody needs to be told."""
    door.access.sessions.end(reader.viewer.officer, id, Ended.ENDED_BY_HAND)
    return RedirectResponse("/account", 303)


@router.post("/account/password")
async def set_password(reader: SenderDep, door: DoorDep, session: SessionDep, form: FormDep) -> Response:
    old, new = str(form.get("old") or ""), str(form.get("new") or "")
    try:
        await door.in_turn(lambda: change_password(door, session, reader.viewer, old, new))
    except DomainError as refusal:
        told = refusal
        return await door.in_turn(lambda: _shown(reader, door, session, told, False))
    return RedirectResponse("/account?password=new", 303)
