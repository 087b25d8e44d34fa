"""What the forms of a meeting, a signing and a closing show: who sits at the table, what is known, what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.web.choices import Choices
from api.web.dialog import Dialog
from api.web.page import members_of
from api.web.sentences import enum_word
from domain.case.case import DisputeCase, Party
from domain.case.composite.meeting_record import MeetingOutcome
from domain.case.ending.closing import fitting_results, missing_papers
from domain.case.kinds import (
    AgreementForm,
    EndGround,
    Paper,
    ParticipantRole,
    Satisfaction,
    Side,
    SigningManner,
    Source,
)
from domain.case.mediating.agreement import written_form
from domain.case.mediating.mediation import FOLLOWS
from domain.case.mediations import Mediation, SessionState, Stage
from domain.shared.values import Form

FIRST_ROWS = 2
"""So many terms are asked at first; more are behind a summary, so that nobody loads the page for a row."""
ROWS_BEHIND = 3
NOT_TOLD_HERE = FOLLOWS | {EndGround.TO_COURT}
"""Ends that follow from something else, or are told by a command of their own."""


@dataclass(frozen=True)
class Seat:
    """A party at the table, and what is known of it."""

    index: int
    id: UUID
    party: Party
    consents: bool
    accepted: bool
    """Whoever mediates."""
    signed: bool
    speakers: Choices
    """Who may speak for it, the paper being on file."""


def _seats(made: Dialog) -> list[Seat]:
    read, mediation = made.context.read, made.context.mediation
    assert read
    case, names = read.state, made.context.names
    active = mediation if mediation and case.active_mediation else None
    return [
        Seat(
            index=index,
            id=id,
            party=(party := case.parties[id]),
            consents=bool(active and id in active.consents),
            accepted=bool(active and any(id in one.accepted_by for one in active.mediators.values())),
            signed=bool(active and active.agreement and id in active.agreement.signed),
            speakers=[(str(one), names.of(one)) for one, known in party.representatives.items() if known.on_paper],
        )
        for index, id in enumerate(one for one in case.parties if one in case.present_parties)
    ]


def _words(made: Dialog, kinds: Any) -> Choices:
    return [(one.value, enum_word(made.context.reader.language, one)) for one in kinds]


def _mediators(made: Dialog) -> Choices:
    """Those who mediate already; else the members of the body, whoever fills in the form first."""
    reader, mediation = made.context.reader, made.context.mediation
    active = made.context.read.state.active_mediation if made.context.read else None
    if active and active.mediators:
        return [(str(one), made.context.names.of(one)) for one in active.mediators]
    body = mediation.body if mediation and active else reader.viewer.body
    known = members_of(reader, body) if body else []
    return [(str(id), name) for id, name in sorted(known, key=lambda one: one[0] != reader.viewer.officer)]


def _planned(made: Dialog) -> Choices:
    """The appointments that were not kept yet."""
    active = made.context.read.state.active_mediation if made.context.read else None
    waiting = [number for number, state in active.sessions.items() if state is not SessionState.HELD] if active else []
    return made.choices(next(one for one in made.fields if one.name == "session")) if waiting else []


def meeting_form(made: Dialog) -> dict[str, Any]:
    read = made.context.read
    assert read
    case, active = read.state, read.state.active_mediation
    seats = _seats(made)
    others = [one.id for one in seats if one.party.side is not Side.APPLICANT]
    return {
        "seats": seats,
        "untold": any(not one.party.rights_told for one in seats),
        "mediators": _mediators(made),
        "planned": _planned(made),
        "outcomes": _words(made, MeetingOutcome),
        "told_by": _words(made, Form),
        "roles": _words(made, ParticipantRole),
        "forms": _words(made, _forms(case, active)),
        "manners": _words(made, SigningManner),
        "grounds": _words(made, [one for one in EndGround if one not in NOT_TOLD_HERE]),
        "obligors": [(str(one.id), made.context.names.of(one.id)) for one in seats],
        "obligor": str(others[0]) if others else "",
        "first_rows": max(FIRST_ROWS, made.rows.get("agreed.terms", 0)),
        "rows_behind": ROWS_BEHIND,
        "own_motion": case.source not in (Source.PARTY, None) and case.request_received_at is None,
    }


def _forms(case: DisputeCase, active: Mediation | None) -> list[AgreementForm]:
    """In writing only, where the law asks for it: nothing is offered that would be refused."""
    only_written = active is not None and written_form(case.category, active) is not None
    return [AgreementForm.WRITTEN] if only_written else list(AgreementForm)


def signing_form(made: Dialog) -> dict[str, Any]:
    return {"seats": _seats(made), "mediators": _mediators(made), "manners": _words(made, SigningManner)}


def closing_form(made: Dialog) -> dict[str, Any]:
    read = made.context.read
    assert read
    case = read.state
    fitting = sorted(fitting_results(case))
    return {
        "seats": _seats(made),
        "open": _promised(made),
        "results": _words(made, fitting),
        "result": fitting[0].value if len(fitting) == 1 else "",
        "answers": _words(made, Satisfaction),
        "papers": _to_file(case),
    }


@dataclass(frozen=True)
class Promised:
    """Something that is still owed."""

    mediation: int
    number: int
    obligor: str
    what: str
    left: int
    due: Any


def _promised(made: Dialog) -> list[Promised]:
    read, names = made.context.read, made.context.names
    assert read
    found = []
    for number, mediation in read.state.mediations.items():
        told = read.mediations[number].agreement if number in read.mediations else None
        if told is None or mediation.stage is not Stage.IN_EFFECT:
            continue
        for one in told.obligations:
            state = mediation.reached.obligations[one.number]
            if state.is_open:
                owed = Promised(number, one.number, names.of(one.obligor), one.what.text, state.left, one.due)
                found.append(owed)
    return found


def _to_file(case: DisputeCase) -> list[Paper]:
    """Only what the record cannot make by itself: what needs ink. What is performed on this form needs its proof."""
    needed = [choice[0] for choice in missing_papers(case)]
    owed = any(
        one.is_open
        for each in case.mediations.values()
        if each.agreement
        for one in each.agreement.obligations.values()
    )
    proof = Paper.PERFORMANCE_PROOF
    if owed and proof not in needed and proof not in case.papers:
        needed.append(proof)
    return [one for one in needed if one is not Paper.FOLLOW_UP]
