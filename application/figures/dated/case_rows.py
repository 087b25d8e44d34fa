"""A case as figures count it: one row for the dispute, one for each mediation, one for each answer of a party."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from application.figures.dated.columns import (
    ANSWER,
    DISPUTE,
    MEDIATION,
    PAPER,
    AnswerRow,
    DisputeRow,
    MediationRow,
    PaperRow,
)
from application.figures.dated.dating import Dating, Key, Rows
from domain.case.case import DisputeCase, Status
from domain.case.ending.closing import CaseClosed, CaseReopened
from domain.case.ending.follow_up import FollowedUp, SatisfactionAnswered
from domain.case.kinds import Difficulty, EndGround, Mandate, Nature, Result, Satisfaction
from domain.case.mediating.agreement import AgreementReached
from domain.case.mediating.confirmation import ConfirmationApplied, ConfirmationGranted
from domain.case.mediations import Agreement, Mediation, SessionState, Stage
from domain.case.opening.acceptance import CaseAccepted, CaseDeclined
from domain.case.opening.intake import CaseRegistered, SettledOnTheSpot
from domain.case.record.importing import CaseImported
from domain.case.record.papers import EvidenceFiled, PaperFiled
from domain.shared.calendar import local_day
from domain.shared.decider import Entry
from domain.shared.values import Channel, Level

BECAME_CRIMINAL = frozenset({EndGround.PUBLIC_ORDER, EndGround.CRIMINAL})
CRIMINAL_RESULTS = frozenset({Result.PUBLIC_ORDER, Result.CRIMINAL})


FIRST = {CaseAccepted: "accepted", AgreementReached: "agreed", FollowedUp: "followed-up"}
"""Of these the first day counts."""
LAST = {CaseReopened: "reopened", CaseClosed: "closed", CaseDeclined: "closed", SettledOnTheSpot: "closed"}
"""Of these the last."""


class CaseTelling:
    """What a case tells of itself that figures count and its state does not keep."""

    def __init__(self) -> None:
        self._days: dict[str, date] = {}
        self._level: Level | None = None
        self._agreed_at: datetime | None = None
        self._rated_first: Difficulty | None = None
        self._late = 0
        self._imported = False
        self._answers: dict[int, tuple[SatisfactionAnswered, date]] = {}
        self._papers: dict[int, tuple[str, date]] = {}
        self._applied: dict[int, date] = {}
        self._confirmed: dict[int, date] = {}

    def add(self, entry: Entry[Any], state: DisputeCase) -> None:
        kind, day = type(entry.event), local_day(entry.occurred_at)
        if first := FIRST.get(kind):
            self._days.setdefault(first, day)
        elif last := LAST.get(kind):
            self._days[last] = day
        else:
            self._add_other(entry, day)
        if kind is AgreementReached and self._agreed_at is None:
            self._agreed_at = entry.occurred_at
        self._rated_first = self._rated_first or state.difficulty
        if state.level is not self._level:
            self._follow_level(state.level, day)

    def _follow_level(self, level: Level | None, day: date) -> None:
        if self._level and level and level.rank > self._level.rank:
            self._days.setdefault("raised", day)
        self._level = level

    def _add_other(self, entry: Entry[Any], day: date) -> None:
        match entry.event:
            case CaseRegistered():
                self._late = (local_day(entry.recorded_at) - day).days
            case CaseImported():
                self._imported = True
            case SatisfactionAnswered() as answer if answer.satisfaction is not Satisfaction.NO_ANSWER:
                self._answers[entry.version] = answer, day
            case EvidenceFiled(sha256=content) | PaperFiled(sha256=content):
                self._papers[entry.version] = content, day
            case ConfirmationApplied() as applied:
                self._applied.setdefault(applied.mediation, day)
            case ConfirmationGranted() as granted:
                self._confirmed[granted.mediation] = day

    def rows(self, case: DisputeCase) -> Rows:
        if case.registered_at is None or case.status is Status.RECEIVED:
            return {}
        told: dict[Key, Any] = {(DISPUTE, 0): self._dispute(case)}
        for number, mediation in case.mediations.items():
            told[MEDIATION, number] = self._mediation(case, mediation)
        for version, (answer, day) in self._answers.items():
            told[ANSWER, version] = self._answer(case, answer, day)
        for version, (content, day) in self._papers.items():
            told[PAPER, version] = PaperRow(*_common(case), holder=_holder(case), filed_on=day, sha256=content)
        return told

    def _dispute(self, case: DisputeCase) -> DisputeRow:
        assert case.holder
        assert case.registered_by
        assert case.level
        assert case.highest
        last = case.last_mediation
        closed = case.status in {Status.CLOSED, Status.ARCHIVED}
        return DisputeRow(
            *_common(case),
            registered_by=case.registered_by,
            holder=case.holder,
            status=case.status.value,
            difficulty=case.difficulty and case.difficulty.value,
            risk=case.risk.value,
            level=case.level.value,
            highest_rank=case.highest.rank,
            channel=last.channel.value if last else None,
            mediators=tuple(sorted(last.mediators)) if last else (),
            result=case.result and case.result.value,
            accepted_on=self._days.get("accepted"),
            agreed_on=self._days.get("agreed"),
            resolved_on=_day(case.resolved_at),
            closed_on=self._days.get("closed") if closed else None,
            reopened_on=self._days.get("reopened"),
            criminal_on=self._criminal(case),
            followed_up_on=self._days.get("followed-up"),
            raised_on=self._days.get("raised"),
            first_answer_on=min((day for _, day in self._answers.values()), default=None),
            due_on=case.dispute_until.day if case.dispute_until else None,
            agreed_minutes=self._agreed_minutes(case),
            upgraded=self._is_upgraded(case),
            late_days=self._late,
            bounces=case.bounces,
            imported=self._imported,
        )

    def _agreed_minutes(self, case: DisputeCase) -> int | None:
        if self._agreed_at is None or case.registered_at is None:
            return None
        return int((self._agreed_at - case.registered_at).total_seconds() // 60)

    def _is_upgraded(self, case: DisputeCase) -> bool:
        first, now = self._rated_first, case.difficulty
        if first is None or now is None:
            return False
        return now.rank > min(first.rank, Difficulty.ORDINARY.rank)

    def _criminal(self, case: DisputeCase) -> date | None:
        ended = [local_day(one.since) for one in case.mediations.values() if one.ground in BECAME_CRIMINAL]
        if case.result in CRIMINAL_RESULTS and (closed := self._days.get("closed")):
            ended.append(closed)
        return min(ended, default=None)

    def _mediation(self, case: DisputeCase, one: Mediation) -> MediationRow:
        ended = one.stage is Stage.ENDED
        in_effect = _day(one.since) if one.stage is Stage.IN_EFFECT else None
        agreement = one.agreement
        return MediationRow(
            *_common(case),
            body=one.body,
            channel=one.channel.value,
            mandate=one.mandate.value,
            mediators=tuple(sorted(one.mediators)),
            opened_on=local_day(one.opened_at),
            sessions=sum(state is SessionState.HELD for state in one.sessions.values()),
            agreed_on=local_day(agreement.reached_at) if agreement else None,
            form=agreement.form.value if agreement else None,
            effect_on=in_effect,
            ended_on=local_day(one.since) if ended else None,
            ground=one.ground and one.ground.value,
            concluded_on=local_day(one.since) if one.is_concluded else None,
            due_on=one.conclude_by,
            **_performance(agreement if in_effect else None),
            confirmable=in_effect is not None and _is_confirmable(one),
            applied_on=self._applied.get(one.number),
            confirmed_on=self._confirmed.get(one.number),
        )

    def _answer(self, case: DisputeCase, answer: SatisfactionAnswered, day: date) -> AnswerRow:
        assert case.holder
        party = case.parties.get(answer.party)
        return AnswerRow(
            *_common(case),
            holder=case.holder,
            answered_on=day,
            side=party.side.value if party else "",
            satisfaction=answer.satisfaction.value,
        )


def _holder(case: DisputeCase) -> UUID:
    assert case.holder
    return case.holder


def _common(case: DisputeCase) -> tuple[UUID, str, str, date]:
    assert case.place
    assert case.category
    assert case.source
    assert case.registered_at
    return case.place, case.category.value, case.source.value, local_day(case.registered_at)


def _performance(agreement: Agreement | None) -> dict[str, Any]:
    """Of an agreement in effect: what was promised, and what of it was done in time."""
    promised = tuple(agreement.obligations.values()) if agreement else ()
    done = [local_day(one.done_at) for one in promised if one.done_at]
    late = [one for one in promised if one.done_at and one.due and local_day(one.done_at) > one.due]
    in_time = [one.paid for one in promised if one.done_at and not (one.due and local_day(one.done_at) > one.due)]
    return {
        "promised_until": max((one.due for one in promised if one.due), default=None),
        "promised": sum(one.amount for one in promised),
        "performed_on": max(done) if promised and len(done) == len(promised) else None,
        "performed_late": bool(late),
        "paid_in_time": sum(in_time),
        "breached": any(one.breached for one in promised),
    }


def _is_confirmable(one: Mediation) -> bool:
    """Whether the court confirms agreements of its kind (民诉法 205, 民诉解释 355)."""
    court = one.mandate is Mandate.ENTRUSTED or one.channel is Channel.LITIGATION
    return not court and one.reached.nature is Nature.ORDINARY


def _day(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None


def case_dating(id: UUID) -> Dating[DisputeCase]:
    return Dating(DisputeCase.blank(id), CaseTelling)
