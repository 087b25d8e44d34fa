"""A small county behind the application itself: two towns, villages whose codes look alike, officers of every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from api.settings import Settings
from api.wiring import Wired, wired
from application.ports import Asked
from domain.jurisdiction.lineage import MergeArea
from domain.office.officer import officer_id
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.values import AreaId, BodyId, OfficerId
from tests.api.contract import ContractClient
from tests.templates import copied

PASSWORD = "correct horse battery"
SINCE = date(2020, 1, 1)
AREAS = """code,name,parent_code,level
99,示范省,,1
9901,示范市,99,2
990101,青溪县,9901,3
990101101,河口镇,990101,4
990101102,上坪乡,990101,4
990101101201,柳湾村,990101101,5
990101101202,石桥村,990101101,5
9901011012010,柳湾一组,990101101,5
990101102201,坪头村,990101102,5
990101101201001,第一网格,990101101201,6
"""
BODIES = """code,name,short_name,kind,area_code,channel,answers_for
LW,柳湾村人民调解委员会,柳湾,committee,990101101201,,
SQ,石桥村人民调解委员会,石桥,committee,990101101202,,
PT,坪头村人民调解委员会,坪头,committee,990101102201,,
HK,河口镇人民调解委员会,河口,committee,990101101,,
QX,青溪县综治中心,县综治,centre,990101,people,
WG,柳湾第一网格,网格,grid,990101101201001,,LW
"""
OFFICERS = """login,name,role,body_code,area_code,member,woman
li.ming,李明,mediator,LW,,yes,no
lw2,王芳,mediator,LW,,yes,yes
lw3,赵强,mediator,LW,,yes,no
shi.qiao,石乔,mediator,SQ,,yes,yes
sq2,丁一,mediator,SQ,,yes,no
sq3,丁二,mediator,SQ,,yes,no
ping.tou,平头,mediator,PT,,yes,yes
pt2,丁三,mediator,PT,,yes,no
pt3,丁四,mediator,PT,,yes,no
town,镇协调员,coordinator,HK,,yes,yes
hk2,丁五,mediator,HK,,yes,no
hk3,丁六,mediator,HK,,yes,no
leader,县领导,leader,QX,,,
auditor,审计员,auditor,QX,,,
admin,管理员,admin,QX,,,
grid,网格员,grid_worker,WG,,,
tail,尾号,coordinator,HK,9901011012010,,
"""


@dataclass
class Clock:
    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 3, 4, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class County:
    """The application in this process, and who is at which desk."""

    parts: Wired
    clock: Clock
    http: TestClient
    url: str
    state: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def as_(self, login: str) -> Desk:
        if login not in self.tokens:
            told = self.http.post("/api/session", json={"login": login, "password": PASSWORD})
            assert told.status_code == 200, told.text
            self.tokens[login] = told.json()["token"]
        return Desk(self, login)

    def area(self, code: str) -> AreaId:
        found = self.parts.system.registers.register.by_code(code, self.clock().date())
        assert found
        return found

    def asked(self) -> Asked:
        request = uuid4()
        nobody = UUID(int=0)
        return Asked(
            by=OfficerId(nobody),
            body=BodyId(nobody),
            acting=ActingAs(NoOfficer.OPERATOR),
            request=request,
            correlation=request,
            now=self.clock(),
        )

    def events(self) -> int:
        return self.parts.ledger.head()


@dataclass
class Desk:
    """What one officer sends, and gets."""

    county: County
    login: str

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        return self.county.http.get(path, params=query, headers=self._headers(headers))

    def post(self, path: str, headers: dict[str, str] | None = None, **content: Any) -> Any:
        return self.county.http.post(path, json=content, headers=self._headers(headers))

    def _headers(self, more: dict[str, str] | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.county.tokens[self.login]}", **(more or {})}

    def register(self, place: str = "990101101201", key: str | None = None, **content: Any) -> Case:
        told = self.post(
            "/api/cases/register-case",
            {"Idempotency-Key": key} if key else None,
            **{"place": str(self.county.area(place)), "facts": "两家为滴水檐争吵。", "parties": BOTH, **content},
        )
        assert told.status_code == 201, told.text
        return Case(self, told.json()["id"], told.json()["version"])

    def refused(self, answer: Any, status: int, code: str) -> dict[str, Any]:
        assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return dict(answer.json())


BOTH = [
    {"side": "applicant", "name": "周大山", "phone": "10012345678"},
    {"side": "respondent", "name": "吴小河"},
]


@dataclass
class Case:
    desk: Desk
    id: str
    version: int

    def act(self, command: str, **content: Any) -> int:
        told = self.attempt(command, **content)
        assert told.status_code == 200, (command, told.text)
        self.version = told.json()["version"]
        return self.version

    def attempt(self, command: str, version: int | str | None = None, **content: Any) -> Any:
        seen = self.version if version is None else version
        return self.desk.post(f"/api/cases/{self.id}/{command}", {"If-Match": f'"{seen}"'}, **content)

    def state(self, **query: Any) -> dict[str, Any]:
        told = self.desk.get(f"/api/cases/{self.id}", **query)
        assert told.status_code == 200, told.text
        return dict(told.json()["state"])

    @property
    def parties(self) -> list[str]:
        return list(self.state()["parties"])

    def consented(self) -> list[str]:
        """Accepted, with the consent of both."""
        parties = self.parties
        self.act("accept-case")
        for party in parties:
            self.act("give-consent", party=party)
        return parties

    def under_way(self) -> list[str]:
        parties, me = self.consented(), str(officer_id(self.desk.login))
        self.act("propose-mediator", mediation=1, mediator=me)
        self.act("accept-mediator", mediation=1, mediator=me, parties=parties)
        self.act("tell-rights", parties=parties)
        self.act("start-mediation", mediation=1)
        return parties


def found_county(url: str, state: Path) -> None:
    with opened(url, state, None):
        pass


@contextmanager
def open_county(url: str, state: Path, moment: datetime | None = None, **set_to: Any) -> Iterator[County]:
    if moment is None:
        copied("county", found_county, url, state)
    with opened(url, state, moment, **set_to) as county:
        yield county


@contextmanager
def opened(url: str, state: Path, moment: datetime | None, **set_to: Any) -> Iterator[County]:
    clock = Clock(moment) if moment else Clock()
    settings = Settings(state=state, **set_to)
    with wired(settings, url, clock) as parts:
        http = ContractClient(create_app(parts.system, settings))
        county = County(parts, clock, http, url, state)
        with county.http:
            if not parts.ledger.head():
                _found(county)
            yield county


def _found(county: County) -> None:
    system, day = county.parts.system, county.clock().date()
    system.administering.sheets.take_over(county.asked(), AREAS.encode(), SINCE)
    county.parts.projector.catch_up()
    system.administering.body_sheets.take_over(county.asked(), BODIES.encode(), day)
    county.parts.projector.catch_up()
    made = system.administering.officer_sheets.take_over(county.asked(), OFFICERS.encode(), day)
    county.parts.projector.catch_up()
    for login in made.registered:
        system.access.passwords.set(county.asked(), officer_id(login), PASSWORD)
    county.parts.projector.catch_up()


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture
def mediator(county: County) -> Desk:
    return county.as_("li.ming")


def merge(county: County, code: str, into: str) -> None:
    command = MergeArea(in_force_from=county.clock().date(), into=county.area(into))
    county.parts.system.administering.areas.change(county.asked(), county.area(code), command)
    county.parts.projector.catch_up()
