"""The life of a referral: whatever is asked, in whatever order, whatever runs out or dies in between."""

from __future__ import annotations

import itertools
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from domain.referral.acknowledging import AcknowledgeReferral
from domain.referral.answering import AcceptReferral, RejectReferral
from domain.referral.asking import AnswerQuestion, AskBack
from domain.referral.kinds import RejectGround
from domain.referral.lists import COMMANDS
from domain.referral.objecting import DecideObjection, ObjectToReferral
from domain.referral.offering import OfferReferral
from domain.referral.referral import Referral, running
from domain.referral.returning import ReturnReferral
from domain.referral.running_out import FixReferralDue, LetReferralRunOut
from domain.referral.taking_back import RerouteReferral, WithdrawReferral
from domain.shared.calendar import Calendar
from domain.shared.decider import History, decide
from domain.shared.errors import DomainError
from domain.shared.occasion import BodyFacts, CaseFacts, Occasion
from domain.shared.slices import Slice
from domain.shared.values import BodyKind, CaseId, Channel, Level, ReferralId, ReferralKind
from domain.shared.vocabulary import Asker, Outcome
from tests.case.histories import APPLICANT, COMMITTEE, COURT, MONDAY, RESPONDENT, entries, id_of, occasion
from tests.effort import times
from tests.oracle.elsewhere import body
from tests.referral.notebook import FREE, MADE_UP, OPEN, STAGES, UNANSWERED, Notebook

