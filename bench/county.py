"""The ground that is measured on: a durable PostgreSQL, the demo county in it, and cases of our own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from api.demo import Clock, Demo
from api.settings import Settings
from api.wiring import Wired, wired
from application.ports import Asked, Unit
from application.rights import Viewer
from application.streams import CASES
from domain.case.commands import CaseCommand
from domain.case.kinds import Side
from domain.case.opening.classification import StateAmount
from domain.case.opening.intake import RegisterCase
from domain.case.people import NewParty
from domain.case.record.papers import WriteNote
from domain.office.officer import officer_id
from domain.shared.acting import ActingAs
from domain.shared.calendar import local_day
from domain.shared.values import CaseId
from infrastructure.postgres.embedded import EmbeddedPostgres

LOGIN = "cunli"
FACTS = "双方因宅基地边界相邻排水发生争执，申请人称对方新砌围墙占用其通道，要求拆除并恢复原状。"
NOTE = "上门走访双方，查看现场并拍照，双方同意本周五到村委会面谈。"
AT_ONCE = 100
AMOUNT = StateAmount(amount=120_000, people=2)


class Ground(Demo):
    """The demo county's areas, bodies and officers, without its disputes."""

    def _cases(self, start: datetime) -> None:
        return


@dataclass(frozen=True)
class Server:
    """One PostgreSQL for the whole run: two ledgers, one that is read and one that grows, and a plain table."""

    url: str
    programs: Path
    state: Path

    def database(self, name: str) -> str:
        return make_conninfo(self.url, dbname=name)

    def settings(self, name: str, port: int = 0) -> Settings:
        return Settings(database_url=SecretStr(self.database(name)), state=self.state, port=port)

    def create(self, name: str, like: str = "template1") -> str:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like))
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)
        return self.database(name)


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    embedded = EmbeddedPostgres(folder)
    try:
        yield Server(embedded.start(), embedded.place.programs, folder)
    finally:
        embedded.stop()
        embedded.place.remove()


@dataclass(frozen=True)
class Desk:
    """An officer who may act, and what they act on."""

    parts: Wired
    viewer: Viewer

    def asked(self, now: datetime | None = None) -> Asked:
        request = uuid4()
        assert self.viewer.body
        moment = now or self.parts.system.now()
        return Asked(
            by=self.viewer.officer,
            body=self.viewer.body,
            acting=ActingAs("mediator", "调解员", "人民调解委员会", self.viewer.area, "村"),
            request=request,
            correlation=request,
            now=moment,
        )

    def version(self, id: CaseId) -> int:
        return self.parts.ledger.history(CASES, id).version

    def registration(self) -> RegisterCase:
        assert self.viewer.area
        parties = (
            NewParty(side=Side.APPLICANT, name="王小明", phone="13800138000"),
            NewParty(side=Side.RESPONDENT, name="李大山", phone="13900139000"),
        )
        return RegisterCase(place=self.viewer.area, facts=FACTS, parties=parties)

    def register(self, count: int) -> list[CaseId]:
        """So many new cases, many in one transaction."""
        ids = [CaseId(uuid4()) for _ in range(count)]
        for start in range(0, count, AT_ONCE):
            self._together([(id, self.registration()) for id in ids[start : start + AT_ONCE]])
        return ids

    def long_case(self, events: int) -> CaseId:
        """A case with just so many events, every second of them with personal text."""
        (id,) = self.register(1)
        missing = events - self.version(id)
        commands: list[CaseCommand] = [WriteNote(note=NOTE) if n % 2 else AMOUNT for n in range(missing)]
        for start in range(0, missing, AT_ONCE):
            self._together([(id, command) for command in commands[start : start + AT_ONCE]])
        return id

    def _together(self, asked: Sequence[tuple[CaseId, CaseCommand]]) -> None:
        """Each with a request of its own: what a command makes anew takes its id from the request."""

        def work(unit: Unit) -> UUID:
            for id, command in asked:
                self.parts.system.deciding.cases.act(unit, id, command, self.asked())
            return asked[-1][0]

        self.parts.ledger.carry_out(self.asked(), work)


@contextmanager
def desk(settings: Settings) -> Iterator[Desk]:
    assert settings.database_url
    with wired(settings, settings.database_url.get_secret_value()) as parts:
        parts.projector.catch_up()
        yield Desk(parts, parts.system.access.rights.viewer(officer_id(LOGIN), local_day(parts.system.now())))


def settle(settings: Settings, *, disputes: bool) -> None:
    """Fills an empty ledger with the demo county, until yesterday."""
    assert settings.database_url
    clock = Clock(datetime.now(UTC) - timedelta(days=1))
    with wired(settings, settings.database_url.get_secret_value(), clock) as parts:
        kind = Demo if disputes else Ground
        kind(parts, clock, local_day(clock.moment), lambda what, done, of: None).make()
        parts.projector.catch_up()
