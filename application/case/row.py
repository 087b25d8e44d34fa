"""The board's row of a case: what lists, filters and figures read, made from its entries alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import add
from typing import Any
from uuid import UUID

from application.case.disclosure.masks import MASK
from application.case.disclosure.parts import part_of
from application.case.disclosure.slices import as_read
from application.case.listed import with_listed
from application.case.page import CasePage
from application.case.waiting import desks, waits_for
from application.rights import bodies_of
from domain.case.beside.proceedings import breaches, doubled
from domain.case.beside.turns import reads_a_part, reads_all
from domain.case.case import DisputeCase, Status
from domain.case.ending.closing import CaseClosed
from domain.case.kinds import Side
from domain.case.mediating.agreement import AgreementReached
from domain.case.mediations import BEFORE_AGREEMENT, SessionState
from domain.case.opening.acceptance import CaseAccepted, CaseDeclined
from domain.case.opening.intake import SettledOnTheSpot
from domain.case.opening.listed import listed_of
from domain.case.people import Participant, PartyDetails, Representative
from domain.shared.calendar import local_day
from domain.shared.decider import History, standing
from domain.shared.spelling import folded_numbers, folded_words
from domain.shared.values import ERASED, BodyId

EXCERPT = 120


@dataclass(frozen=True)
@with_listed(lambda one: one.in_a_list)
class Card:
    """A case in a list, with a field for each that is listed. Days are days in Asia/Shanghai; ranks are those of Level.

    It is made of the entries as its reader reads them, as the page is: so it tells a body that sees only a part of the
    case what the page tells it, and lists and figures ask that line, and no other.
    """

    id: UUID
    version: int
    position: int
    code: str
    status: str
    stage: str | None
    channel: str | None
    place: UUID
    holder: UUID
    bodies: list[UUID]
    level: str
    level_rank: int
    highest_rank: int
    source: str
    category: str
    difficulty: str | None
    risk: str
    result: str | None
    facts: str
    applicants: str
    respondents: str
    registered_at: datetime
    registered_on: date
    accepted_at: datetime | None
    agreed_at: datetime | None
    resolved_on: date | None
    closed_on: date | None
    due: date | None
    due_what: str | None
    session_at: datetime | None
    """The next session that is scheduled and not yet held."""
    bounces: int
    held_since: datetime | None
    seeing: list[UUID]
    """The bodies that see all of it."""
    mediators: list[UUID] = field(default_factory=list)
    organs: list[str] = field(default_factory=list)
    """Other organs that have it before them, or have settled it."""
    breach: bool = False
    """A mediation goes on beside one of them that did not refer it."""
    two_remedies: bool = False
    """The organ above and the court are asked at the same time."""
    confirm_by: date | None = None
    """Until when the court may be asked to confirm what was agreed last."""
    confirmation: str | None = None
    imported: bool = False
    """Whether another system had kept it."""
    flagged: list[str] = field(default_factory=list)
    """The rules that its imported history breaks."""
    risk_for: list[UUID] = field(default_factory=list)
    """The bodies that a possible crime was reported to, and that have not answered."""
    waits_for: str | None = None
    """The next thing that is done with it, by whom it lies; None: by nobody here."""
    desks: list[UUID] = field(default_factory=list)
    """On whose desk it lies for that."""
    whole: bool = True
    """Whether the reader sees all of it."""

    @property
    def listed(self) -> Mapping[str, Any]:
        return listed_of(self)


def card(history: History[Any], read: CasePage) -> Card | None:
    """None while it is not registered, or after its registration was struck out. `read`: the gist of its page."""
    case = read.state
    if case.status in {Status.NEW, Status.RECEIVED} or not case.registered_at:
        return None
    return Card(
        id=history.id,
        version=history.version,
        position=read.position,
        facts=read.facts[:EXCERPT],
        applicants=_names(read, {Side.APPLICANT}),
        respondents=_names(read, {Side.RESPONDENT}),
        bounces=0 if case.carried_over else case.bounces,
        held_since=case.held_since,
        seeing=sorted(reads_all(case)),
        organs=sorted({one.organ for one in case.proceedings if one.blocks}),
        breach=bool(breaches(case)),
        two_remedies=bool(doubled(case)),
        risk_for=sorted({one.to for one in case.risk_reports.values() if not one.answered}),
        imported=read.imported is not None,
        flagged=sorted({flag.rule for flag in read.flags}),
        **read.listed,
        **_confirmation(case),
        **_classified(case),
        **_last_mediation(case),
        **_days(history, case.registered_at),
        **_next_deadline(read),
        waits_for=waits_for(case),
        desks=sorted(desks(case)),
    )


def _classified(case: DisputeCase) -> dict[str, Any]:
    assert case.level
    assert case.highest
    same = ("code", "status", "place", "holder", "level", "source", "category", "difficulty", "risk", "result")
    return {
        **{name: getattr(case, name) for name in same},
        "level_rank": case.level.rank,
        "highest_rank": case.highest.rank,
        "bodies": sorted(bodies_of(case)),
    }


def _confirmation(case: DisputeCase) -> dict[str, Any]:
    agreement = case.mediations[max(case.mediations)].agreement if case.mediations else None
    if agreement is None:
        return {"confirm_by": None, "confirmation": None}
    return {"confirm_by": agreement.confirm_by, "confirmation": agreement.confirmation}


def _last_mediation(case: DisputeCase) -> dict[str, Any]:
    if not case.mediations:
        return {"stage": None, "channel": None, "mediators": []}
    last = case.mediations[max(case.mediations)]
    return {"stage": last.stage, "channel": last.channel, "mediators": sorted(last.mediators)}


def _days(history: History[Any], registered_at: datetime) -> dict[str, Any]:
    case = history.state
    closed = case.status in {Status.CLOSED, Status.ARCHIVED}
    return {
        "registered_at": registered_at,
        "registered_on": local_day(registered_at),
        "accepted_at": _first(history, CaseAccepted),
        "agreed_at": _first(history, AgreementReached),
        "resolved_on": local_day(case.resolved_at) if case.resolved_at else None,
        "closed_on": _closed_on(history) if closed else None,
    }


def _closed_on(history: History[Any]) -> date | None:
    """The day that it was closed, also where it has been archived since."""
    closings = (CaseClosed, CaseDeclined, SettledOnTheSpot)
    days = [local_day(one.occurred_at) for one in standing(history.entries) if isinstance(one.event, closings)]
    return days[-1] if days else None


def _next_deadline(read: CasePage) -> dict[str, Any]:
    going_on = read.state.status in {Status.REGISTERED, Status.OPEN}
    first = next(iter(read.deadlines), None) if going_on else None
    return {
        "due": first.day if first else None,
        "due_what": first.what if first else None,
        "session_at": _next_session(read),
    }


def _next_session(read: CasePage) -> datetime | None:
    waiting = [
        text.sessions[number].at
        for mediation, text in read.mediations.items()
        for number, state in read.state.mediations[mediation].sessions.items()
        if state is not SessionState.HELD and read.state.mediations[mediation].stage in BEFORE_AGREEMENT
    ]
    return min((one for one in waiting if one), default=None)


def parts(history: History[Any]) -> Mapping[BodyId, History[Any]]:
    """The case as each body reads it that sees only a part."""
    return {body: as_read(history, part_of(history, body)) for body in sorted(reads_a_part(history.state))}


def _names(read: CasePage, sides: set[Side]) -> str:
    parties = read.state.parties
    return "、".join(one.details.name for one in parties.values() if one.side in sides and not one.withdrawn)


def _first(history: History[Any], kind: type[Any]) -> datetime | None:
    return next((one.occurred_at for one in standing(history.entries) if isinstance(one.event, kind)), None)


def searched_text(read: CasePage) -> str:
    """What a search by words looks through: the facts, not the names (those are searched by tokens), nor the numbers
    that we gave: digits have few pairs, and a case is found by its number first."""
    return f"{read.foreign_number} {read.facts}"


def numbers(read: CasePage) -> dict[str, bool]:
    """Every number that the case has, for comparing; and whether a body sees it to which only a part was handed."""
    files = (one.file_number for one in read.state.mediations.values())
    told = {number_form(one): False for one in (read.foreign_number, *files)} | {number_form(read.state.code): True}
    return {form: framed for form, framed in told.items() if form}


def number_form(number: str) -> str:
    """Of a case: however its dashes and brackets are typed, with the 号 at its end or without, or copied with the stop
    of the sentence that it ended."""
    return folded_numbers(number.rstrip(" 。，、；;,")).text.removesuffix("号")


def searched_parties(history: History[Any]) -> list[PartyDetails]:
    """Those that are found by a part of their name as well."""
    return [one.details for one in history.state.parties.values() if one.details.name not in {MASK, ERASED}]


def searched_others(read: CasePage) -> list[Representative | Participant]:
    """Those who speak for a party, or take part: found by name and number as a whole."""
    speaking = (one for each in read.representatives.values() for one in each)
    taking_part = (one for text in read.mediations.values() for one in text.participants.values())
    others: list[Representative | Participant] = [*speaking, *taking_part]
    return [one for one in others if one.name not in {MASK, ERASED}]


def bigrams(text: str) -> set[str]:
    """Every two neighbouring characters, in their normal form: Chinese words are that short."""
    found = set[str]()
    for word in (folded_words(one).text for one in text.split()):
        found.update(map(add, word, word[1:]))
    return found
