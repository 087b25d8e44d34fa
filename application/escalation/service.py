"""Use cases of an escalation: up, down and supervised, each in one transaction with what the case records of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from application.case.disclosure.withheld import withheld_about
from application.case.service import Cases, again_if_overtaken, refuse_stale
from application.escalation.rights import check_may_begin, check_may_go_on, in_turn
from application.escalation.row import EscalationCard, escalation_card
from application.handover.reactions import Happened, react
from application.looks import looked_at
from application.moments import PRESENT, Standpoint, as_it_was, beside, beside_case, happened_by, known_at
from application.ports import Asked, Ledger, Receipt, Unit
from application.rights import Reach, Viewer
from application.rules import counted_for
from application.streams import CASES, ESCALATIONS
from domain.case.beside.holder import MovedBy
from domain.case.beside.levels import (
    EscalationBegan,
    EscalationOver,
    escalations_told,
    refuse_closed,
    refuse_moving,
    sent_down,
    taken_up,
)
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.case.course import EscalationPhase
from domain.escalation.assigning_down import AssignCaseDown, CaseAssignedDown, EscalationReturnedDown
from domain.escalation.commands import EscalationCommand
from domain.escalation.escalation import Escalation, EscalationStage
from domain.escalation.kinds import ReturnGround
from domain.escalation.raising import (
    CallUpCase,
    CaseCalledUp,
    EscalationAccepted,
    EscalationRequested,
    EscalationSentBack,
    EscalationWithdrawn,
    RequestEscalation,
)
from domain.escalation.supervision import CaseSupervised, SuperviseCase, SupervisionEnded
from domain.shared.decider import History, decide
from domain.shared.errors import UnknownStream
from domain.shared.law import Due
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, CaseId, EscalationId
from domain.shared.vocabulary import EscalationEnding

Beginning = RequestEscalation | CallUpCase | AssignCaseDown | SuperviseCase


class Escalations:
    def __init__(self, ledger: Ledger, cases: Cases) -> None:
        self._ledger = ledger
        self._cases = cases

    def begin(self, case: CaseId, command: Beginning, viewer: Viewer, asked: Asked, expected: int | None) -> Receipt:
        """`expected`: the version of the case that the asker saw. The receipt is about the new escalation."""

        def work(unit: Unit) -> UUID:
            history = self._cases.visible(unit.history(CASES, case), viewer, asked.now)
            check_may_begin(viewer, type(command), history.state)
            refuse_stale(history, expected)
            return self.act_begin(unit, history, command, asked)

        return self._ledger.carry_out(asked, work, from_memory=True)

    def act_begin(
        self,
        unit: Unit,
        case: History[DisputeCase],
        command: Beginning,
        asked: Asked,
        by_clock: Due | None = None,
    ) -> UUID:
        """Within a unit of work. `by_clock`: the deadline that ran out, where nobody asks but the clock."""
        refuse = refuse_closed if isinstance(command, SuperviseCase) else refuse_moving
        refuse(case.state, type(command).__name__)
        id = EscalationId(asked.request)
        on = self._cases.occasion(command, asked, case.state)
        begun = decide(History.of(id, Escalation.blank(id), ()), command, on)
        if by_clock:
            begun = tuple(event.with_fields({"by_clock": by_clock}) for event in begun)
        unit.append(ESCALATIONS, id, 0, begun, on.occurred_at, on.on_behalf_of, asked)
        done = _EscalationIntoCase(unit, id, case, on, asked, self._cases)
        for event in begun:
            done.begun(event)
        done.react()
        return id

    def change(
        self,
        case: CaseId,
        id: EscalationId,
        command: EscalationCommand,
        viewer: Viewer,
        asked: Asked,
        expected: int | None,
    ) -> Receipt:
        """`expected`: the version of the escalation that the asker saw."""

        def work(unit: Unit) -> UUID:
            whose = unit.history(CASES, case)
            history = self._read(unit.history(ESCALATIONS, id), whose, viewer, asked.now)
            check_may_go_on(viewer, command, history.state, whose.state, self._cases.sees_all(viewer, whose, asked.now))
            refuse_stale(history, expected)
            return self.act(unit, id, command, asked)

        return again_if_overtaken(lambda: self._ledger.carry_out(asked, work, from_memory=True), expected)

    def act(self, unit: Unit, id: EscalationId, command: EscalationCommand, asked: Asked) -> UUID:
        """Decides, and records what the case makes of it in the same transaction."""
        history = unit.history(ESCALATIONS, id)
        state = history.state
        assert state.case
        assert state.below
        assert state.above
        case = unit.history(CASES, state.case)
        on = self._cases.occasion(command, asked, case.state, [state.below, state.above])
        events = decide(history, command, on)
        unit.append(ESCALATIONS, id, history.version, events, on.occurred_at, on.on_behalf_of, asked)
        done = _EscalationIntoCase(unit, id, case, on, asked, self._cases)
        for event in events:
            done.went_on(event, state)
        done.react()
        return id

    def history(
        self, case: CaseId, id: EscalationId, viewer: Viewer, now: datetime, asked: Standpoint = PRESENT
    ) -> History[Escalation]:
        """As it was. Raises UnknownStream, also where the viewer may not know of it, or it is another case's (B8)."""
        whose = self._ledger.history(CASES, case)
        known = withheld_about(self._read(self._ledger.history(ESCALATIONS, id), whose, viewer, now), whose)
        then = as_it_was(known, asked)
        if self._cases.reach(viewer, whose, now, beside_case(then, asked)) is Reach.NOTHING:
            raise UnknownStream(id=id)
        looked_at([case])
        return happened_by(then, asked.effective_at) if asked.effective_at else then

    def of_case(
        self, case: CaseId, viewer: Viewer, now: datetime, asked: Standpoint = PRESENT
    ) -> Sequence[EscalationCard]:
        """Those that they may know of, as they stood beside the case. Raises UnknownStream."""
        whose = self._cases.visible(self._ledger.history(CASES, case), viewer, now, asked)
        all_of_it = self._cases.sees_all(viewer, whose, now, asked)
        at = known_at(as_it_was(whose, asked), asked, now)
        read = (one if all_of_it else in_turn(one, whose, viewer) for one in self._told(whose))
        stood = (beside(one, at, asked.effective_at) for one in read if one.entries)
        cards = [escalation_card(one) for one in stood if one.entries]
        return sorted(cards, key=lambda card: (card.began_at, card.id))

    def read(self, case: CaseId, viewer: Viewer, now: datetime) -> list[History[Escalation]]:
        """The escalations of a case: all of them for whoever sees all of it; else those of which the reader is a side,
        up to the end of its turn. Raises UnknownStream."""
        whose = self._cases.visible(self._ledger.history(CASES, case), viewer, now)
        all_of_it = self._cases.sees_all(viewer, whose, now)
        read = (one if all_of_it else in_turn(one, whose, viewer) for one in self._told(whose))
        return [one for one in read if one.entries]

    def _told(self, case: History[DisputeCase]) -> Iterator[History[Escalation]]:
        told = (self._ledger.history(ESCALATIONS, EscalationId(id)) for id in escalations_told(case))
        return (withheld_about(one, case) for one in told if one.entries)

    def _read(
        self, escalation: History[Escalation], case: History[DisputeCase], viewer: Viewer, now: datetime
    ) -> History[Escalation]:
        """All of it, or what its side that no longer holds the case was there for."""
        if escalation.state.case != case.id or not case.entries:
            raise UnknownStream(id=escalation.id)
        if self._cases.sees_all(viewer, case, now):
            return escalation
        read = in_turn(escalation, case, viewer)
        if not read.entries:
            raise UnknownStream(id=escalation.id)
        return read


