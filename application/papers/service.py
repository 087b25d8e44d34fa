"""Papers of a case: which can be made of it as its reader reads it, and each of them as PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from application.case.disclosure.masks import as_seen_by
from application.case.page import CasePage, page
from application.naming import NameBook, NameRegister, named_in
from application.papers.blocks import Sheet
from application.papers.lists import ALWAYS, FORMS, Form
from application.papers.press import Document, Press
from application.papers.telling import Say, Telling
from application.rights import Viewer
from domain.case.case import DisputeCase
from domain.shared.calendar import local_day
from domain.shared.decider import Entry, History
from domain.shared.errors import Missing


class NothingToPrint(Missing):
    """There is no such paper of this case yet."""


@dataclass(frozen=True)
class Made:
    """That a paper can be made; of which mediation, where each has its own."""

    name: str
    title: str
    mediation: int | None


class Papers:
    def __init__(self, names: NameRegister, say: Say, press: Press, origin: str) -> None:
        self._names, self._say, self._press, self._origin = names, say, press, origin

    def pdf(self, history: History[DisputeCase], name: str, viewer: Viewer, mediation: int = 1) -> bytes:
        """`history`: as the viewer reads it. Raises NothingToPrint, NotSet."""
        if (sheet := self.sheet(history, name, viewer, mediation)) is None:
            raise NothingToPrint(paper=name[:40])
        return self._press.pdf(self.document(history.id, sheet.title, sheet.made_on, [sheet]))

    def document(self, id: UUID, title: str, on: date, sheets: Sequence[Sheet], **more: Any) -> Document:
        receipts = f"{self._origin}/api/cases/{id}/entries/", "/receipt"
        return Document(title, on, sheets, receipts, **more)

    def sheet(
        self, history: History[DisputeCase], name: str, viewer: Viewer | None, mediation: int = 1
    ) -> Sheet | None:
        """`viewer`: None for the file of the case itself, in which nothing is masked."""
        form = FORMS.get(name)
        last = _last(history.entries, form, mediation) if form else None
        if form is None or last is None:
            return None
        read = page(history.until(lambda entry: entry.version <= last.version))
        telling = self.telling(as_seen_by(viewer, read) if viewer else read, mediation)
        if not (blocks := form.blocks(telling)):
            return None
        number = telling.number if form.per_mediation else telling.case.code
        return Sheet(name, form.title, number, blocks, last.version, local_day(last.occurred_at))

    def telling(self, read: CasePage, mediation: int = 1) -> Telling:
        state = read.state
        beside = {id for one in state.mediations.values() for id in (one.body, *one.joint, *one.mediators)}
        named = named_in(line.entry for line in read.timeline)
        named |= {*beside, *(id for id in (state.holder, state.place, state.registered_for) if id)}
        return Telling(read, self._names.book(named), self._say, mediation)

    def made(self, read: CasePage) -> Iterator[Made]:
        """Those that can be made of what is recorded, in the order of the file."""
        numbers = sorted(read.state.mediations)
        for name, form in FORMS.items():
            for number in numbers if form.per_mediation else [1]:
                if form.blocks(Telling(read, NameBook(), self._say, number)):
                    yield Made(name, form.title, number if form.per_mediation else None)


def _last(entries: Sequence[Entry[Any]], form: Form, mediation: int) -> Entry[Any] | None:
    """The last entry that the paper tells of."""

    def is_told(entry: Entry[Any]) -> bool:
        kind, about = entry.event.name.partition(".")[2], getattr(entry.event, "mediation", None)
        return kind in ALWAYS or (kind in form.made_from and about in (None, mediation))

    return next((one for one in reversed(entries) if is_told(one)), None)
