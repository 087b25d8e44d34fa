"""排查 S17 Meetings: 日研判, 月例会, 屋场会, 围楼夜话, with what was decided and who has to do it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.web.administering import RegisterForm
from api.web.choices import areas_of
from api.web.handovers import names_of_bodies
from api.web.page import Reader, ReaderDep, fresh, render, text
from api.web.sending import FormDep, SenderDep
from api.web.sweep import area_of
from application.rights import ACTS_FOR_A_BODY
from application.sweep.rights import NotYourArea, grids_of
from domain.shared.values import AreaId
from domain.sweep.kinds import MeetingId
from domain.sweep.meeting import (
    AssessPoint,
    FollowUpIncomplete,
    FollowUpPoint,
    HoldMeeting,
    MeetingHeld,
    PointFollowedUp,
    WithdrawMeeting,
)

router = APIRouter(include_in_schema=False)
SHOWN = 100
STEPS: dict[str, type[Any]] = {"follow-up-point": FollowUpPoint, "assess-point": AssessPoint}


@router.get("/sweeps/meetings")
def meetings(reader: ReaderDep, saved: str = "") -> Response:
    fresh(reader)
    board, body = reader.reading.sweeps, reader.viewer.body
    found, todo = board.meetings(area_of(reader), SHOWN), board.open_points(body) if body else ()
    return render(
        reader,
        "sweep/meetings.html",
        meetings=found,
        todo=todo,
        saved=saved,
        meets=_meets(reader),
        names=places_of(reader, [*(one.unit for one in found), *(one.unit for one in todo)]),
    )


def places_of(reader: Reader, areas: Iterable[UUID]) -> dict[UUID, str]:
    names = reader.reading.directory.names([AreaId(one) for one in set(areas)], reader.today)
    return {id: name for id, name in names.items()}


def _meets(reader: Reader) -> bool:
    return reader.viewer.role in ACTS_FOR_A_BODY


def _back(reader: Reader) -> tuple[str, str]:
    return "/sweeps/meetings", text(reader.language, "sweep_meetings")


def _meeting(reader: Reader) -> RegisterForm:
    meetings = reader.deciding.sweeps.meetings
    area = area_of(reader)
    mine = {str(one) for one in {area, *grids_of(area, reader.registers.register, reader.today)}}
    return RegisterForm(
        reader,
        HoldMeeting,
        _back(reader),
        lambda told, asked, seen: meetings.hold(told, reader.viewer, asked),
        lambda receipt: f"/sweeps/meetings/{receipt.id}?saved=yes",
        choices={"unit": [one for one in areas_of(reader) if one[0] in mine]},
        usual={"unit": str(area), "agenda": None},
        filled_in=_agenda_by_lines,
        places={NotYourArea: ("unit",), FollowUpIncomplete: ("points",)},
        template="sweep/form.html",
    )


def _agenda_by_lines(content: dict[str, Any]) -> None:
    if "agenda" in content:
        content["agenda"] = [one.strip() for one in str(content["agenda"]).splitlines() if one.strip()]


@router.get("/sweeps/meetings/hold-meeting")
def new_meeting(reader: ReaderDep) -> Response:
    return _meeting(reader).opened()


@router.post("/sweeps/meetings/hold-meeting")
def hold(reader: SenderDep, form: FormDep) -> Response:
    return _meeting(reader).sent(form)


@router.get("/sweeps/meetings/{id}")
def meeting(reader: ReaderDep, id: MeetingId, saved: str = "") -> Response:
    history = reader.deciding.sweeps.meetings.history(id, reader.viewer, reader.now())
    events = [one.event for one in history.entries]
    held = next(one for one in events if isinstance(one, MeetingHeld))
    return render(
        reader,
        "sweep/meeting.html",
        id=id,
        state=history.state,
        held=held,
        done={one.point: one.done.text for one in events if isinstance(one, PointFollowedUp)},
        place=places_of(reader, [held.unit]).get(held.unit, "—"),
        names=names_of_bodies(reader, {one.follows_up for one in held.points}),
        saved=saved,
        meets=_meets(reader),
    )


def _step(reader: Reader, id: MeetingId, number: int, name: str) -> RegisterForm:
    meetings = reader.deciding.sweeps.meetings
    history = meetings.history(id, reader.viewer, reader.now())
    command = STEPS.get(name, WithdrawMeeting)
    return RegisterForm(
        reader,
        command,
        (f"/sweeps/meetings/{id}", text(reader.language, "sweep_past")),
        lambda told, asked, seen: meetings.change(id, told, reader.viewer, asked, seen),
        lambda receipt: f"/sweeps/meetings/{id}?saved=yes",
        version=history.version,
        fixed={"point": number} if name in STEPS else {},
    )


@router.get("/sweeps/meetings/{id}/withdraw-meeting")
def withdrawal(reader: ReaderDep, id: MeetingId) -> Response:
    return _step(reader, id, 0, "withdraw-meeting").opened()


@router.post("/sweeps/meetings/{id}/withdraw-meeting")
def withdraw(reader: SenderDep, form: FormDep, id: MeetingId) -> Response:
    return _step(reader, id, 0, "withdraw-meeting").sent(form)


@router.get("/sweeps/meetings/{id}/{number}/follow-up-point")
def follow_up(reader: ReaderDep, id: MeetingId, number: int) -> Response:
    return _step(reader, id, number, "follow-up-point").opened()


@router.post("/sweeps/meetings/{id}/{number}/follow-up-point")
def note_follow_up(reader: SenderDep, form: FormDep, id: MeetingId, number: int) -> Response:
    return _step(reader, id, number, "follow-up-point").sent(form)


@router.get("/sweeps/meetings/{id}/{number}/assess-point")
def assessment(reader: ReaderDep, id: MeetingId, number: int) -> Response:
    return _step(reader, id, number, "assess-point").opened()


@router.post("/sweeps/meetings/{id}/{number}/assess-point")
def assess(reader: SenderDep, form: FormDep, id: MeetingId, number: int) -> Response:
    return _step(reader, id, number, "assess-point").sent(form)
