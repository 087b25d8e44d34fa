"""转入 S6 Offers: the receivers' and senders' boxes, a referral's page with the slice, and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.labels.names import kebab
from api.web.case_dialog import NoSuchAction
from api.web.choices import DialogContext
from api.web.dialog import Dialog, Sending, attempt, filled, keep, opened
from api.web.handovers import choices_of, deadlines, names_of_bodies, working_days
from api.web.moments import AskedDep
from api.web.namesakes import marks_of
from api.web.page import Reader, ReaderDep, fresh, names_of, render
from api.web.sending import FormDep, SenderDep
from api.web.sentences import Names, sentence
from api.web.timeline import entries
from application.case.namesakes import told_apart
from application.case.page import CasePage, page
from application.figures.handover_figures import Box
from application.moments import Standpoint, as_it_was
from application.referral.page import ReferralPage
from application.referral.rights import ANSWERS, possible_answers
from application.referral.row import ReferralCard
from domain.case.case import DisputeCase
from domain.referral.referral import Referral
from domain.referral.taking_back import RerouteReferral
from domain.shared.calendar import Calendar
from domain.shared.decider import History
from domain.shared.errors import UnknownStream
from domain.shared.values import CaseId, ReferralId

router = APIRouter(include_in_schema=False)
SHOWN = 25
IN_WORKING_DAYS = frozenset({"answer", "accept", "object"})
BY_NAME = {kebab(one): one for one in ANSWERS}


@dataclass(frozen=True)
class BoxRow:
    """A referral in a box, with what the reader was handed of its case. `working`: working days left to answer."""

    card: ReferralCard
    read: ReferralPage
    working: int | None


@router.get("/referrals")
def box(reader: ReaderDep, box: Box = Box.IN, open: bool = True, after: str | None = None) -> Response:
    fresh(reader)
    found = reader.reading.handovers.referrals(reader.viewer.scope, box, open, after, SHOWN)
    rows = rows_of(reader, found.cards)
    return render(
        reader,
        "referral/box.html",
        box=box,
        open=open,
        rows=rows,
        after=found.after,
        names=names_of_bodies(reader, (body for row in rows for body in (row.card.sender, *row.card.receivers))),
    )


def rows_of(reader: Reader, cards: Any) -> list[BoxRow]:
    calendar, now = reader.registers.rule_book.calendar(), reader.now()
    found = []
    for card in cards:
        read = reader.deciding.referrals.page(card.case_id, card.id, reader.viewer, now)
        found.append(BoxRow(card, read, _working(card, reader, calendar)))
    return found


def _working(card: ReferralCard, reader: Reader, calendar: Calendar) -> int | None:
    if card.due is None or card.due_what not in IN_WORKING_DAYS or card.due < reader.today:
        return None
    return working_days(reader.today, card.due, calendar)


@router.get("/cases/{case}/referrals/{id}")
def referral(case: CaseId, id: ReferralId, present: ReaderDep, asked: AskedDep, saved: str = "") -> Response:
    reader, history = _then(case, id, present, asked)
    read = reader.deciding.referrals.page(case, id, reader.viewer, present.now(), asked)
    names = _names(reader, read)
    answers = possible_answers(reader.viewer, read.state, case_of(case, reader))
    return render(
        reader,
        "referral/referral.html",
        read=read,
        names=names,
        case_id=case,
        in_full=case_page(reader, case),
        saved=saved,
        latest=history.version,
        clocks=deadlines(read.clocks, reader),
        told=entries(list(read.timeline), names, reader),
        handed=[(line, sentence(line, names, reader.language)) for line in read.handed.entries],
        choices=choices_of(answers, reader),
    )


def _then(case: CaseId, id: ReferralId, reader: Reader, asked: Standpoint) -> tuple[Reader, History[Referral]]:
    """The reader of that moment, and the referral as it is now."""
    history = reader.deciding.referrals.history(case, id, reader.viewer, reader.now())
    return reader.as_of(asked, as_it_was(history, asked)), history


def case_of(case: CaseId, reader: Reader) -> DisputeCase:
    return reader.deciding.referrals.case_of(case, reader.past, reader.asked.effective_at)


def _names(reader: Reader, read: ReferralPage) -> Names:
    """The bodies, officers and parties that a referral's page names; no party whose name was not told."""
    beside = {*read.state.receptions, read.state.sender, read.handed.place}
    told: dict[UUID, str] = {id: party.details.name for id, party in read.handed.parties.items()}
    persons = told_apart(told, marks_of(read.handed.parties, reader.language))
    lines = (line.entry for line in (*read.timeline, *read.handed.entries))
    return names_of(reader, persons, lines, {id for id in beside if id})


def case_page(reader: Reader, case: CaseId) -> CasePage | None:
    """As far as the reader may read it; None: only the referral is known to them."""
    try:
        return page(reader.deciding.cases.history(case, reader.viewer, reader.now()))
    except UnknownStream:
        return None


@router.get("/cases/{case}/referrals/{id}/do/{name}")
def dialog(case: CaseId, id: ReferralId, name: str, reader: ReaderDep) -> Response:
    if BY_NAME.get(name) is RerouteReferral:
        return RedirectResponse(f"/cases/{case}/refer/instead-of/{id}", 303)
    return shown(_dialog(case, id, name, reader), case, id)


def _dialog(case: CaseId, id: ReferralId, name: str, reader: Reader) -> Dialog:
    if not (command := BY_NAME.get(name)):
        raise NoSuchAction(command=name[:60])
    history = reader.deciding.referrals.history(case, id, reader.viewer, reader.now())
    return opened(command, DialogContext(reader, case_page(reader, case), None), history.version)


def shown(made: Dialog, case: CaseId, id: ReferralId, status: int = 200) -> Response:
    reader = made.context.reader
    read = reader.deciding.referrals.page(case, id, reader.viewer, reader.now())
    answers = possible_answers(reader.viewer, read.state, reader.deciding.referrals.case_of(case))
    back = f"/cases/{case}/referrals/{id}"
    return render(
        reader,
        "handover/dialog.html",
        status,
        dialog=made,
        name=kebab(made.command),
        back=back,
        back_to=read.handed.code,
        action=f"{back}/do/{kebab(made.command)}",
        blocked=next((one.why for one in choices_of(answers, reader) if one.command is made.command), ""),
        names=_names(reader, read),
        parties=list(read.handed.parties),
    )


@router.post("/cases/{case}/referrals/{id}/do/{name}")
def carry_out(case: CaseId, id: ReferralId, name: str, reader: SenderDep, form: FormDep) -> Response:
    made = _dialog(case, id, name, reader)
    if keep(made, form):
        return shown(made, case, id)
    asking = Sending(
        send=lambda command, asked, seen: reader.deciding.referrals.change(
            case, id, command, reader.viewer, asked, seen
        ),
        shown=lambda status: shown(made, case, id, status),
        to=lambda receipt: f"/cases/{case}/referrals/{id}?saved={receipt.version}",
        newer=lambda seen: _newer(case, id, reader, seen),
    )
    return attempt(made, form, filled(made, form), asking)


def _newer(case: CaseId, id: ReferralId, reader: Reader, seen: int) -> list[str]:
    read = reader.deciding.referrals.page(case, id, reader.viewer, reader.now())
    names = _names(reader, read)
    return [sentence(line, names, reader.language) for line in read.timeline if line.version > seen]
