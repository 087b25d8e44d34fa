"""The page of a case: what was recorded of it, folded from its entries as they read now, or then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from domain.case.case import DisputeCase
from domain.case.clocks import going
from domain.case.ending.closing import missing_papers
from domain.case.kinds import Paper
from domain.case.mediating import agreement, mediators, sessions, signing
from domain.case.mediations import Stage
from domain.case.opening import category, classification, intake, parties, succession
from domain.case.opening.listed import listed_of, nothing_listed
from domain.case.people import Participant, Representative
from domain.case.record import importing, papers
from domain.shared.decider import Amending, Entry, History, Rewritten, standing
from domain.shared.law import Due
from domain.shared.values import Fen, Value

UNKNOWN = datetime.min.replace(tzinfo=UTC)
LATE = timedelta(days=10)
"""Entries recorded later than this after they happened are marked: villages enter up to ten days late."""


@dataclass(frozen=True)
class TimelineEntry:
    """One entry of the timeline. `names`: the persons whom its event names."""

    version: int
    position: int
    name: str
    occurred_at: datetime
    recorded_at: datetime
    by: UUID
    body: UUID
    on_behalf_of: UUID | None
    event: Any
    entry: Entry[Any]
    """As it was recorded."""
    struck: bool = False
    corrected_by: int | None = None
    replaces: int | None = None
    happened_at: datetime = UNKNOWN
    """When it happened, as it is known now: of an entry that corrects another one, when that one did."""

    @property
    def late(self) -> bool:
        return self.recorded_at - self.occurred_at > LATE


@dataclass
class SessionText:
    number: int
    at: datetime | None = None
    where: str = ""
    record: str = ""
    attended: tuple[UUID, ...] = ()
    participants: tuple[UUID, ...] = ()
    public: bool = False


@dataclass
class MediationText:
    """What was told and written in one mediation."""

    sessions: dict[int, SessionText] = field(default_factory=dict)
    participants: dict[UUID, Participant] = field(default_factory=dict)
    agreement: agreement.AgreementReached | None = None
    court_document: str = ""


@dataclass(frozen=True)
class Deadline:
    """A day that something is due. `what` is a label's key."""

    what: str
    mediation: int
    day: date
    number: int | None = None
    due: Due | None = None
    """How it was counted; None: the parties agreed on it."""
    run_out: bool = False


@dataclass
class CasePage:
    id: UUID
    version: int
    position: int
    state: DisputeCase
    facts: str = ""
    listed: Mapping[str, Any] = field(default_factory=nothing_listed)
    """What its registration tells of each listed field."""
    foreign_number: str = ""
    subcategory: str = ""
    amount: Fen | None = None
    people: int | None = None
    names: dict[UUID, str] = field(default_factory=dict)
    representatives: dict[UUID, list[Representative]] = field(default_factory=dict)
    mediations: dict[int, MediationText] = field(default_factory=dict)
    filed: list[papers.PaperFiled] = field(default_factory=list)
    evidence: list[papers.EvidenceFiled] = field(default_factory=list)
    timeline: list[TimelineEntry] = field(default_factory=list)
    imported: importing.CaseImported | None = None
    flags: tuple[importing.Flag, ...] = ()
    """The rules that its imported history breaks."""

    @property
    def missing_papers(self) -> list[list[Paper]]:
        return missing_papers(self.state)

    @property
    def deadlines(self) -> list[Deadline]:
        return sorted(_deadlines(self.state), key=lambda one: one.day)


def page(history: History[DisputeCase], effective_at: datetime | None = None) -> CasePage:
    """As it reads in this history; `effective_at`: by what had happened by then."""
    made = gist(history, effective_at)
    made.timeline = [one for one in timeline(history.entries) if not effective_at or one.occurred_at <= effective_at]
    return made


def gist(history: History[DisputeCase], effective_at: datetime | None = None) -> CasePage:
    """The page without its timeline."""
    entries = [one for one in standing(history.entries) if not effective_at or one.occurred_at <= effective_at]
    state = history.effective_at(effective_at) if effective_at else history.state
    position = history.entries[-1].position if history.entries else 0
    made = CasePage(history.id, history.version, position, state)
    for entry in entries:
        _tell(made, entry.event, entry.occurred_at)
    return made


def _tell(made: CasePage, event: Any, at: datetime) -> None:
    """Most entries of a long case, such as notes, tell the gist nothing: they are passed over by their class."""
    kind: type[Value] = type(event)
    if tell := _TOLD.get(kind):
        tell(made, event)
    elif _is_of_a_mediation(kind) and event.mediation is not None:
        _tell_mediation(made, made.mediations.setdefault(event.mediation, MediationText()), event, at)


