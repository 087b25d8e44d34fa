"""Use cases of meetings and of campaigns."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from application.case.service import Cases, again_if_overtaken, refuse_stale
from application.ports import Asked, Ledger, Receipt, Unit
from application.rights import Viewer
from application.streams import CAMPAIGNS, CASES, MEETINGS
from application.sweep.rights import NotYourArea, check_calls, check_meets, check_reports, check_sees
from domain.shared.calendar import local_day
from domain.shared.decider import History, decide
from domain.shared.errors import UnknownStream
from domain.shared.values import AreaId
from domain.sweep.campaign import Campaign, CampaignCommand, EndCampaign, LaunchCampaign, ReportOnCampaign
from domain.sweep.kinds import CampaignId, MeetingId
from domain.sweep.meeting import FollowUpPoint, HoldMeeting, Meeting, MeetingCommand


class SweepMeetings:
    def __init__(self, ledger: Ledger, cases: Cases) -> None:
        self._ledger = ledger
        self._cases = cases

    def hold(self, command: HoldMeeting, viewer: Viewer, asked: Asked) -> Receipt:
        """Raises UnknownStream of a case that the asker does not see."""
        check_meets(viewer, command.unit, self._cases.register, local_day(asked.now))
        id = MeetingId(asked.request)

        def work(unit: Unit) -> UUID:
            for case in command.cases:
                self._cases.visible(unit.history(CASES, case), viewer, asked.now)
            on = self._cases.occasion(command, asked)
            events = decide(unit.history(MEETINGS, id), command, on)
            unit.append(MEETINGS, id, 0, events, on.occurred_at, on.on_behalf_of, asked)
            return id

        return self._ledger.carry_out(asked, work, from_memory=True)

    def change(
        self, id: MeetingId, command: MeetingCommand, viewer: Viewer, asked: Asked, expected: int | None
    ) -> Receipt:
        def work(unit: Unit) -> UUID:
            history = self._visible(unit.history(MEETINGS, id), viewer, local_day(asked.now))
            self._check(viewer, command, history.state, local_day(asked.now))
            refuse_stale(history, expected)
            on = self._cases.occasion(command, asked)
            events = decide(history, command, on)
            unit.append(MEETINGS, id, history.version, events, on.occurred_at, on.on_behalf_of, asked)
            return id

        return again_if_overtaken(lambda: self._ledger.carry_out(asked, work, from_memory=True), expected)

    def _check(self, viewer: Viewer, command: MeetingCommand, meeting: Meeting, day: date) -> None:
        """Whoever was charged with a point tells that it is done; all else, those who held the meeting."""
        point = meeting.points.get(command.point) if isinstance(command, FollowUpPoint) else None
        if point and viewer.body and point.follows_up == viewer.body:
            return
        assert meeting.unit
        check_meets(viewer, meeting.unit, self._cases.register, day)

    def history(self, id: MeetingId, viewer: Viewer, now: datetime) -> History[Meeting]:
        """Raises UnknownStream, also where the viewer may not know of it."""
        return self._visible(self._ledger.history(MEETINGS, id), viewer, local_day(now))

    def _visible(self, history: History[Meeting], viewer: Viewer, day: date) -> History[Meeting]:
        if history.state.unit is None:
            raise UnknownStream(id=history.id)
        if viewer.body and viewer.body in {one.follows_up for one in history.state.points.values()}:
            return history
        check_sees(viewer, history.state.unit, self._cases.register, day)
        return history


class Campaigns:
    def __init__(self, ledger: Ledger, cases: Cases) -> None:
        self._ledger = ledger
        self._cases = cases

    def launch(self, command: LaunchCampaign, viewer: Viewer, asked: Asked) -> Receipt:
        """Raises NotYourRight, NotYourArea."""
        self._check_calls(viewer, command.unit, local_day(asked.now))
        id = CampaignId(asked.request)

        def work(unit: Unit) -> UUID:
            on = self._cases.occasion(command, asked)
            events = decide(unit.history(CAMPAIGNS, id), command, on)
            unit.append(CAMPAIGNS, id, 0, events, on.occurred_at, on.on_behalf_of, asked)
            return id

        return self._ledger.carry_out(asked, work, from_memory=True)

    def change(
        self, id: CampaignId, command: CampaignCommand, viewer: Viewer, asked: Asked, expected: int | None
    ) -> Receipt:
        """`expected`: None of a report, which other units do not disturb."""
        day = local_day(asked.now)

        def work(unit: Unit) -> UUID:
            history = self._visible(unit.history(CAMPAIGNS, id), viewer, day)
            if isinstance(command, ReportOnCampaign):
                check_reports(viewer, command.unit, self._cases.register, day)
            if isinstance(command, EndCampaign):
                assert history.state.unit
                self._check_calls(viewer, history.state.unit, day)
            refuse_stale(history, expected)
            on = self._cases.occasion(command, asked)
            events = decide(history, command, on)
            unit.append(CAMPAIGNS, id, history.version, events, on.occurred_at, on.on_behalf_of, asked)
            return id

        return again_if_overtaken(lambda: self._ledger.carry_out(asked, work, from_memory=True), expected)

    def _check_calls(self, viewer: Viewer, unit: AreaId, day: date) -> None:
        check_calls(viewer)
        if viewer.area not in {one.id for one in self._cases.register.path(unit, day)}:
            raise NotYourArea(area=unit)

    def history(self, id: CampaignId, viewer: Viewer, now: datetime) -> History[Campaign]:
        return self._visible(self._ledger.history(CAMPAIGNS, id), viewer, local_day(now))

    def _visible(self, history: History[Campaign], viewer: Viewer, day: date) -> History[Campaign]:
        """Of an area in which the viewer works, or which the viewer answers for. Raises UnknownStream."""
        unit = history.state.unit
        if unit is None or viewer.area is None:
            raise UnknownStream(id=history.id)
        if unit not in {one.id for one in self._cases.register.path(viewer.area, day)}:
            check_sees(viewer, unit, self._cases.register, day)
        return history
