"""并案与分案 Joining: a case is merged into another, or part of it is split off. Both change two histories at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from domain.case.beside.holder import HolderChanged
from domain.case.case import DisputeCase, Status
from domain.case.commands import UNTIL_CLOSED, AfterMediations, CaseCommand, CaseEvent
from domain.case.ending.closing import refuse_on_its_way, refuse_unreported
from domain.case.kinds import Risk
from domain.case.opening.intake import CaseRegistered
from domain.case.opening.listed import listed_of
from domain.case.opening.parties import Parties, PartyAdded
from domain.case.record.inheritance import carried_over
from domain.case.service_limits import held_until
from domain.shared.decider import History, standing
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Due
from domain.shared.marks import Correctable, Framed
from domain.shared.occasion import Occasion
from domain.shared.references import PartyRef
from domain.shared.values import CaseId, Level, Narrative, Reason, Told


class MediationMustEndFirst(Conflict):
    """A case is not merged away while it is being mediated."""


class IntoItself(Refused):
    """A case is merged into another one."""


class CannotTakeIn(Conflict):
    """The other case is closed, archived or merged itself."""


class NobodyLeft(Refused):
    """A split leaves both sides in the old case."""


class MergeCase(AfterMediations):
    """并案"""

    allowed_in = UNTIL_CLOSED
    into: CaseId
    reason: Reason

    @classmethod
    def guard_case(cls, case: DisputeCase) -> None:
        if active := case.active_mediation:
            raise MediationMustEndFirst(mediation=active.number)
        refuse_on_its_way(case)
        refuse_unreported(case)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if self.into == case.id:
            raise IntoItself(case=case.id)
        return (CaseMerged(into=self.into, reason=on.narrative(self.reason), carried=True),)


class CaseMerged(CaseEvent):
    name: ClassVar = "case.merged"
    framed: ClassVar = True
    of = (MergeCase,)
    into: Framed[CaseId]
    reason: Correctable[Narrative]
    carried: bool = False
    """Whether the other case goes on with its level, bounces and moves, and they are counted there."""

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.entered(Status.MERGED, at, merged_into=self.into, carried_over=self.carried)


def taken_in(other: DisputeCase, merged: History[DisputeCase]) -> tuple[CaseEvent, ...]:
    """What the other case records when one is merged into it: how high that was, how often it bounced and moved."""
    if other.status not in UNTIL_CLOSED:
        raise CannotTakeIn(case=other.id, status=other.status)
    was = merged.state
    older = was.dispute_until and (other.dispute_until is None or was.dispute_until.since < other.dispute_until.since)
    levels = [one for one in (other.highest, was.highest) if one]
    moves = sum(isinstance(one.event, HolderChanged) for one in standing(merged.entries))
    taken = CaseTakenIn(
        merged=CaseId(merged.id),
        highest=max(levels, key=lambda one: one.rank, default=None),
        bounces_of_it=was.bounces,
        moves_of_it=moves + was.moves_taken_in,
        risk=max(other.risk, was.risk, key=list(Risk).index),
        dispute=was.dispute_until if older else None,
    )
    return (taken,)


class CaseTakenIn(CaseEvent):
    """Struck together with the merger that the other case recorded, and only so."""

    name: ClassVar = "case.taken_in"
    of = (MergeCase,)
    immutable = True
    merged: CaseId
    highest: Level | None = None
    """The highest level that either of them had reached; None: of an entry that is older than this."""
    bounces_of_it: int = 0
    moves_of_it: int = 0
    """How often it had changed its holder."""
    risk: Risk | None = None
    """The higher risk of the two; None: of an entry that is older than this."""
    dispute: Due | None = None
    """How long the whole has, where the one that was taken in was registered first."""

    def worked_out(self, case: DisputeCase, at: datetime, on: Occasion) -> CaseTakenIn:
        """Level, risk and registration of the case that takes it in may be others since."""
        taken = self
        if self.highest and case.highest and case.highest.rank > self.highest.rank:
            taken = taken.but(highest=case.highest)
        if self.risk:
            taken = taken.but(risk=max(self.risk, case.risk, key=list(Risk).index))
        later = self.dispute and case.dispute_until and case.dispute_until.since < self.dispute.since
        return taken.but(dispute=None) if later else taken

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        if self.highest is None:
            return case
        moves = case.moves_taken_in + self.moves_of_it
        taken = case.but(highest=self.highest, bounces=case.bounces + self.bounces_of_it, moves_taken_in=moves)
        taken = taken.but(risk=self.risk) if self.risk else taken
        return taken.but(dispute_until=self.dispute) if self.dispute else taken


class SplitCase(CaseCommand):
    """分案"""

    allowed_in = UNTIL_CLOSED
    parties: Parties
    facts: Told
    leave: bool = False
    """Whether these parties leave the old case."""
    reason: Reason

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if self.leave and case.active_mediation:
            raise MediationMustEndFirst(mediation=case.active_mediation.number)
        if self.leave and not _both_sides(case, self.parties):
            raise NobodyLeft(parties=self.parties)
        split = CaseSplit(
            into=CaseId(on.seed), parties=self.parties, leave=self.leave, reason=on.narrative(self.reason)
        )
        return (split,)

    def split_off(self, history: History[DisputeCase], on: Occasion) -> tuple[CaseEvent, ...]:
        """What the new case opens with: the same place and holder, copies of its parties with ids of their own, and
        what stands in the way of mediation here stands in its way there."""
        copies = tuple(self._copy(history.state, index, on) for index in range(len(self.parties)))
        ids = {old: copy.party.person for old, copy in zip(self.parties, copies, strict=True)}
        return (self._registered(history, on), *copies, *carried_over(history, ids))

    def _registered(self, history: History[DisputeCase], on: Occasion) -> CaseRegistered:
        case = history.state
        assert case.place
        assert case.source
        assert case.category
        assert case.holder
        assert case.level
        numbering = on.named_body(on.body.answers_for)
        return CaseRegistered(
            place=case.place,
            facts=on.narrative(self.facts, 1),
            source=case.source,
            category=case.category,
            risk=case.risk,
            foreign_number="",
            **_listed(history),
            holder=case.holder,
            level=case.level,
            highest=case.highest,
            registered_by=on.body.id,
            body_code=numbering.code,
            series_body=numbering.id,
            split_from=case.id,
            due=held_until(case.difficulty, on),
            dispute=case.dispute_until,
        )

    def _copy(self, case: DisputeCase, index: int, on: Occasion) -> PartyAdded:
        party = case.parties[self.parties[index]]
        return PartyAdded(side=party.side, party=party.details.but(person=on.person(index)))


def _listed(history: History[DisputeCase]) -> Mapping[str, Any]:
    """As the whole was registered, or as that was corrected: it is what pages show of it as well."""
    return next(listed_of(one.event) for one in standing(history.entries) if isinstance(one.event, CaseRegistered))


def _both_sides(case: DisputeCase, leaving: tuple[PartyRef, ...]) -> bool:
    left = {case.parties[id].side for id in case.present_parties - set(leaving)}
    return {"applicant", "respondent"} <= left


class CaseSplit(CaseEvent):
    """What went its own way is a case by now: the two may be merged, the split is not undone."""

    name: ClassVar = "case.split"
    of = (SplitCase,)
    immutable = True
    into: CaseId
    parties: tuple[PartyRef, ...]
    leave: bool
    reason: Narrative

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return not self.leave or (case.active_mediation is None and _both_sides(case, self.parties))

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        for party in self.parties if self.leave else ():
            case = case.with_party(party, withdrawn=True)
        return case
