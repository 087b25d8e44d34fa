"""Every command and every event of a case, in the order of the process."""

from __future__ import annotations

from domain.case import (
    acceptance,
    agreement,
    classification,
    clocks,
    closing,
    coming_back,
    confirmation,
    consent,
    correction,
    effect,
    guidance,
    handing,
    holding,
    importing,
    intake,
    joining,
    levels,
    matter_extension,
    matters,
    mediation,
    mediation_extension,
    mediators,
    papers,
    parties,
    performance,
    privacy,
    sessions,
)
from domain.case.commands import CaseCommand, CaseEvent, MediationCommand
from domain.shared.decider import defined

PHASES = (
    intake,
    acceptance,
    parties,
    classification,
    matters,
    matter_extension,
    consent,
    mediators,
    mediation,
    mediation_extension,
    sessions,
    papers,
    agreement,
    confirmation,
    performance,
    guidance,
    handing,
    coming_back,
    holding,
    levels,
    closing,
    joining,
    correction,
    privacy,
    clocks,
)


COMMANDS: tuple[type[CaseCommand], ...] = tuple(one for phase in PHASES for one in defined(CaseCommand, phase))
EVENTS: tuple[type[CaseEvent], ...] = tuple(
    one for phase in (*PHASES, effect, importing) for one in defined(CaseEvent, phase) if hasattr(one, "name")
)
MEDIATION_COMMANDS = tuple(one for one in COMMANDS if issubclass(one, MediationCommand))
