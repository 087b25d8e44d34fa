"""结案与归档 Closing: followed up, closed, reopened, archived."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from domain.case.case import DisputeCase, Status
from domain.case.commands import UNTIL_CLOSED, AfterMediations, CaseCommand, CaseEvent
from domain.case.course import EscalationPhase
from domain.case.ending.undoing import resolved_since
from domain.case.kinds import AgreementForm, EndGround, Extent, Paper, Result
from domain.case.laws import PERFORMANCE, RECORDS, REMEDIES, REPORT_RISK
from domain.case.mediating.lacking import signatures_missing
from domain.case.mediations import PASSED_ON, Mediation, SessionState, Stage
from domain.case.record import read_from_state
from domain.shared.errors import Conflict, Refused
from domain.shared.marks import Correctable, Framed
from domain.shared.occasion import Occasion
from domain.shared.values import Narrative, Reason, Sha256, Text


class StillMediated(Conflict):
    """A mediation is going on: it ends first."""


class ObligationsOpen(Conflict):
    """Something promised is neither performed nor breached: the file closes with full performance."""


class RiskNotReported(Conflict):
    """A possible crime or public-order case is reported first (人民调解法 25)."""


class RemediesFirst(Conflict):
    """A mediation ended when its time was over: the parties are told of their remedies before the case is closed
    (人民调解法 26)."""


class RemediesFirstAfterSuit(Conflict):
    """A suit ended a mediation: the parties are told of their remedies before the case is closed (人民调解法 26)."""


class ResultDoesNotFit(Refused):
    """The case did not come out like that."""


class PapersMissing(Conflict):
    """Papers that the file must hold are missing (人民调解法 27)."""


ENDED_AS = {
    EndGround.FAILED: Result.FAILED,
    EndGround.PARTY_ENDED: Result.FAILED,
    EndGround.TIME_LIMIT: Result.FAILED,
    **{ground: Result(ground.value) for ground in EndGround if ground.value in {one.value for one in Result}},
}
WITHOUT_MEDIATION = frozenset(
    {
        Result.WITHDRAWN,
        Result.SELF_SETTLED,
        Result.REFUSED,
        Result.OUT_OF_CONTACT,
        Result.TO_ADMINISTRATIVE,
        Result.TO_ARBITRATION,
        Result.TO_COURT,
        Result.PUBLIC_ORDER,
        Result.CRIMINAL,
    }
)


def fitting_results(case: DisputeCase) -> frozenset[Result]:
    """How the case may be said to have come out, by what its last mediation came to."""
    last = case.last_mediation
    if last is None:
        return WITHOUT_MEDIATION
    if last.ground in PASSED_ON:  # what came of it elsewhere is said now
        return WITHOUT_MEDIATION | {Result.FAILED}
    if last.ground is not None:
        ended = frozenset({ENDED_AS[last.ground]})
        return ended | WITHOUT_MEDIATION if _came_back_unresolved(case, last) else ended
    return frozenset({_agreed_as(last)})


def _came_back_unresolved(case: DisputeCase, last: Mediation) -> bool:
    """The mediation was another body's and came to nothing there: whoever holds the matter again says what came of it
    since, for example that it goes to court."""
    home = last.referral is not None and last.referral not in case.handed
    return home and last.ground is not EndGround.SELF_SETTLED


def _agreed_as(mediation: Mediation) -> Result:
    if mediation.reached.extent is Extent.PARTIAL:
        return Result.AGREEMENT_PARTIAL
    oral = mediation.reached.form is AgreementForm.ORAL
    return Result.AGREEMENT_ORAL if oral else Result.AGREEMENT_WRITTEN


class StillOnItsWay(Conflict):
    """It was offered, handed over or asked to be taken up, and that has not come to an end."""


def refuse_mediated(case: DisputeCase) -> None:
    """Raises StillMediated, SignaturesMissing."""
    if not (active := case.active_mediation):
        return
    if active.stage is Stage.AGREED:
        raise signatures_missing(case, active)
    raise StillMediated(mediation=active.number)


def refuse_unreported(case: DisputeCase) -> None:
    """Raises RiskNotReported."""
    if case.possible_crime and not case.risk_reported:
        raise RiskNotReported(basis=str(REPORT_RISK))


def refuse_on_its_way(case: DisputeCase) -> None:
    """Raises StillOnItsWay."""
    requested = {id for id, phase in case.escalations.items() if phase is EscalationPhase.REQUESTED}
    if case.offers or case.handed or requested:
        raise StillOnItsWay(referrals=sorted({*case.offers, *case.handed}), escalations=sorted(requested))


def refuse_unfit(case: DisputeCase, result: Result) -> None:
    """Raises ResultDoesNotFit."""
    if result not in (fitting := fitting_results(case)):
        raise ResultDoesNotFit(fitting=sorted(fitting))


def refuse_unfinished(case: DisputeCase) -> None:
    """Raises RemediesFirst, ObligationsOpen."""
    for mediation in case.mediations.values():
        _refuse_unfinished(mediation)


def _refuse_unfinished(mediation: Mediation) -> None:
    if mediation.remedies_due:
        refusal = RemediesFirstAfterSuit if mediation.ground is EndGround.TO_COURT else RemediesFirst
        raise refusal(mediation=mediation.number, basis=str(REMEDIES))
    if mediation.stage is not Stage.IN_EFFECT:
        return
    if pending := [number for number, one in mediation.reached.obligations.items() if one.is_open]:
        raise ObligationsOpen(mediation=mediation.number, obligations=pending, basis=str(PERFORMANCE))


class CloseCase(AfterMediations):
    """结案"""

    allowed_in = UNTIL_CLOSED
    result: Result
    account: Text = ""

    guards = (refuse_mediated, refuse_unreported, refuse_on_its_way, refuse_unfinished)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        refuse_unfit(case, self.result)
        closed = CaseClosed(result=self.result, account=on.narrative(self.account), tells_resolution=True)
        return (closed.worked_out(case, on.occurred_at, on),)


class CaseClosed(CaseEvent):
    name: ClassVar = "case.closed"
    framed: ClassVar = True
    of = (CloseCase,)
    result: Framed[Correctable[Result]]
    account: Correctable[Narrative]
    tells_resolution: Framed[bool] = False
    """False: of an entry that is older than this, and is read by the rule of then."""
    resolved_at: Framed[AwareDatetime | None] = None
    """Since when the case is resolved; None: it is not."""

    def worked_out(self, case: DisputeCase, at: datetime, on: Occasion) -> CaseClosed:
        return self.but(resolved_at=resolved_since(case, self.result, at)) if self.tells_resolution else self

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return self.result in fitting_results(case)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        if self.tells_resolution:
            return case.entered(Status.CLOSED, at, result=self.result, resolved_at=self.resolved_at)
        resolved_at = read_from_state.resolved_by_closing(case, self.result, at)
        return case.entered(Status.CLOSED, at, result=self.result, resolved_at=resolved_at)


class ReopenCase(CaseCommand):
    """重新办理"""

    allowed_in = frozenset({Status.CLOSED, Status.ARCHIVED})
    reason: Reason

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (CaseReopened(reason=on.narrative(self.reason)),)


class CaseReopened(CaseEvent):
    """One identity and one history; what was resolved is undone."""

    name: ClassVar = "case.reopened"
    framed: ClassVar = True
    of = (ReopenCase,)
    reason: Correctable[Narrative]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        """As what it goes on is not told."""
        return case.entered(read_from_state.reopened_as(case), at, result=None, resolved_at=None)


def missing_papers(case: DisputeCase) -> list[list[Paper]]:
    """Each a choice of papers of which the file must hold one, and holds none. What sessions and follow-ups leave
    is made by the record whenever there was one."""
    needed: list[list[Paper]] = [[Paper.APPLICATION, Paper.ACCEPTANCE]]
    if case.mediations:
        needed += [[Paper.RIGHTS_NOTICE], [Paper.IDENTITY]]
    mediations = case.mediations.values()
    agreements = [one.agreement for one in mediations if one.agreement and one.stage is Stage.IN_EFFECT]
    for agreement in agreements:
        written = agreement.form is AgreementForm.WRITTEN
        needed.append([Paper.AGREEMENT if written else Paper.ORAL_AGREEMENT])
    if case.performed:
        needed.append([Paper.PERFORMANCE_PROOF])
    held = case.papers | recorded_papers(case)
    return [choice for choice in needed if not held & set(choice)]


def recorded_papers(case: DisputeCase) -> frozenset[Paper]:
    """The papers that the record itself makes, as nothing in them needs ink: nobody files them a second time."""
    mediations = case.mediations.values()
    present = [case.parties[id] for id in case.present_parties]
    agreements = [one.agreement for one in mediations if one.agreement and one.stage is Stage.IN_EFFECT]
    made = {
        Paper.ACCEPTANCE: bool(mediations),
        Paper.RIGHTS_NOTICE: all(party.rights_told for party in present),
        Paper.IDENTITY: all(party.identity_checked for party in present),
        Paper.MEDIATION_RECORD: any(SessionState.HELD in one.sessions.values() for one in mediations),
        Paper.ORAL_AGREEMENT: any(one.form is AgreementForm.ORAL for one in agreements),
        Paper.FOLLOW_UP: case.follow_ups > 0,
    }
    return frozenset(paper for paper, is_made in made.items() if is_made)


class ArchiveCase(CaseCommand):
    """归档"""

    allowed_in = frozenset({Status.CLOSED})
    rule = RECORDS

    @classmethod
    def guard_case(cls, case: DisputeCase) -> None:
        if missing := missing_papers(case):
            raise PapersMissing(missing=missing, basis=str(RECORDS))

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (CaseArchived(whole_file=on.file),)


class CaseArchived(CaseEvent):
    name: ClassVar = "case.archived"
    framed: ClassVar = True
    of = (ArchiveCase,)
    whole_file: Sha256 | None = None
    """Of the file as it was bound: cover, index, every paper and scan; None: of an entry that is older than this."""

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.entered(Status.ARCHIVED, at)
