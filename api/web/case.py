"""案件 S3 The case: what it is, what comes next, what was recorded; now, or at any version or moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.labels.names import kebab
from api.web.case_composites import mediates
from api.web.case_papers import SameDep, papers_of
from api.web.moments import AskedDep
from api.web.page import Reader, ReaderDep, names_of_case, render
from api.web.refusals import refused
from api.web.sentences import Names
from api.web.timeline import entries
from api.web.titles import title_of_case
from application.case.composites import offered
from application.case.disclosure.masks import as_seen_by
from application.case.next_steps import next_steps, possible
from application.case.page import CasePage, Deadline, TimelineEntry, page
from application.case.progress import progress
from application.case.readers import is_told_who_looked
from application.escalation.row import EscalationCard
from application.handover.options import openings
from application.moments import Standpoint
from application.papers.service import NothingToPrint
from application.referral.row import ReferralCard
from application.rights import ACTS_FOR_A_BODY, amends, may
from domain.case.actions import Action, actions
from domain.case.beside.proceedings import doubled
from domain.case.case import DisputeCase, Status
from domain.case.opening.acceptance import DeclineCase
from domain.case.record.correction import CorrectEntry, correctable
from domain.shared.decider import History
from domain.shared.values import CaseId

router = APIRouter(include_in_schema=False)
LATEST = 12
"""So many entries are shown at first; a link shows all."""
BESIDE_FORMS = 1
"""So many single steps stand beside the forms that record several at once; the others are behind a summary."""
ROOMS = ("opening", "mediating", "ending", "beside", "record")
"""By what a step is about, as the rooms of the domain have it."""
PRINTED = ("record", "agreement", "rights")


@dataclass(frozen=True)
class Possible:
    """What can be done: the likely steps, the others, and what is blocked with its reason."""

    next: list[Action]
    others: list[Action]
    blocked: list[tuple[Action, str]]


@router.get("/cases/{id}")
def case(
    id: CaseId, present: ReaderDep, asked: AskedDep, same: SameDep, all: bool = False, only: str = "", saved: str = ""
) -> Response:
    history = present.deciding.cases.history(id, present.viewer, present.now())
    then = present.deciding.cases.history(id, present.viewer, present.now(), asked)
    reader = present.as_of(asked, then)
    read = as_seen_by(reader.viewer, page(then, asked.effective_at))
    beside = _handovers(id, present, asked)
    names = names_of_case(reader, read, beside.bodies)
    lines, hidden = _shown(read, only, all)
    cases = present.deciding.cases
    sees_all = cases.sees_all(present.viewer, cases.whole(id), present.now(), asked)
    state = present.deciding.cases.state(id, reader.viewer, present.now(), reader.past, asked.effective_at)
    return render(
        reader,
        "case/case.html",
        saved=saved,
        swept=reader.reading.sweeps.opened_by(id),
        parked=reader.standing.is_parked(id),
        read=read,
        case=read.state,
        title=title_of_case(read.state, reader.language),
        told_who_looked=is_told_who_looked(present.viewer, read.state),
        two_remedies=doubled(read.state),
        names=names,
        told=entries(read.timeline, names, reader, lines, _correctable(reader, then, state)),
        hidden=hidden,
        rooms=ROOMS,
        only=only,
        steps=progress(read.state),
        deadlines=_deadlines(reader, read),
        latest=history.version,
        **papers_of(reader, read, same),
        **_steps(reader, state, names, sees_all),
        act=lambda action: _act(id, action),
        plain=reader.viewer.role in ACTS_FOR_A_BODY,
        moved=beside,
        may_move=any(one.blocked is None for one in openings(state, reader.viewer)),
    )


def _shown(read: CasePage, only: str, every: bool) -> tuple[list[TimelineEntry], int]:
    """The lines of a room, or the latest of them; and how many others there are."""
    wanted = [line for line in read.timeline if only not in ROOMS or room_of(line) == only]
    lines = wanted if every else wanted[-LATEST:]
    return lines, len(wanted) - len(lines)


def room_of(line: TimelineEntry) -> str:
    return type(line.event).__module__.split(".")[2]


def _deadlines(reader: Reader, read: CasePage) -> list[Deadline]:
    """Each day once, while the case goes on; what the court could be asked is over when its day is."""
    if read.state.status not in (Status.REGISTERED, Status.OPEN):
        return []
    running = [one for one in read.deadlines if one.what != "confirm" or one.day >= reader.today]
    return list({(one.what, one.day): one for one in running}.values())


def _steps(reader: Reader, state: DisputeCase, names: Names, sees_all: bool) -> dict[str, Any]:
    """The forms that record several steps at once come first, then the likely single ones."""
    possible = _possible(reader, state, names, sees_all)
    composites = [kebab(one) for one in offered(state, reader.viewer, mediates(reader))]
    likely = _likely(state, possible.next)
    first = likely[:BESIDE_FORMS] if composites else likely
    others = [one for one in (*possible.next, *possible.others) if one not in first]
    return {"possible": possible, "composites": composites, "first_steps": first, "other_steps": others}


def _likely(state: DisputeCase, steps: list[Action]) -> list[Action]:
    """Who is missing is named first: a case without a respondent is not refused, it gets one."""
    return steps if not state.missing_sides() else [one for one in steps if one.command is not DeclineCase]


@dataclass(frozen=True)
class HandoversOfCase:
    """Where the case has been offered and moved to."""

    referrals: Sequence[ReferralCard]
    escalations: Sequence[EscalationCard]

    @property
    def bodies(self) -> set[UUID]:
        offered = {body for one in self.referrals for body in (one.sender, *one.receivers)}
        return offered | {body for one in self.escalations for body in (one.below, one.above)}


def _act(id: CaseId, action: Action) -> str:
    """The address of its dialog."""
    mediation = f"?mediation={action.mediation}" if action.mediation else ""
    return f"/cases/{id}/do/{kebab(action.command)}{mediation}"


def _correctable(reader: Reader, history: History[DisputeCase], case: DisputeCase) -> set[int]:
    """The entries beside which "correct" stands: it would not be refused."""
    action = next((one for one in actions(case) if one.command is CorrectEntry), None)
    if reader.past or action is None or may(reader.viewer, action, case):
        return set()
    sees_all = reader.deciding.cases.sees_all(reader.viewer, history, reader.now())
    return {version for version, entry in correctable(history).items() if amends(reader.viewer, entry, case, sees_all)}


def _handovers(id: CaseId, reader: Reader, asked: Standpoint) -> HandoversOfCase:
    who = reader.viewer, reader.now(), asked
    return HandoversOfCase(reader.deciding.referrals.of_case(id, *who), reader.deciding.escalations.of_case(id, *who))


def _possible(reader: Reader, state: DisputeCase, names: Names, sees_all: bool) -> Possible:
    """By the state as it was, on the day of the page."""
    every = possible(state, reader.viewer, sees_all)
    free = [action for action, refusal in every if refusal is None]
    steps = next_steps(state, free, reader.today)
    others = [action for action in free if action not in steps]
    blocked = [(action, refused(refusal, names, reader.language)) for action, refusal in every if refusal is not None]
    return Possible(steps, others, blocked)


@router.get("/cases/{id}/print/{paper}")
def printed(
    id: CaseId, paper: str, present: ReaderDep, asked: AskedDep, mediation: int = 1, session: int | None = None
) -> Response:
    """The record of the sessions, the agreement or the notice of rights, to print and sign."""
    then = present.deciding.cases.history(id, present.viewer, present.now(), asked)
    reader = present.as_of(asked, then)
    read = as_seen_by(reader.viewer, page(then, asked.effective_at))
    told = read.mediations.get(mediation)
    if paper not in PRINTED or (paper == "record" and not (told and told.sessions)):
        raise NothingToPrint(paper=paper[:40])
    if paper == "agreement" and not (told and told.agreement):
        raise NothingToPrint(paper=paper)
    names = names_of_case(reader, read)
    content: dict[str, Any] = {"read": read, "case": read.state, "names": names, "session": session}
    content |= {"told": told, "mediation": read.state.mediations.get(mediation)}
    done = partial(_done, read, mediation)
    content["when"] = lambda kind, **which: names.then(line) if (line := done(kind, **which)) else names
    content["moment_of"] = lambda kind, **which: line.occurred_at if (line := done(kind, **which)) else None
    return render(reader, f"case/print_{paper}.html", **content)


def _done(read: CasePage, mediation: int, kind: str, **which: Any) -> TimelineEntry | None:
    """The entry by which it was done in this mediation; a paper names officers and bodies as that entry did."""
    wanted = {"mediation": mediation, **which}
    for line in reversed(read.timeline):
        found = {name: getattr(line.event, name, None) for name in wanted}
        if line.name == f"case.{kind}" and found == wanted and not (line.struck or line.corrected_by):
            return line
    return None
