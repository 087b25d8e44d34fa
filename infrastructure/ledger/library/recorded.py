"""Our events as the library hands them on: a class for each stored name, under which the library looks it up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any, ClassVar
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent
from eventsourcing.utils import get_topic

from application.office import OFFICERS
from application.ports import Stream
from application.register_decisions import AREAS, BODIES
from application.rules import CALENDARS, PACKS
from application.streams import CASES, ESCALATIONS, REFERRALS
from domain.shared.decider import Entry, Event, History
from infrastructure.ledger.event_names import EVENTS, UnknownForm
from infrastructure.ledger.library.recorders import Placed
from infrastructure.projection.histories import continued

STREAMS: tuple[Stream[Any], ...] = (CASES, REFERRALS, ESCALATIONS, AREAS, BODIES, OFFICERS, CALENDARS, PACKS)
Opening = Callable[[Mapping[str, Any]], Entry[Any]]


class Recorded:
    """Where it stands, its stored bytes, and what they say: that is read when it is first asked for, so that whoever
    only counts or hands on reads none."""

    TOPIC: ClassVar[str]
    """By which the library knows the class: the stored name, and never where its code lies."""

    def __init__(self, stored: Placed, opening: Opening) -> None:
        self.stored, self._opening = stored, opening

    @property
    def originator_id(self) -> UUID:
        assert isinstance(self.stored.originator_id, UUID)
        return self.stored.originator_id

    @property
    def originator_version(self) -> int:
        return self.stored.originator_version

    @cached_property
    def entry(self) -> Entry[Any]:
        """Raises UnknownForm, ValidationError, and what the keys raise."""
        row = {**vars(self.stored), "notification_id": self.stored.position}
        return self._opening(row)

    @property
    def event(self) -> Any:
        return self.entry.event

    def mutate(self, aggregate: History[Any] | None) -> History[Any]:
        """So that `Application.repository` answers with our histories, corrections read as they stand."""
        id = self.originator_id
        past = aggregate or History.of(id, stream_of(self.TOPIC).blank(id), ())
        return continued(past, [self.entry])


def stream_of(begins: str) -> Stream[Any]:
    """By the name of its first event. An area and a body are both of `jurisdiction`: their first names go on after the
    name of their stream, and later ones need not. Raises UnknownForm."""
    for one in STREAMS:
        if begins.startswith((f"{one.name}.", f"{one.name}_")):
            return one
    raise UnknownForm(f"{begins} begins no stream")


@cache
def recorded(kind: type[Event[Any]]) -> type[Recorded]:
    """The class under which the library hands on this kind of event: for `topics`, and for `process_event.register`.

    `get_topic` of it is the stored name, and the library finds it again by that."""
    made = type(f"Recorded{kind.__name__}", (Recorded,), {"TOPIC": kind.name, "__doc__": kind.__doc__})
    get_topic(made)
    return made


class LedgerMapper(Mapper[UUID]):
    """Stored bytes stay as they are: only what is not ours goes through transcoder, compressor and cipher."""

    opening: Opening

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        return domain_event.stored if isinstance(domain_event, Recorded) else super().to_stored_event(domain_event)

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        name = stored_event.topic
        if ":" in name:
            return super().to_domain_event(stored_event)
        if not (kind := EVENTS.get(name)):
            raise UnknownForm(f"{name}: a newer program recorded it")
        if not isinstance(stored_event, Placed):
            raise MapperDeserialisationError(f"{name} was not read by the ledger's own recorder")
        return recorded(kind)(stored_event, self.opening)
