"""A small county as an import knows it: a village, its town and its county, each with a body; a court, an organ."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from application.legacy.places import Desk, Place, Places
from application.legacy.record import Around
from application.legacy.row_content import LegacyCase
from application.legacy.take_over import Provenance, TakenOver, take_over
from domain.case.record.importing import StepKind
from domain.shared.values import AS_TOLD, AreaId, BodyId, BodyKind, CaseId, Channel, Level
from infrastructure.calendar import base

NOW = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
_NAMES = UUID(int=77)


def id_of(name: str) -> UUID:
    return uuid5(_NAMES, name)


def place(name: str, level: Level, parent: str = "") -> Place:
    return Place(id=AreaId(id_of(name)), level=level, parent=parent)


def desk(code: str, kind: BodyKind, level: Level, channel: Channel | None) -> Desk:
    return Desk(
        id=BodyId(id_of(code)), code=code, kind=kind, level=level, channel=channel, short_name=code, term_until=None
    )


AREAS = {
    "V": place("V", Level.VILLAGE, "T"),
    "T": place("T", Level.TOWNSHIP, "C"),
    "C": place("C", Level.COUNTY),
    "EMPTY": place("EMPTY", Level.VILLAGE),
}
VILLAGE = desk("LW", BodyKind.COMMITTEE, Level.VILLAGE, Channel.PEOPLE)
TOWN = desk("HK", BodyKind.COMMITTEE, Level.TOWNSHIP, Channel.PEOPLE)
CENTRE = desk("QX", BodyKind.CENTRE, Level.COUNTY, Channel.PEOPLE)
ORGAN = desk("ZJ", BodyKind.ORGAN, Level.COUNTY, Channel.ADMINISTRATIVE)
COURT = desk("FY", BodyKind.COURT, Level.COUNTY, Channel.LITIGATION)
PETITION = desk("XF", BodyKind.PETITION, Level.COUNTY, None)
DESKS = {one.code: one for one in (VILLAGE, TOWN, CENTRE, ORGAN, COURT, PETITION)}
SEATED = {
    AREAS["V"].id: (VILLAGE,),
    AREAS["T"].id: (TOWN,),
    AREAS["C"].id: (CENTRE, ORGAN, COURT, PETITION),
}
PLACES = Places(AREAS, DESKS, SEATED)
AROUND = Around(PLACES, base(), NOW)
BOTH: list[dict[str, Any]] = [{"side": "applicant", "name": "周大山"}, {"side": "respondent", "name": "吴小河"}]


def told(*steps: dict[str, Any], parties: Any = BOTH, **more: Any) -> LegacyCase:
    row = {"number": "7", "area": "V", "parties": parties, "steps": steps, **more}
    return LegacyCase.model_validate(row, context=AS_TOLD)


def step(kind: str, day: str, **more: Any) -> dict[str, Any]:
    return {"step": kind, "at": day, **more}


def taken(case: LegacyCase) -> TakenOver:
    of = Provenance(CaseId(id_of("case")), "旧系统", "0" * 64, 2, "1" * 64)
    return take_over(case, of, AROUND)


def flags(case: TakenOver) -> set[tuple[int | None, str]]:
    return {(flag.step, flag.rule.value) for flag in case.flags}


ENTRIES: dict[StepKind, frozenset[str]] = {
    StepKind.REGISTERED: frozenset({"case.registered"}),
    StepKind.ACCEPTED: frozenset({"case.accepted"}),
    StepKind.CONSENTED: frozenset({"case.consent_given"}),
    StepKind.SESSION: frozenset({"case.session_held"}),
    StepKind.ESCALATED: frozenset({"escalation.requested"}),
    StepKind.RETURNED_DOWN: frozenset({"escalation.returned_down", "escalation.assigned_down"}),
    StepKind.REFERRED: frozenset({"referral.offered"}),
    StepKind.RETURNED: frozenset({"referral.returned"}),
    StepKind.AGREED: frozenset({"case.agreement_reached"}),
    StepKind.FAILED: frozenset({"case.mediation_ended"}),
    StepKind.WITHDRAWN: frozenset({"case.mediation_ended"}),
    StepKind.PERFORMED: frozenset({"case.performance_told"}),
    StepKind.ORGAN_TOOK_IT: frozenset({"case.proceedings_noted"}),
    StepKind.ORGAN_ENDED: frozenset({"case.proceedings_ended"}),
    StepKind.CLOSED: frozenset({"case.closed"}),
    StepKind.CALLED_UP: frozenset({"escalation.called_up"}),
    StepKind.ASSIGNED_DOWN: frozenset({"escalation.assigned_down"}),
    StepKind.SUPERVISED: frozenset({"escalation.supervised"}),
    StepKind.URGED: frozenset({"escalation.urged"}),
    StepKind.REPORTED: frozenset({"escalation.reported"}),
    StepKind.SUPERVISION_ENDED: frozenset({"escalation.supervision_ended"}),
    StepKind.REOPENED: frozenset({"case.reopened"}),
    StepKind.NOTED: frozenset({"case.note_written"}),
}
"""By what a step is found again."""
