"""How the command line is told of which case and of whom; and the list of everybody in a case."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from rich.markup import escape
from rich.table import Table

from api.cli.console import fail
from api.labels import Language, labels
from api.system import System
from application.figures.case_figures import CaseFilter
from application.privacy import KnownPerson
from application.rights import Scope
from domain.shared.values import CaseId, PersonId

COLUMNS = ("row", "person", "as", "held", "name", "standing")
LOOKED_AT = 200
"""Cases that a number may be of: those whose numbers have the same pairs of characters."""


def case_of(system: System, given: str) -> CaseId:
    """By its id, its code, a file number, or the number that another organ gave it; fails where that is not one."""
    if id := _id(given) or system.reading.board.by_code(given):
        return CaseId(id)
    alike = system.reading.board.cards(Scope(everything=True), CaseFilter(words=given), limit=LOOKED_AT).cards
    found = [CaseId(one.id) for one in alike if system.deciding.privacy.is_numbered(CaseId(one.id), given)]
    if len(found) != 1:
        fail(f"{len(found)} cases have this number")
    return found[0]


def person_of(system: System, case: CaseId, given: str) -> PersonId:
    """By the row in the list, or by id; fails where there is no such row."""
    if id := _id(given):
        return PersonId(id)
    people = system.deciding.privacy.people(case)
    if not (given.isdecimal() and 1 <= int(given) <= len(people)):
        fail(f"the case has rows 1 to {len(people)}: see `tiaojie person list`")
    return people[int(given) - 1].id


def _id(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def listed(people: Sequence[KnownPerson], language: Language, *, named: bool) -> Table:
    """`named`: whether names are shown."""
    words = labels(language)
    table = Table()
    for column in COLUMNS:
        whole = column == "person"  # an id that is cut is none
        table.add_column(words["person_list"][column], overflow="fold", no_wrap=whole, min_width=36 if whole else None)
    for row, one in enumerate(people, 1):
        role = " · ".join([words["person_role"][one.role], *([words["side"][one.side]] if one.side else [])])
        held = ("、" if language == "zh" else ", ").join(words["field"][name] for name in one.held)
        standing = words["person_standing"].get(one.standing, "")
        table.add_row(str(row), str(one.id), role, held, escape(one.name) if named else "•••", standing)
    return table