class _EscalationIntoCase:
    """An escalation's events on their way into the history of its case."""

    def __init__(
        self, unit: Unit, id: EscalationId, case: History[DisputeCase], on: Occasion, asked: Asked, cases: Cases
    ) -> None:
        self._unit, self._id, self._case, self._on, self._asked = unit, id, case, on, asked
        self._register, self._book = cases.register, cases.book
        self._recorded: list[CaseEvent] = []

    def begun(self, event: Any) -> None:
        match event:
            case EscalationRequested():
                began = self._began(EscalationPhase.REQUESTED, event.above, by_clock=event.by_clock is not None)
                self._on_case(began)
            case CaseCalledUp():
                self._on_case(*taken_up(self._case.state, self._id, self._on.body, self._on))
            case CaseAssignedDown():
                self._assign(event)
            case CaseSupervised():
                self._on_case(self._began(EscalationPhase.SUPERVISED, event.above))

    def went_on(self, event: Any, before: Escalation) -> None:
        match event:
            case EscalationAccepted():
                self._on_case(*taken_up(self._case.state, self._id, self._on.body, self._on))
            case EscalationSentBack():
                self._over(EscalationEnding.SENT_BACK, bounced=True)
            case EscalationWithdrawn():
                self._over(EscalationEnding.WITHDRAWN)
            case SupervisionEnded():
                self._over(EscalationEnding.ENDED)
            case EscalationReturnedDown():
                assert before.below
                self._send_down(before.below, MovedBy.RETURN, [self._ended(EscalationEnding.RETURNED_DOWN)])

    def react(self) -> None:
        """The mediation that ended below brings its referral home."""
        case = CaseId(self._case.id)
        react(Happened(self._unit, case, self._recorded, self._on, self._asked, self._register, self._book))

    def _began(self, phase: EscalationPhase, body: BodyId, *, by_clock: bool = False) -> EscalationBegan:
        return EscalationBegan(escalation=self._id, phase=phase, body=body, by_clock=by_clock)

    def _ended(self, how: EscalationEnding) -> EscalationOver:
        return EscalationOver(escalation=self._id, how=how)

    def _over(self, how: EscalationEnding, *, bounced: bool = False) -> None:
        self._on_case(EscalationOver(escalation=self._id, how=how, bounced=bounced))

    def _assign(self, event: CaseAssignedDown) -> None:
        """What had been taken up goes down with it: nothing is left to be resolved above."""
        over = []
        for id, phase in self._case.state.escalations.items():
            history = self._unit.history(ESCALATIONS, id)
            if phase is EscalationPhase.TAKEN_UP and history.state.stage is EscalationStage.ACCEPTED:
                gone = EscalationReturnedDown(ground=ReturnGround.OTHER, reason=event.reason)
                self._unit.append(ESCALATIONS, id, history.version, [gone], self._on.occurred_at, asked=self._asked)
                over.append(EscalationOver(escalation=id, how=EscalationEnding.RETURNED_DOWN))
        self._send_down(event.below, MovedBy.ASSIGNMENT, over)

    def _send_down(self, to: BodyId, by: MovedBy, over: Sequence[EscalationOver]) -> None:
        facts = self._on.named_body(to)
        on = counted_for(facts, self._on, self._book)
        self._on_case(*sent_down(self._case.state, self._id, facts, by, over, on))

    def _on_case(self, *events: CaseEvent) -> None:
        history = self._unit.history(CASES, self._case.id)
        self._unit.append(CASES, self._case.id, history.version, events, self._on.occurred_at, asked=self._asked)
        self._recorded += events
