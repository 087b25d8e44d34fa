"""Use cases of a dispute case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from application.jurisdiction import JurisdictionRegister
from application.ports import Asked, Ledger, Receipt, Stream, Unit, VersionMismatch
from application.rights import Rights, Viewer, check_right, check_role
from application.rules import RuleBook
from domain.case.case import DisputeCase
from domain.case.commands import CaseCommand
from domain.case.intake import ReceiveRequest, RegisterCase
from domain.case.joining import MergeCase, SplitCase, taken_in
from domain.shared.calendar import local_day
from domain.shared.decider import History, decide
from domain.shared.errors import UnknownBody, UnknownStream
from domain.shared.occasion import AreaFacts, BodyFacts, Occasion
from domain.shared.values import AreaId, BodyId, CaseId, Value

CASES: Stream[DisputeCase] = Stream("case", DisputeCase.blank)
ATTEMPTS = 8
"""How often a command without an expected version is decided anew when somebody else was faster."""


class Cases:
    def __init__(self, ledger: Ledger, register: JurisdictionRegister, rights: Rights, book: RuleBook) -> None:
        self._ledger = ledger
        self._register = register
        self._rights = rights
        self._book = book

    def open(self, id: CaseId, command: ReceiveRequest | RegisterCase, viewer: Viewer, asked: Asked) -> Receipt:
        """Begins a case."""
        check_role(viewer, type(command))

        def work(unit: Unit) -> UUID:
            self.act(unit, id, command, asked, expected=0)
            return id

        return self._ledger.carry_out(asked, work)

    def change(self, id: CaseId, command: CaseCommand, viewer: Viewer, asked: Asked, expected: int | None) -> Receipt:
        """`expected`: the version that the asker saw; None: whatever it is now, for what others do not disturb."""

        def work(unit: Unit) -> UUID:
            case = self._visible(unit.history(CASES, id), viewer, asked.now).state
            check_right(viewer, command, case)
            if isinstance(command, MergeCase):
                self._visible(unit.history(CASES, command.into), viewer, asked.now)
            self.act(unit, id, command, asked, expected)
            return id

        return _again_if_overtaken(lambda: self._ledger.carry_out(asked, work), expected)

    def act(self, unit: Unit, id: CaseId, command: CaseCommand, asked: Asked, expected: int | None = None) -> None:
        """Decides and appends within a unit of work: one command, or many in one transaction."""
        history = unit.history(CASES, id)
        if expected is not None and expected != history.version:
            raise VersionMismatch(expected=expected, actual=history.version)
        on = self.occasion(command, asked)
        events = decide(history, command, on)
        unit.append(CASES, id, history.version, events, on.occurred_at, on.on_behalf_of, asked)
        if isinstance(command, MergeCase):
            other = unit.history(CASES, command.into)
            unit.append(CASES, command.into, other.version, taken_in(other.state, id), on.occurred_at, asked=asked)
        if isinstance(command, SplitCase):
            new = command.split_off(history.state, on)
            unit.append(CASES, on.seed, 0, new, on.occurred_at, asked=asked)

    def history(self, id: CaseId, viewer: Viewer, now: datetime) -> History[DisputeCase]:
        """All that was recorded of it. Raises UnknownStream, also where the viewer may not know of it."""
        return self._visible(self._ledger.history(CASES, id), viewer, now)

    def _visible(self, history: History[DisputeCase], viewer: Viewer, now: datetime) -> History[DisputeCase]:
        if not history.entries or not self._rights.sees(viewer, history.state, local_day(now)):
            raise UnknownStream(id=history.id)
        return history

    def occasion(self, command: CaseCommand, asked: Asked) -> Occasion:
        occurred_at = command.occurred_at or asked.now
        day = local_day(occurred_at)
        body = self._body(asked.body, day)
        if body is None:
            raise UnknownBody(body=asked.body)
        named: set[Any] = {*_named(command, BodyId), body.id, body.answers_for}
        return Occasion(
            by=asked.by,
            body=body,
            occurred_at=occurred_at,
            now=asked.now,
            seed=asked.request,
            calendar=self._book.calendar(),
            local=self._book.local(body.area, day),
            on_behalf_of=command.on_behalf_of,
            areas=self._areas(_named(command, AreaId), day),
            bodies={id: facts for id in named if (facts := self._body(id, day))},
        )

    def _areas(self, ids: Iterator[Any], day: date) -> dict[AreaId, AreaFacts]:
        return {id: facts for id in ids if (facts := self._register.area(id, day))}

    def _body(self, id: BodyId, day: date) -> BodyFacts | None:
        return self._register.body(id, day)


def _again_if_overtaken(attempt: Callable[[], Receipt], expected: int | None) -> Receipt:
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except VersionMismatch:
            if expected is not None:
                raise
    return attempt()


def _named(command: Value, kind: Any) -> Iterator[Any]:
    """The areas (AreaId) or bodies (BodyId) that the command names."""
    for name, field in type(command).model_fields.items():
        value = getattr(command, name)
        if field.annotation is kind:
            yield value
        elif isinstance(value, Value):
            yield from _named(value, kind)
