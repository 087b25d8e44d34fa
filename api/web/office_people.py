"""人员 S16 People: who is registered, to what they are appointed, and whether they can sign in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.deps import AccessDep
from api.web.administering import AdminDep, AdminSenderDep, told_history
from api.web.page import Reader, fresh, names_of, render
from api.web.sending import FormDep
from application.office import OFFICERS, Ended, HeldPost, OfficerFacts
from domain.office.officer import Appointment, Officer, OfficerStage
from domain.shared.decider import History
from domain.shared.errors import UnknownStream
from domain.shared.values import OfficerId

router = APIRouter(include_in_schema=False)
SHOWN = 50


@dataclass(frozen=True)
class Listed:
    """`posts`: those that hold today, and those that begin later."""

    who: OfficerFacts
    posts: Sequence[HeldPost]


@router.get("/people")
def people(reader: AdminDep) -> Response:
    return _listed(reader, "", "")


@router.post("/people")
def find(reader: AdminSenderDep, form: FormDep) -> Response:
    """Names are searched for by POST: addresses are kept in logs and histories."""
    return _listed(reader, str(form.get("words") or "")[:60], str(form.get("after") or "")[:60])


def _listed(reader: Reader, words: str, after: str) -> Response:
    fresh(reader)
    found = reader.reading.officers.find(words, after, SHOWN + 1)
    page = found[:SHOWN]
    posts = [one for one in reader.reading.officers.posts([one.id for one in page]) if _goes_on(one, reader.today)]
    named = {id for one in posts for id in (one.body, one.area)}
    return render(
        reader,
        "office/people.html",
        people=[Listed(who, [one for one in posts if one.officer == who.id]) for who in page],
        names=names_of(reader, {}, (), named),
        words=words,
        after=page[-1].login if len(found) > SHOWN else "",
        is_first=not after,
    )


def _goes_on(post: Appointment, today: date) -> bool:
    return post.in_force_until is None or today < post.in_force_until


def officer_history(reader: Reader, id: UUID) -> History[Officer]:
    """Of somebody who is registered. Raises UnknownStream."""
    history = reader.standing.ledger.history(OFFICERS, OfficerId(id))
    if not history.entries:
        raise UnknownStream(id=id)
    return history


def cannot_sign_in(officer: Officer, today: date) -> str:
    """Why, as the label says it; empty: they can."""
    if officer.stage is OfficerStage.DISABLED:
        return "is_disabled"
    if not any(one.in_force(today) for one in officer.appointments.values()):
        return "holds_no_appointment"
    return "" if officer.password else "has_no_password"


@router.get("/people/{id:uuid}")
def person(id: UUID, reader: AdminDep, access: AccessDep, saved: str = "", ended: str = "") -> Response:
    return person_page(id, reader, access, saved="saved" if saved else "sessions_are_ended" if ended else "")


def person_page(id: UUID, reader: Reader, access: AccessDep, saved: str = "", first_password: str = "") -> Response:
    fresh(reader)
    history = officer_history(reader, id)
    officer = history.state
    held = officer.appointments.items()
    return render(
        reader,
        "office/person.html",
        officer=officer,
        held=sorted(held, key=lambda one: (not _goes_on(one[1], reader.today), one[0])),
        goes_on=lambda one: _goes_on(one, reader.today),
        why=cannot_sign_in(officer, reader.today),
        names=names_of(reader, {}, (), {place for _, one in held for place in (one.body, one.area)}),
        sessions=access.sessions.of(OfficerId(id)),
        told=told_history(history, reader),
        saved=saved,
        first_password=first_password,
        is_disabled=officer.stage is OfficerStage.DISABLED,
    )


@router.post("/people/{id:uuid}/end-sessions")
def end_sessions(id: UUID, reader: AdminSenderDep, access: AccessDep) -> Response:
    officer_history(reader, id)
    access.sessions.end_all(OfficerId(id), Ended.ENDED_BY_HAND)
    return RedirectResponse(f"/people/{id}?ended=yes", 303)
