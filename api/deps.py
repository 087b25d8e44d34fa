"""What routes ask for by type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Header, Request

from api.labels import Language
from api.labels.language import of_request
from api.problems import LoginNeeded, VersionNeeded
from api.sessions import COOKIE
from api.system import System
from application.figures.case_figures import CaseFilter
from application.ids import uuid7
from application.ports import Asked, Idempotency
from application.rights import NOTHING, NoSuchAppointment, Viewer
from domain.shared.calendar import local_day
from domain.shared.errors import Forbidden, Refused, UnknownArea
from domain.shared.values import AreaId, BodyId, OfficerId

POSITION = "x-position"


class NoBodyToActFor(Forbidden):
    """Nobody acts without an appointment to a body."""


async def system(request: Request) -> System:
    return cast(System, request.app.state.system)


SystemDep = Annotated[System, Depends(system)]


def viewer(request: Request, system: SystemDep) -> Viewer:
    """Who is signed in, with the rights of today. Raises LoginNeeded."""
    token = request.cookies.get(COOKIE, "")
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        token = sent
    known = system.sessions.read(token) if token else None
    officer = system.office.officer(known[0]) if known else None
    if known and officer is None:
        system.check_whole()
    if known is None or officer is None or officer.disabled:
        raise LoginNeeded
    return _as_appointed(system, known[0], known[1])


def _as_appointed(system: System, officer: OfficerId, body: BodyId | None) -> Viewer:
    try:
        found = system.rights.viewer(officer, local_day(system.now()), body)
    except NoSuchAppointment:
        system.check_whole()
        raise
    if found.scope == NOTHING:
        system.check_whole()
    return found


ViewerDep = Annotated[Viewer, Depends(viewer)]


async def language(request: Request) -> Language:
    return of_request(request)


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


def known(system: System, wanted: CaseFilter) -> CaseFilter:
    """The filter, where there is such an area. Raises UnknownArea: an unknown one is not the same as any."""
    if wanted.area and system.register.area(AreaId(wanted.area), local_day(system.now())) is None:
        system.check_whole()
        raise UnknownArea(area=wanted.area)
    return wanted


class NotInAnAddress(Refused):
    """Words and names are searched for by POST: addresses are kept in logs and histories."""


def refuse_in_address(asked: CaseFilter) -> None:
    """Raises NotInAnAddress."""
    if asked.words or asked.party:
        raise NotInAnAddress


async def raw_body(request: Request) -> bytes:
    return await request.body()


def asked(
    request: Request,
    system: SystemDep,
    viewer: ViewerDep,
    body: Annotated[bytes, Depends(raw_body)],
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Asked:
    if viewer.body is None:
        raise NoBodyToActFor
    return ask(system, viewer, request.url.path, body, idempotency_key)


def ask(system: System, viewer: Viewer, path: str, body: bytes, key: str | None) -> Asked:
    """Who asks for what, under a fresh request id."""
    assert viewer.body
    id = uuid7(system.now())
    idempotency = None
    if key:
        digest = system.keyed_hash("idempotency", f"POST {path}\n".encode() + body)
        idempotency = Idempotency(key=key, digest=digest)
    return Asked(
        by=viewer.officer,
        body=BodyId(viewer.body),
        request=id,
        correlation=id,
        now=system.now(),
        idempotency=idempotency,
    )


AskedDep = Annotated[Asked, Depends(asked)]


@dataclass(frozen=True)
class Freshness:
    """How far the board had read, of how much."""

    position: int
    wanted: int

    @property
    def stale(self) -> bool:
        return self.position < self.wanted


def caught_up(request: Request, system: SystemDep, viewer: ViewerDep) -> Freshness:
    """Whoever decided sees it at once: waits until the board has read the reader's own last receipt."""
    sent = request.headers.get(POSITION) or request.cookies.get("position") or "0"
    wanted = max(int(sent) if sent.isdecimal() and len(sent) < 19 else 0, system.last_seen(viewer.officer))
    return Freshness(system.wait(min(wanted, system.ledger.head())), wanted)


FreshDep = Annotated[Freshness, Depends(caught_up)]
