"""查明 Findings: a signal is explained, confirmed, or open again; each time with what was found out, and by whom."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.shared.errors import Conflict, Refused
from domain.shared.occasion import Occasion
from domain.shared.values import Narrative, Told
from domain.signal.commands import LookedInto, SignalCommand, SignalEvent, SignalStage


class FoundSoAlready(Conflict):
    """That was found out about the signal already."""


class WindowOfASignal(Refused):
    """The days of a signal begin before they end."""


class RecordFinding(SignalCommand):
    """查明信号"""

    finding: SignalStage
    account: Told

    def decide(self, state: LookedInto, on: Occasion) -> tuple[FindingRecorded, ...]:
        if self.pointed.since > self.pointed.until:
            raise WindowOfASignal(since=self.pointed.since, until=self.pointed.until)
        if self.finding is state.stage:
            raise FoundSoAlready(finding=self.finding)
        found = FindingRecorded(pointed=self.pointed, finding=self.finding, account=on.narrative(self.account))
        return (found,)


class FindingRecorded(SignalEvent):
    name: ClassVar = "signal.finding_recorded"
    finding: SignalStage
    account: Narrative

    def evolve(self, state: LookedInto, at: datetime) -> LookedInto:
        return state.but(stage=self.finding)
