"""Use cases that tell several commands at once: what happened at one table, all of it or nothing."""

from __future__ import annotations

from uuid import UUID, uuid5

from application.case.service import Cases, again_if_overtaken, refuse_stale
from application.ports import Asked, Ledger, Receipt, Unit
from application.rights import Viewer, may
from application.streams import CASES
from domain.case.actions import Action, actions
from domain.case.case import DisputeCase, Status
from domain.case.composite.closing_record import RecordClosing
from domain.case.composite.composite import Composite, Step
from domain.case.composite.meeting_record import RecordMeeting
from domain.case.composite.signing_record import RecordSigning
from domain.case.ending.closing import ArchiveCase, CloseCase
from domain.case.mediating.sessions import SCHEDULABLE, HoldSession
from domain.case.mediating.signing import SealAgreement, SignAgreement, SignAsMediator
from domain.case.mediations import PASSED_ON, Stage
from domain.case.opening.acceptance import AcceptCase
from domain.shared.errors import DomainError, Refused
from domain.shared.values import CaseId


def offered(case: DisputeCase, viewer: Viewer, mediates: bool) -> list[type[Composite]]:
    """The composites that fit the case as it is, and that this viewer may tell. `mediates`: whether their body does."""
    fitting: list[tuple[type[Composite], Action | None]] = [
        (RecordMeeting, _to_meet(case) if mediates or case.active_mediation else None),
        (RecordSigning, _to_sign(case)),
        (RecordClosing, _to_close(case)),
    ]
    return [one for one, action in fitting if action and may(viewer, action, case) is None]


def _to_meet(case: DisputeCase) -> Action | None:
    """The command with which the meeting would begin, or that it would hold."""
    active = case.active_mediation
    if active is None:
        begun = case.mediations and not case.came_apart
        return None if begun else next((one for one in actions(case) if one.command is AcceptCase), None)
    return Action(HoldSession, active.number, None) if active.stage in SCHEDULABLE else None


def _to_sign(case: DisputeCase) -> Action | None:
    active = case.active_mediation
    if active is None or active.stage is not Stage.AGREED:
        return None
    free = (one for one in actions(case) if one.command in (SignAgreement, SignAsMediator, SealAgreement))
    return next((one for one in free if one.blocked is None), None)


def _to_close(case: DisputeCase) -> Action | None:
    if case.status is Status.CLOSED:
        return Action(ArchiveCase, None, None)
    last = case.last_mediation
    if case.status is not Status.OPEN or case.active_mediation or last is None or last.ground in PASSED_ON:
        return None
    return Action(CloseCase, None, None)


class NothingTold(Refused):
    """It says nothing that was not recorded already."""


class Composites:
    def __init__(self, ledger: Ledger, cases: Cases) -> None:
        self._ledger = ledger
        self._cases = cases

    def tell(self, id: CaseId, composite: Composite, viewer: Viewer, asked: Asked, expected: int | None) -> Receipt:
        """In one transaction, each step by its own right and guards. A refusal names the field that said it, and
        nothing is recorded. Raises NothingTold."""

        def work(unit: Unit) -> UUID:
            refuse_stale(self._cases.visible(unit.history(CASES, id), viewer, asked.now), expected)
            carried = 0
            for part in composite.parts():
                for step in composite.steps_of(part, unit.history(CASES, id).state):
                    self._carry_out(unit, id, step, viewer, asked, carried)
                    carried += 1
            if not carried:
                raise NothingTold
            return id

        return again_if_overtaken(lambda: self._ledger.carry_out(asked, work, from_memory=True), expected)

    def _carry_out(self, unit: Unit, id: CaseId, step: Step, viewer: Viewer, asked: Asked, number: int) -> None:
        """The first step has the seed of the request, as a command of its own would."""
        seed = uuid5(asked.request, f"step/{number}") if number else None
        try:
            self._cases.carry_out(unit, id, step.command, viewer, asked, seed=seed)
        except DomainError as refusal:
            refusal.details.setdefault("field", step.field_of(refusal))
            raise
