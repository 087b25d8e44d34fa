"""The state of a dispute case: only what later decisions need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.case.course import Answered, AskedAbove, EscalationPhase, Moved, Replaced, Warned, WarningAnswered
from domain.case.kinds import (
    Capacity,
    Category,
    Difficulty,
    MatterStep,
    OrganKind,
    Paper,
    Result,
    Risk,
    Side,
    Source,
)
from domain.case.mediations import ACTIVE, Confirmation, Mediation
from domain.case.organ_papers import HandoverLetter, Receipt, RiskReport
from domain.case.people import PartyDetails
from domain.case.rating import DifficultyProposal
from domain.shared.errors import Missing
from domain.shared.law import Due
from domain.shared.slices import Slice
from domain.shared.states import State, without
from domain.shared.values import (
    AreaId,
    BodyId,
    CaseId,
    Changes,
    Channel,
    EscalationId,
    Level,
    NarrativeId,
    PersonId,
    ReferralId,
)


class Status(StrEnum):
    NEW = "new"  # 尚无记录
    RECEIVED = "received"  # 已收到请求
    REGISTERED = "registered"  # 已登记
    OPEN = "open"  # 办理中
    CLOSED = "closed"  # 已结案
    ARCHIVED = "archived"  # 已归档
    MERGED = "merged"  # 已并案


class Empowered(State):
    """By what right somebody speaks for a party, and whether the paper that says so is on file."""

    capacity: Capacity
    on_paper: bool


class Party(State):
    side: Side
    details: PartyDetails
    represented_by: PersonId | None = None
    representatives: Mapping[PersonId, Empowered] = field(default_factory=dict)
    rights_told: bool = False
    identity_checked: bool = False
    withdrawn: bool = False
    succeeded_by: PersonId | None = None


class Proceeding(State):
    """The same dispute before another organ: its own matter goes on beside the mediation, with its own clock."""

    organ: OrganKind
    step: MatterStep | None = None
    since: datetime
    settled: bool
    due: Due | None = None
    over: bool = False
    extended: bool = False
    heard: frozenset[date] = frozenset()
    """The days of hearings that do not count in its time."""

    @property
    def blocks(self) -> bool:
        """Whether a committee may not take it up: it is going on there, or was settled."""
        return self.settled or not self.over

    @property
    def is_filed_suit(self) -> bool:
        return self.organ is OrganKind.COURT and self.step is not MatterStep.SUIT_RECEIVED and not self.over


class UnknownParty(Missing):
    """The case has no such party."""


class NoSuchMediation(Missing):
    """The case has no mediation of this number."""


class DisputeCase(State):
    id: CaseId
    status: Status = Status.NEW
    since: datetime | None = None
    """When the status was entered."""
    request_received_at: datetime | None = None
    registered_at: datetime | None = None
    receipt: Receipt | None = None
    """Who was asked, and when; None: it was registered before that was told."""
    code: str = ""
    place: AreaId | None = None
    registered_by: BodyId | None = None
    registered_for: BodyId | None = None
    """The body that held it first."""
    holder: BodyId | None = None
    level: Level | None = None
    highest: Level | None = None
    source: Source | None = None
    category: Category | None = None
    difficulty: Difficulty | None = None
    difficulty_proposal: DifficultyProposal | None = None
    risk: Risk = Risk.LOW
    possible_crime: bool = False
    risk_reported: bool = False
    parties: Mapping[PersonId, Party] = field(default_factory=dict)
    refusals: frozenset[tuple[PersonId, Channel]] = frozenset()
    disclosures: frozenset[tuple[PersonId, BodyId]] = frozenset()
    matters: Mapping[int, Proceeding] = field(default_factory=dict)
    """By a number that striking another one does not move."""
    letters: tuple[HandoverLetter, ...] = ()
    mediations: Mapping[int, Mediation] = field(default_factory=dict)
    papers: frozenset[Paper] = frozenset()
    performed: bool = False
    follow_ups: int = 0
    resolved_at: datetime | None = None
    result: Result | None = None
    merged_into: CaseId | None = None
    carried_over: bool = False
    """It was merged, and its bounces are counted in the case that took it in."""
    moves_taken_in: int = 0
    """How often the cases that it took in had changed their holder."""
    held_since: datetime | None = None
    held_until: Due | None = None
    """How long the holder has."""
    dispute_until: Due | None = None
    """How long the whole of it has, from its registration, whoever holds it."""
    begun: Mapping[str, Due] = field(default_factory=dict)
    """What something that happened started, by the limit's code."""
    risk_reports: Mapping[int, RiskReport] = field(default_factory=dict)
    accept_by: Due | None = None
    """Until when the organ that registered it accepts it, or declines."""
    seeing: frozenset[BodyId] = frozenset()
    """The bodies that came to see all of it; others see what was handed to them."""
    course: tuple[Moved | AskedAbove | Answered | Warned | WarningAnswered | Replaced, ...] = ()
    """How the matter went from body to body: beside.turns says who reads what of it since."""
    given: Mapping[BodyId, Slice] = field(default_factory=dict)
    offers: Mapping[ReferralId, bool] = field(default_factory=dict)
    """Open offers, and whether they would move the mediation."""
    handed: frozenset[ReferralId] = frozenset()
    """Accepted referrals that have not come back."""
    escalations: Mapping[EscalationId, EscalationPhase] = field(default_factory=dict)
    bounces: int = 0
    """How often it was rejected, sent back or returned down."""
    run_out: frozenset[str] = frozenset()
    """The clocks that have run out and were acted on, each by its key and day."""
    restricted: frozenset[PersonId] = frozenset()
    """The persons whose data is stored, and with whom nothing else is done."""
    erased: frozenset[PersonId] = frozenset()
    replaced: frozenset[NarrativeId] = frozenset()
    """Texts that were erased; an entry of its own holds what reads in their place."""

    @classmethod
    def blank(cls, id: Any) -> DisputeCase:
        return cls(id=id)

    def entered(self, status: Status, at: datetime, **changes: Changes[DisputeCase]) -> DisputeCase:
        return self.with_fields({"status": status, "since": at, **changes})

    def with_begun(self, dues: tuple[Due, ...], stopped: tuple[str, ...] = ()) -> DisputeCase:
        begun = self.begun
        for code in stopped:
            begun = without(begun, code)
        return self.but(begun={**begun, **{one.clock: one for one in dues}})

    def with_party(self, id: PersonId, **changes: Changes[Party]) -> DisputeCase:
        party = self.parties[id].with_fields(changes)
        return self.but(parties={**self.parties, id: party})

    def with_mediation(self, number: int, **changes: Changes[Mediation]) -> DisputeCase:
        mediation = self.mediations[number].with_fields(changes)
        return self.but(mediations={**self.mediations, number: mediation})

    def with_new_mediation(self, mediation: Mediation) -> DisputeCase:
        return self.but(mediations={**self.mediations, mediation.number: mediation})

    @property
    def proceedings(self) -> tuple[Proceeding, ...]:
        return tuple(self.matters.values())

    def with_matter(self, number: int, matter: Proceeding) -> DisputeCase:
        return self.but(matters={**self.matters, number: matter})

    def mediation(self, number: int) -> Mediation:
        if found := self.mediations.get(number):
            return found
        raise NoSuchMediation(mediation=number)

    @property
    def active_mediation(self) -> Mediation | None:
        """The one mediation that is going on: there is never a second one, in any channel."""
        return next((one for one in self.mediations.values() if one.stage in ACTIVE), None)

    @property
    def last_step(self) -> datetime | None:
        """When the case or one of its mediations last moved, or something promised was done."""
        done = [
            part.done_at
            for one in self.mediations.values()
            if one.agreement
            for part in one.agreement.obligations.values()
            if part.done_at
        ]
        since = [self.since] if self.since else []
        return max([*since, *done, *(one.since for one in self.mediations.values())], default=None)

    @property
    def withheld(self) -> frozenset[PersonId]:
        return self.restricted | self.erased

    @property
    def present_parties(self) -> frozenset[PersonId]:
        """The parties that have not left the case."""
        return frozenset(id for id, party in self.parties.items() if not party.withdrawn)

    @property
    def last_mediation(self) -> Mediation | None:
        return self.mediations[max(self.mediations)] if self.mediations else None

    @property
    def came_apart(self) -> bool:
        """Whether what was agreed last was breached, or the court did not confirm it: it may be mediated again."""
        last = self.last_mediation
        if last is None or last.agreement is None:
            return False
        breached = any(part.breached for part in last.agreement.obligations.values())
        return breached or last.agreement.confirmation in (Confirmation.DISMISSED, Confirmation.REVOKED)

    def parties_without_consent(self, mediation: Mediation) -> list[PersonId]:
        return sorted(self.present_parties - mediation.consents)

    def missing_sides(self) -> list[Side]:
        sides = {self.parties[id].side for id in self.present_parties}
        return sorted({Side.APPLICANT, Side.RESPONDENT} - sides)

    def refused_in(self, channel: Channel) -> list[PersonId]:
        return sorted(id for id, where in self.refusals if where is channel and id in self.present_parties)
