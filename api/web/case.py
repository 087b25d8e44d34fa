"""案件 S3 The case: what it is, what comes next, what was recorded; now, or at any version or moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import Response

from api.web.page import Reader, ReaderDep, fresh, names_of_case, render
from api.web.reading import moment as local_moment
from api.web.refusals import refused
from api.web.sentences import Names, sentence
from application.case.as_it_was import Standpoint, as_it_was
from application.case.disclosure.masks import as_seen_by
from application.case.next_steps import next_steps, possible
from application.case.page import CasePage, TimelineEntry, page
from application.escalation.row import EscalationCard
from application.handover.options import openings
from application.referral.row import ReferralCard
from application.rights import ACTS_FOR_A_BODY
from domain.case.actions import Action
from domain.case.kinds import Paper
from domain.shared.errors import Missing, Refused
from domain.shared.values import CaseId

router = APIRouter(include_in_schema=False)
LATEST = 40
"""So many entries are shown at first; a link shows all."""
PRINTED = ("record", "agreement", "rights")


@dataclass(frozen=True)
class Told:
    """An entry as the page tells it."""

    line: TimelineEntry
    sentence: str


@dataclass(frozen=True)
class Possible:
    """What can be done: the likely steps, the others, and what is blocked with its reason."""

    next: list[Action]
    others: list[Action]
    blocked: list[tuple[Action, str]]


@router.get("/cases/{id}")
def case(id: CaseId, reader: ReaderDep, all: bool = False) -> Response:
    asked = asked_moment(reader)
    history = reader.deciding.cases.history(id, reader.viewer, reader.now())
    read = as_seen_by(reader.viewer, page(as_it_was(history, asked), asked.effective_at))
    moved = _moved(id, reader)
    names = names_of_case(reader, read, moved.bodies)
    lines = read.timeline[::-1]
    return render(
        reader,
        "case/case.html",
        parked=reader.standing.is_parked(id),
        read=read,
        case=read.state,
        names=names,
        told=[told(line, names, reader) for line in (lines if all else lines[:LATEST])],
        hidden=0 if all else max(len(lines) - LATEST, 0),
        latest=history.version,
        asked=asked,
        past=asked != Standpoint(),
        papers=list(Paper),
        needed={paper for choice in read.missing_papers for paper in choice[:1]},
        possible=_possible(reader, read) if asked == Standpoint() else None,
        plain=reader.viewer.role in ACTS_FOR_A_BODY,
        moved=moved,
        may_move=any(one.blocked is None for one in openings(history.state, reader.viewer)),
    )


@dataclass(frozen=True)
class HandoversOfCase:
    """Where the case has been offered and moved to."""

    referrals: Sequence[ReferralCard]
    escalations: Sequence[EscalationCard]

    @property
    def bodies(self) -> set[UUID]:
        offered = {body for one in self.referrals for body in (one.sender, *one.receivers)}
        return offered | {body for one in self.escalations for body in (one.below, one.above)}


def _moved(id: CaseId, reader: Reader) -> HandoversOfCase:
    fresh(reader)
    handovers, scope = reader.reading.handovers, reader.viewer.scope
    return HandoversOfCase(handovers.referrals_of(scope, id), handovers.escalations_of(scope, id))


def told(line: TimelineEntry, names: Names, reader: Reader) -> Told:
    return Told(line, sentence(line, names, reader.language))


def asked_moment(reader: Reader) -> Standpoint:
    """What the address asks for; a time without an offset is local."""
    sent = {
        name: value for name, value in reader.request.query_params.items() if name in Standpoint.model_fields and value
    }
    try:
        return Standpoint.model_validate({name: _read(name, value) for name, value in sent.items()})
    except ValidationError:
        raise NoSuchMoment from None


def _read(name: str, value: str) -> str:
    return value if name == "version" else local_moment(value)


def _possible(reader: Reader, read: CasePage) -> Possible:
    every = possible(read.state, reader.viewer)
    free = [action for action, refusal in every if refusal is None]
    steps = next_steps(read.state, free, reader.today)
    others = [action for action in free if action not in steps]
    names = names_of_case(reader, read)
    blocked = [(action, refused(refusal, names, reader.language)) for action, refusal in every if refusal is not None]
    return Possible(steps, others, blocked)


class NoSuchMoment(Refused):
    """The address asks for a version or a time that cannot be read."""


class NothingToPrint(Missing):
    """There is no such paper of this case yet."""


@router.get("/cases/{id}/print/{paper}")
def printed(id: CaseId, paper: str, reader: ReaderDep, mediation: int = 1, session: int | None = None) -> Response:
    """The record of the sessions, the agreement or the notice of rights, to print and sign."""
    read = as_seen_by(reader.viewer, page(reader.deciding.cases.history(id, reader.viewer, reader.now())))
    told = read.mediations.get(mediation)
    if paper not in PRINTED or (paper == "record" and not (told and told.sessions)):
        raise NothingToPrint(paper=paper[:40])
    if paper == "agreement" and not (told and told.agreement):
        raise NothingToPrint(paper=paper)
    content: dict[str, Any] = {"read": read, "case": read.state, "names": names_of_case(reader, read)}
    content |= {"told": told, "mediation": read.state.mediations.get(mediation), "session": session}
    return render(reader, f"case/print_{paper}.html", **content)
