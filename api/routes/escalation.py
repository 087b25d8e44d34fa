"""上行与督办 /api/cases/{case}/escalations: asked for, answered, called up, assigned down, supervised."""

from __future__ import annotations

from typing import Annotated, Any

from annotated_types import Ge, Le
from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from api.deps import FreshDep, LanguageDep, SystemDep, ViewerDep
from api.routes.case import shown
from api.routes.handovers import add_beginning, add_changing, listed
from application.case.page import timeline
from application.escalation.rights import BEGINNING, STEPS, possible_steps
from application.figures.handover_figures import Box
from domain.escalation.escalation import running
from domain.shared.values import CaseId, EscalationId

router = APIRouter(tags=["escalation"])


@router.get("/escalations")
def box(
    system: SystemDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    box: Box = Box.IN,
    open: bool = True,
    limit: Annotated[int, Ge(1), Le(200)] = 100,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Those that the reader's body is asked to take up (`in`), or has asked for (`out`)."""
    found = system.moving.escalations(viewer.scope, box, open, after, limit)
    body = {"escalations": shown(found.cards), "after": found.after}
    return JSONResponse({**body, "position": fresh.position}, headers={"X-Position": str(fresh.position)})


@router.get("/cases/{case}/escalations")
def of_case(case: CaseId, system: SystemDep, viewer: ViewerDep, fresh: FreshDep) -> Response:
    """Those of one case that the reader may see."""
    cards = system.moving.escalations_of(viewer.scope, case)
    return JSONResponse({"escalations": shown(cards), "position": fresh.position})


@router.get("/cases/{case}/escalations/{id}")
def escalation(case: CaseId, id: EscalationId, system: SystemDep, viewer: ViewerDep) -> Response:
    history = system.escalations.history(case, id, viewer, system.now())
    body: dict[str, Any] = {"id": str(id), "case": str(case), "version": history.version}
    body |= {"state": {name: value for name, value in shown(history.state).items() if name != "run_out"}}
    lines = [vars(line) for line in timeline(history.entries)]
    body |= shown({"clocks": running(history.state), "timeline": lines})
    return JSONResponse(body, headers={"ETag": f'"{history.version}"', "Vary": "Authorization, Cookie"})


@router.get("/cases/{case}/escalations/{id}/actions")
def possible(case: CaseId, id: EscalationId, system: SystemDep, viewer: ViewerDep, language: LanguageDep) -> Any:
    """What can be done now, and what cannot with the rule that blocks it."""
    history = system.escalations.history(case, id, viewer, system.now())
    state = system.cases.state(case, viewer, system.now())
    href = f"/api/cases/{case}/escalations/{id}"
    found = possible_steps(viewer, history.state, state)
    return {
        "version": history.version,
        "actions": [listed(command, blocked, href, language) for command, blocked in found],
    }


add_beginning(
    router,
    "escalations",
    BEGINNING,
    lambda system, case, command, viewer, asked, expected: system.escalations.begin(
        case, command, viewer, asked, expected
    ),
)
add_changing(
    router,
    "escalations",
    STEPS,
    lambda system, case, id, command, viewer, asked, expected: system.escalations.change(
        case, EscalationId(id), command, viewer, asked, expected
    ),
)