START = datetime.fromisoformat("2026-09-14T09:30:00+08:00")
CALENDAR = Calendar(
    version="by hand", published_until=date(2026, 12, 31), holidays=frozenset(FREE), make_up_workdays=frozenset(MADE_UP)
)
BOTH = (APPLICANT, RESPONDENT)
ASKABLE = {one.__name__ for one in COMMANDS if one.asker is not Asker.OPERATOR}
ANY = st.sampled_from(list(STAGES))
ENDING = {"WithdrawReferral", "RerouteReferral", "RejectReferral", "AcceptReferral"}
"""Asked less often: most lives should be longer."""
CENTRE = body("centre", BodyKind.CENTRE, Level.TOWNSHIP, Channel.PEOPLE)
ORGANS = [body(f"organ {one}", BodyKind.ORGAN, Level.COUNTY, Channel.ADMINISTRATIVE) for one in "AB"]
POST = body("police", BodyKind.POLICE, Level.TOWNSHIP, Channel.ADMINISTRATIVE)
LETTERS = body("petitions", BodyKind.PETITION, Level.COUNTY, None)
NEXT_VILLAGE = body("next village", BodyKind.COMMITTEE, Level.VILLAGE, Channel.PEOPLE)
KNOWN = {one.id: one for one in (COMMITTEE, NEXT_VILLAGE, COURT, CENTRE, *ORGANS, POST, LETTERS)}
PEOPLE, ADMINISTRATIVE = (COMMITTEE, CENTRE), (*ORGANS, POST)
K = ReferralKind
LAWFUL = [
    (K.DELEGATE, COURT, (*PEOPLE, *ADMINISTRATIVE)),
    (K.ENTRUST, COURT, (*PEOPLE, *ADMINISTRATIVE)),
    (K.TRANSFER, ORGANS[0], PEOPLE),
    (K.TRANSFER, COMMITTEE, ADMINISTRATIVE),
    (K.TRANSFER, COMMITTEE, (NEXT_VILLAGE,)),
    (K.TRANSFER, ORGANS[0], (ORGANS[1], POST)),
    (K.TRANSFER, POST, PEOPLE),
    (K.TRANSFER, LETTERS, (*PEOPLE, *ADMINISTRATIVE)),
    (K.TRANSFER, LETTERS, ADMINISTRATIVE),
    (K.INVITE, COMMITTEE, (CENTRE, COURT, *ORGANS)),
]
"""Who refers so to whom, by the table of the design."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_SIGN, _TAKE, _OBJECT = AcknowledgeReferral(), AcceptReferral(), ObjectToReferral(reason="非本机关职责")
_CALL = RejectReferral(because=RejectGround.OUT_OF_SCOPE, reason="不属于本机关")
_OVERRULE, _BACK = DecideObjection(agreed=False), WithdrawReferral(reason="撤回", consented=BOTH)
LATE = _BACK.but(occurred_at=START + 2 * DAY)
_ANSWER = AnswerQuestion(answer="随附")
CLOCKS, THE_CASE = "the clocks fire", "the case moves on"
STORIES: list[list[tuple[int, Any, timedelta]]] = [
    [],
    [(0, _SIGN, MINUTE), (0, _SIGN, MINUTE)],
    [(0, _SIGN, MINUTE), (1, _SIGN, MINUTE), (0, CLOCKS, 9 * DAY)],
    [(0, _SIGN, MINUTE), (0, _OBJECT, HOUR)],
    [(0, _SIGN, MINUTE), (0, _OBJECT, 9 * DAY)],
    [(1, _SIGN, MINUTE), (0, _SIGN, MINUTE), (0, _OBJECT, DAY), (0, _OVERRULE, 9 * DAY), (1, _OBJECT, MINUTE)],
    [(0, _SIGN, MINUTE), (0, _OBJECT, DAY), (0, _OVERRULE, 9 * DAY), (0, _OBJECT, MINUTE), (0, CLOCKS, 4 * DAY)],
    [(0, _SIGN, MINUTE), (0, _CALL, MINUTE), (0, _SIGN, MINUTE), (0, CLOCKS, 5 * DAY)],
    [(0, _SIGN, MINUTE), (0, CLOCKS, 5 * DAY), (0, _CALL, MINUTE), (1, _SIGN, MINUTE)],
    [(0, CLOCKS, 5 * DAY), (0, _TAKE, MINUTE)],
    [(0, _TAKE, MINUTE), (0, _SIGN, MINUTE), (0, CLOCKS, DAY), (0, _TAKE, MINUTE), (0, CLOCKS, 20 * DAY)],
    [(0, _SIGN, MINUTE), (0, _TAKE, MINUTE), (0, WithdrawReferral(reason="撤回"), MINUTE), (0, _BACK, MINUTE)],
    [(0, _SIGN, MINUTE), (0, _TAKE, MINUTE), (0, THE_CASE, 4 * DAY), (0, LATE, HOUR)],
    [
        (0, AskBack(question="证据何在"), MINUTE),
        (0, AnswerQuestion(answer="随附"), DAY),
        (0, AnswerQuestion(answer="再答"), DAY),
    ],
]
"""Who of the receivers asks what, and after how long; where its kind knows no such step, it is refused."""
ELAPSED = st.sampled_from([MINUTE] * 6 + [HOUR, DAY, DAY, 2 * DAY, 4 * DAY, 9 * DAY])
PETITION = st.sampled_from([True, True, True, False])


class ReferralLifecycle(RuleBasedStateMachine):
    done: ClassVar[Counter[str]] = Counter()

    @initialize(data=st.data(), way=st.sampled_from(LAWFUL), story=st.sampled_from(STORIES))
    def begins(self, data: st.DataObject, way: Any, story: Any) -> None:
        _, _, receivers = way
        to = data.draw(st.lists(st.sampled_from(receivers), min_size=1, max_size=3, unique_by=lambda one: one.id))
        self.told(way, to, story, petition=data.draw(PETITION), complex=data.draw(st.booleans()))

    def told(self, way: Any, to: Any, story: Any, *, petition: bool, complex: bool) -> None:
        """From its offer as far as the story goes."""
        kind, self.sender, _ = way
        self.petition, self.now, self.asked, self.filed = petition, START, 0, kind is K.ENTRUST
        self.last_step, self.receivers, self.notes = START - HOUR, to, Notebook()
        id = ReferralId(id_of("referral"))
        self.history = History.of(id, Referral.blank(id), ())
        receivers = tuple(one.id for one in to)
        content = Slice(parties=BOTH)
        command = OfferReferral(kind=kind, to=receivers, content=content, consented=BOTH, complex=complex)
        assert self.ask(command, self.on(self.sender)) is None
        for which, step, wait in story:
            self.now += wait
            self.goes_on(to[which % len(to)], step)
            self.it_is_as_the_notebook_says()
            self.no_offer_is_without_an_end()

    def goes_on(self, by: BodyFacts, step: Any) -> None:
        if step == CLOCKS:
            self.clocks_fire()
        elif step == THE_CASE:
            self.case_moves_on()
        else:
            self.ask(step, self.on(by, step.occurred_at))

    def on(self, by: Any, at: datetime | None = None) -> Occasion:
        self.asked += 1
        case = CaseFacts(
            id=CaseId(id_of("case")),
            registered_at=MONDAY,
            last_step=self.last_step,
            holder=self.sender.id,
            holder_level=self.sender.level,
            parties=frozenset(BOTH),
            applicants=frozenset({APPLICANT}),
            mediated_by=None,
            filed=self.filed,
            petition=self.petition,
            complex=False,
        )
        moments = {"now": self.now, "occurred_at": at or self.now, "seed": id_of(f"asked {self.asked}")}
        return replace(occasion(), body=by, bodies=KNOWN, calendar=CALENDAR, case=case, **moments)

    def refused(self, command: Any, refusal: DomainError, why_not: set[str]) -> DomainError:
        assert type(refusal).__name__ in why_not, f"{command!r}: {refusal!r} without reason, but {why_not}"
        return refusal

    def ask(self, command: Any, on: Occasion) -> DomainError | None:
        """Accepted where nothing speaks against it, refused for a reason that the notebook knows."""
        why_not = set(self.notes.why_not(command, on)) if self.history.entries else set()
        try:
            events = decide(self.history, command, on)
        except DomainError as refused:
            return self.refused(command, refused, why_not)
        assert not why_not, f"{command!r} was accepted in spite of {why_not}"
        assert all(type(one).model_validate_json(one.model_dump_json()) == one for one in events)
        self.history = self.history.then(entries(self.history, events, on))
        self.notes.did(command, on)
        self.done[f"{type(command).__name__} {self.notes.stage}"] += 1
        return None

    @rule(data=st.data(), elapsed=ELAPSED, what=st.sampled_from(["asks"] * 8 + ["fires", "dies", "moves on"]))
    def lives(self, data: st.DataObject, elapsed: timedelta, what: str) -> None:
        self.now += elapsed
        asks = {"asks": lambda: self.somebody_asks(data), "fires": self.clocks_fire, "dies": self.dies}
        asks.get(what, self.case_moves_on)()

    def somebody_asks(self, data: st.DataObject) -> None:
        late = data.draw(st.sampled_from([timedelta(0)] * 6 + [HOUR, 3 * DAY]), label="late")
        fit = [name for name, stages in STAGES.items() if self.notes.stage in stages]
        going_on = [name for name in fit if name not in ENDING] or list(STAGES)
        mostly = st.sampled_from(going_on[self.asked % len(going_on) :] + going_on)
        names = st.one_of(mostly, mostly, mostly, st.sampled_from(fit or list(STAGES)), ANY)
        command = data.draw(names.flatmap(self._drawn), label="asked")
        by = data.draw(st.sampled_from([*self.receivers * 4, *KNOWN.values()]), label="by")
        self.ask(command, self.on(by, self.now - late))

    def _drawn(self, name: str) -> st.SearchStrategy[Any]:
        to = st.sampled_from(
            [
                ((COMMITTEE.id,), K.TRANSFER),
                (tuple(self.notes.desks), K(self.notes.kind)),
                (tuple(self.notes.desks), K.TRANSFER),
            ]
        )
        who, clocks = st.sampled_from([BOTH, BOTH, (APPLICANT,), ()]), [*self.notes.clocks().items()]
        today, nobody = self.now.date(), f"accept/{id_of('nobody')}"
        some_clock = st.sampled_from([*clocks, ("answer", today), (nobody, today)])
        return {
            "OfferReferral": lambda: st.just(
                OfferReferral(kind=K.INVITE, to=(CENTRE.id,), content=Slice(parties=BOTH), consented=BOTH)
            ),
            "AcknowledgeReferral": lambda: st.just(AcknowledgeReferral()),
            "AcceptReferral": lambda: st.just(AcceptReferral(note="收到")),
            "RejectReferral": lambda: st.builds(
                RejectReferral, because=st.sampled_from(RejectGround), reason=st.just("不宜")
            ),
            "AskBack": lambda: st.just(AskBack(question="证据何在")),
            "AnswerQuestion": lambda: st.just(AnswerQuestion(answer="随附")),
            "ObjectToReferral": lambda: st.just(ObjectToReferral(reason="非本机关职责")),
            "DecideObjection": lambda: st.builds(DecideObjection, agreed=st.booleans()),
            "WithdrawReferral": lambda: st.builds(WithdrawReferral, reason=st.just("撤回"), consented=who),
            "RerouteReferral": lambda: to.map(
                lambda one: RerouteReferral(
                    to=one[0], kind=one[1], reason="改派", content=Slice(parties=BOTH), consented=BOTH
                )
            ),
            "ReturnReferral": lambda: st.builds(ReturnReferral, outcome=st.sampled_from(Outcome)),
            "LetReferralRunOut": lambda: some_clock.map(lambda one: LetReferralRunOut(clock=one[0], day=one[1])),
            "FixReferralDue": lambda: some_clock.map(lambda one: FixReferralDue(clock=one[0])),
        }[name]()

    def clocks_fire(self) -> None:
        """Each that is over, and none a second time."""
        for name, day in self.notes.clocks().items():
            if name in self.notes.clocks() and self.now >= self.notes.end_of(name):
                fires = LetReferralRunOut(clock=name, day=day)
                assert self.ask(fires, self.on(COMMITTEE)) is None
                assert self.ask(fires, self.on(COMMITTEE)) is not None

    def case_moves_on(self) -> None:
        """Its mediation went a step further, somewhere else."""
        self.last_step = self.now

    def dies(self) -> None:
        """Before it commits."""
        before = self.history.state
        for command in (AcceptReferral(), WithdrawReferral(reason="撤回", consented=BOTH)):
            with suppress(DomainError):
                decide(self.history, command, self.on(self.receivers[0]))
        assert self.history.state == before

    @invariant()
    def it_is_as_the_notebook_says(self) -> None:
        if not hasattr(self, "notes"):
            return
        state = self.history.state
        assert (state.stage, state.since) == (self.notes.stage, self.notes.since)
        assert {str(name): due.day for name, due in running(state).items()} == self.notes.clocks()
        assert set(state.waiting) == set(self.notes.left())
        assert History.of(self.history.id, self.history.blank, self.history.entries).state == state

    @invariant()
    def no_offer_is_without_an_end(self) -> None:
        if not hasattr(self, "notes") or self.notes.stage not in UNANSWERED or self.notes.kind == "invite":
            return
        clocks = self.notes.clocks().keys()
        to_come = "answer" in clocks or any(name.startswith("accept/") for name in clocks)
        assert to_come or self.history.state.re_appointable, "somebody's silence still ends it, or another is appointed"

    def teardown(self) -> None:
        if hasattr(self, "notes"):
            for _ in range(3):
                self.now += 30 * DAY
                self.clocks_fire()
            assert self.notes.stage not in OPEN - {"objected"} or not self.notes.transfer
            self.it_is_as_the_notebook_says()


TRIES = settings(
    max_examples=times(quick=40, test=120, soak=600), stateful_step_count=20, deadline=None, report_multiple_bugs=False
)


def test_a_referral_moves_only_as_its_rules_let_it_and_every_offer_has_an_end():
    ReferralLifecycle.done = Counter()

    run_state_machine_as_test(ReferralLifecycle, settings=TRIES)

    asked = {name.split()[0] for name in ReferralLifecycle.done}
    assert len(asked & ASKABLE) >= len(ASKABLE) * times(quick=1, test=3, soak=3) // 4 - 1, ReferralLifecycle.done


@pytest.mark.parametrize("many", [1, 2])
@pytest.mark.parametrize("petition", [True, False])
@pytest.mark.parametrize("way", LAWFUL, ids=lambda way: f"{way[0]} {way[1].code}")
def test_every_story_goes_as_the_articles_say(way, petition, many):
    for number, story in enumerate(STORIES):
        for to in itertools.permutations(way[2], many):
            life = ReferralLifecycle()
            life.told(way, to, story, petition=petition, complex=bool(number % 2))
            life.teardown()


def test_every_command_of_a_referral_has_its_place_in_the_notebook():
    assert STAGES.keys() == ASKABLE
