"""信号 Signals are looked for at a moment, and what was found out about each is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from application.figures.asking import By, Counting, View
from application.figures.board import counting
from application.figures.case_figures import CaseFilter
from application.figures.definitions import FIGURES
from application.figures.numbers import Snapshot, Told, of
from application.jurisdiction import JurisdictionRegister
from application.ports import Asked, Ledger, Receipt, Stream, Unit
from application.register_decisions import occasion, record
from application.rights import NotYourRight, Scope, Viewer
from application.signal.definitions import SIGNALS, Pattern, Signal
from application.signal.peers import Spread, strange
from domain.office.officer import Role
from domain.shared.calendar import local_day
from domain.shared.errors import Refused
from domain.shared.values import AreaId, BodyId
from domain.signal.commands import LookedInto, Pointed, SignalStage
from domain.signal.findings import RecordFinding

FINDINGS: Stream[LookedInto] = Stream("signal", LookedInto.blank)
LOOKS_INTO = frozenset({Role.COORDINATOR, Role.LEADER, Role.AUDITOR})
MOST_TEXTS = 20_000
"""Cases whose texts are held against each other at once."""


class TooManyToCompare(Refused):
    """Texts of so many cases are not compared at once: choose a smaller area, or fewer days."""


@dataclass(frozen=True)
class Measured:
    """What a signal measures of a subject: so many of so many; the cases, where they are no figure's rows."""

    number: float
    of: float
    cases: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Outlier:
    """A subject whose number lies far from those of its peers."""

    signal: Signal
    subject: UUID
    measured: Measured
    value: float
    z: float
    stage: SignalStage = SignalStage.OPEN
    finding: Finding | None = None


@dataclass(frozen=True)
class Finding:
    id: UUID
    finding: SignalStage
    by: UUID
    body: UUID
    recorded_at: datetime
    account: str


@dataclass(frozen=True)
class Looked:
    """A signal, how the numbers of all lie, and who lies far above."""

    signal: Signal
    spread: Spread | None
    found: Sequence[Outlier]


class PatternSnapshot(Snapshot, Protocol):
    def patterns(self, wanted: Counting, pattern: Pattern) -> Mapping[UUID, Measured]:
        """Of each village or body. Raises TooManyToCompare."""
        ...


class PatternBoard(Protocol):
    def snapshot(self, scope: Scope, wanted: CaseFilter, today: date) -> AbstractContextManager[PatternSnapshot]: ...


class FindingBoard(Protocol):
    def findings(self, ids: Sequence[UUID]) -> Mapping[UUID, Finding]:
        """The last of each."""
        ...


class Signals:
    def __init__(self, ledger: Ledger, register: JurisdictionRegister) -> None:
        self._ledger, self._register = ledger, register

    def record(self, asked: Asked, viewer: Viewer, command: RecordFinding) -> Receipt:
        """Of a place or a body in the viewer's own area. Raises NotYourRight."""
        if viewer.role not in LOOKS_INTO or not self._answers(viewer.scope, command.pointed, local_day(asked.now)):
            raise NotYourRight(role=viewer.role)
        id = command.pointed.id

        def work(unit: Unit) -> UUID:
            record(unit, FINDINGS, unit.history(FINDINGS, id), command, occasion(asked, command))
            return id

        return self._ledger.carry_out(asked, work)

    def _answers(self, scope: Scope, pointed: Pointed, day: date) -> bool:
        signal = SIGNALS.get(pointed.signal)
        if signal is None or scope.everything:
            return signal is not None
        if signal.by is not By.BODY:
            return AreaId(pointed.subject) in scope.areas
        body = self._register.body(BodyId(pointed.subject), day)
        return body is not None and body.area in scope.areas


def looked(snapshot: PatternSnapshot, scope: Scope, wanted: CaseFilter, today: date) -> list[Looked]:
    """Every signal, of the places that the reader answers for. Raises NotYourRight."""
    if not (scope.everything or scope.areas):
        raise NotYourRight
    question = replace(counting(scope, wanted, today), view=View.PLACE)
    return [_looked(one, _measured(snapshot, question, one)) for one in SIGNALS.values()]


def _measured(snapshot: PatternSnapshot, question: Counting, signal: Signal) -> Mapping[UUID, Measured]:
    if signal.pattern:
        return snapshot.patterns(question, signal.pattern)
    told = snapshot.count(replace(question, by=signal.by), [FIGURES[signal.figure]])
    return {UUID(key): _of_figure(row, signal.figure) for key, row in told.items() if key}


def _of_figure(row: Told, key: str) -> Measured:
    counted = of(row, key)
    return Measured(float(counted.period or 0), float(counted.period_of or 0))


def _looked(signal: Signal, measured: Mapping[UUID, Measured]) -> Looked:
    values = {id: value for id, one in measured.items() if (value := value_of(one)) is not None}
    spread, far = strange(values)
    found = [
        Outlier(signal, id, measured[id], values[id], z) for id, z in far.items() if measured[id].number >= signal.least
    ]
    return Looked(signal, spread, sorted(found, key=lambda one: (-one.z, str(one.subject))))


def value_of(one: Measured) -> float | None:
    """A share where it is one of something; else the number."""
    return one.number / one.of if one.of else (one.number if one.number else None)
