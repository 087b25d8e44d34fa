"""What routes ask for by type: one service, who asks, and how fresh the board is."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Query, Request

from api import cookies
from api.addresses import root_of
from api.labels import Language
from api.labels.language import of_request
from api.problems import LoginNeeded, VersionNeeded
from api.sessions import session_of
from api.system import Access, Deciding, Seen, Standing, SweepWork, System
from application.case.amendments import AmendmentBoard
from application.case.files import CaseFiles
from application.case.replay import Replays
from application.case.service import Cases
from application.directory import Directory
from application.escalation.service import Escalations
from application.figures.board import day_of
from application.figures.case_figures import CaseBoard, CaseFilter
from application.figures.handover_figures import HandoverBoard
from application.figures.numbers import FigureBoard
from application.ids import uuid7
from application.jurisdiction import JurisdictionRegister
from application.looks import Looker, asked_by
from application.moments import Standpoint, refuse_future
from application.naming import NameRegister
from application.papers.service import Papers
from application.ports import Asked, Idempotency
from application.proof import Proofs, Receipts
from application.publication import PublishedFigures, Publishing
from application.referral.service import Referrals
from application.rights import NOTHING, NoSuchAppointment, Viewer
from application.rules import RuleBook
from application.signal.service import FindingBoard, PatternBoard
from application.sweep.board import SweepBoard
from domain.case.opening.listed import LISTED_FIELDS
from domain.shared.calendar import end_of, local_day
from domain.shared.errors import Forbidden, Refused, UnknownArea
from domain.shared.values import AreaId, BodyId, Moment, OfficerId

POSITION = "x-position"
T = TypeVar("T")


class NoBodyToActFor(Forbidden):
    """Nobody acts without an appointment to a body."""


def system_of(request: Request) -> System:
    """All of it: for what stands between a request and its route. A route asks for one of the services below."""
    return cast(System, request.app.state.system)


def _service(pick: Callable[[System], T]) -> Callable[[Request], Awaitable[T]]:
    async def service(request: Request) -> T:
        return pick(system_of(request))

    return service


CasesDep = Annotated[Cases, Depends(_service(lambda all: all.deciding.cases))]
ReferralsDep = Annotated[Referrals, Depends(_service(lambda all: all.deciding.referrals))]
EscalationsDep = Annotated[Escalations, Depends(_service(lambda all: all.deciding.escalations))]
CaseFilesDep = Annotated[CaseFiles, Depends(_service(lambda all: all.deciding.files))]
PapersDep = Annotated[Papers, Depends(_service(lambda all: all.deciding.papers))]
PatternsDep = Annotated[PatternBoard, Depends(_service(lambda all: all.reading.patterns))]
FindingsDep = Annotated[FindingBoard, Depends(_service(lambda all: all.reading.findings))]
PublishedDep = Annotated[PublishedFigures, Depends(_service(lambda all: all.reading.published))]
PublishingDep = Annotated[Publishing, Depends(_service(lambda all: all.administering.publishing))]
FigureBoardDep = Annotated[FigureBoard, Depends(_service(lambda all: all.reading.figures))]
BoardDep = Annotated[CaseBoard, Depends(_service(lambda all: all.reading.board))]
AmendmentsDep = Annotated[AmendmentBoard, Depends(_service(lambda all: all.reading.amendments))]
ReplaysDep = Annotated[Replays, Depends(_service(lambda all: all.deciding.replays))]
NamesDep = Annotated[NameRegister, Depends(_service(lambda all: all.reading.names))]
HandoverDep = Annotated[HandoverBoard, Depends(_service(lambda all: all.reading.handovers))]
DirectoryDep = Annotated[Directory, Depends(_service(lambda all: all.reading.directory))]
ProofDep = Annotated[Proofs, Depends(_service(lambda all: all.reading.proof))]
ReceiptsDep = Annotated[Receipts, Depends(_service(lambda all: all.reading.receipts))]
RegisterDep = Annotated[JurisdictionRegister, Depends(_service(lambda all: all.registers.register))]
RuleBookDep = Annotated[RuleBook, Depends(_service(lambda all: all.registers.rule_book))]
AccessDep = Annotated[Access, Depends(_service(lambda all: all.access))]
StandingDep = Annotated[Standing, Depends(_service(lambda all: all.standing))]
SeenDep = Annotated[Seen, Depends(_service(lambda all: all.seen))]
SweepBoardDep = Annotated[SweepBoard, Depends(_service(lambda all: all.reading.sweeps))]
SweepsDep = Annotated[SweepWork, Depends(_service(lambda all: all.deciding.sweeps))]
NowDep = Annotated[datetime, Depends(_service(lambda all: all.now()))]


def viewer(request: Request) -> Viewer:
    return viewer_of(request, system_of(request))


def viewer_of(request: Request, system: System, body: BodyId | None = None) -> Viewer:
    """Who is signed in, with the rights of today; `body`: for which they act, where not as the session says.
    Raises LoginNeeded."""
    session = session_of(request)
    officer = system.registers.office.officer(session.officer) if session else None
    if session and officer is None:
        system.standing.check_whole()
    if session is None or officer is None or officer.disabled:
        raise LoginNeeded
    found = _as_appointed(system, session.officer, body or session.body)
    asked_by(Looker(found.officer, found.body, found.role))
    return found


def _as_appointed(system: System, officer: OfficerId, body: BodyId | None) -> Viewer:
    try:
        found = system.access.rights.viewer(officer, local_day(system.now()), body)
    except NoSuchAppointment:
        system.standing.check_whole()
        raise
    if found.scope == NOTHING:
        system.standing.check_whole()
    return found


ViewerDep = Annotated[Viewer, Depends(viewer)]


async def language(request: Request) -> Language:
    return of_request(request)


async def root(request: Request) -> str:
    return root_of(request)


RootDep = Annotated[str, Depends(root)]
"""What stands before every path of ours, as a client sees it."""
LanguageDep = Annotated[Language, Depends(language)]


def version_seen(if_match: str | None) -> int | None:
    """What If-Match says: a version, or None for `*`, whatever it is now. Raises VersionNeeded."""
    if if_match is None:
        raise VersionNeeded
    if if_match.strip() == "*":
        return None
    if not (found := re.fullmatch(r'\s*(?:W/)?"?(\d{1,9})(?:\.[0-9a-f]+)?"?\s*', if_match)):
        raise VersionNeeded
    return int(found[1])


def standpoint(
    now: NowDep,
    version: Annotated[int | None, Query(ge=1)] = None,
    as_of: Moment | None = None,
    effective_at: Moment | None = None,
) -> Standpoint:
    """Up to a version; as it was known (`as_of`); by what had happened (`effective_at`). Raises NotYetCome."""
    return refuse_future(Standpoint(version=version, as_of=as_of, effective_at=effective_at), now)


StandpointDep = Annotated[Standpoint, Depends(standpoint)]


@dataclass(frozen=True)
class Filters:
    """Which filters of lists and figures name what there is."""

    register: JurisdictionRegister
    standing: Standing
    today: date

    def known(self, wanted: CaseFilter) -> CaseFilter:
        """The filter, of today where it says no day; of what a figure counts, of the last day of its window. Raises
        UnknownArea: an unknown one is not the same as any."""
        if wanted.outcome or wanted.moved:
            return self.counted(wanted)
        self._check(wanted)
        return wanted if wanted.day else wanted.but(day=self.today)

    def counted(self, wanted: CaseFilter) -> CaseFilter:
        """The filter of a count, of the last day of its window where it says no other. Raises UnknownArea."""
        self._check(wanted)
        if wanted.known:
            position = self.standing.ledger.position_at(end_of(wanted.known))
            wanted = wanted.but(position=min(position, wanted.position or position), known=None)
        return wanted.but(day=day_of(wanted, self.today))

    def _check(self, wanted: CaseFilter) -> None:
        if wanted.area and self.register.area(AreaId(wanted.area), self.today) is None:
            self.standing.check_whole()
            raise UnknownArea(area=wanted.area)


async def filters(register: RegisterDep, standing: StandingDep, now: NowDep) -> Filters:
    return Filters(register, standing, local_day(now))


FiltersDep = Annotated[Filters, Depends(filters)]


LISTED_TEXTS = tuple(name for name, one in LISTED_FIELDS.items() if one.is_text)


class NotInAnAddress(Refused):
    """Words and names are searched for by POST: addresses are kept in logs and histories."""


def refuse_in_address(asked: CaseFilter) -> None:
    """Raises NotInAnAddress."""
    if asked.words or asked.party or any(getattr(asked, name) for name in LISTED_TEXTS):
        raise NotInAnAddress


def ask(deciding: Deciding, now: datetime, viewer: Viewer, path: str, body: bytes, key: str | None) -> Asked:
    """Who asks for what, under a fresh request id. Raises NoBodyToActFor."""
    if viewer.body is None:
        raise NoBodyToActFor
    id = uuid7(now)
    idempotency = None
    if key:
        digest = deciding.keyed_hash("idempotency", f"POST {path}\n".encode() + body)
        idempotency = Idempotency(key=key, digest=digest)
    return Asked(
        by=viewer.officer,
        body=BodyId(viewer.body),
        acting=deciding.acting(viewer, local_day(now)),
        request=id,
        correlation=id,
        now=now,
        idempotency=idempotency,
    )


@dataclass(frozen=True)
class Freshness:
    """How far the board had read, of how much."""

    position: int
    wanted: int

    @property
    def stale(self) -> bool:
        return self.position < self.wanted


def caught_up_to(standing: Standing, told: str | None, last: int) -> Freshness:
    """Whoever decided sees it at once: waits for the position that they tell, and for their own last receipt.
    What cannot be read as a position is none."""
    wanted = max(int(told) if told and told.isdecimal() and len(told) < 19 else 0, last)
    return Freshness(standing.wait(min(wanted, standing.ledger.head())), wanted)


def caught_up(request: Request, standing: StandingDep, seen: SeenDep, viewer: ViewerDep) -> Freshness:
    told = request.headers.get(POSITION) or cookies.kept(request, cookies.POSITION)
    return caught_up_to(standing, told, seen.last(viewer.officer))


FreshDep = Annotated[Freshness, Depends(caught_up)]
