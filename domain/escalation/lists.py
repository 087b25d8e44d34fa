"""Every command and every event of an escalation, in the order of the process."""

from __future__ import annotations

from domain.escalation import assigning_down, body_merged, privacy, raising, running_out, supervision
from domain.escalation.commands import EscalationCommand, EscalationEvent
from domain.shared.decider import defined

PHASES = (raising, assigning_down, supervision, running_out, privacy)

COMMANDS: tuple[type[EscalationCommand], ...] = tuple(
    one for phase in PHASES for one in defined(EscalationCommand, phase)
)
EVENTS: tuple[type[EscalationEvent], ...] = tuple(
    one for phase in (*PHASES, body_merged) for one in defined(EscalationEvent, phase)
)
