"""What a dialog lets choose from: the case's own parties, mediators, sessions; the reader's areas and bodies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as in_dataclass
from typing import Any

from api.web.fields import Field
from api.web.page import Reader, clock, members_of, names_of, names_of_case
from api.web.sentences import Names, enum_word, sentence
from application.case.page import CasePage
from application.directory import BodyRow
from application.figures.case_figures import CaseFilter
from domain.case.beside.handover import TOLD
from domain.case.case import Status
from domain.case.commands import CaseEvent
from domain.case.mediations import Mediation
from domain.shared.values import AreaId, Level

Choices = Sequence[tuple[str, str]]
MANY_AREAS = 400
"""With more areas than this the grids are left out: villages are enough to choose from."""


@dataclass(frozen=True)
class DialogContext:
    """The case that a dialog is about; none yet in a new dispute."""

    reader: Reader
    read: CasePage | None
    mediation: Mediation | None
    bodies: Choices | None = None
    """Where only some bodies come into question; None: all of the county."""
    own: Mapping[str, Choices] = in_dataclass(default_factory=dict)
    """By the name of the field, where the form itself says what may be chosen."""

    @property
    def names(self) -> Names:
        return names_of_case(self.reader, self.read) if self.read else names_of(self.reader, {}, ())


def choices(field: Field, of: DialogContext) -> Choices:
    if field.name in of.own:
        return of.own[field.name]
    match field.source:
        case "enum":
            assert field.enum
            return [(one.value, enum_word(of.reader.language, one)) for one in field.enum]
        case "area":
            return areas_of(of.reader)
        case "body":
            return _bodies(of.reader) if of.bodies is None else of.bodies
        case "member":
            return _members(of)
        case "case":
            return _cases(of.reader, of.read)
    return _within(field.source, of) if of.read else []


def _members(of: DialogContext) -> Choices:
    """Who may mediate: the members of the body that does."""
    body = of.mediation.body if of.mediation else of.reader.viewer.body
    return [(str(id), name) for id, name in members_of(of.reader, body)] if body else []


def _within(source: str, of: DialogContext) -> Choices:
    assert of.read
    match source:
        case "party":
            present = of.read.state.present_parties
            return [(str(id), of.names.of(id)) for id in of.read.state.parties if id in present]
        case "representative":
            parties = of.read.state.parties.values()
            return [(str(id), of.names.of(id)) for party in parties for id in party.representatives]
        case "entry":
            return entries_of(of)
        case "paper":
            return entries_of(of, TOLD)
    return _within_mediation(source, of.mediation, of) if of.mediation else []


def _within_mediation(source: str, mediation: Mediation, of: DialogContext) -> Choices:
    assert of.read
    told = of.read.mediations.get(mediation.number)
    match source:
        case "mediator":
            return [(str(id), of.names.of(id)) for id in mediation.mediators]
        case "participant":
            return [(str(id), of.names.of(id)) for id in sorted(mediation.participants)]
        case "session" if told:
            waiting = [one for number, one in told.sessions.items() if mediation.sessions.get(number) != "held"]
            return [(str(one.number), f"{one.number} · {_plain(one.at)} {one.where}") for one in waiting]
        case "obligation" if told and told.agreement:
            return [(str(one.number), f"{one.number} · {one.what.text}") for one in told.agreement.obligations]
    return []


def _plain(moment: Any) -> str:
    return clock(moment).striptags()


def entries_of(of: DialogContext, kinds: tuple[type[CaseEvent], ...] = (CaseEvent,)) -> Choices:
    """The entries of the case that stand, of these kinds."""
    assert of.read
    names = of.names
    standing = (one for one in of.read.timeline if not one.struck and not one.replaces)
    lines = [one for one in standing if isinstance(one.event, kinds)]
    return [(str(one.version), f"{one.version} · {sentence(one, names, of.reader.language)}") for one in lines]


def areas_of(reader: Reader) -> Choices:
    """The areas that the reader works in: a village stands before its grids."""
    if reader.viewer.area is None:
        return []
    rows = list(reader.reading.directory.tree(reader.viewer.area, reader.today))
    if len(rows) > MANY_AREAS:
        rows = [row for row in rows if row.level is not Level.GRID]
    names = {row.id: row.name for row in rows}
    above = {row.id: f"{names[row.parent]} · " if row.parent in names else "" for row in rows}
    return [(str(row.id), f"{above[row.id]}{row.name}") for row in rows]


def bodies_around(reader: Reader) -> list[BodyRow]:
    """The areas of the reader's county, but for the grids."""
    if reader.viewer.area is None:
        return []
    path = reader.reading.directory.path_rows(reader.viewer.area, reader.today)
    widest = next((row.id for row in path if row.level is Level.COUNTY), reader.viewer.area)
    rows = reader.reading.directory.bodies_in(widest, reader.today)
    return [row for row in rows if row.level is not Level.GRID]


def _bodies(reader: Reader) -> Choices:
    return [(str(row.id), row.name) for row in bodies_around(reader)]


def _cases(reader: Reader, read: CasePage | None) -> Choices:
    found: list[tuple[str, str]] = []
    for status in (Status.REGISTERED, Status.OPEN):
        cards = reader.reading.board.cards(reader.viewer.scope, CaseFilter(status=status), None, 100).cards
        found += [(str(one.id), f"{one.code} {one.applicants}/{one.respondents}") for one in cards]
    return [one for one in found if not read or one[0] != str(read.id)]


def areas_around(reader: Reader) -> Choices:
    """Every area of the reader's county by its name and code, for whoever keeps the registers."""
    rows = [row for top in tops(reader) for row in reader.reading.directory.tree(top, reader.today)]
    names = {row.id: row.name for row in rows}
    above = {row.id: f"{names[row.parent]} · " if row.parent in names else "" for row in rows}
    return [(str(row.id), f"{above[row.id]}{row.name} ({row.code})") for row in rows]


def every_body(reader: Reader) -> Choices:
    """Every standing body of the reader's county, those of grids too."""
    rows = [row for top in tops(reader) for row in reader.reading.directory.bodies_in(top, reader.today)]
    return [(str(row.id), f"{row.name} ({row.code})") for row in rows]


def tops(reader: Reader) -> list[AreaId]:
    """The county of the reader, or what it lies in where there is none; without an area: all there is."""
    if reader.viewer.area is None:
        return [row.id for row in reader.reading.directory.roots(reader.today)]
    path = reader.reading.directory.path_rows(reader.viewer.area, reader.today)
    return [next((row.id for row in path if row.level is Level.COUNTY), reader.viewer.area)]
