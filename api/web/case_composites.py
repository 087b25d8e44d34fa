"""一次说合、签字盖章、办结: a meeting, a signing and a closing are one form each, filled in with what is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.labels.names import kebab
from api.web.case_composite_forms import closing_form, meeting_form, signing_form
from api.web.case_dialog import NoSuchAction
from api.web.choices import DialogContext
from api.web.dialog import Dialog, Sending, attempt, filled, keep, newer, opened
from api.web.page import Reader, ReaderDep, names_of_case, render, text
from api.web.sending import FormDep, SenderDep
from application.case.composites import offered
from application.case.page import page
from domain.case.composite.closing_record import RecordClosing
from domain.case.composite.lists import COMPOSITES
from domain.case.composite.meeting_record import RecordMeeting
from domain.case.composite.signing_record import RecordSigning
from domain.shared.values import CaseId

router = APIRouter(include_in_schema=False)
BY_NAME = {kebab(one): one for one in COMPOSITES}
FORMS: dict[str, Callable[[Dialog], dict[str, Any]]] = {
    kebab(RecordMeeting): meeting_form,
    kebab(RecordSigning): signing_form,
    kebab(RecordClosing): closing_form,
}
"""What each form shows beside what was typed."""


def _dialog(name: str, reader: Reader, id: CaseId) -> Dialog:
    if not (composite := BY_NAME.get(name)):
        raise NoSuchAction(command=name[:60])
    read_now = page(reader.deciding.cases.history(id, reader.viewer, reader.now()))
    last = read_now.state.active_mediation or read_now.state.last_mediation
    return opened(composite, DialogContext(reader, read_now, last), read_now.version)


def mediates(reader: Reader) -> bool:
    """Whether the body for which they act has a channel of its own."""
    body = reader.viewer.body
    facts = reader.registers.register.body(body, reader.today) if body else None
    return facts is not None and facts.channel is not None


def _offered(reader: Reader, id: CaseId) -> list[str]:
    state = reader.deciding.cases.state(id, reader.viewer, reader.now())
    return [kebab(one) for one in offered(state, reader.viewer, mediates(reader))]


@router.get("/cases/{id}/record-{what}")
def form(id: CaseId, what: str, reader: ReaderDep, saved: str = "") -> Response:
    made = _dialog(f"record-{what}", reader, id)
    if kebab(made.command) not in _offered(reader, id):
        made.errors[""] = text(reader.language, "not_this_form_now")
    return _shown(made, saved=saved)


def _shown(made: Dialog, status: int = 200, saved: str = "") -> Response:
    context = made.context
    assert context.read
    return render(
        context.reader,
        f"case/{kebab(made.command).replace('-', '_')}.html",
        status,
        dialog=made,
        read=context.read,
        case=context.read.state,
        mediation=context.mediation,
        names=names_of_case(context.reader, context.read),
        name=kebab(made.command),
        saved=saved,
        **FORMS[kebab(made.command)](made),
    )


@router.post("/cases/{id}/record-{what}")
def tell(id: CaseId, what: str, reader: SenderDep, form: FormDep) -> Response:
    made = _dialog(f"record-{what}", reader, id)
    if keep(made, form):
        return _shown(made)
    then = str(form.get("then") or "")
    asking = Sending(
        send=lambda told, asked, seen: reader.deciding.composites.tell(id, told, reader.viewer, asked, seen),
        shown=lambda status: _shown(made, status),
        to=lambda receipt: f"/cases/{id}{_next(reader, id, then)}?saved={receipt.version}",
        newer=lambda seen: newer(made.context, seen),
    )
    return attempt(made, form, filled(made, form), asking)


def _next(reader: Reader, id: CaseId, wanted: str) -> str:
    """The form that was asked for, if the case has come so far; else its page."""
    return f"/{wanted}" if wanted in _offered(reader, id) else ""
