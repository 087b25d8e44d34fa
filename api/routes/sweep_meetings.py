"""例会与专项行动 /api/sweeps/meetings and /api/sweeps/campaigns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.commanding import KEY, Asking, Done, add_command
from api.contract import TAGGED, ToldLine, shown, told, told_lines
from api.deps import FreshDep, NamesDep, NowDep, RegisterDep, SweepBoardDep, SweepsDep, ViewerDep
from api.labels.names import kebab
from api.routes.sweep import area_of
from application.case.page import timeline
from application.naming import NameRegister, named_in
from application.sweep.board import CampaignRow, MeetingRow, OpenPoint, TargetRow
from application.sweep.rights import check_sees
from domain.shared.calendar import local_day
from domain.shared.decider import History
from domain.shared.values import AreaId, Value
from domain.sweep.campaign import EndCampaign, LaunchCampaign, ReportOnCampaign
from domain.sweep.kinds import CampaignId, MeetingId
from domain.sweep.meeting import AssessPoint, FollowUpPoint, HoldMeeting, WithdrawMeeting

router = APIRouter(prefix="/sweeps", tags=["sweeps"])
SHOWN = 100


class ToldMeetings(Value):
    """`open_points`: what meetings decided that the reader's body has still to do."""

    meetings: tuple[MeetingRow, ...]
    open_points: tuple[OpenPoint, ...]
    position: int


class ToldCampaigns(Value):
    campaigns: tuple[CampaignRow, ...]
    position: int


class ToldMeeting(Value):
    id: UUID
    version: int
    state: dict[str, Any]
    timeline: tuple[ToldLine, ...]


class ToldCampaign(ToldMeeting):
    targets: tuple[TargetRow, ...]
    """Those in the reader's area."""


@router.get("/meetings", response_model=ToldMeetings)
def meetings(
    board: SweepBoardDep,
    register: RegisterDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    now: NowDep,
    area: AreaId | None = None,
) -> Response:
    where = area or area_of(viewer)
    check_sees(viewer, where, register, local_day(now))
    mine = board.open_points(viewer.body) if viewer.body else ()
    return told({"meetings": board.meetings(where, SHOWN), "open_points": mine, "position": fresh.position})


@router.get("/meetings/{id}", response_model=ToldMeeting, responses={200: {"headers": TAGGED}})
def meeting(id: MeetingId, sweeps: SweepsDep, names: NamesDep, viewer: ViewerDep, now: NowDep) -> Response:
    return _tagged(sweeps.meetings.history(id, viewer, now), names)


@router.get("/campaigns", response_model=ToldCampaigns)
def campaigns(board: SweepBoardDep, viewer: ViewerDep, fresh: FreshDep, now: NowDep) -> Response:
    """With how many of the targets in the reader's area have reported."""
    return told({"campaigns": board.campaigns(area_of(viewer), local_day(now)), "position": fresh.position})


@router.get("/campaigns/{id}", response_model=ToldCampaign, responses={200: {"headers": TAGGED}})
def campaign(
    id: CampaignId,
    sweeps: SweepsDep,
    board: SweepBoardDep,
    names: NamesDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    now: NowDep,
) -> Response:
    history = sweeps.campaigns.history(id, viewer, now)
    return _tagged(history, names, targets=board.targets(id, area_of(viewer), local_day(now)))


def _tagged(history: History[Any], names: NameRegister, **more: Any) -> Response:
    lines = told_lines(list(timeline(history.entries)), names.book(named_in(history.entries)))
    body = {"id": history.id, "version": history.version, "state": history.state, "timeline": lines, **more}
    return JSONResponse(shown(body), headers={"ETag": f'"{history.version}"', "Vary": "Authorization, Cookie"})


def _hold(asking: Asking, command: HoldMeeting) -> Done:
    receipt = asking.deciding.sweeps.meetings.hold(command, asking.viewer, asking.asked)
    return Done(receipt, f"/api/sweeps/meetings/{receipt.id}")


def _go_on(asking: Asking, command: Any, id: UUID) -> Done:
    meetings = asking.deciding.sweeps.meetings
    return Done(meetings.change(MeetingId(id), command, asking.viewer, asking.asked, asking.expected_or_any))


def _launch(asking: Asking, command: LaunchCampaign) -> Done:
    receipt = asking.deciding.sweeps.campaigns.launch(command, asking.viewer, asking.asked)
    return Done(receipt, f"/api/sweeps/campaigns/{receipt.id}")


def _report(asking: Asking, command: Any, id: UUID) -> Done:
    campaigns = asking.deciding.sweeps.campaigns
    return Done(campaigns.change(CampaignId(id), command, asking.viewer, asking.asked, asking.expected_or_any))


add_command(router, f"/meetings/{kebab(HoldMeeting)}", HoldMeeting, _hold, 201, kebab(HoldMeeting), headers=(KEY,))
for _step in (FollowUpPoint, AssessPoint, WithdrawMeeting):
    add_command(router, f"/meetings/{{id}}/{kebab(_step)}", _step, _go_on, 200, kebab(_step), ("id",))
add_command(
    router, f"/campaigns/{kebab(LaunchCampaign)}", LaunchCampaign, _launch, 201, kebab(LaunchCampaign), headers=(KEY,)
)
for _end in (ReportOnCampaign, EndCampaign):
    add_command(router, f"/campaigns/{{id}}/{kebab(_end)}", _end, _report, 200, kebab(_end), ("id",))
