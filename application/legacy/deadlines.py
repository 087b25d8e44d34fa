"""Days that an old register sets: they run out on their day of then, and whether they were kept is looked at."""

from __future__ import annotations

from datetime import datetime

from application.legacy.record import Record, ToldClock, ToldDue
from application.legacy.row_content import LegacyStep
from domain.case.clock_names import CaseClock, CaseClockKind
from domain.case.clocks import ClockRanOut, running
from domain.case.course import Moved
from domain.case.record.importing import Breach, DeadlineTold
from domain.escalation.clock_names import EscalationClock
from domain.escalation.escalation import running as running_above
from domain.escalation.running_out import EscalationClockRanOut
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.law import Due, Effect

CLOCK = "TOLD_BY_REGISTER"
"""The code of a limit that no law sets here: the register of then did."""


def due_of(record: Record, step: LegacyStep) -> Due | None:
    """The day as a clock of ours holds it. None: none is told, or it was over when it was set."""
    if step.due is None or step.due < step.day:
        return None
    return Due(clock=CLOCK, since=step.at, day=step.due, basis="", calendar="", effect=Effect.FLAG)


def keep_deadline(record: Record, step: LegacyStep, before: frozenset[ToldClock]) -> None:
    """Records what is told of a day. `before`: the clocks that ran before the step."""
    if step.due is None and step.kept is None:
        return None
    record.add(DeadlineTold.trusted(step=step.step, due=step.due, kept=step.kept), step.at)
    if step.due is None:
        return None
    if step.due < step.day:
        return record.flag(Breach.DAY_IS_OVER)
    record.dues += [ToldDue(record.number, one, step.kept) for one in sorted(clocks(record) - before)]
    return None


def clocks(record: Record) -> frozenset[ToldClock]:
    """Those that the register set and that run now."""
    of_case = {_of_case(record, name, due) for name, due in running(record.state).items() if due.clock == CLOCK}
    above = {
        (id, due.key(name), 0)
        for id, one in record.escalations.items()
        for name, due in running_above(one).items()
        if due.clock == CLOCK
    }
    return frozenset(of_case | above)


def _of_case(record: Record, name: CaseClock, due: Due) -> ToldClock:
    """Each holder has a clock of its own, though two may have one day."""
    turns = sum(isinstance(one, Moved) for one in record.state.course) if name.kind is CaseClockKind.HOLDER else 0
    return record.id, due.key(str(name)), turns


def run_out(record: Record, until: datetime) -> None:
    """What was due and not done by then has run out on its own day, as it does with us."""
    until = min(until, record.around.now)
    number, acts = record.number, record.acts
    record.number, record.acts = None, ActingAs(NoOfficer.CLOCK)
    for name, due in running(record.state).items():
        if due.clock == CLOCK and due.fires(until):
            record.add(ClockRanOut.trusted(clock=name, due=due), due.end)
            _missed(record, _of_case(record, name, due))
    for id, one in list(record.escalations.items()):
        for clock, due in running_above(one).items():
            if due.clock == CLOCK and due.fires(until):
                record.add_to(id, EscalationClockRanOut.trusted(clock=EscalationClock(clock), due=due), due.end)
                _missed(record, (id, due.key(clock), 0))
    record.number, record.acts = number, acts


def _missed(record: Record, clock: ToldClock) -> None:
    for one in record.dues:
        one.missed = one.missed or one.clock == clock


def look_at_what_was_kept(record: Record) -> None:
    """Where the register says of a day that it was kept, or was not, and its own steps tell otherwise."""
    for one in record.dues:
        if one.kept is not None and one.kept == one.missed:
            record.number = one.number
            record.flag(Breach.KEPT_DOES_NOT_FIT)
