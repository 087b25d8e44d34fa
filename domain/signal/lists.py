"""Every command and every event of a signal."""

from __future__ import annotations

from domain.shared.decider import defined
from domain.signal import findings
from domain.signal.commands import SignalCommand, SignalEvent

COMMANDS: tuple[type[SignalCommand], ...] = tuple(defined(SignalCommand, findings))
EVENTS: tuple[type[SignalEvent], ...] = tuple(defined(SignalEvent, findings))
