"""A county on a PostgreSQL of its own, whose every file is looked through; and a case that was kept long enough."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from api.cli.console import asked
from application.ports import Asked
from domain.case.record.privacy import ErasePerson, RestrictPerson
from domain.shared.erasing import Replacement
from domain.shared.values import CaseId, PersonId
from infrastructure.postgres.embedded import EmbeddedPostgres
from tests.api.conftest import Case, County, county, open_county

__all__ = ["county"]

NAME, PHONE, NUMBER, ADDRESS = "欧阳慕雪", "13900271828", "990101198702283146", "柳湾村梧桐巷二十七号"
SECRETS = (NAME, PHONE, NUMBER, ADDRESS)
BASIS = "本人申请,个人信息保护法第四十七条"
PARTIES = [
    {"side": "applicant", "name": NAME, "phone": PHONE, "identity_number": NUMBER, "address": ADDRESS},
    {"side": "respondent", "name": "吴小河"},
]
FACTS = f"{NAME}称邻居的水沟堵了,电话{PHONE}。"


@dataclass
class Kept:
    """A closed case of which one party asks to be forgotten."""

    county: County
    case: Case
    person: PersonId
    other: PersonId

    @property
    def id(self) -> CaseId:
        return CaseId(UUID(self.case.id))

    def asked(self, **by: float) -> Asked:
        self.county.clock.forward(**by)
        return replace(asked(), now=self.county.clock())

    def restrict(self) -> None:
        command = RestrictPerson(person=self.person, basis=BASIS)
        self.county.parts.system.deciding.privacy.restrict(self.id, command, self.asked())
        self.county.parts.projector.catch_up()

    def copies(self) -> tuple[Replacement, ...]:
        naming = self.county.parts.system.deciding.privacy.naming(self.id, self.person)
        return tuple(Replacement(narrative=one.text.id, told=one.proposed) for one in naming)

    def record_erasure(self) -> None:
        """Eleven years later: what the copies say is as proposed."""
        command = ErasePerson(person=self.person, basis=BASIS, replacements=self.copies())
        self.county.parts.system.deciding.privacy.erase(self.id, command, self.asked(days=11 * 366))

    def erase(self) -> None:
        self.record_erasure()
        self.county.parts.erasing.carry_out()


def kept(county: County, *, closed: bool = True) -> Kept:
    desk = county.as_("li.ming")
    case = desk.register(facts=FACTS, parties=PARTIES)
    case.act("write-note", note=f"到{ADDRESS}走访,{NAME}不在家")
    case.act("write-note", note="与此人无关的一笔")
    if closed:
        case.act("decline-case", because="not-civil", reason="不属受理范围", remedies_told=True)
    county.parts.projector.catch_up()
    return Kept(county, case, *named(case))


def named(case: Case) -> tuple[PersonId, PersonId]:
    """Who asks to be forgotten, and the other one."""
    by_name = {one["details"]["name"]: PersonId(UUID(id)) for id, one in case.state()["parties"].items()}
    return by_name[NAME], by_name["吴小河"]


@dataclass
class Place:
    """Where a ledger lives: its cluster, and the folder beside it."""

    folder: Path
    server: EmbeddedPostgres
    url: str

    @property
    def state(self) -> Path:
        return self.folder / "county"

    @contextmanager
    def opened(self) -> Iterator[County]:
        with open_county(self.url, self.state) as county:
            yield county

    def holds(self, *texts: str) -> dict[str, list[str]]:
        """The files of the cluster and of the state folder in which one of them stands, once all is written out."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            # a checkpoint alone leaves the buffers of unlogged tables unwritten; to copy a database's files does not
            connection.execute("CREATE DATABASE flushed TEMPLATE template0 STRATEGY file_copy")
            connection.execute("DROP DATABASE flushed")
        folders = {self.folder, self.server.place.root}
        files = (file for folder in folders for file in folder.rglob("*") if file.is_file())
        found = {str(file): [one for one in texts if one.encode() in file.read_bytes()] for file in files}
        return {file: here for file, here in found.items() if here}

    def dumped(self) -> str:
        """All tables, as text."""
        tool = self.server.place.programs / "pg_dump"
        done = subprocess.run([tool, "--dbname", self.url], capture_output=True, check=True)
        return done.stdout.decode()


def wrapped_keys(state: Path, *owners: UUID) -> set[bytes]:
    """Those that are not destroyed."""
    with closing(sqlite3.connect(state / "keys.db")) as keys:
        rows = keys.execute("SELECT owner, wrapped FROM key WHERE wrapped IS NOT NULL").fetchall()
    return {wrapped for owner, wrapped in rows if UUID(bytes=owner) in owners}


@contextmanager
def own_place(copied: Place | None = None) -> Iterator[Place]:
    """`copied`: one that is stopped; what it holds is here, too."""
    folder = Path(tempfile.mkdtemp(prefix="tiaojie-"))
    folder.chmod(0o755)
    (folder / "state").mkdir()
    server = EmbeddedPostgres(folder / "state")
    try:
        if copied:
            subprocess.run(["cp", "-a", copied.server.place.root, server.place.root], check=True)
            shutil.copytree(copied.state, folder / "county")
        yield Place(folder, server, server.start())
    finally:
        server.stop()
        server.place.remove()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def founded(processes: None) -> Iterator[Place]:
    """A cluster with the small county, which is stopped: to make one and to found the other takes seconds."""
    with own_place() as made:
        with made.opened():
            pass
        made.server.stop()
        yield made


@pytest.fixture
def place(founded: Place) -> Iterator[Place]:
    with own_place(founded) as made:
        yield made


@pytest.fixture
def empty_place(processes: None) -> Iterator[Place]:
    with own_place() as made:
        yield made
