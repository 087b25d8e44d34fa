"""Every command and every event of a case, in the order of the process."""

from __future__ import annotations

from domain.case import (
    acceptance,
    agreement,
    classification,
    closing,
    confirmation,
    consent,
    correction,
    effect,
    intake,
    joining,
    mediation,
    mediators,
    papers,
    parties,
    performance,
    sessions,
)
from domain.case.commands import CaseCommand, CaseEvent, MediationCommand

PHASES = (
    intake,
    acceptance,
    parties,
    classification,
    consent,
    mediators,
    mediation,
    sessions,
    papers,
    agreement,
    confirmation,
    performance,
    closing,
    joining,
    correction,
)


def _defined(base: type, module: object) -> list[type]:
    return [
        thing
        for name, thing in vars(module).items()
        if isinstance(thing, type) and issubclass(thing, base) and thing.__module__ == getattr(module, "__name__", "")
        if not name.startswith("_")
    ]


COMMANDS: tuple[type[CaseCommand], ...] = tuple(one for phase in PHASES for one in _defined(CaseCommand, phase))
EVENTS: tuple[type[CaseEvent], ...] = tuple(
    one for phase in (*PHASES, effect) for one in _defined(CaseEvent, phase) if hasattr(one, "name")
)
MEDIATION_COMMANDS = tuple(one for one in COMMANDS if issubclass(one, MediationCommand))
