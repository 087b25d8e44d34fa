"""轮次 Turns: from when until when a body sees all of a case, and what ends that.

A turn ends where another body holds the matter, by a referral as well as between levels, or where the body above has
answered what it was asked. It begins anew where the matter comes to the body by level, or home to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.case.case import DisputeCase
from domain.case.course import Answered, AskedAbove, EscalationPhase, Moved, Replaced, Warned, WarningAnswered
from domain.shared.decider import History, standing
from domain.shared.succession import instead
from domain.shared.values import BodyId, EscalationId

Step = Moved | AskedAbove | Answered | Warned | WarningAnswered | Replaced


def reads_all(case: DisputeCase) -> frozenset[BodyId]:
    """The bodies that see all of it now. Whoever registered it for another body reads it as that body does."""
    over = gone(case)
    return frozenset(body for body in case.seeing if _stands_for(case, body) not in over)


def reads_a_part(case: DisputeCase) -> frozenset[BodyId]:
    """Those to which a part was handed, and those whose turn is over."""
    return (case.seeing | case.given.keys()) - reads_all(case)


def _stands_for(case: DisputeCase, body: BodyId) -> BodyId | None:
    return case.registered_for if body == case.registered_by and body != case.holder else body


def gone(case: DisputeCase) -> frozenset[BodyId]:
    """The bodies whose turn is over."""
    return frozenset(_turns(case).over)


def asked_above(case: DisputeCase) -> frozenset[BodyId]:
    """The bodies above that are asked, hold it from below, or supervise it now."""
    return frozenset(one.body for one in _turns(case).above.values())


def _turns(case: DisputeCase) -> _Turns:
    turns = _Turns(case.registered_for)
    for step in case.course:
        turns.take(step)
    return turns


@dataclass
class _Turns:
    holder: BodyId | None
    over: set[BodyId] = field(default_factory=set)
    above: dict[EscalationId, AskedAbove] = field(default_factory=dict)

    def take(self, step: Step) -> None:
        match step:
            case Moved():
                self._move(step)
            case Replaced():
                self._replace(step)
            case Warned():
                self.over.discard(step.body)
            case WarningAnswered():
                self.over.add(step.body)
            case AskedAbove():
                self.over.discard(step.body)
                self.above[step.escalation] = step
            case Answered() if asked := self.above.pop(step.escalation, None):
                if asked.body not in {self.holder, *(one.body for one in self.above.values())}:
                    self.over.add(asked.body)

    def _replace(self, step: Replaced) -> None:
        """A turn that goes on is the other body's; one that was over stays with the body whose it was."""
        self.holder = instead(self.holder, step.was, step.into)
        if step.was not in self.over:
            self.over.discard(step.into)
        for id, one in self.above.items():
            self.above[id] = one.but(body=instead(one.body, step.was, step.into))

    def _move(self, step: Moved) -> None:
        """Who supervises it, or is still to answer, goes on to read it."""
        waiting = {one.body for one in self.above.values() if one.phase is not EscalationPhase.TAKEN_UP}
        if step.was not in waiting:
            self.over.add(step.was)
        self.holder = step.holder
        if step.sees_all:
            self.over.discard(step.holder)


def end_of_turn(history: History[DisputeCase], body: BodyId) -> int:
    """The version of the last entry that a body reads because it saw all of the case then. 0: it never did."""
    if body not in history.state.seeing:
        return 0
    whose, end, state, over = _stands_for(history.state, body), 0, history.blank, frozenset[BodyId]()
    for entry in standing(history.entries):
        before, steps = over, len(state.course)
        state = entry.event.evolve(state, entry.occurred_at)
        over = gone(state) if len(state.course) != steps else before
        if whose in over - before:
            end = entry.version
    return end
