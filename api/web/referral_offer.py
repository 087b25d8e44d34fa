"""分流转办 S5 An offer: receivers that may take it, the slice and a consent tick per party, the due date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from api.problems import title
from api.web.choices import DialogContext, entries_of
from api.web.dialog import Dialog, Sending, attempt, filled, keep, newer, opened
from api.web.handovers import named, possible_kinds
from api.web.page import Reader, ReaderDep, names_of_case, render
from api.web.reading import moment
from api.web.sending import FormDep, SenderDep
from application.case.page import CasePage, page
from application.handover.receivers import Possibility
from application.ports import Asked, Receipt
from domain.case.beside.handover import TOLD
from domain.referral.offering import OfferReferral
from domain.referral.referral import Referral
from domain.referral.taking_back import RerouteReferral
from domain.shared.decider import History
from domain.shared.values import CaseId, ReferralId, ReferralKind

router = APIRouter(include_in_schema=False)


@dataclass
class Offering:
    """The dialog of an offer, or of one that takes the place of another (`instead_of`)."""

    made: Dialog
    read: CasePage
    kind: ReferralKind
    instead_of: ReferralId | None

    @property
    def reader(self) -> Reader:
        return self.made.context.reader

    @property
    def address(self) -> str:
        return f"{_into(self.read.id, self.instead_of)}/{self.kind.value}"

    def possibility(self) -> Possibility:
        """As of the moment that was typed, or now."""
        typed = str(self.made.typed.get("occurred_at") or "")
        kinds = possible_kinds(self.reader, self.read, _moment(typed))
        return next(one for one in kinds if one.kind is self.kind)


def _into(case: Any, instead_of: ReferralId | None) -> str:
    return f"/cases/{case}/refer/instead-of/{instead_of}" if instead_of else f"/cases/{case}/refer"


def _moment(typed: str) -> datetime | None:
    try:
        return datetime.fromisoformat(moment(typed)) if typed else None
    except ValueError:
        return None


def _offering(case: CaseId, kind: ReferralKind, reader: Reader, instead_of: ReferralId | None = None) -> Offering:
    now = reader.now()
    read = page(reader.deciding.cases.history(case, reader.viewer, now))
    version = _replaced(case, instead_of, reader).version if instead_of else read.version
    command = RerouteReferral if instead_of else OfferReferral
    return Offering(opened(command, DialogContext(reader, read, None), version), read, kind, instead_of)


def _replaced(case: CaseId, id: ReferralId, reader: Reader) -> History[Referral]:
    return reader.deciding.referrals.history(case, id, reader.viewer, reader.now())


@router.get("/cases/{case}/refer/instead-of/{id}")
def other_ways(case: CaseId, id: ReferralId, reader: ReaderDep) -> Response:
    """The kinds of referral that may take the place of this one."""
    _replaced(case, id, reader)
    read = page(reader.deciding.cases.history(case, reader.viewer, reader.now()))
    kinds = [(one, title(one.blocked, reader.language) if one.blocked else "") for one in possible_kinds(reader, read)]
    return render(reader, "handover/instead.html", read=read, kinds=kinds, into=_into(case, id))


@router.get("/cases/{case}/refer/{kind}")
def offer(case: CaseId, kind: ReferralKind, reader: ReaderDep) -> Response:
    return shown(_offering(case, kind, reader))


@router.get("/cases/{case}/refer/instead-of/{id}/{kind}")
def instead(case: CaseId, id: ReferralId, kind: ReferralKind, reader: ReaderDep) -> Response:
    return shown(_offering(case, kind, reader, id))


def shown(offering: Offering, status: int = 200) -> Response:
    reader, read, possible = offering.reader, offering.read, offering.possibility()
    near = [one for one in possible.receivers if one.area in _around(reader, offering)]
    far = [one for one in possible.receivers if one not in near]
    return render(
        reader,
        "handover/offer.html",
        status,
        offering=offering,
        dialog=offering.made,
        read=read,
        names=names_of_case(reader, read),
        possible=possible,
        blocked=title(possible.blocked, reader.language) if possible.blocked else "",
        near=named(near),
        far=named(far),
        entries=entries_of(offering.made.context, TOLD),
    )


def _around(reader: Reader, offering: Offering) -> set[Any]:
    """The areas of the dispute's own township, and those above: whoever sits there comes first."""
    if offering.read.state.place is None:
        return set()
    path = reader.reading.directory.path_rows(offering.read.state.place, reader.today)
    beside = reader.reading.directory.child_rows(path[1].id, reader.today) if len(path) > 1 else []
    return {one.id for one in (*path, *beside)}


@router.post("/cases/{case}/refer/{kind}")
def send(case: CaseId, kind: ReferralKind, reader: SenderDep, form: FormDep) -> Response:
    offering = _offering(case, kind, reader)

    def sent(command: OfferReferral, asked: Asked, seen: int) -> Receipt:
        return reader.deciding.referrals.offer(case, command, reader.viewer, asked, seen)

    return _attempt(offering, form, sent)


@router.post("/cases/{case}/refer/instead-of/{id}/{kind}")
def reroute(case: CaseId, id: ReferralId, kind: ReferralKind, reader: SenderDep, form: FormDep) -> Response:
    offering = _offering(case, kind, reader, id)

    def sent(command: RerouteReferral, asked: Asked, seen: int) -> Receipt:
        return reader.deciding.referrals.change(case, id, command, reader.viewer, asked, seen)

    return _attempt(offering, form, sent)


def _attempt(offering: Offering, form: FormData, sent: Any) -> Response:
    made = offering.made
    if keep(made, form):
        return shown(offering)
    asking = Sending(
        send=sent,
        shown=lambda status: shown(offering, status),
        to=lambda receipt: f"/cases/{offering.read.id}/referrals/{receipt.id}?saved={receipt.version}",
        newer=lambda seen: [] if offering.instead_of else newer(made.context, seen),
    )
    return attempt(made, form, filled(made, form) | {"kind": offering.kind.value}, asking)
