"""Who sees and does what: one scope for every path, and the same question asked of one case or of a list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from typing import Any

from application.jurisdiction import JurisdictionRegister
from application.naming import acting_as
from application.office import OfficeRegister
from domain.case.actions import Action
from domain.case.beside.holder import AppointLead
from domain.case.beside.turns import reads_a_part, reads_all
from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, CaseCommand, MediationCommand
from domain.case.course import Moved
from domain.case.kinds import Mandate
from domain.case.mediating.signing import RecordCourtDocument
from domain.case.mediations import Mediation
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.classification import ConfirmDifficulty, RateRisk
from domain.case.opening.intake import ReceiveRequest, RegisterCase
from domain.case.opening.risk_reports import AnswerRiskReport, ReportRisk
from domain.case.record.papers import FileEvidence, WriteNote
from domain.office.officer import Appointment, Role
from domain.shared.acting import ActingAs
from domain.shared.decider import Entry
from domain.shared.errors import DomainError, Forbidden
from domain.shared.values import AreaId, BodyId, OfficerId, Value


class NotYourRight(Forbidden):
    """Your role does not include this."""


class NotYourBody(Forbidden):
    """Another body holds or mediates it: only that body records this."""


class NotYourEntry(Forbidden):
    """Another body recorded it: that body corrects it, or the one that holds the case and reads all of it."""


class NoSuchAppointment(Forbidden):
    """You are not appointed to this body today."""


class Scope(Value):
    """What may be seen: everything; or what these bodies hold or mediate, and what lies in these areas."""

    everything: bool = False
    bodies: frozenset[BodyId] = frozenset()
    areas: frozenset[AreaId] = frozenset()
    home: AreaId | None = None
    """The area that all of these lie in: what happened in it is counted for whoever answers for it."""
    finds_by_number: bool = False
    """Whether a case is found by a person's number or address: only whoever may see them, as masks has it."""


NOTHING = Scope()


class Reach(IntEnum):
    """How much of a case somebody reads."""

    NOTHING = 0
    PART = 1
    ALL = 2


class Viewer(Value):
    officer: OfficerId
    role: Role | None
    body: BodyId | None
    area: AreaId | None
    scope: Scope


ACTS_FOR_A_BODY = frozenset({Role.MEDIATOR, Role.COORDINATOR, Role.GRID_WORKER})
OPENING: tuple[type[CaseCommand], ...] = (ReceiveRequest, RegisterCase)
FOR_GRID_WORKERS = frozenset({*OPENING, WriteNote, FileEvidence, RateRisk, ReportRisk})
FOR_ALL_WHO_SEE = frozenset({WriteNote, RateRisk, ReportRisk})
"""Whoever knows of a case may add to it, and has to tell of a danger."""
FOR_ALL_WHO_SEE_ALL = frozenset({AcceptCase, AppointLead, ConfirmDifficulty})


class Rights:
    def __init__(self, register: JurisdictionRegister, office: OfficeRegister) -> None:
        self._register = register
        self._office = office

    def viewer(self, officer: OfficerId, day: date, acting_for: BodyId | None = None) -> Viewer:
        """The officer as appointed on that day; acting for the first body, or for the one named."""
        appointments = self._office.appointments(officer, day)
        chosen = [one for one in appointments if acting_for in (None, one.body)]
        if acting_for and not chosen:
            raise NoSuchAppointment(body=acting_for)
        if not chosen:
            return Viewer(officer=officer, role=None, body=None, area=None, scope=NOTHING)
        acting = chosen[0]
        scope = self._scope(acting, day)
        return Viewer(officer=officer, role=acting.role, body=acting.body, area=acting.area, scope=scope)

    def acting(self, viewer: Viewer, day: date) -> ActingAs:
        """As what they act on that day. Whoever has no appointment acts as nobody, and is refused elsewhere."""
        officer = self._office.officer(viewer.officer)
        return acting_as(self._register, viewer.body, day, viewer.role or "", officer.display_name if officer else "")

    def _scope(self, appointment: Appointment, day: date) -> Scope:
        return self._scope_of(appointment.role, appointment.body, appointment.area, day)

    def _scope_of(self, role: Role, body: BodyId, area: AreaId, day: date) -> Scope:
        facts = self._register.area(area, day)
        if facts is None or not facts.in_force:
            return NOTHING
        acts = role in ACTS_FOR_A_BODY
        match role:
            case Role.AUDITOR:
                return Scope(everything=True)
            case Role.COORDINATOR | Role.LEADER:
                inside = self._register.descendants(area, day)
                return Scope(bodies=self._with_merged(body), areas=inside, home=area, finds_by_number=acts)
            case Role.MEDIATOR | Role.GRID_WORKER:
                return Scope(bodies=self._with_merged(body), finds_by_number=acts)
            case Role.ADMIN:
                return NOTHING

    def _with_merged(self, body: BodyId) -> frozenset[BodyId]:
        """Whoever acts for a body reads what those read that were merged into it."""
        return frozenset({body}) | self._register.took_in(body)

    def reach(self, viewer: Viewer, case: DisputeCase, day: date) -> Reach:
        """How much of it the viewer reads, as it is on that day."""
        return max(self.by_body(viewer, case), self.by_post(viewer.scope, case, day))

    def by_body(self, viewer: Viewer, case: DisputeCase) -> Reach:
        """As one of the bodies that it was registered at, handed to, or held by."""
        if reads_all(case) & viewer.scope.bodies:
            return Reach.ALL
        return Reach.PART if reads_a_part(case) & viewer.scope.bodies else Reach.NOTHING

    def by_post(self, scope: Scope, case: DisputeCase, day: date) -> Reach:
        """How much somebody reads by a post: whoever audits everything reads all, and so does whoever answers for an
        area in which the case lies or its holder sits."""
        if scope.everything or case.place in scope.areas:
            return Reach.ALL
        holder = self._register.body(case.holder, day) if case.holder and scope.areas else None
        return Reach.ALL if holder is not None and holder.area in scope.areas else Reach.NOTHING

    def post_on(self, viewer: Viewer, day: date) -> Scope:
        """What the post that the viewer has today saw on that day: areas are parted and joined, posts are handed on."""
        if viewer.role is None or viewer.area is None or viewer.body is None:
            return NOTHING
        return self._scope_of(viewer.role, viewer.body, viewer.area, day)


