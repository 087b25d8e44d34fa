"""Who sends a form, and for which body: as the form itself says, for another tab may have changed both since.

Whatever refuses a form, what was typed is kept: the refusal's page has it, and leads back to the form filled in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api import cookies
from api.deps import LanguageDep, system_of, viewer_of
from api.problems import LoginNeeded
from api.sessions import sent_token, session_of
from api.web.bodies import SENT_BY, SENT_FOR, body_of
from api.web.page import NotSignedIn, Reader, reader_of
from application.ports import Receipt
from application.rights import NoSuchAppointment, Viewer
from domain.shared.errors import Conflict
from domain.shared.values import BodyId

OF_NO_FORM = frozenset({"login", "password", "next", "old", "new", "choose", "add"})
"""What is not kept of a form: secrets, and which button was pressed."""


class SentByAnother(Conflict):
    """Somebody else was signed in when the form was opened: nothing was recorded."""


class BodyHasChanged(Conflict):
    """The form was opened for a body for which whoever is signed in does not act: nothing was recorded."""


async def sent_form(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_files=20, max_fields=2_000) as form:
        request.state.form = form
        yield form


FormDep = Annotated[FormData, Depends(sent_form)]


def sender(request: Request, language: LanguageDep, form: FormDep) -> Reader:
    """Raises NotSignedIn, SentByAnother, BodyHasChanged."""
    try:
        return reader_of(request, language, _sender(request, form))
    except LoginNeeded:
        raise NotSignedIn from None


SenderDep = Annotated[Reader, Depends(sender)]


def _sender(request: Request, form: FormData) -> Viewer:
    """Whoever shows a token with each request says by it who they are; a browser sends whatever cookie it has."""
    system, session = system_of(request), session_of(request)
    if session is None or not sent_token(request)[1]:
        return viewer_of(request, system)
    if form.get(SENT_BY) != str(session.officer):
        raise SentByAnother
    told = str(form.get(SENT_FOR) or "")
    try:
        found = viewer_of(request, system, BodyId(UUID(told)) if told else None)
    except (ValueError, NoSuchAppointment):
        raise BodyHasChanged from None
    if body_of(found) != told:
        raise BodyHasChanged
    return found


def typed(form: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What can be sent once more: files cannot, they are chosen anew."""
    if not isinstance(form, FormData):
        return []
    return [(name, one) for name, one in form.multi_items() if isinstance(one, str) and name not in OF_NO_FORM]


def typed_in(request: Request) -> list[tuple[str, str]]:
    return typed(getattr(request.state, "form", None))


def left(reader: Reader, receipt: Receipt, to: str) -> Response:
    """The next page waits for what was recorded, and is for the body that it was recorded for: another one may not
    know of it."""
    reader.seen.saw(reader.viewer.officer, receipt)
    session = session_of(reader.request)
    if session and reader.bodies and session.body != reader.viewer.body:
        system_of(reader.request).access.sessions.act_for(session.id, reader.viewer.body)
    answer = RedirectResponse(to, 303)
    cookies.keep(answer, reader.request, cookies.POSITION, str(receipt.position))
    return answer
