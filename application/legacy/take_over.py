"""Takes over one case: its steps in the order of their days, each checked by the rules, recorded as it was told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from application.legacy import case_events as within
from application.legacy import handover_events as moves
from application.legacy import level_events as levels
from application.legacy import supervision_events as supervision
from application.legacy.deadlines import clocks, due_of, keep_deadline, look_at_what_was_kept, run_out
from application.legacy.places import Desk, Place
from application.legacy.record import Around, Record, Recorded, narrative
from application.legacy.row_content import LegacyCase, LegacyStep
from domain.case.case import DisputeCase, Status
from domain.case.kinds import PartyKind
from domain.case.opening.classification import AmountStated
from domain.case.opening.intake import CaseRegistered
from domain.case.opening.parties import PartyAdded
from domain.case.people import NewParty, PartyDetails
from domain.case.record.importing import Breach, CaseImported, Flag, ImportFlagged, StepKind
from domain.case.record.papers import NoteWritten
from domain.shared import identity_numbers, phones
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.calendar import local_day
from domain.shared.values import CaseId, PersonId

STEPS: Mapping[StepKind, Callable[[Record, LegacyStep], None]] = {
    StepKind.ACCEPTED: within.accepted,
    StepKind.CONSENTED: within.consented,
    StepKind.SESSION: within.session,
    StepKind.ESCALATED: levels.escalated,
    StepKind.RETURNED_DOWN: levels.returned_down,
    StepKind.REFERRED: moves.referred,
    StepKind.RETURNED: moves.returned,
    StepKind.AGREED: within.agreed,
    StepKind.FAILED: within.ended,
    StepKind.WITHDRAWN: within.ended,
    StepKind.PERFORMED: within.performed,
    StepKind.ORGAN_TOOK_IT: within.organ_took_it,
    StepKind.ORGAN_ENDED: within.organ_ended,
    StepKind.CLOSED: within.closed,
    StepKind.CALLED_UP: levels.called_up,
    StepKind.ASSIGNED_DOWN: levels.assigned_down,
    StepKind.SUPERVISED: supervision.supervised,
    StepKind.URGED: supervision.urged,
    StepKind.REPORTED: supervision.reported,
    StepKind.SUPERVISION_ENDED: supervision.supervision_ended,
    StepKind.REOPENED: within.reopened,
    StepKind.NOTED: within.noted,
}
AFTER_CLOSING = frozenset(
    {StepKind.REOPENED, StepKind.NOTED, StepKind.URGED, StepKind.REPORTED, StepKind.SUPERVISION_ENDED}
)
"""What is in order after a closing as well."""
HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
NO_OFFICE = "(?<![村区会司厂店局院校队组所站社部行庭处])"
"""What ends otherwise than a body does: 和平村和平社区 is one."""
SEVERAL_NAMES = re.compile(
    rf"(?:{HAN}|[)）])\s*[、,，;；/&＆+＋]|等[^、]{{0,4}}人$"
    rf"|^(?:{HAN}{{2,4}}\s+)+{HAN}{{2,4}}{NO_OFFICE}$|^{HAN}{{2,3}}(?:[和与跟]|以及|及其?){HAN}{{2,3}}{NO_OFFICE}$"
    rf"|^{HAN}{{2,4}}及其{HAN}|{HAN}{{2}}(?:夫妇|夫妻|父子|父女|母子|母女|兄弟|姐妹|全家|一家)$"
    rf"|{HAN}\s*\d[\d\s.-]{{4,}}|^\d[.,]\d+E"
)
"""In a name: those of several people, or something else that was typed behind it. 李和平 and 王　五 are one."""
ENDS = frozenset({StepKind.FAILED, StepKind.WITHDRAWN})
OF_A_MEDIATION = frozenset({StepKind.CONSENTED, StepKind.SESSION, StepKind.AGREED, StepKind.RETURNED, *ENDS})


@dataclass(frozen=True)
class Provenance:
    """Where a row stands, and what it says, as a keyed hash."""

    id: CaseId
    system: str
    file: str
    row: int
    content: str


@dataclass(frozen=True)
class TakenOver:
    id: CaseId
    lines: list[Recorded]
    flags: list[Flag]
    acted: Mapping[int, ActingAs] = field(default_factory=dict)
    """By the place of a line: who did it, where the file tells that."""

    def without_lines(self) -> TakenOver:
        return TakenOver(self.id, [], self.flags)


class NoBodyThere(Exception):
    """The area has no body that could hold the case, or the body that the row names is not known."""


class NoSuchArea(Exception):
    """The area of the row is not known."""


def take_over(told: LegacyCase, of: Provenance, around: Around, doubts: Sequence[tuple[Breach, int]] = ()) -> TakenOver:
    """`doubts`: what the row may have meant otherwise, and in which step. Raises NoSuchArea, NoBodyThere."""
    if (place := around.places.known_as(told.area, told.begins)) is None:
        raise NoSuchArea
    record = Record(around, told, DisputeCase.blank(of.id), area=place.now or told.area)
    record.flags = [Flag.of(rule, step) for rule, step in doubts]
    steps = in_order(told.steps)
    number, first = next(((n, one) for n, one in steps if one.step is StepKind.REGISTERED), (None, steps[0][1]))
    record.number = number
    _begin(record, of, place, first, registered=number is not None)
    for at, (one, step) in enumerate(steps):
        if one == number:
            continue
        run_out(record, step.at)
        record.number = one
        record.later = tuple(later for _, later in steps[at + 1 :])
        _with_deadline(record, step, _read)
    run_out(record, around.now)
    look_at_what_was_kept(record)
    if record.flags:
        record.add(ImportFlagged.trusted(flags=tuple(record.flags)), around.now)
    return TakenOver(of.id, record.lines, record.flags, record.acted)


def _with_deadline(record: Record, step: LegacyStep, read: Callable[[Record, LegacyStep], None]) -> None:
    """As whoever the step names, and with the day that it sets."""
    before = clocks(record)
    record.acts = _acting(record, step)
    read(record, step)
    keep_deadline(record, step, before)
    record.acts = None


def _acting(record: Record, step: LegacyStep) -> ActingAs | None:
    """Who did it is what the register says: whoever imports it has done none of it."""
    if not step.by:
        return None
    active = record.state.active_mediation
    mediating = (
        active
        and step.step in OF_A_MEDIATION
        and next((one for one in record.around.places.bodies.values() if one.id == active.body), None)
    )
    desk = record.named(step) or mediating or record.desk
    return ActingAs(NoOfficer.TOLD, step.by, (desk.name or desk.short_name) if desk else "")


def in_order(steps: tuple[LegacyStep, ...]) -> list[tuple[int, LegacyStep]]:
    """By their days, and within a day as the file has them: most files tell no times. With their numbers there."""
    return sorted(enumerate(steps, 1), key=lambda numbered: numbered[1].day)


def _begin(record: Record, of: Provenance, place: Place, step: LegacyStep, *, registered: bool) -> None:
    """A case begins with its registration, whatever day the file gives it; without one, on its first day."""
    record.desk = desk = _holder(record, step if registered else None)
    record.add(_imported(record.told, of), record.around.now)
    if registered:
        _with_deadline(record, step, lambda record, step: _register(record, step, place, desk, registered=True))
    else:
        _register(record, step, place, desk, registered=False)


def _register(record: Record, step: LegacyStep, place: Place, desk: Desk, *, registered: bool) -> None:
    told = record.told
    event = CaseRegistered.trusted(
        place=place.id,
        facts=narrative(told.facts),
        source=told.source,
        category=told.category,
        urgency=told.urgency,
        risk=told.risk,
        foreign_number=told.number,
        holder=desk.id,
        level=(step.level if registered else None) or desk.level,
        registered_by=desk.id,
        body_code=desk.code,
        series_body=desk.id,
        due=due_of(record, step) if registered else None,
    )
    record.add(event, step.at)
    for party in told.parties:
        record.add(PartyAdded.trusted(side=party.side, party=_details(party)), step.at)
    _flag_numbers(record)
    if told.note:
        record.add(NoteWritten.trusted(note=narrative(told.note)), step.at)
    if told.amount is not None:
        record.add(AmountStated.trusted(amount=told.amount, people=told.people), step.at)
    if not registered:
        record.flag(Breach.NOT_REGISTERED)
    if registered:
        _refuse_time(record, step)
        record.add_note(step)


def _flag_numbers(record: Record) -> None:
    """Kept as they were told: whoever looks at the case again asks for the paper."""
    record.number, step = None, record.number
    for party in record.told.parties:
        if identity_numbers.fault_of(party.identity_number, organisation=party.kind is PartyKind.ORGANISATION):
            record.flag(Breach.UNFIT_IDENTITY_NUMBER)
        if phones.fault_of(party.phone):
            record.flag(Breach.UNFIT_PHONE)
        if SEVERAL_NAMES.search(party.name):
            record.flag(Breach.SEVERAL_NAMES)
    record.number = step


def _details(party: NewParty) -> PartyDetails:
    facts = {name: value for name, value in party if name != "side"}
    return PartyDetails.trusted(person=PersonId(uuid4()), **facts)


def _imported(told: LegacyCase, of: Provenance) -> CaseImported:
    return CaseImported.trusted(
        system=of.system, number=told.number, file=of.file, row=of.row, content=of.content, steps=len(told.steps)
    )


def _holder(record: Record, step: LegacyStep | None) -> Desk:
    """Raises NoBodyThere."""
    places = record.around.places
    if step and step.body:
        found = places.bodies.get(step.body)
    else:
        found = places.holder(record.area, step.level if step else None)
    if found is None:
        raise NoBodyThere
    return found


def _read(record: Record, step: LegacyStep) -> None:
    _refuse_time(record, step)
    if step.step is StepKind.REGISTERED:
        return record.keep_flagged(step, Breach.REGISTERED_TWICE)
    if record.state.status is Status.CLOSED and step.step not in AFTER_CLOSING:
        record.flag(Breach.AFTER_CLOSING)
        if step.step is not StepKind.PERFORMED:
            return record.keep(step)
    STEPS[step.step](record, step)
    if step.step in ENDS:
        moves.return_at_once(record, step)
    if step.step is StepKind.CLOSED and record.state.status is Status.CLOSED:
        levels.resolve_escalations(record, step)
    return None


def _refuse_time(record: Record, step: LegacyStep) -> None:
    if step.at > record.around.now:
        record.flag(Breach.IN_THE_FUTURE)
    registered_at = record.state.registered_at
    if registered_at and step.at < registered_at and step.day < local_day(registered_at):
        record.flag(Breach.BEFORE_REGISTRATION)
