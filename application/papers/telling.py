"""What a paper is written from: the case as its reader reads it, and what everybody was called on that day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID

from application.case.disclosure.masks import MASK
from application.case.namesakes import NOBODY, told_apart
from application.case.page import CasePage, MediationText, TimelineEntry
from application.moments import KnownAt
from application.naming import NameBook
from domain.case.case import DisputeCase, Party
from domain.case.kinds import PartyKind
from domain.case.mediations import Mediation
from domain.shared.calendar import SHANGHAI, local_day
from domain.shared.identity_numbers import birthday, identity_form
from domain.shared.values import PersonId

Say = Callable[[Enum], str]
"""The Chinese word of a code."""
UNKNOWN = "—"


@dataclass(frozen=True)
class Telling:
    read: CasePage
    book: NameBook
    say: Say
    mediation: int = 1

    @property
    def case(self) -> DisputeCase:
        return self.read.state

    @property
    def told(self) -> MediationText:
        return self.read.mediations.get(self.mediation) or MediationText()

    @property
    def state(self) -> Mediation | None:
        return self.case.mediations.get(self.mediation)

    @cached_property
    def persons(self) -> Mapping[Any, str]:
        """Two of one name are told apart."""
        marks: dict[UUID, tuple[str, str, str]] = {}
        for id, party in self.case.parties.items():
            phone, address = party.details.phone, party.details.address
            tail = "" if phone in NOBODY or MASK in phone else f"…{phone[-4:]}"
            marks[id] = (self.say(party.side), tail, "" if address in NOBODY else address)
        return told_apart(self.read.names, marks)

    @cached_property
    def lines(self) -> list[TimelineEntry]:
        """The entries as they stand."""
        return [one for one in self.read.timeline if not (one.struck or one.corrected_by)]

    @property
    def last(self) -> TimelineEntry:
        return self.read.timeline[-1]

    def of(self, kind: str, **which: Any) -> Iterator[TimelineEntry]:
        for line in self.lines:
            if line.name == f"case.{kind}" and all(getattr(line.event, key, None) == one for key, one in which.items()):
                yield line

    def done(self, kind: str, **which: Any) -> TimelineEntry | None:
        """The last entry by which it was done."""
        return next(reversed(list(self.of(kind, **which))), None)

    def name(self, id: Any, line: TimelineEntry | None = None) -> str:
        """As they were called when the entry was recorded; without one, as of the last entry."""
        if id is None:
            return UNKNOWN
        seen = line or self.last
        at = KnownAt.with_entry(seen.entry, local_day(seen.occurred_at))
        return self.persons.get(id) or self.book.name(id, at) or UNKNOWN

    def names(self, ids: Any, line: TimelineEntry | None = None) -> str:
        return "、".join(self.name(id, line) for id in ids) or UNKNOWN

    def by(self, line: TimelineEntry) -> str:
        """Whoever recorded it, as they were called then."""
        return self.book.acting(line.entry).officer or UNKNOWN

    @property
    def present(self) -> dict[PersonId, Party]:
        return {id: party for id, party in self.case.parties.items() if not party.withdrawn}

    @property
    def number(self) -> str:
        return (self.state.file_number if self.state else "") or self.case.code

    @property
    def registered_on(self) -> date:
        return local_day(self.case.registered_at or self.read.timeline[0].occurred_at)

    def sex(self, party: Party) -> str:
        number = identity_form(party.details.identity_number)
        if party.details.kind is not PartyKind.PERSON or not birthday(number):
            return UNKNOWN
        return "男" if int(number[16]) % 2 else "女"

    def age(self, party: Party) -> str:
        """On the day of the registration: so it stays what it was."""
        born, on = birthday(party.details.identity_number), self.registered_on
        if party.details.kind is not PartyKind.PERSON or born is None or born > on:
            return UNKNOWN
        return f"{on.year - born.year - ((on.month, on.day) < (born.month, born.day))}岁"


def chinese(day: date | datetime | None) -> str:
    """2026年3月3日"""
    if day is None:
        return ""
    local = local_day(day) if isinstance(day, datetime) else day
    return f"{local.year}年{local.month}月{local.day}日"


def chinese_time(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(SHANGHAI)
    return f"{chinese(moment)}{local.hour}时{local.minute:02d}分"


def yuan(fen: int) -> str:
    return f"人民币{fen / 100:,.2f}元".replace(".00元", "元")
