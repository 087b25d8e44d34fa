"""Desks that ask anything of one case and of what moves it, while days pass, clocks fire and work is cut off."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from application.ports import VersionMismatch
from application.streams import CASES, ESCALATIONS, REFERRALS
from domain.case.acceptance import AcceptCase
from domain.case.case import DisputeCase
from domain.case.kinds import EndGround, OrganKind
from domain.case.matters import NoteProceedings
from domain.case.mediation import EndMediation
from domain.case.mediations import Stage
from domain.escalation.kinds import Ground, ReturnGround
from domain.escalation.moving_down import AssignCaseDown, ReturnDown
from domain.escalation.moving_up import (
    AcceptEscalation,
    CallUpCase,
    RequestEscalation,
    SendBackEscalation,
    WithdrawEscalation,
)
from domain.jurisdiction.body import body_id
from domain.referral.acknowledging import AcknowledgeReferral
from domain.referral.answering import AcceptReferral, RejectReferral
from domain.referral.kinds import WAYS, Outcome, RejectGround, way
from domain.referral.offering import OfferReferral
from domain.referral.referral import OPEN, Referral, ReferralStage
from domain.referral.returning import ReturnReferral
from domain.referral.taking_back import RerouteReferral, WithdrawReferral
from domain.shared.calendar import local_day
from domain.shared.errors import DomainError
from domain.shared.occasion import BodyFacts
from domain.shared.slices import Slice
from domain.shared.values import BodyId, CaseId, EscalationId, ReferralId, ReferralKind
from tests.api.conftest import County
from tests.between.many import asked, registered, viewer

DESKS = ("LW", "SQ", "HK", "ZZ", "QX", "FY", "JY", "GA", "XF")
desk, several = st.sampled_from(DESKS), st.lists(st.sampled_from(DESKS), min_size=1, max_size=3, unique=True)
kinds = st.sampled_from([one for one in ReferralKind if one is not ReferralKind.GUIDE])
TRANSFER = ReferralKind.TRANSFER
JULY = datetime(2026, 7, 1, 2, tzinfo=UTC)
CODES = {BodyId(body_id(code)): code for code in DESKS}
GOING_ON = frozenset(Stage) - {Stage.ENDED, Stage.IN_EFFECT}


class Mishap(Exception):
    """The process dies before it has committed."""


class DesksAtWork(RuleBasedStateMachine):
    county: ClassVar[County]
    done: ClassVar[Counter[str]] = Counter()

    @initialize(code=st.sampled_from(("LW", "FY", "JY", "GA", "QX")))
    def registers(self, code: str) -> None:
        self.county.clock.moment = JULY  # what is due after the year's end is provisional, and fires later
        (self.case,) = registered(self.county, code, 1, self.county.clock())
        self.referrals: list[ReferralId] = []
        self.escalations: list[EscalationId] = []

    def _state(self) -> DisputeCase:
        return self.county.parts.ledger.history(CASES, self.case).state

    def _version(self, stream: Any, id: UUID) -> int:
        return int(self.county.parts.ledger.history(stream, id).version)

    def _try(self, name: str, ask: Any) -> UUID | None:
        """A refusal records nothing."""
        before = self.county.events()
        try:
            receipt = ask()
        except (DomainError, VersionMismatch):
            assert self.county.events() == before, name
            return None
        self.done[name] += 1
        return UUID(str(receipt.id))

    def _everybody(self) -> tuple[Any, ...]:
        return tuple(sorted(self._state().present_parties))

    def _one_of(self, data: st.DataObject, *likely: BodyId | None) -> str:
        """Mostly a desk that may ask it; sometimes any."""
        known = [CODES[one] for one in likely if one in CODES]
        return data.draw(st.sampled_from([*known * 40, *DESKS]))

    @rule(data=st.data(), kind=kinds, to=several, lawfully=st.sampled_from([True, True, True, False]))
    def offers(self, data: st.DataObject, kind: ReferralKind, to: list[str], lawfully: bool) -> None:
        active = self._state().active_mediation
        code = self._one_of(data, self._state().holder, active.body if active else None)
        ways = [
            (one, desk)
            for one in (*WAYS, TRANSFER, TRANSFER)
            for desk in DESKS
            if way(one, self._facts(code), self._facts(desk))
        ]
        if ways and lawfully:
            kind, first = data.draw(st.sampled_from(ways))
            to = [first]
        everybody, bodies = self._everybody(), tuple(BodyId(body_id(one)) for one in to)
        command = OfferReferral(kind=kind, to=bodies, content=Slice(parties=everybody), consented=everybody)
        who, ask, seen = viewer(self.county, code), asked(self.county, code), self._version(CASES, self.case)
        offer = self.county.parts.system.referrals.offer
        if id := self._try(f"offer {kind}", lambda: offer(self.case, command, who, ask, seen)):
            self.referrals.append(ReferralId(id))

    def _facts(self, code: str) -> BodyFacts:
        found = self.county.parts.system.register.body(BodyId(body_id(code)), local_day(self.county.clock()))
        assert found
        return found

    def _referral(self, id: ReferralId) -> Referral:
        return self.county.parts.ledger.history(REFERRALS, id).state

    @rule(data=st.data())
    def answers(self, data: st.DataObject) -> None:
        if not self.referrals:
            return
        id, everybody = data.draw(st.sampled_from(self.referrals[::-1])), self._everybody()
        unsigned = self._referral(id).stage is ReferralStage.OFFERED and self._referral(id).kind is TRANSFER
        command = data.draw(st.sampled_from((
            *(AcknowledgeReferral() if unsigned else AcceptReferral(),) * 5,
            RejectReferral(because=RejectGround.OTHER, reason="不宜"),
            WithdrawReferral(reason="撤回", consented=everybody), ReturnReferral(outcome=Outcome.FAILED),
            RerouteReferral(kind=ReferralKind.TRANSFER, to=(BodyId(body_id("SQ")),), reason="改派",
                            content=Slice(parties=everybody), consented=everybody),
        )))  # fmt: skip
        referral = self._referral(id)
        code = self._one_of(data, *referral.receptions, referral.sender)
        who, ask, seen = viewer(self.county, code), asked(self.county, code), self._version(REFERRALS, id)
        change = self.county.parts.system.referrals.change
        found = self._try(type(command).__name__, lambda: change(self.case, id, command, who, ask, seen))
        if found and found != id:
            self.referrals.append(ReferralId(found))

    @rule(data=st.data(), to=st.sampled_from(("HK", "ZZ", "QX", "LW", "FY")))
    def moves_level(self, data: st.DataObject, to: str) -> None:
        body, code = BodyId(body_id(to)), self._one_of(data, self._state().holder)
        command = data.draw(st.sampled_from((
            RequestEscalation(to=body, because=Ground.TOO_COMPLEX), CallUpCase(because=Ground.RISK, reason="风险"),
            AssignCaseDown(to=body, reason="交办"),
        )))  # fmt: skip
        who, ask, seen = viewer(self.county, code), asked(self.county, code), self._version(CASES, self.case)
        begin = self.county.parts.system.escalations.begin
        if id := self._try(type(command).__name__, lambda: begin(self.case, command, who, ask, seen)):
            self.escalations.append(EscalationId(id))

    @rule(data=st.data())
    def answers_level(self, data: st.DataObject) -> None:
        if not self.escalations:
            return
        id = data.draw(st.sampled_from(self.escalations))
        escalation = self.county.parts.ledger.history(ESCALATIONS, id).state
        code = self._one_of(data, escalation.above, escalation.below)
        command = data.draw(st.sampled_from((
            AcceptEscalation(), SendBackEscalation(because=ReturnGround.OTHER, reason="退"),
            WithdrawEscalation(reason="撤"), ReturnDown(because=ReturnGround.OTHER, reason="退"),
        )))  # fmt: skip
        who, ask, seen = viewer(self.county, code), asked(self.county, code), self._version(ESCALATIONS, id)
        change = self.county.parts.system.escalations.change
        self._try(type(command).__name__, lambda: change(self.case, id, command, who, ask, seen))

    @rule(data=st.data())
    def mediates(self, data: st.DataObject) -> None:
        active = self._state().active_mediation
        code = self._one_of(data, active.body if active else self._state().holder)
        number = max(self._state().mediations, default=1)
        command = data.draw(st.sampled_from((
            AcceptCase(), NoteProceedings(organ=OrganKind.COURT),
            EndMediation(mediation=number, because=EndGround.FAILED, remedies_told=True),
        )))  # fmt: skip
        who, ask, seen = viewer(self.county, code), asked(self.county, code), self._version(CASES, self.case)
        change = self.county.parts.system.cases.change
        self._try(type(command).__name__, lambda: change(CaseId(self.case), command, who, ask, seen))

    @rule(days=st.integers(0, 5))
    def days_pass(self, days: int) -> None:
        self.county.clock.moment += timedelta(days=days)
        self.county.parts.projector.catch_up()
        self.done["fired"] += self.county.parts.system.timers.fire(self.county.clock())

    @rule(data=st.data())
    def dies_before_it_commits(self, data: st.DataObject) -> None:
        if not self.referrals:
            return
        id, before = data.draw(st.sampled_from(self.referrals)), self.county.events()
        code = self._one_of(data, *self._referral(id).receptions)

        def work(unit: Any) -> UUID:
            self.county.parts.system.referrals.act(unit, id, AcceptReferral(), asked(self.county, code))
            raise Mishap

        try:
            self.county.parts.ledger.carry_out(asked(self.county, code), work)
        except (Mishap, DomainError) as died:
            self.done[type(died).__name__] += 1
        assert self.county.events() == before

    @invariant()
    def there_is_one_truth(self) -> None:
        state, ledger = self._state(), self.county.parts.ledger
        stages = {id: ledger.history(REFERRALS, id).state.stage for id in self.referrals}
        assert sum(one.stage in GOING_ON for one in state.mediations.values()) <= 1
        holder = self.county.parts.system.register.body(BodyId(state.holder), local_day(self.county.clock()))
        assert holder
        assert state.level == holder.level
        assert state.offers.keys() == {id for id, stage in stages.items() if stage in OPEN}
        assert state.handed == {id for id, stage in stages.items() if stage is ReferralStage.ACCEPTED}

    def teardown(self) -> None:
        """No offer without an end: what nobody answered has lapsed, or another may be appointed."""
        self.days_pass(40)
        for id in self.referrals:
            found = self.county.parts.ledger.history(REFERRALS, id).state
            waits = found.stage in OPEN and found.kind is not ReferralKind.INVITE
            assert not waits or found.re_appointable or found.stage is ReferralStage.OBJECTED
        self.there_is_one_truth()
