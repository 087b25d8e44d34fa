"""What mostly comes next: at most five of the possible actions, the one that moves the case first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from application.rights import Viewer, may
from domain.case.actions import Action, actions
from domain.case.case import DisputeCase
from domain.case.commands import CaseCommand
from domain.case.ending import closing, follow_up, performance
from domain.case.ending.closing import missing_papers
from domain.case.mediating import agreement, confirmation, consent, mediation, mediators, sessions, signing, starting
from domain.case.mediations import Mediation, SessionState, Stage
from domain.case.opening import acceptance, classification, parties, risk_reports
from domain.case.record import papers
from domain.shared.errors import DomainError, Forbidden

MOST = 5
BEFORE = frozenset({Stage.OPENED, Stage.CONSENTED})


def possible(case: DisputeCase, viewer: Viewer, sees_all: bool) -> list[tuple[Action, DomainError | None]]:
    """Every action with the reason why this viewer cannot take it now, or None. Who sees a part of the case is not told
    of what is for others: how far they are could be read of it."""
    found = [(one, may(viewer, one, case)) for one in actions(case)]
    return [one for one in found if sees_all or not isinstance(one[1], Forbidden)]


def next_steps(case: DisputeCase, free: Sequence[Action], today: date) -> list[Action]:
    by_command = {one.command: one for one in free}
    found = (by_command[command] for command in dict.fromkeys(_wished(case, today)) if command in by_command)
    return list(found)[:MOST]


def _wished(case: DisputeCase, today: date) -> Iterable[type[CaseCommand]]:
    if case.possible_crime and not case.risk_reported:
        yield risk_reports.ReportRisk
    if case.difficulty_proposal:
        yield classification.ConfirmDifficulty
    active = case.active_mediation
    if active:
        yield from _in(case, active)
    elif not case.mediations:
        if case.missing_sides():
            yield parties.AddParty
        yield acceptance.AcceptCase
        yield acceptance.DeclineCase
    yield from _after(case, today)
    yield papers.FilePaper
    yield papers.WriteNote


def _in(case: DisputeCase, active: Mediation) -> Iterable[type[CaseCommand]]:
    yield from _to_begin(case, active)
    match active.stage:
        case Stage.CONSENTED:
            yield starting.StartMediation
        case Stage.PAUSED:
            yield mediation.ResumeMediation
        case Stage.AGREED:
            yield from _signing(case, active)
        case Stage.UNDER_WAY:
            held = SessionState.HELD in active.sessions.values()
            yield from (agreement.ReachAgreement, sessions.HoldSession) if held else (sessions.HoldSession,)
    yield sessions.ScheduleSession
    yield mediation.EndMediation


def _to_begin(case: DisputeCase, active: Mediation) -> Iterable[type[CaseCommand]]:
    if not all(case.parties[id].rights_told for id in case.present_parties):
        yield parties.TellRights
    if case.parties_without_consent(active):
        yield consent.GiveConsent
    if not active.mediators:
        yield mediators.ProposeMediator
    elif not active.accepted_mediators(case.present_parties):
        yield mediators.AcceptMediator


def _signing(case: DisputeCase, active: Mediation) -> Iterable[type[CaseCommand]]:
    if case.present_parties - set(active.reached.signed):
        yield signing.SignAgreement
    if not active.reached.mediator_signed_at:
        yield signing.SignAsMediator
    yield signing.SealAgreement
    yield signing.RecordCourtDocument


def _after(case: DisputeCase, today: date) -> Iterable[type[CaseCommand]]:
    agreements = [one.agreement for one in case.mediations.values() if one.agreement and one.stage is Stage.IN_EFFECT]
    if any(part.is_open for one in agreements for part in one.obligations.values()):
        yield performance.PerformObligation
        yield performance.BreachObligation
    if agreements and not case.follow_ups:
        yield follow_up.FollowUp
    if any(one.confirmation is None and one.confirm_by and today <= one.confirm_by for one in agreements):
        yield confirmation.ApplyForConfirmation
    yield closing.CloseCase
    if not missing_papers(case):
        yield closing.ArchiveCase
