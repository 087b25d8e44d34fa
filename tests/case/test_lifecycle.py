"""The life of a case: whatever is asked, in whatever order, it moves only as the law lets it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, Unsatisfiable
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from domain.case.clocks import LetClockRunOut
from domain.case.commands import MediationEvent
from domain.case.lists import COMMANDS, EVENTS
from tests.case.histories import id_of, parted
from tests.oracle.crossing import possible
from tests.oracle.drawing import BODIES, ELAPSED, LATE, OFFICERS, SELDOM, turned
from tests.oracle.drawn import DRAWN
from tests.oracle.judge import AT_STAGE, Judge
from tests.oracle.lawful import AMENDMENTS, CLOCKS, STAGE_MOVES, STAGES, STATUS_MOVES, STATUSES, could_be_lawful
from tests.oracle.life import Life
from tests.oracle.stories import BEGINNINGS, STORIES

ASKABLE = [command for command in COMMANDS if not command.by_operator]
"""What the operator asks has tests of its own, in tests/privacy."""
NAMES = [command.__name__ for command in ASKABLE]
ASKED = [name for name in NAMES if name not in CLOCKS]
"""What people ask."""
BY_NAME = dict(zip(NAMES, ASKABLE, strict=True))


THE_CLOCK = id_of("the clock")
MOVING = frozenset({*STAGES, *STATUS_MOVES, *STAGE_MOVES, *AMENDMENTS, "ConfirmDifficulty"})
WHO = st.sampled_from(["officer"] * 4 + ["clock", "elsewhere"])
TRIES = settings(stateful_step_count=40, report_multiple_bugs=False)


class CaseLifecycle(RuleBasedStateMachine):
    def __init__(self, accepted: Counter[str]) -> None:
        super().__init__()
        self.life = Life(accepted)

    @initialize(story=st.sampled_from(BEGINNINGS), turn=st.integers(0, 10_000))
    def begin(self, story: Any, turn: int) -> None:
        self.life.turn = turn
        for step in story:
            assert tell(self.life, step) is None

    @rule(data=st.data(), elapsed=st.sampled_from(ELAPSED), who=WHO)
    def live(self, data: st.DataObject, elapsed: timedelta, who: str) -> None:
        self.life.now += elapsed
        {"officer": self.ask, "clock": self.tick, "elsewhere": self.cross}[who](data)

    def ask(self, data: st.DataObject) -> None:
        life = self.life
        name = data.draw(command_name(life), label="command")
        command = data.draw(DRAWN[BY_NAME[name]](life.seen(name)), label="asked")
        occurred_at = life.now + data.draw(st.sampled_from(LATE), label="late")
        by, body = data.draw(st.sampled_from(OFFICERS)), data.draw(st.sampled_from(BODIES))
        life.ask(command, life.occasion(occurred_at, by=by, body=body))
        if life.history.entries and data.draw(SELDOM, label="another case is merged into this one"):
            life.take_in(id_of("other case"), life.occasion())

    def tick(self, data: st.DataObject) -> None:
        """What the clock does by itself, and what it may not do."""
        life = self.life
        for name in ("FixDue", "LetClockRunOut"):
            life.ask(data.draw(DRAWN[BY_NAME[name]](life.seen(name)), label=name), life.occasion(by=THE_CLOCK))
        for name, clock in life.account.clocks().items():
            if clock.is_over(life.now):
                assert life.ask(LetClockRunOut(clock=name, day=clock.day), life.occasion(by=THE_CLOCK)) is None
                return

    def cross(self, data: st.DataObject) -> None:
        """What referrals and escalations write into it."""
        life = self.life
        found = possible(life.account, life.known, id_of(f"elsewhere {life.asked}"))
        crossing = data.draw(st.sampled_from(life.turned(found)), label="elsewhere")
        life.cross(crossing)


def command_name(life: Life) -> st.SearchStrategy[str]:
    """Any command, more often one that the table allows now, and mostly one that moves something."""
    fit = [name for name in ASKED if could_be_lawful(life.account, name)]
    moving = [name for name in fit if name in MOVING] or fit
    drawn = [life.turned(names) for names in (moving, moving, fit, ASKED, moving)]
    return st.one_of(*map(st.sampled_from, turned(drawn, life.asked)))


def tell(life: Life, step: Any) -> Any:
    """One step of a story: a command, or a command with how long after the last one and by whom."""
    command, facts = step if isinstance(step, tuple) and len(step) == 2 else parted(step)
    life.now += facts.get("wait", ELAPSED[0])
    return life.ask(command, life.occasion(**{name: fact for name, fact in facts.items() if name != "wait"}))


def test_a_case_moves_only_as_the_law_lets_it():
    accepted: Counter[str] = Counter()

    run_state_machine_as_test(lambda: CaseLifecycle(accepted), settings=TRIES)

    assert len(accepted) > len(NAMES) / 2, "it reaches far"


def test_every_command_can_be_drawn_and_has_its_place_in_the_table():
    assert sorted(one.__name__ for one in DRAWN) == sorted(NAMES)
    assert sorted({*NAMES} - {*STATUSES, *STAGES}) == [], "say in tests/oracle/lawful.py where these are lawful"
    assert sorted({*STATUSES, *STAGES} - {*NAMES}) == [], "tests/oracle/lawful.py speaks of commands that there are not"


def test_the_judge_speaks_of_events_that_there_are():
    known = {event.name.removeprefix("case.") for event in EVENTS}

    assert {name.removeprefix("on_") for name in vars(Judge) if name.startswith("on_")} <= known


def test_of_each_event_of_a_mediation_the_judge_knows_in_which_stages_it_may_happen():
    of_mediations = {one.name.removeprefix("case.") for one in EVENTS if issubclass(one, MediationEvent)}

    assert sorted(of_mediations - {*AT_STAGE}) == [], "say in OF_NO_COMMAND of tests/oracle/judge.py where they happen"
    assert sorted({*AT_STAGE} - of_mediations) == []


def test_every_command_is_accepted_somewhere():
    """By a story; or else as it is drawn, after one of the beginnings: only where neither is, a story is missing."""
    accepted: Counter[str] = Counter()
    for story in STORIES.values():
        lived(story, accepted)

    nowhere = [name for name in NAMES if name not in accepted and not is_accepted_somewhere(name)]

    assert nowhere == [], "tell a story of these in tests/oracle/stories.py"


def lived(story: Any, accepted: Counter[str] | None = None) -> Life:
    life = Life(Counter() if accepted is None else accepted)
    for step in story:
        assert tell(life, step) is None
    return life


def is_accepted_somewhere(name: str) -> bool:
    beginnings = [*BEGINNINGS, *(story[: count + 1] for story in STORIES.values() for count in range(len(story)))]
    return any(is_accepted_after(story, name) for story in beginnings)


def is_accepted_after(story: Any, name: str) -> bool:
    if not could_be_lawful(lived(story).account, name):
        return False
    drawn = DRAWN[BY_NAME[name]](lived(story).seen(name))
    try:
        find(drawn, lambda command: tell(lived(story), command) is None, settings=settings(max_examples=40))
    except (NoSuchExample, Unsatisfiable):
        return False
    return True
