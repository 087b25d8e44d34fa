"""Desks that ask anything of one case and of what moves it, while days pass, clocks fire and work is cut off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from application.ports import VersionMismatch
from application.streams import CASES, ESCALATIONS, REFERRALS
from domain.case.beside.proceedings import NoteProceedings
from domain.case.case import DisputeCase
from domain.case.course import EscalationPhase
from domain.case.kinds import EndGround, OrganKind
from domain.case.mediating.mediation import EndMediation
from domain.case.mediations import Stage
from domain.case.opening.acceptance import AcceptCase
from domain.escalation.assigning_down import AssignCaseDown, ReturnDown
from domain.escalation.escalation import Escalation, EscalationStage
from domain.escalation.kinds import Ground, ReturnGround
from domain.escalation.raising import (
    AcceptEscalation,
    CallUpCase,
    RequestEscalation,
    SendBackEscalation,
    WithdrawEscalation,
)
from domain.jurisdiction.body import body_id
from domain.referral.acknowledging import AcknowledgeReferral
from domain.referral.answering import AcceptReferral, RejectReferral
from domain.referral.kinds import RejectGround, way
from domain.referral.offering import OfferReferral
from domain.referral.referral import OPEN, Referral, ReferralStage
from domain.referral.returning import ReturnReferral
from domain.referral.taking_back import RerouteReferral, WithdrawReferral
from domain.shared.calendar import local_day
from domain.shared.errors import DomainError
from domain.shared.occasion import BodyFacts
from domain.shared.slices import Slice
from domain.shared.values import BodyId, CaseId, EscalationId, ReferralId, ReferralKind
from domain.shared.vocabulary import Outcome
from tests.api.conftest import County
from tests.handover.many import asked, registered, viewer

DESKS = ("LW", "SQ", "HK", "ZZ", "QX", "FY", "JY", "GA", "XF")
one_desk, several = st.sampled_from(DESKS), st.lists(st.sampled_from(DESKS), min_size=1, max_size=2, unique=True)
kinds = st.sampled_from([one for one in ReferralKind if one is not ReferralKind.GUIDE])
TRANSFER = ReferralKind.TRANSFER
JULY = datetime(2026, 7, 1, 2, tzinfo=UTC)
CODES = {BodyId(body_id(code)): code for code in DESKS}
IDS = {code: id for id, code in CODES.items()}
UP = {"LW": "HK", "SQ": "HK", "HK": "QX", "ZZ": "QX", "JY": "QX", "GA": "HK", "FY": "QX"}
DOWN = {"HK": "LW", "ZZ": "LW", "QX": "HK"}
Ask = tuple[str, Any]
"""Who asks, and what; a referral or an escalation is named beside it."""
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
        self.holder = code
        """As the desks would say among themselves, without looking into the record."""
        self.turn = 0

    @property
    def _system(self) -> Any:
        return self.county.parts.system

    def _state(self) -> DisputeCase:
        return self.county.parts.ledger.history(CASES, self.case).state

    def _version(self, stream: Any, id: UUID) -> int:
        return int(self.county.parts.ledger.history(stream, id).version)

    def _referral(self, id: ReferralId) -> Referral:
        return self.county.parts.ledger.history(REFERRALS, id).state

    def _escalation(self, id: EscalationId) -> Escalation:
        return self.county.parts.ledger.history(ESCALATIONS, id).state

    def _facts(self, code: str) -> BodyFacts:
        found = self._system.registers.register.body(IDS[code], local_day(self.county.clock()))
        assert isinstance(found, BodyFacts)
        return found

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

    def offer(self, code: str, kind: ReferralKind, to: list[str]) -> None:
        everybody = self._everybody()
        bodies = tuple(IDS[one] for one in to)
        command = OfferReferral(kind=kind, to=bodies, content=Slice(parties=everybody), consented=everybody)
        who, ask, seen = viewer(self.county, code), asked(self.county, code), self._version(CASES, self.case)
        offer = self._system.deciding.referrals.offer
        if id := self._try(f"offer {kind}", lambda: offer(self.case, command, who, ask, seen)):
            self.referrals.append(ReferralId(id))

    def answer(self, code: str, id: ReferralId, command: Any) -> None:
        who, ask, seen = viewer(self.county, code), asked(self.county, code), self._version(REFERRALS, id)
        before, change = self._referral(id), self._system.deciding.referrals.change
        found = self._try(type(command).__name__, lambda: change(self.case, id, command, who, ask, seen))
        if found and found != id:
            self.referrals.append(ReferralId(found))
        if found and before.moves_mediation:
            self._moved(before, code, command)

    def _moved(self, referral: Referral, code: str, command: Any) -> None:
        """A transferred matter goes along with its acceptance, and comes home unresolved."""
        transfer = referral.kind is TRANSFER
        if isinstance(command, AcceptReferral):
            active = self._state().active_mediation
            assert active
            assert (active.body, active.referral) == (IDS[code], referral.id)
            self.holder = code if transfer else self.holder
        home = transfer and referral.stage is ReferralStage.ACCEPTED and IDS[self.holder] == referral.accepted_by
        if home and isinstance(command, ReturnReferral | WithdrawReferral) and referral.sender:
            self.holder = CODES[referral.sender]

    def begin(self, code: str, command: Any) -> None:
        who, ask, seen = viewer(self.county, code), asked(self.county, code), self._version(CASES, self.case)
        begin = self._system.deciding.escalations.begin
        if id := self._try(type(command).__name__, lambda: begin(self.case, command, who, ask, seen)):
            self.escalations.append(EscalationId(id))
            if isinstance(command, CallUpCase | AssignCaseDown):
                assert self._state().active_mediation is None, "above, and below, it begins with a new acceptance"
                self.holder = code if isinstance(command, CallUpCase) else CODES[command.to]

    def go_on(self, code: str, id: EscalationId, command: Any) -> None:
        who, ask, seen = viewer(self.county, code), asked(self.county, code), self._version(ESCALATIONS, id)
        before, change = self._escalation(id), self._system.deciding.escalations.change
        if self._try(type(command).__name__, lambda: change(self.case, id, command, who, ask, seen)):
            assert before.below
            if isinstance(command, AcceptEscalation | ReturnDown):
                assert self._state().active_mediation is None, "above, and below, it begins with a new acceptance"
                self.holder = code if isinstance(command, AcceptEscalation) else CODES[before.below]

    def mediate(self, code: str, command: Any) -> None:
        active = self._state().active_mediation
        home = self._referral(active.referral) if active and active.referral else None
        who, ask, seen = viewer(self.county, code), asked(self.county, code), self._version(CASES, self.case)
        change = self._system.deciding.cases.change
        done = self._try(type(command).__name__, lambda: change(CaseId(self.case), command, who, ask, seen))
        if done and home and self._state().active_mediation is None and home.kind is TRANSFER:
            self._moved(home, code, ReturnReferral(outcome=Outcome.FAILED))

    @rule(data=st.data(), kind=st.sampled_from(["likely"] * 7 + ["any", "time", "dies"]), days=st.integers(0, 5))
    def lives(self, data: st.DataObject, kind: str, days: int) -> None:
        self.turn += 1
        match kind:
            case "likely" | "any":
                found = list(likely(self) if kind == "likely" else whatever(self, data))
                first = self.turn % len(found)
                data.draw(st.sampled_from(found[first:] + found[:first]), label=kind)()
            case "time":
                self.days_pass(days)
            case _:
                self.dies_before_it_commits(data)

    def days_pass(self, days: int) -> None:
        self.county.clock.moment += timedelta(days=days)
        self.county.parts.projector.catch_up()
        self.done["fired"] += self._system.deciding.timers.fire(self.county.clock())

    def dies_before_it_commits(self, data: st.DataObject) -> None:
        if not self.referrals:
            return
        id, before = data.draw(st.sampled_from(self.referrals)), self.county.events()
        code = CODES[next(iter(self._referral(id).receptions))]

        def work(unit: Any) -> UUID:
            self._system.deciding.referrals.act(unit, id, AcceptReferral(), asked(self.county, code))
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
        assert state.holder
        assert CODES[state.holder] == self.holder
        assert state.level == self._facts(self.holder).level
        assert state.offers.keys() == {id for id, stage in stages.items() if stage in OPEN}
        assert state.handed == {id for id, stage in stages.items() if stage is ReferralStage.ACCEPTED}
        over = {one.referral for one in state.mediations.values() if one.stage is Stage.ENDED}
        assert not over & state.handed, "what is over has come home"
        taken_up = {id for id, phase in state.escalations.items() if phase is EscalationPhase.TAKEN_UP}
        assert taken_up == {id for id in self.escalations if self._escalation(id).stage is EscalationStage.ACCEPTED}

    def teardown(self) -> None:
        """No offer without an end: what nobody answered has lapsed, or another may be appointed."""
        self.days_pass(40)
        for id in self.referrals:
            found = self.county.parts.ledger.history(REFERRALS, id).state
            waits = found.stage in OPEN and found.kind is not ReferralKind.INVITE
            assert not waits or found.re_appointable or found.stage is ReferralStage.OBJECTED
        self.there_is_one_truth()


def likely(desks: DesksAtWork) -> Iterator[Callable[[], None]]:
    """What the desks that may do something would do next, most of it lawful."""
    state, holder = desks._state(), desks.holder
    active, everybody = state.active_mediation, desks._everybody()
    if active is None:
        yield lambda: desks.mediate(holder, AcceptCase())
    elif CODES[active.body] != "FY":
        ended = EndMediation(mediation=active.number, because=EndGround.FAILED, remedies_told=True)
        yield lambda: desks.mediate(CODES[active.body], ended)
    for kind, to in ways(desks, holder):
        yield lambda kind=kind, to=to: desks.offer(holder, kind, to)
    for id in desks.referrals[::-1][:3]:
        yield from answers(desks, id, everybody)
    if holder in UP:
        yield lambda: desks.begin(holder, RequestEscalation(to=IDS[UP[holder]], because=Ground.TOO_COMPLEX))
        yield lambda: desks.begin("QX", CallUpCase(because=Ground.RISK, reason="风险"))
    if holder in DOWN:
        yield lambda: desks.begin(holder, AssignCaseDown(to=IDS[DOWN[holder]], reason="交办"))
    for one in desks.escalations[::-1][:2]:
        yield from steps(desks, one)


def ways(desks: DesksAtWork, code: str) -> Iterator[tuple[ReferralKind, list[str]]]:
    """One receiver of each kind, or two at once."""
    for kind in (TRANSFER, ReferralKind.DELEGATE, ReferralKind.ENTRUST, ReferralKind.INVITE):
        led = [one for one in DESKS if way(kind, desks._facts(code), desks._facts(one))]
        first = desks.turn % max(1, len(led))
        chosen = (led[first:] + led[:first])[: 1 + desks.turn % 2]
        if chosen:
            yield kind, chosen


def answers(desks: DesksAtWork, id: ReferralId, everybody: tuple[Any, ...]) -> Iterator[Callable[[], None]]:
    referral = desks._referral(id)
    assert referral.sender
    sender = CODES[referral.sender]
    back = WithdrawReferral(reason="撤回", consented=everybody)
    again = RerouteReferral(
        kind=TRANSFER, to=(IDS["SQ"],), reason="改派", content=Slice(parties=everybody), consented=everybody
    )
    no = RejectReferral(because=RejectGround.OTHER, reason="不宜")
    if referral.stage in OPEN:
        for one in referral.waiting:
            unsigned = referral.kind is TRANSFER and one in referral.unsigned
            takes = AcknowledgeReferral() if unsigned else AcceptReferral()
            yield lambda one=one, takes=takes: desks.answer(CODES[one], id, takes)
            yield lambda one=one: desks.answer(CODES[one], id, no)
        yield lambda: desks.answer(sender, id, again)
    if referral.stage is ReferralStage.ACCEPTED and referral.accepted_by:
        acceptor = CODES[referral.accepted_by]
        yield lambda: desks.answer(acceptor, id, ReturnReferral(outcome=Outcome.FAILED))
        yield lambda: desks.answer(sender, id, back)


def steps(desks: DesksAtWork, id: EscalationId) -> Iterator[Callable[[], None]]:
    escalation = desks._escalation(id)
    assert escalation.above
    above = CODES[escalation.above]
    if escalation.stage is EscalationStage.REQUESTED:
        yield lambda: desks.go_on(above, id, AcceptEscalation())
        yield lambda: desks.go_on(above, id, SendBackEscalation(because=ReturnGround.OTHER, reason="退"))
    if escalation.stage is EscalationStage.ACCEPTED:
        yield lambda: desks.go_on(above, id, ReturnDown(because=ReturnGround.OTHER, reason="退"))


def whatever(desks: DesksAtWork, data: st.DataObject) -> Iterator[Callable[[], None]]:
    """Anything by anybody, most of it refused."""
    code, other, everybody = data.draw(one_desk), data.draw(one_desk), desks._everybody()
    yield lambda: desks.offer(code, data.draw(kinds), data.draw(several))
    yield lambda: desks.mediate(code, NoteProceedings(organ=OrganKind.COURT))
    yield lambda: desks.mediate(code, AcceptCase())
    yield lambda: desks.begin(code, RequestEscalation(to=IDS[other], because=Ground.RISK))
    yield lambda: desks.begin(code, AssignCaseDown(to=IDS[other], reason="交办"))
    for id in desks.referrals:
        for command in (AcceptReferral(), WithdrawReferral(reason="撤回", consented=everybody)):
            yield lambda id=id, command=command: desks.answer(code, id, command)
    for id in desks.escalations:
        yield lambda id=id: desks.go_on(code, id, AcceptEscalation())
        yield lambda id=id: desks.go_on(code, id, WithdrawEscalation(reason="撤"))
