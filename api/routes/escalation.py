"""上行与督办 /api/cases/{case}/escalations: asked for, answered, called up, assigned down, supervised."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from annotated_types import Ge, Le
from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from api.contract import LIST_HEADERS, TAGGED, Actions, ToldLine, shown, told, told_lines
from api.deps import (
    CasesDep,
    EscalationsDep,
    FreshDep,
    HandoverDep,
    LanguageDep,
    NamesDep,
    NowDep,
    RootDep,
    StandpointDep,
    ViewerDep,
)
from api.routes.handovers import add_beginning, add_changing, listed
from application.case.page import timeline
from application.escalation.rights import BEGINNING, STEPS, possible_steps
from application.escalation.row import EscalationCard
from application.figures.handover_figures import Box
from application.moments import PRESENT, known_at
from application.naming import named_in
from domain.escalation.escalation import running
from domain.shared.values import CaseId, EscalationId, Value

router = APIRouter(tags=["escalation"])


class ListedEscalations(Value):
    escalations: tuple[EscalationCard, ...]
    after: str | None
    position: int


class EscalationsOfCase(Value):
    escalations: tuple[EscalationCard, ...]
    position: int


class ToldEscalation(Value):
    id: UUID
    case: UUID
    version: int
    state: dict[str, Any]
    clocks: dict[str, dict[str, Any]]
    timeline: tuple[ToldLine, ...]


@router.get("/escalations", response_model=ListedEscalations, responses={200: {"headers": LIST_HEADERS}})
def box(
    handovers: HandoverDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    box: Box = Box.IN,
    open: bool = True,
    limit: Annotated[int, Ge(1), Le(200)] = 100,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Those that the reader's body is asked to take up (`in`), or has asked for (`out`)."""
    found = handovers.escalations(viewer.scope, box, open, after, limit)
    body = {"escalations": shown(found.cards), "after": found.after}
    return JSONResponse({**body, "position": fresh.position}, headers={"X-Position": str(fresh.position)})


@router.get("/cases/{case}/escalations", response_model=EscalationsOfCase)
def of_case(
    case: CaseId, escalations: EscalationsDep, viewer: ViewerDep, now: NowDep, fresh: FreshDep, asked: StandpointDep
) -> Response:
    """Those of one case that the reader may see, as they stand beside it, or stood."""
    cards = escalations.of_case(case, viewer, now, asked)
    return JSONResponse({"escalations": shown(cards), "position": fresh.position})


@router.get("/cases/{case}/escalations/{id}", response_model=ToldEscalation, responses={200: {"headers": TAGGED}})
def escalation(
    case: CaseId,
    id: EscalationId,
    escalations: EscalationsDep,
    names: NamesDep,
    now: NowDep,
    viewer: ViewerDep,
    asked: StandpointDep,
) -> Response:
    history = escalations.history(case, id, viewer, now, asked)
    body: dict[str, Any] = {"id": str(id), "case": str(case), "version": history.version}
    body |= {"state": {name: value for name, value in shown(history.state).items() if name != "run_out"}}
    lines = told_lines(list(timeline(history.entries)), names.book(named_in(history.entries)))
    body |= shown({"clocks": running(history.state), "timeline": lines})
    return JSONResponse(body, headers={"ETag": f'"{history.version}"', "Vary": "Authorization, Cookie"})


@router.get("/cases/{case}/escalations/{id}/actions", response_model=Actions)
def possible(
    case: CaseId,
    id: EscalationId,
    cases: CasesDep,
    escalations: EscalationsDep,
    now: NowDep,
    viewer: ViewerDep,
    language: LanguageDep,
    asked: StandpointDep,
    root: RootDep,
) -> Response:
    """What can be done, or could at that moment, and what cannot with the rule that blocks it."""
    history = escalations.history(case, id, viewer, now, asked)
    at = known_at(history, asked, now) if asked != PRESENT else None
    state = cases.state(case, viewer, now, at, asked.effective_at)
    href = f"{root}/api/cases/{case}/escalations/{id}"
    found = possible_steps(viewer, history.state, state)
    return told(
        {
            "version": history.version,
            "actions": [listed(command, blocked, href, language) for command, blocked in found],
        }
    )


add_beginning(
    router,
    "escalations",
    BEGINNING,
    lambda deciding, case, command, viewer, asked, expected: deciding.escalations.begin(
        case, command, viewer, asked, expected
    ),
)
add_changing(
    router,
    "escalations",
    STEPS,
    lambda deciding, case, id, command, viewer, asked, expected: deciding.escalations.change(
        case, EscalationId(id), command, viewer, asked, expected
    ),
)
