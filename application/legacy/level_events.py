"""The steps between levels: up, called up, assigned down and returned, each escalation with its own history."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid5

from application.legacy.deadlines import due_of
from application.legacy.handover_events import move, pass_on
from application.legacy.places import Desk
from application.legacy.record import Record, narrative
from application.legacy.row_content import LegacyStep
from domain.case.beside.holder import MovedBy
from domain.case.beside.levels import EscalationBegan, EscalationOver
from domain.case.course import EscalationPhase
from domain.case.kinds import EndGround
from domain.case.record.importing import Breach
from domain.escalation.assigning_down import CaseAssignedDown, EscalationResolved, EscalationReturnedDown
from domain.escalation.commands import TAKES_UP
from domain.escalation.kinds import ReturnGround
from domain.escalation.raising import CaseCalledUp, EscalationAccepted, EscalationRequested
from domain.shared.values import EscalationId, Level
from domain.shared.vocabulary import EscalationEnding


def escalated(record: Record, step: LegacyStep) -> None:
    holder = record.holder
    if (above := above_of(record, step)) is None:
        return
    id = begun(record)
    account = narrative(step.note) if step.note else None
    requested = EscalationRequested.trusted(
        case=record.id, below=holder.id, above=above.id, ground=step.ground, account=account, answer_by=None
    )
    record.add_to(id, requested, step.at)
    record.add_to(id, EscalationAccepted.trusted(note=None), step.at)
    _take_up(record, id, above, step)


def called_up(record: Record, step: LegacyStep) -> None:
    holder = record.holder
    if (above := above_of(record, step)) is None:
        return
    id = begun(record)
    called = CaseCalledUp.trusted(
        case=record.id, below=holder.id, above=above.id, ground=step.ground, reason=narrative(step.note)
    )
    record.add_to(id, called, step.at)
    _take_up(record, id, above, step)


def above_of(record: Record, step: LegacyStep) -> Desk | None:
    """The body above that the step means, with flags for what a command would refuse. None: the step is kept as it was
    told, for nothing can come of it."""
    places = record.around.places
    above = record.named(step) if step.body else places.holder(record.area, step.level) if step.level else None
    if above is None:
        record.keep_flagged(step, Breach.NO_SUCH_BODY)
        return None
    if record.state.level and above.level.rank <= record.state.level.rank:
        record.keep_flagged(step, Breach.NOT_ABOVE)
        return None
    if above.kind not in TAKES_UP:
        record.flag(Breach.TAKES_NOTHING_UP)
    if step.ground is None:
        record.flag(Breach.NO_GROUND)
    return above


def begun(record: Record) -> EscalationId:
    """The id of a new escalation from who holds the case now."""
    id = EscalationId(uuid5(record.id, f"escalation/{len(record.below)}"))
    record.below[id] = record.holder
    return id


def _take_up(record: Record, id: EscalationId, above: Desk, step: LegacyStep) -> None:
    record.add(EscalationBegan.trusted(escalation=id, phase=EscalationPhase.TAKEN_UP, body=above.id), step.at)
    pass_on(record, EndGround.ESCALATED, step.at)
    move(record, above, MovedBy.ESCALATION, id, step.at, due_of(record, step))


def assigned_down(record: Record, step: LegacyStep) -> None:
    places = record.around.places
    to = record.named(step) if step.body else places.holder(record.area, step.level) if step.level else None
    if to is None:
        return record.keep_flagged(step, Breach.NO_SUCH_BODY)
    if not _is_below(record, to):
        return record.keep_flagged(step, Breach.NOT_BELOW)
    if to.kind not in TAKES_UP or record.holder.kind not in TAKES_UP:
        record.flag(Breach.TAKES_NOTHING_UP)
    return _send_down(record, to, step)


def returned_down(record: Record, step: LegacyStep) -> None:
    """To the body that had it before, or to one in between, from which it goes on down."""
    above = _taken_up(record)
    below = record.below[above[-1]] if above else _still_below(record)
    if below is None:
        return record.keep_flagged(step, Breach.NOT_ESCALATED)
    if step.body and record.named(step) is None:
        record.flag(Breach.NO_SUCH_BODY)
    to = record.named(step) or _at(record, step.level) or below
    if not _is_below(record, to):
        return record.keep_flagged(step, Breach.NOT_BELOW)
    if not above:
        return _send_down(record, to, step)
    id = above[-1]
    _return(record, [id, *_left_above(record, above[:-1], to)], to, step)
    pass_on(record, EndGround.ESCALATED, step.at)
    return move(record, to, MovedBy.RETURN, id, step.at, due_of(record, step))


def _send_down(record: Record, to: Desk, step: LegacyStep) -> None:
    """What had been taken up goes down with it: nothing is left to be resolved above."""
    holder, over = record.holder, _taken_up(record)
    id = begun(record)
    assigned = CaseAssignedDown.trusted(case=record.id, below=to.id, above=holder.id, reason=narrative(step.note))
    record.add_to(id, assigned, step.at)
    _return(record, over, to, step.but(return_ground=ReturnGround.OTHER))
    pass_on(record, EndGround.ESCALATED, step.at)
    move(record, to, MovedBy.ASSIGNMENT, id, step.at, due_of(record, step))


def _return(record: Record, ids: Iterable[EscalationId], to: Desk, step: LegacyStep) -> None:
    for id in ids:
        down = EscalationReturnedDown.trusted(ground=step.return_ground, reason=narrative(step.note))
        record.add_to(id, down, step.at)
        record.add(EscalationOver.trusted(escalation=id, how=EscalationEnding.RETURNED_DOWN), step.at)
        if record.below[id].level.rank < to.level.rank:
            record.way_down.append(record.below[id])


def _taken_up(record: Record) -> list[EscalationId]:
    return [id for id, phase in record.state.escalations.items() if phase is EscalationPhase.TAKEN_UP]


def _left_above(record: Record, ids: Iterable[EscalationId], to: Desk) -> list[EscalationId]:
    """Those that began at or above the level to which the matter comes: it has gone past them."""
    return [id for id in ids if record.below[id].level.rank >= to.level.rank]


def _still_below(record: Record) -> Desk | None:
    """Whom the matter has not reached yet that was returned to a level in between."""
    while record.way_down:
        to = record.way_down.pop()
        if _is_below(record, to):
            return to
    return None


def _at(record: Record, level: Level | None) -> Desk | None:
    return record.around.places.holder(record.area, level) if level else None


def _is_below(record: Record, to: Desk) -> bool:
    return record.state.level is not None and to.level.rank < record.state.level.rank


def resolve_escalations(record: Record, step: LegacyStep) -> None:
    """A case that is closed above leaves nothing to send down; whoever supervises it goes on to."""
    for id in _taken_up(record):
        record.add_to(id, EscalationResolved(), step.at)
        record.add(EscalationOver.trusted(escalation=id, how=EscalationEnding.RESOLVED), step.at)
