"""起算事项 Starts: what happened elsewhere, or was found out, and starts a limit of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent
from domain.case.kinds import Category
from domain.case.limits import ADM_TRANSFER, COURT_JOINT_PICK, TRAFFIC_APPLY
from domain.shared.calendar import SHANGHAI
from domain.shared.errors import Forbidden, InTheFuture, Refused
from domain.shared.law import Due
from domain.shared.occasion import Occasion
from domain.shared.values import BodyKind, Channel, Day, Narrative, PersonId, Text


class NoRoadAccident(Refused):
    """Only a road accident has a finding by the police."""


class OnlyOrgansSendOn(Forbidden):
    """Only an organ that mediates finds that a dispute is not of its office (深圳条例 45)."""


class OnlyBeforeACourt(Forbidden):
    """The parties choose together in a court's mediation (在线调解规则 10)."""


class RecordAccidentFinding(CaseCommand):
    """登记收到事故认定书"""

    allowed_in = UNTIL_CLOSED
    rule = TRAFFIC_APPLY.basis
    received_on: Day

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if case.category is not Category.TRAFFIC:
            raise NoRoadAccident(basis=str(TRAFFIC_APPLY.basis))
        if self.received_on > on.day:
            raise InTheFuture(occurred_at=on.occurred_at)
        noon = datetime.combine(self.received_on, time(12), SHANGHAI)
        return (AccidentFindingReceived(received_on=self.received_on, begins=(on.due(TRAFFIC_APPLY, noon),)),)


class AccidentFindingReceived(CaseEvent):
    name: ClassVar = "case.accident_finding_received"
    of = (RecordAccidentFinding,)
    received_on: date
    begins: tuple[Due, ...]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_begun(self.begins)


class FindOutOfOffice(CaseCommand):
    """认定不属于本机关职能"""

    allowed_in = UNTIL_CLOSED
    rule = ADM_TRANSFER.basis
    reason: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if on.body.channel is not Channel.ADMINISTRATIVE:
            raise OnlyOrgansSendOn(body=on.body.id)
        return (FoundOutOfOffice(reason=on.narrative(self.reason), begins=(on.due(ADM_TRANSFER),)),)


class FoundOutOfOffice(CaseEvent):
    """It is sent on within three working days, by a referral."""

    name: ClassVar = "case.found_out_of_office"
    of = (FindOutOfOffice,)
    reason: Narrative
    begins: tuple[Due, ...]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_begun(self.begins)


class AgreeToMediateOnline(CaseCommand):
    """登记双方同意在线调解"""

    allowed_in = UNTIL_CLOSED
    rule = COURT_JOINT_PICK.basis

    def told_wills(self, case: DisputeCase) -> Iterable[PersonId]:
        """All of them agree: none is named."""
        return sorted(case.present_parties)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if on.body.kind is not BodyKind.COURT:
            raise OnlyBeforeACourt(body=on.body.id)
        return (OnlineMediationAgreed(begins=(on.due(COURT_JOINT_PICK),)),)


class OnlineMediationAgreed(CaseEvent):
    """They choose a mediator together within two working days; after that the court appoints one."""

    name: ClassVar = "case.online_mediation_agreed"
    of = (AgreeToMediateOnline,)
    begins: tuple[Due, ...]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_begun(self.begins)
