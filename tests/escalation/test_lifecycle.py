"""The life of an escalation: up, down and supervised, whatever is asked in whatever order, runs out or dies between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from domain.escalation.assigning_down import AssignCaseDown, ReturnDown
from domain.escalation.escalation import Escalation, running
from domain.escalation.kinds import Ground, ReturnGround
from domain.escalation.lists import COMMANDS
from domain.escalation.raising import (
    AcceptEscalation,
    CallUpCase,
    RequestEscalation,
    SendBackEscalation,
    WithdrawEscalation,
)
from domain.escalation.running_out import FixEscalationDue, LetEscalationRunOut
from domain.escalation.supervision import EndSupervision, ReportSupervision, SuperviseCase, UrgeSupervision
from domain.shared.decider import History, decide
from domain.shared.errors import DomainError
from domain.shared.occasion import BodyFacts, CaseFacts, Occasion
from domain.shared.values import AreaId, BodyKind, CaseId, Channel, EscalationId, Level
from domain.shared.vocabulary import Asker
from tests.case.histories import APPLICANT, COMMITTEE, MONDAY, RESPONDENT, entries, id_of, occasion
from tests.effort import times
from tests.oracle.elsewhere import body
from tests.referral.notebook import after_working_days, local, midnight_after
from tests.referral.test_lifecycle import CALENDAR, START

PEOPLE = Channel.PEOPLE
TOWN = body("town", BodyKind.CENTRE, Level.TOWNSHIP, PEOPLE)
COUNTY = body("county", BodyKind.CENTRE, Level.COUNTY, PEOPLE)
AWAY = body("another town", BodyKind.CENTRE, Level.TOWNSHIP, PEOPLE).but(area=AreaId(id_of("another township")))
BUREAU = body("bureau", BodyKind.ORGAN, Level.COUNTY, Channel.ADMINISTRATIVE)
POST = body("post", BodyKind.POLICE, Level.TOWNSHIP, None)
KNOWN = {one.id: one for one in (COMMITTEE, TOWN, COUNTY, AWAY, BUREAU, POST)}
_COUNTY = [COUNTY, BUREAU]
UP = {
    COMMITTEE.id: [COMMITTEE, TOWN, POST, *_COUNTY],
    TOWN.id: [TOWN, POST, *_COUNTY],
    POST.id: [POST, TOWN, *_COUNTY],
    AWAY.id: [AWAY, *_COUNTY],
    COUNTY.id: [COUNTY],
    BUREAU.id: [BUREAU],
}
"""Of a body, what lies above it, itself first."""
ORGANS = (BUREAU, POST)
WITHIN = {id: frozenset(one.area for one in above) for id, above in UP.items()}
REQUESTED, SUPERVISED = frozenset({"requested"}), frozenset({"supervised"})
NEW, WAITING, TAKEN_UP = frozenset({"new"}), REQUESTED | SUPERVISED, frozenset({"accepted"})
TABLE: dict[str, tuple[frozenset[str], str | None]] = {
    "RequestEscalation": (NEW, "requested"),
    "CallUpCase": (NEW, "accepted"),
    "AssignCaseDown": (NEW, "assigned"),
    "SuperviseCase": (NEW, "supervised"),
    "AcceptEscalation": (REQUESTED, "accepted"),
    "SendBackEscalation": (REQUESTED, "sent-back"),
    "WithdrawEscalation": (REQUESTED, "withdrawn"),
    "ReturnDown": (TAKEN_UP, "returned-down"),
    "UrgeSupervision": (SUPERVISED, None),
    "ReportSupervision": (SUPERVISED, None),
    "EndSupervision": (SUPERVISED, "ended"),
    "LetEscalationRunOut": (WAITING, None),
    "FixEscalationDue": (WAITING, None),
}
"""In which stages, and into which."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
_UP, _CALL = RequestEscalation(to=COUNTY.id, because=Ground.RISK), CallUpCase(because=Ground.RISK, reason="风险")
_DOWN, _TO_POST = (AssignCaseDown(to=one.id, reason="交办") for one in (COMMITTEE, POST))
_BACK = ReturnDown(because=ReturnGround.OTHER, reason="退")
_REPORT, _URGE = ReportSupervision(account="已办"), UrgeSupervision(words="速办")


