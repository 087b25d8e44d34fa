"""The life of one case, lived command by command: each answer is held against the table, the reasons and the judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.case.actions import actions
from domain.case.beside.levels import EscalationOver
from domain.case.case import DisputeCase
from domain.case.kinds import Risk
from domain.case.record.joining import CannotTakeIn, SplitCase, taken_in
from domain.case.service_limits import whole_until
from domain.shared.calendar import DAY, Calendar, add_months
from domain.shared.decider import History, decide
from domain.shared.errors import DomainError
from domain.shared.occasion import Occasion
from domain.shared.values import BodyKind, Level
from tests.case.histories import CALENDAR, MONDAY, blank, entries, id_of, occasion
from tests.oracle.account import Account, lines
from tests.oracle.amending import binds_by_all, consented_by_all
from tests.oracle.crossing import MOVES, Crossing, Offer
from tests.oracle.drawing import Seen, turned
from tests.oracle.elsewhere import KNOWN, TOWN
from tests.oracle.judge import Judge
from tests.oracle.lawful import AMENDMENTS, CLOCKS, STAGE_MOVES, STAGES, STATUS_MOVES, moves
from tests.oracle.readings import known, stated
from tests.oracle.reasons import BY_OUTCOME, name_of, reasons

DESKS = frozenset({BodyKind.POLICE})
"""The police have a desk here, and no other organ."""


class Life:
    def __init__(self, accepted: Counter[str]) -> None:
        self.history: History[DisputeCase] = blank()
        self.account: Account = Judge()
        self.now = MONDAY
        self.asked = 0
        self.turn = 0
        """Draws prefer the first of a choice: the choices of each step begin elsewhere."""
        self.accepted = accepted
        self.known: dict[Any, Offer] = {}
        """The offers, as their own histories know them."""

    @property
    def record(self) -> dict[int, Any]:
        return lines(self.history.entries)

    def seen(self, command: str) -> Seen:
        return Seen(self.account, self.record, self.now, command, self.turn + self.asked)

    def turned(self, choice: Sequence[Any]) -> list[Any]:
        return turned(choice, self.turn + self.asked * 13)

    @property
    def calendar(self) -> Calendar:
        """The holidays are published month by month: what is due later is provisional until then."""
        until = add_months(self.now.date().replace(day=1), 2) - DAY
        return CALENDAR.but(version=str(until), published_until=until)

    def occasion(self, occurred_at: datetime | None = None, **facts: Any) -> Occasion:
        """As the use case makes it: now, by a seed of its own."""
        moments = {"occurred_at": occurred_at or self.now, "now": self.now, "seed": id_of(f"seed {self.asked}")}
        return replace(occasion(), **{"calendar": self.calendar, "bodies": KNOWN, "desks": DESKS} | moments | facts)

    def ask(self, command: Any, on: Occasion) -> DomainError | None:
        """Decides it and, where it is accepted, records it. The refusal, if there was one."""
        self.asked += 1
        name, before, history = name_of(command), self.account, self.history
        why_not = reasons(before, command, on, self.record)
        outcomes = BY_OUTCOME if name in AMENDMENTS else frozenset()
        refusal = self.decided(lambda: decide(history, command, on), command, on, why_not, outcomes)
        if refusal:
            return refusal
        self.accepted[name] += 1
        self.reacted(on)
        if isinstance(command, SplitCase):
            splits_off(command, history, on)
        if name not in CLOCKS:
            offered(command, history.state)
        if name not in AMENDMENTS:
            moved_lawfully(name, before, self.account)
        else:
            consented_by_all(command, history)
            binds_by_all(command, history, self.history)
        if name == "LetClockRunOut":
            ran_out_lawfully(str(command.clock), before, self.account)
        return None

    def reacted(self, on: Occasion) -> None:
        """What is over leaves nothing to send down: its escalations are resolved where they were taken up."""
        over = self.account.status not in {"registered", "open"}
        taken_up = [id for id, phase in self.account.escalations.items() if over and phase == "taken-up"]
        if taken_up:
            self.lived([EscalationOver(escalation=id, how="resolved") for id in taken_up], on)

    def cross(self, crossing: Crossing) -> DomainError | None:
        """Another context writes into the case."""
        self.asked += 1
        before, state = self.account, self.history.state
        on = self.occasion(body=crossing.offer.to if crossing.offer else TOWN)
        why_not = set(crossing.why_not(before))
        refusal = self.decided(lambda: crossing.events(state, on), crossing.name, on, why_not, frozenset())
        if refusal:
            return refusal
        if crossing.offer and crossing.name == "offer":
            self.known[crossing.offer.id] = crossing.offer
        moved_lawfully_elsewhere(crossing.name, before, self.account)
        return None

    def decided(
        self, deciding: Callable[[], Any], asked: Any, on: Occasion, why_not: set[str], outcomes: frozenset[str]
    ) -> DomainError | None:
        try:
            events = tuple(deciding())
        except DomainError as refusal:
            self.refused(asked, refusal, why_not | outcomes)
            return refusal
        assert not why_not, f"{asked!r} was accepted in spite of {why_not}"
        assert events, "what is accepted is recorded"
        self.lived(events, on)
        return None

    def refused(self, asked: Any, refusal: DomainError, possible: set[str]) -> None:
        assert type(refusal).__name__ in possible, (
            f"{asked!r} was refused without reason: {refusal!r}. When it may be: REASONS in tests/oracle/reasons.py"
        )
        assert known(self.account) == stated(self.history.state), "what is refused changes nothing"

    def take_in(self, other: Any, on: Occasion) -> None:
        """Another case is merged into this one."""
        self.asked += 1
        try:
            events = taken_in(self.history.state, self.other(other))
        except CannotTakeIn:
            assert self.account.status not in {"registered", "open"}
        else:
            assert self.account.status in {"registered", "open"}
            self.lived(events, on)

    def other(self, id: Any) -> History[DisputeCase]:
        """A case that was at the township, sent back once."""
        was = DisputeCase.blank(id).but(level=Level.VILLAGE, highest=Level.TOWNSHIP, bounces=1, risk=Risk.RED)
        older = whole_until(None, self.occasion(), MONDAY - DAY)
        was = was.but(registered_at=MONDAY - DAY, dispute_until=older)
        return History(id, was, (), was)

    def lived(self, events: Any, on: Occasion) -> None:
        for event in events:
            assert type(event).model_validate_json(event.model_dump_json()) == event, "it is stored as it was decided"
        self.history = self.history.then(entries(self.history, events, on))
        self.account = judged(self.history)
        self.told_alike()

    def told_alike(self) -> None:
        """The state is the same however the record is read, and says what the judge read."""
        history = self.history
        assert History.of(history.id, history.blank, history.entries).state == history.state
        assert blank().then(history.entries).state == history.state
        assert history.effective_at(datetime.max.replace(tzinfo=MONDAY.tzinfo)) == history.state
        for entry in history.entries[:: max(1, len(history.entries) // 4)]:
            assert history.effective_at(entry.occurred_at).id == history.id, "every moment of it can be read"
        told, state = known(self.account), stated(history.state)
        assert told == state, {name: (told[name], state[name]) for name in told if told[name] != state[name]}


def judged(history: History[DisputeCase]) -> Judge:
    judge = Judge()
    for event, at in lines(history.entries).values():
        judge.read(event, at)
    for talks in judge.talks.values():
        waiting = talks.stage == "agreed" and talks.bound_since(judge.present)
        assert not waiting, "what all have signed is in effect"
        assert not (talks.expired and talks.stage in STAGES["EndMediation"]), "its clock ends the mediation"
        assert not (talks.sued and talks.stage in STAGES["EndMediation"]), "a suit ends the mediation"
    return judge


def offered(command: Any, case: DisputeCase) -> None:
    free = [one for one in actions(case) if one.blocked is None and one.command is type(command)]
    number = command.mediation if name_of(command) in STAGES else None
    assert number in [one.mediation for one in free], "what is accepted was offered"


def ran_out_lawfully(clock: str, before: Account, after: Account) -> None:
    """It is over for good; a mediation ends by it where a rule says so, and nothing else moves."""
    assert clock not in after.clocks()
    kind, _, which = clock.partition("/")
    ends = kind == "conclude" and before.talks[int(which)].ends_by_itself
    status, stages = moves(before, after)
    assert not status
    assert len(stages) == ends


def moved_lawfully_elsewhere(name: str, before: Account, after: Account) -> None:
    status, stages = moves(before, after)
    lawful_status, lawful_stages = MOVES.get(name, (frozenset(), frozenset()))
    assert status <= lawful_status, f"{name} moved the case {status}"
    assert stages <= lawful_stages, f"{name} moved a mediation {stages}"


def moved_lawfully(name: str, before: Account, after: Account) -> None:
    status, stages = moves(before, after)
    assert status <= STATUS_MOVES.get(name, frozenset()), f"{name} moved the case {status}"
    assert stages <= STAGE_MOVES.get(name, frozenset()), f"{name} moved a mediation {stages}"


def splits_off(command: SplitCase, history: History[DisputeCase], on: Occasion) -> None:
    """The new case is registered with the same place and holder, and with the parties under ids of their own; what
    stands in the way of mediating the whole stands in its way."""
    case, begun = history.state, command.split_off(history, on)
    empty = History.of(on.seed, DisputeCase.blank(on.seed), ())
    new = empty.then(entries(empty, begun, on)).state
    assert (new.status, new.place) == ("registered", case.place)
    assert [one.side for one in new.parties.values()] == [case.parties[id].side for id in command.parties]
    assert not set(new.parties) & set(case.parties)
    assert (new.holder, new.level, new.highest) == (case.holder, case.level, case.highest)
    assert (new.possible_crime, new.risk) == (case.possible_crime, case.risk)
    refusing = [channel for id in command.parties for one, channel in case.refusals if one == id]
    assert sorted(channel for _, channel in new.refusals) == sorted(refusing)
    assert [one.organ for one in new.proceedings] == [one.organ for one in case.proceedings if one.blocks]
