"""Invented disputes that move: offered to another desk and answered there, or taken up and sent down again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from api.demo.mix import ANSWERS, draw
from api.demo.other_bodies import OtherBodies
from api.demo.steps import DAY, HOUR, Committee, Make, Step, Where, at, working_hours
from api.demo.stories import Story
from domain.case.beside.proceedings import EndProceedings, NoteProceedings
from domain.case.case import DisputeCase
from domain.case.kinds import EndGround, MatterStep, OrganKind
from domain.case.mediating.signing import RecordCourtDocument
from domain.case.opening.guidance import GuideParties
from domain.escalation.assigning_down import AssignCaseDown, ReturnDown
from domain.escalation.kinds import Ground, ReturnGround
from domain.escalation.raising import (
    AcceptEscalation,
    CallUpCase,
    RequestEscalation,
    SendBackEscalation,
    WithdrawEscalation,
)
from domain.escalation.supervision import EndSupervision, ReportSupervision, SuperviseCase, UrgeSupervision
from domain.referral.acknowledging import AcknowledgeReferral
from domain.referral.answering import AcceptReferral, RejectReferral
from domain.referral.asking import AnswerQuestion, AskBack
from domain.referral.kinds import RejectGround
from domain.referral.objecting import DecideObjection, ObjectToReferral
from domain.referral.offering import OfferReferral
from domain.referral.returning import ReturnReferral
from domain.referral.taking_back import RerouteReferral, WithdrawReferral
from domain.shared.calendar import local_day
from domain.shared.slices import Slice
from domain.shared.values import ReferralKind
from domain.shared.vocabulary import Outcome

SILENCE = DAY * 9
"""Longer than any offer may lie."""


class HandedOver(Story):
    """`sender`: who registered it; `receiver`: to whom it goes."""

    number = 0
    oral = 0.0
    _agreed = False
    _entrusted_by: Committee | None = None

    def _at(self, desk: Committee) -> None:
        self._committee, self._mediator, self._late = desk, desk.members[0], timedelta(0)

    def _ask(self, desk: Committee, where: Where, wait: timedelta, make: Make, **ids: UUID) -> None:
        self._now = working_hours(self._now + wait)
        made = at(self._now, make)
        self.steps.append(Step(self.case, desk.members[0], desk.body, self._now, made, where=where, **ids))

    def _begin(self, desk: Committee, where: Where, wait: timedelta, make: Make) -> UUID:
        """Answers the id of what began."""
        self.number += 1
        id = uuid5(self.case, f"move {self.number}")
        self._ask(desk, where, wait, make, begins=id)
        return id

    def _reroute(self, kind: ReferralKind, sender: Committee, receiver: Committee, old: UUID) -> UUID:
        self.number += 1
        id = uuid5(self.case, f"move {self.number}")
        self._ask(sender, Where.REFERRAL, HOUR * 4, rerouting(kind, receiver), about=old, begins=id)
        return id

    def _answer(self, desk: Committee, id: UUID, wait: timedelta, command: Any) -> None:
        self._ask(desk, Where.REFERRAL, wait, lambda _: command, about=id)

    def _step(self, desk: Committee, id: UUID, wait: timedelta, command: Any) -> None:
        self._ask(desk, Where.ESCALATION, wait, lambda _: command, about=id)

    def _goes_on(self, desk: Committee, number: int = 1) -> None:
        """It is mediated there to its end."""
        self._at(desk)
        self.mediation = number
        self._prepare()
        self._mediate()
        self._agreed = self._random.random() > 0.15
        self._come_out("agreed" if self._agreed else "failed")

    def _confirm(self) -> None:
        """A court confirms nothing that it has entrusted itself, and there is nothing to apply for after a return."""

    def _longest(self) -> float:
        return 5  # a court's time for what it entrusts in summary procedure is a week

    def _sign(self) -> None:
        super()._sign()
        if court := self._entrusted_by:
            ruling = RecordCourtDocument(mediation=self.mediation, reference="（民事调解书）")
            self._ask(court, Where.CASE, HOUR, lambda _: ruling)

    def refer(self, kind: ReferralKind, sender: Committee, receiver: Committee, other: Committee) -> None:
        self._at(sender)
        self._register()
        if kind is ReferralKind.DELEGATE and self._random.random() < 0.3:
            self._after(HOUR, lambda _: GuideParties(to=receiver.body))
        self._before(kind, sender)
        answer = draw(self._random, ANSWERS)
        offer = self._begin(sender, Where.OFFER, HOUR * 3, offering(kind, receiver))
        if answer == "taken":
            self._taken(kind, sender, receiver, offer)
        elif answer == "withdrawn":
            self._answer(sender, offer, HOUR * 5, WithdrawReferral(reason="当事人改变主意"))
        else:
            self._not_taken(answer, sender, receiver, offer)
            self._taken(kind, sender, other, self._reroute(kind, sender, other, offer))

    def open(self, kind: ReferralKind, sender: Committee, receiver: Committee) -> None:
        """Offered, and nobody has answered yet."""
        self._at(sender)
        self._register()
        self._begin(sender, Where.OFFER, HOUR * 2, offering(kind, receiver))

    def _before(self, kind: ReferralKind, sender: Committee) -> None:
        if kind is ReferralKind.ENTRUST:
            self._entrusted_by = sender
            self._after(HOUR, lambda _: NoteProceedings(organ=OrganKind.COURT, step=MatterStep.SUIT_ORDINARY))

    def petition(self, bodies: OtherBodies, other: Committee) -> None:
        """Routed to an organ, which may object that it is not its own."""
        self._at(bodies.petition)
        self._register()
        self._after(HOUR, lambda _: NoteProceedings(organ=OrganKind.PETITION, step=MatterStep.PETITION_RECEIVED))
        upheld = self._random.random() < 0.4
        offer = self._begin(bodies.petition, Where.OFFER, HOUR * 5, offering(ReferralKind.TRANSFER, bodies.organ))
        self._answer(bodies.organ, offer, HOUR * 6, AcknowledgeReferral())
        self._answer(bodies.organ, offer, DAY, ObjectToReferral(reason="不属于本机关职权范围。"))
        self._answer(bodies.petition, offer, DAY, DecideObjection(agreed=upheld, reason="已核实"))
        if not upheld:
            self._answer(bodies.organ, offer, HOUR * 5, AcceptReferral())
            self._goes_on(bodies.organ)
            self._return(bodies.organ, offer)
            self._end_matter()
            self._close()
            return
        again = self._reroute(ReferralKind.TRANSFER, bodies.petition, other, offer)
        self._taken(ReferralKind.TRANSFER, bodies.petition, other, again)

    def _taken(self, kind: ReferralKind, sender: Committee, receiver: Committee, id: UUID) -> None:
        if kind is ReferralKind.TRANSFER:
            self._answer(receiver, id, HOUR * self._random.randint(2, 30), AcknowledgeReferral())
        if self._random.random() < 0.2:
            self._answer(receiver, id, HOUR * 2, AskBack(question="双方此前是否调解过？"))
            self._answer(sender, id, HOUR * 4, AnswerQuestion(answer="没有。"))
        self._answer(receiver, id, HOUR * self._random.randint(3, 20), AcceptReferral())
        self._goes_on(receiver)
        self._return(receiver, id)
        self._at(receiver if self._agreed and kind is ReferralKind.TRANSFER else sender)
        self._end_matter()
        self._close()

    def _return(self, receiver: Committee, id: UUID) -> None:
        """With its outcome; what has failed went back at once."""

        def returned(case: DisputeCase) -> ReturnReferral | None:
            return ReturnReferral(outcome=Outcome.AGREEMENT) if id in case.handed else None

        self._ask(receiver, Where.REFERRAL, HOUR * 3, returned, about=id)

    def _end_matter(self) -> None:
        """What another organ had of it ends with it."""

        def ended(case: DisputeCase) -> EndProceedings | None:
            return EndProceedings(matter=1, settled=case.resolved_at is not None) if case.matters else None

        self._after(HOUR, ended)

    def _not_taken(self, answer: str, sender: Committee, receiver: Committee, id: UUID) -> None:
        if answer == "silent":
            self._now += SILENCE
            return
        ground = self._random.choice([one for one in RejectGround if one is not RejectGround.OTHER])
        self._answer(receiver, id, HOUR * 8, RejectReferral(because=ground, reason="经审查，不宜由本单位调解。"))

    def invite(self, host: Committee, guest: Committee) -> None:
        self._at(host)
        self._register()
        self._accept()
        offer = self._begin(host, Where.OFFER, HOUR * 2, offering(ReferralKind.INVITE, guest))
        self._answer(guest, offer, HOUR * 5, AcceptReferral())
        self._mediate()
        self._come_out("agreed")
        self._close()

    def escalate(self, how: str, village: Committee, town: Committee, county: Committee) -> None:
        self._at(county if how == "assigned" else village)
        self._register()
        getattr(self, f"_{how}")(village, town, county)
        self._close()

    def _asked_for(self, below: Committee, above: Committee, ground: Ground) -> UUID:
        request = RequestEscalation(to=above.body, because=ground, account="村里调解有困难。")
        return self._begin(below, Where.BEGINNING, HOUR * 4, lambda _: request)

    def _accepted(self, village: Committee, town: Committee, _: Committee) -> None:
        self._accept()
        self._mediate()
        self._end(EndGround.FAILED)
        id = self._asked_for(village, town, Ground.MEDIATION_FAILED)
        self._step(town, id, HOUR * 9, AcceptEscalation())
        self._again(town, 2)

    def _sent_back(self, village: Committee, town: Committee, _: Committee) -> None:
        id = self._asked_for(village, town, Ground.TOO_COMPLEX)
        self._step(town, id, HOUR * 9, SendBackEscalation(because=ReturnGround.NOT_MEDIATED_YET, reason="请先行调解。"))
        self._again(village, 1)

    def _returned(self, village: Committee, town: Committee, _: Committee) -> None:
        id = self._asked_for(village, town, Ground.SEVERAL_VILLAGES)
        self._step(town, id, HOUR * 9, AcceptEscalation())
        self._step(town, id, DAY * 2, ReturnDown(because=ReturnGround.WITHIN_YOUR_POWERS, reason="由村里化解更合适。"))
        self._again(village, 1)

    def _withdrawn(self, village: Committee, town: Committee, _: Committee) -> None:
        id = self._asked_for(village, town, Ground.MASS_MATTER)
        self._step(village, id, HOUR * 5, WithdrawEscalation(reason="双方愿意在村里谈。"))
        self._again(village, 1)

    def _called_up(self, village: Committee, town: Committee, _: Committee) -> None:
        call = CallUpCase(because=Ground.RISK, reason="有激化风险。")
        self._begin(town, Where.BEGINNING, HOUR * 6, lambda _: call)
        self._again(town, 1)

    def _assigned(self, village: Committee, town: Committee, county: Committee) -> None:
        assign = AssignCaseDown(to=town.body, reason="请就地化解。")
        self._begin(county, Where.BEGINNING, HOUR * 6, lambda _: assign)
        self._again(town, 1)

    def _supervised(self, village: Committee, town: Committee, county: Committee) -> None:
        report_by = local_day(self._now) + DAY * 12
        supervise = SuperviseCase(because=Ground.RISK, report_by=report_by, demand="尽快化解，防止激化。")
        id = self._begin(county, Where.BEGINNING, HOUR * 3, lambda _: supervise)
        self._step(county, id, DAY * 2, UrgeSupervision(words="请抓紧办理。"))
        self._step(village, id, DAY * 3, ReportSupervision(account="已经上门做工作。"))
        self._step(county, id, DAY, EndSupervision(finding="已经落实"))
        self._again(village, 1)

    def _again(self, desk: Committee, number: int) -> None:
        self._at(desk)
        self.mediation = number
        self._accept()
        self._mediate()
        self._come_out("agreed")


def _content(case: DisputeCase) -> dict[str, Any]:
    everybody = tuple(sorted(case.present_parties))
    return {"content": Slice(parties=everybody, contacts=everybody), "consented": everybody}


def offering(kind: ReferralKind, receiver: Committee) -> Make:
    return lambda case: OfferReferral(kind=kind, to=(receiver.body,), **_content(case))


def rerouting(kind: ReferralKind, receiver: Committee) -> Make:
    return lambda case: RerouteReferral(kind=kind, to=(receiver.body,), reason="改派。", **_content(case))