@cache
def _is_of_a_mediation(kind: type[Value]) -> bool:
    return "mediation" in kind.model_fields


def _registered(made: CasePage, event: intake.CaseRegistered) -> None:
    made.facts, made.listed, made.foreign_number = event.facts.text, listed_of(event), event.foreign_number


def _named(made: CasePage, event: parties.PartyAdded | parties.PartyCorrected) -> None:
    made.names[event.party.person] = event.party.name


def _represented(made: CasePage, event: parties.PartyRepresented) -> None:
    made.representatives.setdefault(event.party, []).append(event.representative)
    made.names[event.representative.person] = event.representative.name


def _succeeded(made: CasePage, event: succession.PartySucceeded) -> None:
    made.names[event.successor.person] = event.successor.name


def _classified(made: CasePage, event: category.CaseClassified) -> None:
    made.subcategory = event.subcategory


def _stated(made: CasePage, event: classification.AmountStated) -> None:
    made.amount, made.people = event.amount, event.people


def _imported(made: CasePage, event: importing.CaseImported) -> None:
    made.imported = event


def _flagged(made: CasePage, event: importing.ImportFlagged) -> None:
    made.flags = event.flags


_TOLD: Mapping[type[Any], Callable[[CasePage, Any], None]] = {
    intake.CaseRegistered: _registered,
    parties.PartyAdded: _named,
    parties.PartyCorrected: _named,
    parties.PartyRepresented: _represented,
    succession.PartySucceeded: _succeeded,
    category.CaseClassified: _classified,
    classification.AmountStated: _stated,
    importing.CaseImported: _imported,
    importing.ImportFlagged: _flagged,
    papers.PaperFiled: lambda made, event: made.filed.append(event),
    papers.EvidenceFiled: lambda made, event: made.evidence.append(event),
}


def _tell_mediation(made: CasePage, text: MediationText, event: Any, at: datetime) -> None:
    match event:
        case mediators.ParticipantJoined():
            text.participants[event.participant.person] = event.participant
            made.names[event.participant.person] = event.participant.name
        case sessions.SessionScheduled():
            text.sessions[event.number] = SessionText(event.number, event.at, event.where)
        case sessions.SessionAdjourned():
            text.sessions[event.session] = SessionText(event.session, event.to, event.where)
        case sessions.SessionHeld():
            planned = text.sessions.get(event.number, SessionText(event.number))
            text.sessions[event.number] = SessionText(
                event.number, at, planned.where, event.record.text, event.attended, event.participants, event.public
            )
        case agreement.AgreementReached():
            text.agreement = event
        case signing.CourtDocumentIssued():
            text.court_document = event.reference


def timeline(entries: Iterable[Entry[Any]]) -> Iterable[TimelineEntry]:
    """Every entry, with what became of it; also one that stood in another's place was corrected, or struck out."""
    struck: set[int] = set()
    corrected: dict[int, int] = {}
    replacing: dict[int, Rewritten] = {}
    stood: defaultdict[int, list[int]] = defaultdict(list)
    known = list(entries)
    for entry in known:
        place = replacing.get(entry.version)
        stood[place.entry if place else entry.version].append(entry.version)
        if isinstance(entry.event, Amending):
            struck.update(*(stood[one] for one in entry.event.struck))
            for offset, one in enumerate(entry.event.rewritten, 1):
                if not one.behind:
                    corrected |= {version: entry.version for version in stood[one.entry][-1:]}
                    replacing[entry.version + offset] = one
    for entry in known:
        yield _line(entry, entry.version in struck, corrected.get(entry.version), replacing.get(entry.version))


def _line(entry: Entry[Any], struck: bool, corrected_by: int | None, place: Rewritten | None) -> TimelineEntry:
    stamp = entry.stamp
    return TimelineEntry(
        entry.version,
        entry.position,
        entry.event.name,
        stamp.occurred_at,
        entry.recorded_at,
        stamp.by,
        stamp.body,
        stamp.on_behalf_of,
        entry.event,
        entry,
        struck,
        corrected_by,
        place.entry if place else None,
        place.occurred_at if place else stamp.occurred_at,
    )


def _deadlines(case: DisputeCase) -> Iterable[Deadline]:
    for name, due in going(case).items():
        over = due.key(str(name)) in case.run_out
        yield Deadline(name.code or name.kind, name.number, due.day, due=due, run_out=over)
    for mediation in case.mediations.values():
        agreement = mediation.agreement
        if agreement and mediation.stage is Stage.IN_EFFECT:
            for obligation, one in agreement.obligations.items():
                if one.is_open and one.due:
                    yield Deadline("perform", mediation.number, one.due, obligation)
