"""S4 The dialog of every command on a case: a correction shows the entry that it corrects."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from api.labels.names import kebab
from api.web.changes import corrected_fields, entry_of, really_changed
from api.web.choices import DialogContext
from api.web.dialog import Dialog, Sending, attempt, filled, keep, newer, opened, whole
from api.web.page import Reader, ReaderDep, names_of_case, render
from api.web.refusals import refused
from api.web.sending import FormDep, SenderDep
from application.case.page import CasePage, page
from application.rights import may
from domain.case.actions import actions
from domain.case.commands import CaseCommand, MediationCommand
from domain.case.lists import COMMANDS
from domain.case.mediations import Mediation
from domain.case.opening.intake import ReceiveRequest
from domain.case.record.correction import CorrectEntry
from domain.shared.errors import Missing
from domain.shared.values import CaseId

router = APIRouter(include_in_schema=False)
BY_NAME = {kebab(one): one for one in COMMANDS if one is not ReceiveRequest and one.for_officers()}


class NoSuchAction(Missing):
    """There is no command of this name."""


def _find(
    name: str, reader: Reader, id: CaseId, number: int | None
) -> tuple[type[CaseCommand], CasePage, Mediation | None]:
    if not (command := BY_NAME.get(name)):
        raise NoSuchAction(command=name[:60])
    read_now = page(reader.deciding.cases.history(id, reader.viewer, reader.now()))
    mediation = None
    if issubclass(command, MediationCommand):
        chosen = number or max(read_now.state.mediations, default=0)
        mediation = read_now.state.mediation(chosen)
    return command, read_now, mediation


def _dialog(name: str, reader: Reader, id: CaseId, number: int | None) -> Dialog:
    command, read_now, mediation = _find(name, reader, id, number)
    return opened(command, DialogContext(reader, read_now, mediation), read_now.version)


@router.get("/cases/{id}/do/{name}")
def dialog(
    id: CaseId, name: str, reader: ReaderDep, mediation: int | None = None, entry: int | None = None
) -> Response:
    made = _dialog(name, reader, id, mediation)
    if entry and not made.typed:
        made.typed = {"entry": entry, "entries": entry}
    return shown(made, entry)


def shown(made: Dialog, entry: int | None = None, status: int = 200) -> Response:
    context = made.context
    assert context.read
    state, viewer = context.read.state, context.reader.viewer
    number = context.mediation.number if context.mediation else None
    action = next(one for one in actions(state) if one.command is made.command)
    blocked = may(viewer, action, state) if action.mediation in (None, number) else None
    correcting = entry_of(context.read, entry) if entry else None
    names = names_of_case(context.reader, context.read)
    return render(
        context.reader,
        "case/dialog.html",
        status,
        dialog=made,
        read=context.read,
        names=names,
        name=kebab(made.command),
        number=number,
        blocked=refused(blocked, names, context.reader.language) if blocked else "",
        correcting=correcting,
        corrected=corrected_fields(correcting, context.reader.language) if correcting else [],
    )


@router.post("/cases/{id}/do/{name}")
def carry_out(id: CaseId, name: str, reader: SenderDep, form: FormDep) -> Response:
    made = _dialog(name, reader, id, whole(form, "mediation"))
    entry = whole(form, "entry") if made.command is CorrectEntry else None
    if keep(made, form):
        return shown(made, entry)
    asking = Sending(
        send=lambda command, asked, seen: reader.deciding.cases.change(id, command, reader.viewer, asked, seen),
        shown=lambda status: shown(made, entry, status),
        to=lambda receipt: f"/cases/{id}?saved={receipt.version}",
        newer=lambda seen: newer(made.context, seen),
    )
    return attempt(made, form, content(made, form, entry), asking)


def content(made: Dialog, form: FormData, entry: int | None) -> dict[str, Any]:
    typed = filled(made, form)
    if entry and made.context.read and (line := entry_of(made.context.read, entry)):
        typed["changes"] = really_changed(typed["changes"], line, made.context.reader.language)
    if made.context.mediation and issubclass(made.command, MediationCommand):
        typed["mediation"] = made.context.mediation.number
    return typed
