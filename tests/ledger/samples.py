"""Small events of our own: the ledger is tested without any context's rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from application.ports import Asked, Idempotency, Receipt, Stream
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.decider import Event, Numbered, Series
from domain.shared.values import BodyId, Narrative, NarrativeId, OfficerId, PersonId, PersonName, Phone, Value
from infrastructure.ledger.event_store import PostgresLedger

NOON = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
BODY = BodyId(UUID(int=7))


@dataclass(frozen=True)
class Tally:
    count: int = 0
    last: str = ""


class Noted(Event[Tally]):
    name: ClassVar = "sample.noted"
    what: str = "noted"

    def evolve(self, state: Tally, at: datetime) -> Tally:
        return replace(state, count=state.count + 1, last=self.what)


class Person(Value):
    person: PersonId
    name: PersonName
    phone: Phone | None = None


class Told(Event[Tally]):
    name: ClassVar = "sample.told"
    story: Narrative
    people: tuple[Person, ...] = ()

    def evolve(self, state: Tally, at: datetime) -> Tally:
        return replace(state, count=state.count + 1, last=self.story.text)


class Coded(Numbered[Tally]):
    name: ClassVar = "sample.coded"
    code: str = ""

    def series(self) -> Series:
        return Series(body=BODY, kind="sample")

    def numbered(self, year: int, serial: int) -> Self:
        return self.but(code=f"({year}) {serial}")

    @property
    def given(self) -> str:
        return self.code

    def evolve(self, state: Tally, at: datetime) -> Tally:
        return replace(state, count=state.count + 1, last=self.code)


class Mishap(Exception):
    """A piece of work that fails, before or under the lock."""


class Unlucky(Coded):
    """Fails under the feed's lock, when it has taken its number."""

    name: ClassVar = "sample.unlucky"

    def numbered(self, year: int, serial: int) -> Self:
        raise Mishap


SAMPLES: tuple[type[Event[Any]], ...] = (Noted, Told, Coded)
TALLIES: Stream[Tally] = Stream("sample", lambda _: Tally())
LEDGERS: Stream[Tally] = Stream("other", lambda _: Tally(last="blank of another kind"))


def asked(key: str | None = None, digest: bytes = b"digest", by: OfficerId | None = None) -> Asked:
    return Asked(
        by=by or OfficerId(UUID(int=1)),
        body=BODY,
        acting=ActingAs(NoOfficer.OPERATOR),
        request=uuid4(),
        correlation=uuid4(),
        now=NOON,
        idempotency=Idempotency(key, digest) if key else None,
    )


def record(ledger: PostgresLedger, id: UUID, expected: int, *events: Event[Any], on: Asked | None = None) -> Receipt:
    """These events, in one piece of work."""

    def work(unit: Any) -> UUID:
        unit.append(TALLIES, id, expected, events, NOON)
        return id

    return ledger.carry_out(on or asked(), work)


def told(text: str, name: str = "王小明", phone: str | None = "13800138000") -> Told:
    story = Narrative(id=NarrativeId(uuid4()), text=text)
    return Told(story=story, people=(Person(person=PersonId(uuid4()), name=name, phone=phone),))