def _watch(day: date) -> SuperviseCase:
    return SuperviseCase(because=Ground.RISK, demand="说明", report_by=day)


STORIES: list[list[tuple[BodyFacts, Any]]] = [
    [],
    [(COMMITTEE, _UP)],
    [(TOWN, _UP), (COUNTY, AcceptEscalation()), (COUNTY, _BACK)],
    [(TOWN, _UP), (COUNTY, AcceptEscalation()), (COUNTY, "held by the town"), (COUNTY, _BACK)],
    [(COUNTY, _CALL), (AWAY, _CALL), (BUREAU, _CALL), (POST, _CALL)],
    [(POST, _DOWN), (TOWN, _DOWN), (COUNTY, _DOWN)],
    [(POST, _TO_POST), (COUNTY, _TO_POST)],
    [(COUNTY, _watch(local(START)))],
    [(COUNTY, _watch(local(START) + 7 * DAY)), (TOWN, _REPORT), (COUNTY, _URGE), (TOWN, _REPORT)],
]
"""Who asks what; what the table does not know is refused."""
MOVE_THE_CASE = {"AcceptEscalation", "CallUpCase", "AssignCaseDown", "ReturnDown"}
HOLDERS = [COMMITTEE, TOWN, COUNTY, POST]
ELAPSED = st.sampled_from([MINUTE, MINUTE, MINUTE, DAY, 2 * DAY, 5 * DAY, 12 * DAY])


