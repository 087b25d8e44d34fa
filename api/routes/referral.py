"""分流转办 /api/cases/{case}/referrals: offered, answered, returned; the receivers' and senders' boxes."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from annotated_types import Ge, Le
from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from api.contract import LIST_HEADERS, TAGGED, Actions, ToldLine, shown, told, told_lines
from api.deps import (
    FreshDep,
    HandoverDep,
    LanguageDep,
    NamesDep,
    NowDep,
    ReferralsDep,
    RootDep,
    StandpointDep,
    ViewerDep,
)
from api.routes.handovers import add_beginning, add_changing, listed
from application.figures.handover_figures import Box
from application.moments import PRESENT, known_at
from application.naming import named_in
from application.referral.page import without_words
from application.referral.rights import ANSWERS, possible_answers
from application.referral.row import ReferralCard
from domain.referral.offering import OfferReferral
from domain.shared.values import CaseId, ReferralId, Value

router = APIRouter(tags=["referral"])


class ListedReferrals(Value):
    referrals: tuple[ReferralCard, ...]
    after: str | None
    position: int


class ReferralsOfCase(Value):
    referrals: tuple[ReferralCard, ...]
    position: int


class ToldReferral(Value):
    id: UUID
    case: UUID
    version: int
    position: int
    handed: dict[str, Any]
    state: dict[str, Any]
    clocks: dict[str, dict[str, Any]]
    timeline: tuple[ToldLine, ...]


@router.get("/referrals", response_model=ListedReferrals, responses={200: {"headers": LIST_HEADERS}})
def box(
    handovers: HandoverDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    box: Box = Box.IN,
    open: bool = True,
    limit: Annotated[int, Ge(1), Le(200)] = 100,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The offers to the reader's body (`in`), or from it (`out`), by the day that they should be answered."""
    found = handovers.referrals(viewer.scope, box, open, after, limit)
    body = {"referrals": shown(found.cards), "after": found.after}
    return JSONResponse({**body, "position": fresh.position}, headers={"X-Position": str(fresh.position)})


@router.get("/cases/{case}/referrals", response_model=ReferralsOfCase)
def of_case(
    case: CaseId, referrals: ReferralsDep, viewer: ViewerDep, now: NowDep, fresh: FreshDep, asked: StandpointDep
) -> Response:
    """Those of one case that the reader may see, as they stand beside it, or stood."""
    cards = referrals.of_case(case, viewer, now, asked)
    return JSONResponse({"referrals": shown(cards), "position": fresh.position})


@router.get("/cases/{case}/referrals/{id}", response_model=ToldReferral, responses={200: {"headers": TAGGED}})
def referral(
    case: CaseId,
    id: ReferralId,
    referrals: ReferralsDep,
    names: NamesDep,
    now: NowDep,
    viewer: ViewerDep,
    asked: StandpointDep,
) -> Response:
    """The offer and its answers; of the case what was handed over, with the consents that allow it."""
    read = referrals.page(case, id, viewer, now, asked)
    told_entries = (*read.timeline, *read.handed.entries)
    book = names.book(named_in(line.entry for line in told_entries))
    body: dict[str, Any] = shown({"id": read.id, "version": read.version, "position": read.position})
    body |= shown(
        {
            "state": without_words(read.state),
            "case": case,
            "handed": {**vars(read.handed), "entries": told_lines(read.handed.entries, book)},
            "clocks": {str(clock): due for clock, due in read.clocks.items()},
            "timeline": told_lines(read.timeline, book),
        }
    )
    return JSONResponse(body, headers={"ETag": f'"{read.version}"', "Vary": "Authorization, Cookie"})


@router.get("/cases/{case}/referrals/{id}/actions", response_model=Actions)
def possible(
    case: CaseId,
    id: ReferralId,
    referrals: ReferralsDep,
    now: NowDep,
    viewer: ViewerDep,
    language: LanguageDep,
    asked: StandpointDep,
    root: RootDep,
) -> Response:
    """What can be answered, or could at that moment, and what cannot with the rule that blocks it."""
    history = referrals.history(case, id, viewer, now, asked)
    at = known_at(history, asked, now) if asked != PRESENT else None
    state = referrals.case_of(case, at, asked.effective_at)
    href = f"{root}/api/cases/{case}/referrals/{id}"
    found = possible_answers(viewer, history.state, state)
    return told(
        {
            "version": history.version,
            "actions": [listed(command, blocked, href, language) for command, blocked in found],
        }
    )


add_beginning(
    router,
    "referrals",
    [OfferReferral],
    lambda deciding, case, command, viewer, asked, expected: deciding.referrals.offer(
        case, command, viewer, asked, expected
    ),
)
add_changing(
    router,
    "referrals",
    ANSWERS,
    lambda deciding, case, id, command, viewer, asked, expected: deciding.referrals.change(
        case, ReferralId(id), command, viewer, asked, expected
    ),
)