def bodies_of(case: DisputeCase) -> frozenset[BodyId]:
    """The bodies that registered, hold, mediate or once held it, or were handed it."""
    mediating = {one.body for one in case.mediations.values()}
    known = {body for body in (case.registered_by, case.holder) if body}
    return frozenset(mediating | known | case.seeing | case.given.keys())


def acting_on(case: DisputeCase) -> frozenset[BodyId]:
    """The bodies that record its steps: who holds it, who mediates it now, and who registered it while it stays."""
    active = case.active_mediation
    mediating = {active.body, *active.joint} if active else set()
    stays = not any(isinstance(step, Moved) for step in case.course)
    first = {case.registered_by} if case.registered_by and stays else set()
    return frozenset({*mediating, *first, *({case.holder} if case.holder else set())})


def check_audits(viewer: Viewer) -> None:
    """Raises NotYourRight."""
    if viewer.role is not Role.AUDITOR:
        raise NotYourRight(role=viewer.role)


def check_right(viewer: Viewer, command: CaseCommand, case: DisputeCase) -> None:
    """Raises Forbidden: of what may be seen, not everything may be done."""
    check_role(viewer, type(command))
    number = command.mediation if isinstance(command, MediationCommand) else None
    _check_body(viewer, type(command), number, case)


def _check_body(viewer: Viewer, command: type[CaseCommand], number: int | None, case: DisputeCase) -> None:
    if number is not None:
        mediation = case.mediation(number)
        if viewer.body not in {mediation.body, *mediation.joint, *_issuing(command, mediation, case)}:
            raise NotYourBody(body=mediation.body)
    elif command is AnswerRiskReport and viewer.body in {one.to for one in case.risk_reports.values()}:
        return
    elif not _acts(viewer, case) and not _by_all(viewer, command, case):
        raise NotYourBody(body=case.holder)


def _acts(viewer: Viewer, case: DisputeCase) -> bool:
    """For the body itself; of what was closed before, also for one that was merged into it since."""
    if viewer.body in acting_on(case):
        return True
    return case.status not in UNTIL_CLOSED and bool(acting_on(case) & viewer.scope.bodies)


def _by_all(viewer: Viewer, command: type[CaseCommand], case: DisputeCase) -> bool:
    """Whether everybody may who reads it. What has to be read as a whole is not for a body that reads a part, but for
    who answers for the place."""
    whole = viewer.body not in reads_a_part(case) or case.place in viewer.scope.areas
    return command in FOR_ALL_WHO_SEE or (whole and command in FOR_ALL_WHO_SEE_ALL)


def check_amends(viewer: Viewer, entries: Iterable[Entry[Any]], case: DisputeCase, sees_all: bool) -> None:
    """Raises NotYourEntry: nobody corrects or strikes what they cannot read."""
    for entry in entries:
        if not amends(viewer, entry, case, sees_all):
            raise NotYourEntry(entry=entry.version)


def amends(viewer: Viewer, entry: Entry[Any], case: DisputeCase, sees_all: bool) -> bool:
    return viewer.body == entry.stamp.body or (sees_all and viewer.body == case.holder)


def _issuing(command: type[CaseCommand], mediation: Mediation, case: DisputeCase) -> frozenset[BodyId]:
    """A court's document is issued by the court that entrusted the mediation, and holds the case meanwhile."""
    entrusted = mediation.mandate is Mandate.ENTRUSTED and command is RecordCourtDocument
    return frozenset({case.holder} if entrusted and case.holder else ())


def check_role(viewer: Viewer, command: type[CaseCommand]) -> None:
    if viewer.role not in ACTS_FOR_A_BODY or not command.for_officers():
        raise NotYourRight(role=viewer.role)
    if viewer.role is Role.GRID_WORKER and command not in FOR_GRID_WORKERS:
        raise NotYourRight(role=viewer.role)


def may(viewer: Viewer, action: Action, case: DisputeCase) -> DomainError | None:
    """Why the viewer cannot do this now, or None: their rights first, then the case's own guards."""
    try:
        check_role(viewer, action.command)
        _check_body(viewer, action.command, action.mediation, case)
    except Forbidden as refusal:
        return refusal
    return action.blocked