class EscalationLifecycle(RuleBasedStateMachine):
    done: ClassVar[Counter[str]] = Counter()

    @initialize(holder=st.sampled_from(HOLDERS), story=st.sampled_from(STORIES))
    def begins(self, holder: BodyFacts, story: Any) -> None:
        self.told(holder, story)

    def told(self, holder: BodyFacts, story: Any) -> None:
        id = EscalationId(id_of("escalation"))
        self.history = History.of(id, Escalation.blank(id), ())
        self.holder, self.now, self.asked = holder, START, 0
        self.stage, self.since, self.day = "new", None, None
        self.above: BodyFacts = COUNTY
        self.below = holder
        self.reported, self.over = False, False
        self.last_step = START - 2 * DAY
        for by, step in story:
            self.now += MINUTE
            if step == "held by the town":
                self.holder = TOWN
            else:
                self.ask(step, self.on(by, timedelta(0)))
            self.it_is_as_was_noted()

    def on(self, by: BodyFacts, late: timedelta) -> Occasion:
        self.asked += 1
        case = CaseFacts(
            id=CaseId(id_of("case")),
            registered_at=MONDAY,
            last_step=self.last_step,
            holder=self.holder.id,
            holder_level=self.holder.level,
            parties=frozenset({APPLICANT, RESPONDENT}),
            applicants=frozenset({APPLICANT}),
            mediated_by=None,
            filed=False,
            petition=False,
            complex=False,
        )
        moments = {"now": self.now, "occurred_at": self.now - late, "seed": id_of(f"asked {self.asked}")}
        facts = {"body": by, "bodies": KNOWN, "within": WITHIN, "calendar": CALENDAR, "case": case}
        return replace(occasion(), **facts | moments)

    def clock(self) -> date | None:
        waits = self.stage == "requested" or (self.stage == "supervised" and not self.reported)
        return self.day if waits and not self.over else None

    def why_not(self, command: Any, on: Occasion) -> Iterator[str]:
        name = type(command).__name__
        if self.stage not in TABLE[name][0]:
            yield "NotAllowedNow"
            return
        begins = self.last_step if name in MOVE_THE_CASE else MONDAY
        if on.occurred_at < max(begins, self.since or begins):
            yield "BeforeWhatItBuildsOn"
        yield from self.not_so(command, on)

    def not_so(self, command: Any, on: Occasion) -> Iterator[str]:
        """Reasons that lie in what is asked, and by whom."""
        match command:
            case RequestEscalation():
                yield from self.not_between(KNOWN[command.to], self.holder, "NotAbove")
            case CallUpCase():
                yield from self.not_between(on.body, self.holder, "NotAbove")
            case SuperviseCase():
                yield from self.not_between(on.body, self.holder, "NotAbove")
                yield from ["DayIsOver"] if command.report_by <= local(on.occurred_at) else []
            case AssignCaseDown():
                yield from [] if on.body == self.holder else ["NotYoursToAssign"]
                yield from self.not_between(on.body, KNOWN[command.to], "NotBelow")
            case ReturnDown() if self.holder != self.above:
                yield "NotHeldAbove"
            case LetEscalationRunOut(day=day):
                yield from ["NothingRunsOut"] if self.clock() != day or on.now < midnight_after(day) else []
            case FixEscalationDue():
                yield "NothingRunsOut"

    def not_between(self, upper: BodyFacts, lower: BodyFacts, refusal: str) -> Iterator[str]:
        if upper.level == lower.level or upper not in UP.get(lower.id, []):
            yield refusal
        if upper in ORGANS or (lower in ORGANS and self.holder != lower):
            yield "TakesNothingUp"

    def refused(self, command: Any, refusal: DomainError, why_not: set[str]) -> DomainError:
        assert type(refusal).__name__ in why_not, f"{command!r}: {refusal!r} without reason, but {why_not}"
        return refusal

    def ask(self, command: Any, on: Occasion) -> DomainError | None:
        why_not = set(self.why_not(command, on))
        try:
            events = decide(self.history, command, on)
        except DomainError as refused:
            return self.refused(command, refused, why_not)
        assert not why_not, f"{command!r} was accepted in spite of {why_not}"
        self.history = self.history.then(entries(self.history, events, on))
        self.note(command, on)
        self.done[type(command).__name__] += 1
        return None

    def note(self, command: Any, on: Occasion) -> None:
        name = type(command).__name__
        if into := TABLE[name][1]:
            self.stage, self.since = into, on.occurred_at
        match command:
            case RequestEscalation():
                self.below, self.above = self.holder, KNOWN[command.to]
                self.day = after_working_days(local(on.occurred_at), 3)
            case CallUpCase() | SuperviseCase():
                self.below, self.above = self.holder, on.body
                self.day = command.report_by if isinstance(command, SuperviseCase) else None
            case AssignCaseDown():
                self.below, self.above = KNOWN[command.to], on.body
            case UrgeSupervision() | ReportSupervision():
                self.reported = isinstance(command, ReportSupervision)
            case LetEscalationRunOut():
                self.over = True
        if name in MOVE_THE_CASE:
            self.holder = self.above if self.stage == "accepted" else self.below
            self.last_step = on.occurred_at

    @rule(
        data=st.data(),
        elapsed=ELAPSED,
        what=st.sampled_from(["asks"] * 6 + ["moves elsewhere", "moves elsewhere", "dies"]),
    )
    def lives(self, data: st.DataObject, elapsed: timedelta, what: str) -> None:
        self.now += elapsed
        if what == "moves elsewhere":
            self.holder = data.draw(st.sampled_from([COMMITTEE, TOWN, COUNTY]))
            return
        fit = [name for name, (stages, _) in TABLE.items() if self.stage in stages] or list(TABLE)
        names = st.one_of(st.sampled_from(fit), st.sampled_from(fit[::-1]), st.sampled_from(list(TABLE)))
        command = data.draw(names.flatmap(self._drawn), label="asked")
        by = data.draw(st.sampled_from([self.above, self.holder, *KNOWN.values()]), label="by")
        on = self.on(by, data.draw(st.sampled_from([timedelta(0)] * 6 + [DAY, 5 * DAY]), label="late"))
        if what == "dies":
            self.dies(command, on)
        else:
            self.ask(command, on)

    def dies(self, command: Any, on: Occasion) -> None:
        """Decided, and never recorded."""
        before = self.history.state
        with suppress(DomainError):
            decide(self.history, command, on)
        assert self.history.state == before

    def _drawn(self, name: str) -> st.SearchStrategy[Any]:
        to, ground = st.sampled_from(list(KNOWN)), st.sampled_from(Ground)
        back, words = st.sampled_from(ReturnGround), st.just("说明")
        some_day = st.sampled_from([self.clock() or local(self.now), local(self.now) + DAY])
        return {
            "RequestEscalation": lambda: st.builds(RequestEscalation, to=to, because=ground),
            "CallUpCase": lambda: st.builds(CallUpCase, because=ground, reason=words),
            "AssignCaseDown": lambda: st.builds(AssignCaseDown, to=to, reason=words),
            "SuperviseCase": lambda: st.builds(
                SuperviseCase,
                because=ground,
                demand=words,
                report_by=st.sampled_from([local(self.now) + days * DAY for days in (0, 1, 7)]),
            ),
            "AcceptEscalation": lambda: st.just(AcceptEscalation()),
            "SendBackEscalation": lambda: st.builds(SendBackEscalation, because=back, reason=words),
            "WithdrawEscalation": lambda: st.builds(WithdrawEscalation, reason=words),
            "ReturnDown": lambda: st.builds(ReturnDown, because=back, reason=words),
            "UrgeSupervision": lambda: st.builds(UrgeSupervision, words=words),
            "ReportSupervision": lambda: st.builds(ReportSupervision, account=words),
            "EndSupervision": lambda: st.just(EndSupervision()),
            "LetEscalationRunOut": lambda: st.builds(LetEscalationRunOut, clock=st.just("answer"), day=some_day),
            "FixEscalationDue": lambda: st.just(FixEscalationDue(clock="answer")),
        }[name]()

    @invariant()
    def it_is_as_was_noted(self) -> None:
        state = self.history.state
        assert (state.stage, state.since) == (self.stage, self.since)
        assert [due.day for due in running(state).values()] == [day for day in [self.clock()] if day]
        assert self.stage == "new" or (state.above, state.below) == (self.above.id, self.below.id)
        assert self.stage not in SUPERVISED or state.reported == self.reported
        assert History.of(self.history.id, self.history.blank, self.history.entries).state == state

    def teardown(self) -> None:
        """What waits for an answer is flagged, once."""
        if day := self.clock():
            self.now += 60 * DAY
            fires = LetEscalationRunOut(clock="answer", day=day)
            assert self.ask(fires, self.on(COMMITTEE, timedelta(0))) is None
            assert self.ask(fires, self.on(COMMITTEE, timedelta(0))) is not None
            self.it_is_as_was_noted()


TRIES = settings(
    max_examples=times(quick=40, test=120, soak=600), stateful_step_count=12, deadline=None, report_multiple_bugs=False
)


def test_an_escalation_moves_only_as_its_rules_let_it_and_waits_for_no_answer_unflagged():
    EscalationLifecycle.done = Counter()

    run_state_machine_as_test(EscalationLifecycle, settings=TRIES)

    done = EscalationLifecycle.done
    assert done.keys() <= TABLE.keys()
    assert len(done) >= len(TABLE) * times(quick=1, test=3, soak=4) // 4 - 1, done


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: holder.code)
@pytest.mark.parametrize("story", STORIES)
def test_every_story_goes_as_the_table_says(holder, story):
    life = EscalationLifecycle()
    life.told(holder, story)
    life.teardown()


def test_every_command_of_an_escalation_has_its_place_in_the_table():
    assert TABLE.keys() == {one.__name__ for one in COMMANDS if one.asker is not Asker.OPERATOR}
