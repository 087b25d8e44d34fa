"""What the pages of administrators share: who opens them, and the form of a command on something registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends
from starlette.datastructures import FormData
from starlette.responses import Response

from api.labels.names import kebab
from api.web.choices import Choices, DialogContext
from api.web.dialog import Dialog, Sending, attempt, filled, keep, opened
from api.web.page import Reader, ReaderDep, names_of, render
from api.web.sending import SenderDep
from api.web.sentences import sentence
from api.web.timeline import Told, entries
from application.case.page import timeline
from application.ports import Asked, Receipt
from application.rights import NotYourRight
from domain.jurisdiction.area import BeforeLastChange, NoCountyAbove, NothingNew, ParentNotHigher
from domain.jurisdiction.body import ChannelNotOfItsKind
from domain.jurisdiction.lineage import AreasStillInside, MergedIntoItself, NotOfTheSameLevel
from domain.jurisdiction.merging import BodyMergedIntoItself, NotOfItsKind
from domain.office.appointments import AlreadyRevoked, AppointedAlready, EndsBeforeItBegins, UnknownAppointment
from domain.office.officer import CalledSoAlready, Role
from domain.rules.holidays import (
    AmendedSoAlready,
    FreeAndWorkday,
    NoHolidays,
    NotAWeekend,
    NotOfThatYear,
    YearPublishedAlready,
)
from domain.rules.packs import PackEndsAlready, PackEndsBeforeItBegins
from domain.shared.decider import Command, History
from domain.shared.errors import AreaNotInForce, BodyNoLongerStands, Conflict, DomainError, UnknownArea, UnknownBody


class LoginTaken(Conflict):
    """An officer has this login name already."""


class BodyCodeTaken(Conflict):
    """A body has this code already, or had it."""


PLACES: Mapping[type[DomainError], Sequence[str]] = {
    **dict.fromkeys((NotOfTheSameLevel, MergedIntoItself, BodyMergedIntoItself, NotOfItsKind), ("into",)),
    **dict.fromkeys((UnknownArea, AreaNotInForce), ("parent", "into", "area")),
    **dict.fromkeys((UnknownBody, BodyNoLongerStands), ("body", "into", "answers_for")),
    **dict.fromkeys((EndsBeforeItBegins, AlreadyRevoked, PackEndsAlready, PackEndsBeforeItBegins), ("in_force_until",)),
    **dict.fromkeys((NoHolidays, NotOfThatYear), ("holidays",)),
    **dict.fromkeys((FreeAndWorkday, NotAWeekend), ("make_up_workdays",)),
    BeforeLastChange: ("in_force_from",),
    AreasStillInside: ("in_force_from",),
    NothingNew: ("area_name", "code", "parent", "body_name"),
    ParentNotHigher: ("parent",),
    NoCountyAbove: ("parent", "level"),
    BodyCodeTaken: ("code",),
    ChannelNotOfItsKind: ("channel",),
    LoginTaken: ("login",),
    CalledSoAlready: ("display_name",),
    AppointedAlready: ("role",),
    UnknownAppointment: ("number",),
    YearPublishedAlready: ("year",),
    AmendedSoAlready: ("day",),
}
"""At which field a refusal is told: the first of them that the form has."""


def _checked(found: Reader) -> Reader:
    """Raises NotYourRight."""
    if found.viewer.role is not Role.ADMIN:
        raise NotYourRight(role=found.viewer.role)
    return found


def _administrator(reader: ReaderDep) -> Reader:
    return _checked(reader)


def _sending_administrator(reader: SenderDep) -> Reader:
    return _checked(reader)


AdminDep = Annotated[Reader, Depends(_administrator)]
AdminSenderDep = Annotated[Reader, Depends(_sending_administrator)]


@dataclass(frozen=True)
class RegisterForm:
    """A command on something registered, as a page: its fields, what is so now, and where it leads."""

    reader: Reader
    command: type[Command[Any]]
    back: tuple[str, str]
    """The address of the page that it was opened from, and what that is called."""
    send: Callable[[Any, Asked, int], Receipt]
    """The command, who asks, and the version that they saw."""
    to: Callable[[Receipt], str]
    version: int = 0
    now: Sequence[tuple[str, str]] = ()
    """What is so at this moment, as pairs of a label and a text."""
    choices: Mapping[str, Choices] = field(default_factory=dict)
    usual: Mapping[str, Any] = field(default_factory=dict)
    """What stands in a field from the start."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """What the page itself says, and nobody is asked."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """How a field is asked for that is no plain one: see `Field`."""
    optional: Set[str] = frozenset()
    """Fields that may stay empty here, for `filled_in` knows what they are then."""
    filled_in: Callable[[dict[str, Any]], None] = lambda content: None
    """Completes what was typed."""
    newer: Callable[[int], list[str]] = lambda seen: []
    places: Mapping[type[DomainError], Sequence[str]] = field(default_factory=dict)
    """Beside PLACES."""
    template: str = "administering/form.html"

    def dialog(self) -> Dialog:
        context = DialogContext(self.reader, None, None, own=self.choices)
        made = opened(self.command, context, self.version)
        made.fields = [one for one in made.fields if one.name not in self.fixed]
        for one in made.fields:
            if one.name in self.choices and one.kind != "many":
                one.kind = "choice"
            one.kind = self.kinds.get(one.name, one.kind)
            one.default = self.usual.get(one.name, one.default)
            one.required = one.required and one.name not in self.optional
        names = {one.name for one in made.fields}
        known = {**PLACES, **self.places}
        made.places = {kind: next((one for one in at if one in names), "") for kind, at in known.items()}
        return made

    def shown(self, made: Dialog, status: int = 200) -> Response:
        """A part of a field that is asked for as a whole has no place of its own on the page."""
        wholes = ((name.partition(".")[0], name, why) for name, why in made.errors.items())
        made.errors = {whole if whole in self.kinds else name: why for whole, name, why in wholes}
        return render(self.reader, self.template, status, dialog=made, name=kebab(self.command), form=self)

    def opened(self) -> Response:
        return self.shown(self.dialog())

    def sent(self, posted: FormData) -> Response:
        made = self.dialog()
        if keep(made, posted):
            return self.shown(made)
        content = {**filled(made, posted), **self.fixed}
        self.filled_in(content)
        sending = Sending(self.send, lambda status: self.shown(made, status), self.to, self.newer)
        return attempt(made, posted, content, sending)


def told_history(history: History[Any], reader: Reader) -> list[Told]:
    """What was recorded of something registered, the latest first."""
    return entries(list(timeline(history.entries)), names_of(reader, {}, history.entries), reader)


def told_since(history: History[Any], reader: Reader) -> Callable[[int], list[str]]:
    """What somebody else recorded after the version that a form was opened with."""
    names = names_of(reader, {}, history.entries)
    return lambda seen: [
        sentence(line, names, reader.language) for line in timeline(history.entries) if line.version > seen
    ]
