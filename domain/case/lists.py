"""Every command and every event of a case, in the order of the process."""

from __future__ import annotations

from domain.case import clocks
from domain.case.beside import (
    body_merged,
    handover,
    hearing,
    holder,
    levels,
    proceeding_extension,
    proceedings,
    referral_return,
)
from domain.case.commands import CaseCommand, CaseEvent
from domain.case.ending import closing, court_remedies, follow_up, performance
from domain.case.mediating import (
    agreement,
    amendment,
    confirmation,
    confirmation_time,
    confirmation_undone,
    consent,
    consent_outcomes,
    effect,
    mediation,
    mediation_extension,
    mediators,
    refusal,
    sessions,
    signing,
    starting,
)
from domain.case.opening import (
    acceptance,
    category,
    classification,
    guidance,
    handover_letters,
    intake,
    parties,
    risk_reports,
    starts,
    succession,
)
from domain.case.record import correction, importing, joining, papers, privacy
from domain.shared.decider import defined

PHASES = (
    intake,
    starts,
    handover_letters,
    acceptance,
    parties,
    succession,
    category,
    classification,
    risk_reports,
    proceedings,
    proceeding_extension,
    hearing,
    consent,
    refusal,
    consent_outcomes,
    mediators,
    starting,
    mediation,
    mediation_extension,
    sessions,
    papers,
    agreement,
    signing,
    amendment,
    confirmation,
    confirmation_time,
    confirmation_undone,
    performance,
    court_remedies,
    guidance,
    handover,
    referral_return,
    holder,
    levels,
    follow_up,
    closing,
    joining,
    correction,
    privacy,
    clocks,
)


COMMANDS: tuple[type[CaseCommand], ...] = tuple(one for phase in PHASES for one in defined(CaseCommand, phase))
EVENTS: tuple[type[CaseEvent], ...] = tuple(
    one
    for phase in (*PHASES, body_merged, effect, importing)
    for one in defined(CaseEvent, phase)
    if hasattr(one, "name")
)
