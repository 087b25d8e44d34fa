"""Meetings and campaigns: who was charged with what until when, what was done, which units reported."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from domain.shared.decider import History
from domain.shared.errors import NotAllowedNow, UnknownArea, UnknownBody
from domain.shared.values import AreaId
from domain.sweep.campaign import (
    Campaign,
    CampaignTurnedRound,
    EndCampaign,
    LaunchCampaign,
    NotATarget,
    ReportOnCampaign,
    SameAsReported,
    TargetElsewhere,
)
from domain.sweep.kinds import Assessment, CampaignId, CampaignStage, MeetingForm, MeetingId, MeetingStage
from domain.sweep.kinds import WithdrawalGround as Ground
from domain.sweep.meeting import (
    AssessPoint,
    FollowedUpAlready,
    FollowUpIncomplete,
    FollowUpPoint,
    HoldMeeting,
    Meeting,
    NotDoneYet,
    NothingToFollowUp,
    Point,
    UnknownPoint,
    WithdrawMeeting,
)
from tests.sweep.month import BODY, CASE, GRID, NOW, SPACE, TOWN, VILLAGE, march, then

CHARGED = Point(raised="路灯坏了", discussed="报修", decided="村里修", follows_up=BODY, do_by=march(30))
ONLY_RAISED = Point(raised="水费贵")
HOLD = HoldMeeting(
    unit=VILLAGE,
    form=MeetingForm.YARD,
    attended=12,
    agenda=("议路灯",),
    cases=(CASE, CASE),
    points=(CHARGED, ONLY_RAISED),
)
LAUNCH = LaunchCampaign(
    unit=TOWN, title="欠薪隐患", first_day=march(1), last_day=march(31), targets=(VILLAGE, GRID, GRID)
)


def held(command: HoldMeeting = HOLD) -> History[Any]:
    id = MeetingId(uuid5(SPACE, "meeting"))
    return then(History.of(id, Meeting.blank(id), ()), command)


def launched(command: LaunchCampaign = LAUNCH) -> History[Any]:
    id = CampaignId(uuid5(SPACE, "campaign"))
    return then(History.of(id, Campaign.blank(id), ()), command)


def test_what_was_said_at_a_meeting_has_keys_of_its_own_and_a_case_is_named_once():
    event = held().entries[0].event
    texts = [*event.agenda, *(one for point in event.points for one in (point.raised, point.discussed, point.decided))]
    told = [one for one in texts if one]

    assert len({one.id for one in told}) == len(told) == 5
    assert event.cases == (CASE,)


@pytest.mark.parametrize(
    "changes", [{"do_by": None}, {"follows_up": None}, {"decided": ""}, {"do_by": march(19)}], ids=str
)
def test_whoever_is_charged_is_named_with_what_was_decided_and_a_day_that_is_to_come(changes):
    with pytest.raises(FollowUpIncomplete):
        held(HOLD.but(points=(CHARGED.but(**changes),)))


def test_nobody_is_charged_whom_the_register_does_not_know():
    with pytest.raises(UnknownBody):
        held(HOLD.but(points=(CHARGED.but(follows_up=uuid5(SPACE, "nobody")),)))


def test_what_was_decided_is_done_and_then_assessed():
    done = then(held(), FollowUpPoint(point=1, done="已更换灯泡"))
    assessed = then(done, AssessPoint(point=1, assessment=Assessment.SATISFIED))

    assert done.state.points[1].done_at == NOW
    assert assessed.state.points[1].assessed is Assessment.SATISFIED
    with pytest.raises(FollowedUpAlready):
        then(done, FollowUpPoint(point=1, done="又一次"))
    with pytest.raises(FollowedUpAlready):
        then(assessed, AssessPoint(point=1, assessment=Assessment.PARTLY))


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (FollowUpPoint(point=2, done="x"), NothingToFollowUp),
        (FollowUpPoint(point=3, done="x"), UnknownPoint),
        (AssessPoint(point=1, assessment=Assessment.PARTLY), NotDoneYet),
    ],
)
def test_what_nobody_has_to_do_is_not_done_and_what_is_not_done_is_not_assessed(command, refusal):
    with pytest.raises(refusal):
        then(held(), command)


def test_a_record_that_is_withdrawn_takes_nothing_more():
    withdrawn = then(held(), WithdrawMeeting(because=Ground.NOT_HELD))

    assert withdrawn.state.stage is MeetingStage.WITHDRAWN
    with pytest.raises(NotAllowedNow):
        then(withdrawn, FollowUpPoint(point=1, done="x"))


def test_a_campaign_asks_each_unit_once_and_the_last_report_of_a_unit_counts():
    begun = then(launched(), ReportOnCampaign(unit=GRID, looked_at=30, found=1))
    again = then(begun, ReportOnCampaign(unit=GRID, looked_at=31, found=2))

    assert again.state.targets == {VILLAGE, GRID}
    assert [(one.looked_at, one.found) for one in again.state.reports.values()] == [(31, 2)]
    with pytest.raises(SameAsReported):
        then(again, ReportOnCampaign(unit=GRID, looked_at=31, found=2))


def test_only_units_that_were_asked_report():
    with pytest.raises(NotATarget):
        then(launched(), ReportOnCampaign(unit=TOWN, looked_at=1, found=0))


@pytest.mark.parametrize("last_day", [march(19), date(2026, 2, 28)])
def test_a_campaign_ends_after_it_began_and_not_before_today(last_day):
    with pytest.raises(CampaignTurnedRound):
        launched(LAUNCH.but(last_day=last_day))


def test_a_campaign_asks_units_of_its_own_area_only():
    with pytest.raises(TargetElsewhere):
        launched(LAUNCH.but(unit=VILLAGE, targets=(TOWN,)))
    with pytest.raises(UnknownArea):
        launched(LAUNCH.but(targets=(AreaId(SPACE),)))


def test_a_campaign_that_ended_takes_no_reports():
    ended = then(launched(), EndCampaign())

    assert ended.state.stage is CampaignStage.ENDED
    with pytest.raises(NotAllowedNow):
        then(ended, ReportOnCampaign(unit=GRID, looked_at=1, found=0))
