"""上行督办 An escalation: how it begins, its page, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.labels.names import kebab
from api.problems import title
from api.web.case_dialog import NoSuchAction
from api.web.choices import DialogContext
from api.web.dialog import Dialog, Sending, attempt, filled, keep, newer, opened
from api.web.handovers import choices_of, deadlines, receivers_of
from api.web.moments import AskedDep
from api.web.page import Reader, ReaderDep, names_of, render
from api.web.sending import FormDep, SenderDep
from api.web.sentences import Names, sentence
from api.web.timeline import entries
from application.case.page import CasePage, page, timeline
from application.escalation.rights import BEGINNING, STEPS, possible_steps
from application.handover.options import openings
from application.moments import Standpoint, as_it_was, beside
from domain.escalation.escalation import Escalation, running
from domain.shared.decider import History
from domain.shared.values import CaseId, EscalationId

router = APIRouter(include_in_schema=False)
BEGIN = {kebab(one): one for one in BEGINNING}
STEP = {kebab(one): one for one in STEPS}


@router.get("/cases/{case}/escalations/{id}")
def escalation(case: CaseId, id: EscalationId, present: ReaderDep, asked: AskedDep, saved: str = "") -> Response:
    latest = present.deciding.escalations.history(case, id, present.viewer, present.now())
    history = present.deciding.escalations.history(case, id, present.viewer, present.now(), asked)
    reader = present.as_of(asked, as_it_was(latest, asked))
    read = _case(case, reader)
    names = _names(reader, history, read)
    state = reader.deciding.cases.state(case, reader.viewer, present.now(), reader.past, asked.effective_at)
    lines = list(timeline(history.entries))
    return render(
        reader,
        "escalation/escalation.html",
        id=id,
        read=read,
        escalation=history.state,
        saved=saved,
        latest=latest.version,
        ground=getattr(lines[0].event, "ground", None),
        names=names,
        clocks=deadlines(running(history.state), reader),
        told=entries(lines, names, reader),
        choices=choices_of(possible_steps(reader.viewer, history.state, state), reader),
    )


def _case(case: CaseId, reader: Reader) -> CasePage:
    """As it stood beside the escalation."""
    cases = reader.deciding.cases
    if reader.past is None:
        return page(cases.history(case, reader.viewer, reader.now()))
    asked = Standpoint(as_of=reader.past.recorded, effective_at=reader.asked.effective_at)
    read = cases.read(cases.whole(case), reader.viewer, reader.now(), asked)
    return page(beside(read, reader.past), reader.asked.effective_at)


def _names(reader: Reader, history: History[Escalation], read: CasePage) -> Names:
    beside = {history.state.below, history.state.above}
    return names_of(reader, read.names, history.entries, {id for id in beside if id})


@router.get("/cases/{case}/escalations/do/{name}")
def beginning(case: CaseId, name: str, reader: ReaderDep) -> Response:
    return shown_beginning(_beginning(case, name, reader), case)


def _beginning(case: CaseId, name: str, reader: Reader) -> Dialog:
    command, read = _known(BEGIN, name), _case(case, reader)
    receivers = receivers_of(command, reader, read.state.holder) if read.state.holder else []
    return opened(command, DialogContext(reader, read, None, receivers), read.version)


def _known(commands: dict[str, type[Any]], name: str) -> type[Any]:
    if not (command := commands.get(name)):
        raise NoSuchAction(command=name[:60])
    return command


def shown_beginning(made: Dialog, case: CaseId, status: int = 200) -> Response:
    reader = made.context.reader
    state = reader.deciding.cases.state(case, reader.viewer, reader.now())
    opening = next(one for one in openings(state, reader.viewer) if one.command is made.command)
    why = title(opening.blocked, reader.language) if opening.blocked else ""
    action = f"/cases/{case}/escalations/do/{kebab(made.command)}"
    return _shown(made, why, f"/cases/{case}/refer", action, status)


def _shown(made: Dialog, why: str, back: str, action: str, status: int) -> Response:
    assert made.context.read
    return render(
        made.context.reader,
        "handover/dialog.html",
        status,
        dialog=made,
        name=kebab(made.command),
        back=back,
        back_to=made.context.read.state.code,
        action=action,
        blocked=why,
        names=made.context.names,
        parties=list(made.context.read.state.parties),
    )


@router.post("/cases/{case}/escalations/do/{name}")
def begin(case: CaseId, name: str, reader: SenderDep, form: FormDep) -> Response:
    made = _beginning(case, name, reader)
    if keep(made, form):
        return shown_beginning(made, case)
    asking = Sending(
        send=lambda command, asked, seen: reader.deciding.escalations.begin(case, command, reader.viewer, asked, seen),
        shown=lambda status: shown_beginning(made, case, status),
        to=lambda receipt: f"/cases/{case}/escalations/{receipt.id}?saved={receipt.version}",
        newer=lambda seen: newer(made.context, seen),
    )
    return attempt(made, form, filled(made, form), asking)


@router.get("/cases/{case}/escalations/{id}/do/{name}")
def step(case: CaseId, id: EscalationId, name: str, reader: ReaderDep) -> Response:
    return _step(case, id, name, reader)[1](200)


def _step(case: CaseId, id: EscalationId, name: str, reader: Reader) -> tuple[Dialog, Callable[[int], Response]]:
    command = _known(STEP, name)
    history = reader.deciding.escalations.history(case, id, reader.viewer, reader.now())
    made = opened(command, DialogContext(reader, _case(case, reader), None), history.version)

    def show(status: int) -> Response:
        state = reader.deciding.cases.state(case, reader.viewer, reader.now())
        current = reader.deciding.escalations.history(case, id, reader.viewer, reader.now()).state
        found = choices_of(possible_steps(reader.viewer, current, state), reader)
        why = next(one.why for one in found if one.command is command)
        back = f"/cases/{case}/escalations/{id}"
        return _shown(made, why, back, f"{back}/do/{name}", status)

    return made, show


@router.post("/cases/{case}/escalations/{id}/do/{name}")
def go_on(case: CaseId, id: EscalationId, name: str, reader: SenderDep, form: FormDep) -> Response:
    made, show = _step(case, id, name, reader)
    if keep(made, form):
        return show(200)
    asking = Sending(
        send=lambda command, asked, seen: reader.deciding.escalations.change(
            case, id, command, reader.viewer, asked, seen
        ),
        shown=show,
        to=lambda receipt: f"/cases/{case}/escalations/{id}?saved={receipt.version}",
        newer=lambda seen: _newer(case, id, reader, seen),
    )
    return attempt(made, form, filled(made, form), asking)


def _newer(case: CaseId, id: EscalationId, reader: Reader, seen: int) -> list[str]:
    history = reader.deciding.escalations.history(case, id, reader.viewer, reader.now())
    names = _names(reader, history, _case(case, reader))
    lines = timeline(history.entries)
    return [sentence(line, names, reader.language) for line in lines if line.version > seen]
