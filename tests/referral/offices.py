"""A county with every kind of desk between which a case can move, and cases that lie on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from application.streams import CASES
from domain.jurisdiction.body import body_id
from domain.office.officer import officer_id
from tests.api.conftest import PASSWORD, Case, County, Desk, open_county
from tests.templates import copied

BODIES = """code,name,short_name,kind,area_code,channel,answers_for
FY,青溪县人民法院,县法院,court,990101,,
JY,青溪县市场监督管理局,县市监,organ,990101,administrative,
GA,河口派出所,河口所,police,990101101,administrative,
XF,青溪县信访局,县信访,petition,990101,,
ZZ,河口镇综治中心,河口综治,centre,990101101,people,
"""
OFFICERS = """login,name,role,body_code,area_code,member,woman
fa.guan,法官,mediator,FY,,yes,no
fy2,书记员,mediator,FY,,yes,yes
fy3,法官三,mediator,FY,,yes,no
shi.jian,市监员,mediator,JY,,yes,no
jy2,市监员二,mediator,JY,,yes,yes
jy3,市监员三,mediator,JY,,yes,no
min.jing,民警,mediator,GA,,yes,no
ga2,民警二,mediator,GA,,yes,yes
ga3,民警三,mediator,GA,,yes,no
xin.fang,信访员,mediator,XF,,,
zong.zhi,综治员,coordinator,ZZ,,,
xian,县综治员,coordinator,QX,,,
"""
DESKS = {
    "LW": "li.ming",
    "SQ": "shi.qiao",
    "HK": "town",
    "FY": "fa.guan",
    "JY": "shi.jian",
    "GA": "min.jing",
    "XF": "xin.fang",
    "ZZ": "zong.zhi",
    "QX": "xian",
}
"""Of each body, who sits at its desk."""
PLACES = {"LW": "990101101201", "SQ": "990101101202"}
"""Where a case of the body lies; elsewhere: the first village."""


def found_desks(url: str, state: Path) -> None:
    with opened(url, state):
        pass


@contextmanager
def open_desks(url: str, state: Path) -> Iterator[County]:
    copied("desks", found_desks, url, state)
    with opened(url, state) as county:
        yield county


@contextmanager
def opened(url: str, state: Path) -> Iterator[County]:
    with open_county(url, state) as county:
        if county.parts.system.registers.register.body_by_code("FY") is None:
            system, day = county.parts.system, county.clock().date()
            system.administering.body_sheets.take_over(county.asked(), BODIES.encode(), day)
            county.parts.projector.catch_up()
            made = system.administering.officer_sheets.take_over(county.asked(), OFFICERS.encode(), day)
            county.parts.projector.catch_up()
            for login in made.registered:
                system.access.passwords.set(county.asked(), officer_id(login), PASSWORD)
            county.parts.projector.catch_up()
        yield county


def body(code: str) -> str:
    return str(body_id(code))


def desk(county: County, code: str) -> Desk:
    return county.as_(DESKS[code])


@dataclass
class Handover:
    """A referral or an escalation, as the one who looks at it has last seen it."""

    county: County
    folder: str
    case: str
    id: str
    version: int = 1

    def at(self, code: str) -> Any:
        return desk(self.county, code).get(f"/api/cases/{self.case}/{self.folder}/{self.id}")

    def attempt(self, code: str, command: str, version: int | None = None, **content: Any) -> Any:
        seen = self.version if version is None else version
        path = f"/api/cases/{self.case}/{self.folder}/{self.id}/{command}"
        return desk(self.county, code).post(path, {"If-Match": f'"{seen}"'}, **content)

    def act(self, code: str, command: str, **content: Any) -> dict[str, Any]:
        told = self.attempt(code, command, **content)
        assert told.status_code == 200, (command, told.text)
        if told.json()["id"] == self.id:
            self.version = told.json()["version"]
        return dict(told.json())

    def seen_by(self, code: str) -> dict[str, Any]:
        told = self.at(code)
        assert told.status_code == 200, told.text
        return dict(told.json())


def case_at(county: County, code: str, **content: Any) -> Case:
    """A dispute that this body has registered."""
    return desk(county, code).register(PLACES.get(code, PLACES["LW"]), **content)


def noted(case: Case, organ: str, **content: Any) -> Case:
    """The matter that the body itself has of it: a suit, a petition, a police case."""
    case.act("note-proceedings", organ=organ, **content)
    return case


def content_of(case: Case, **chosen: Any) -> dict[str, Any]:
    return {"parties": case.parties, **chosen}


def attempt_offer(case: Case, kind: str, *to: str, **more: Any) -> Any:
    consented = more.pop("consented", case.parties)
    content = more.pop("content", None) or content_of(case)
    body_ids = [body(one) for one in to]
    path = f"/api/cases/{case.id}/referrals/offer-referral"
    sent = {"kind": kind, "to": body_ids, "content": content, "consented": consented, **more}
    return case.desk.post(path, {"If-Match": f'"{case.version}"'}, **sent)


def offer(case: Case, kind: str, *to: str, **more: Any) -> Handover:
    told = attempt_offer(case, kind, *to, **more)
    assert told.status_code == 201, told.text
    refresh(case)
    return Handover(case.desk.county, "referrals", case.id, told.json()["id"], told.json()["version"])


def begin(case: Case, code: str, command: str, **content: Any) -> Handover:
    told = attempt_begin(case, code, command, **content)
    assert told.status_code == 201, told.text
    refresh(case)
    return Handover(case.desk.county, "escalations", case.id, told.json()["id"], told.json()["version"])


def attempt_begin(case: Case, code: str, command: str, **content: Any) -> Any:
    seen = version_of(case)
    path = f"/api/cases/{case.id}/escalations/{command}"
    return desk(case.desk.county, code).post(path, {"If-Match": f'"{seen}"'}, **content)


def version_of(case: Case) -> int:
    return int(case.desk.county.parts.system.standing.ledger.history(CASES, UUID(case.id)).version)


def refresh(case: Case) -> Case:
    case.version = version_of(case)
    return case


def as_seen_from(case: Case, code: str) -> Case:
    """The same case at another desk."""
    return refresh(Case(desk(case.desk.county, code), case.id, 0))


def truth(case: Case) -> Any:
    """The case as it is, whoever may read it."""
    return case.desk.county.parts.system.standing.ledger.history(CASES, UUID(case.id)).state


@contextmanager
def nothing_recorded(county: County) -> Iterator[None]:
    before = county.events()
    yield
    assert county.events() == before


def refused(told: Any, status: int, code: str) -> None:
    assert (told.status_code, told.json().get("code")) == (status, code), told.text
    assert told.headers["content-type"] == "application/problem+json"
