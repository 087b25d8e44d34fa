"""How the command line is told of which case and of whom; and the list of everybody in a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.cli.console import refuse
from api.cli.tables import Column, show
from api.labels import Language, labels
from api.system import System
from application.figures.case_figures import CaseFilter
from application.ports import Ledger, StoreAway, Stream
from application.privacy import KnownPerson
from application.rights import Scope
from application.streams import CASES, ESCALATIONS, REFERRALS
from domain.shared.decider import History
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
        refuse("cases_of_a_number_so_far" if _lists_are_behind(system) else "cases_of_a_number", count=len(found))
    return found[0]


def _lists_are_behind(system: System) -> bool:
    """What the lists do not show yet may have it as well."""
    return any(one.behind or one.parked for one in system.standing.status())


def cases_of(ledger: Ledger, held: Mapping[UUID, str]) -> list[str]:
    """A line for each case that one of these streams is, or belongs to: its id, its code, its status."""
    ids = dict.fromkeys(_case_of_stream(ledger, id, context) for id, context in held.items())
    return [_line(ledger, id) for id in ids]


def _case_of_stream(ledger: Ledger, id: UUID, context: str) -> UUID:
    """Its own id where the case cannot be read: that it is held is told all the same."""
    moved = next((one for one in (REFERRALS, ESCALATIONS) if one.name == context), None)
    history = _read(ledger, moved, id) if moved else None
    return history.state.case or id if history else id


def _line(ledger: Ledger, id: UUID) -> str:
    history = _read(ledger, CASES, id)
    return f"{id}  {history.state.code}  {history.state.status}" if history else f"{id}  cannot be read as a whole"


def _read(ledger: Ledger, stream: Stream[Any], id: UUID) -> History[Any] | None:
    """None: an event of it cannot be read. Raises StoreAway."""
    try:
        return ledger.history(stream, id)
    except StoreAway:
        raise
    except Exception:
        return None


def person_of(system: System, case: CaseId, given: str) -> PersonId:
    """By the row in the list, or by id; fails where there is no such row."""
    if id := _id(given):
        return PersonId(id)
    people = system.deciding.privacy.people(case)
    if not (given.isdecimal() and 1 <= int(given) <= len(people)):
        refuse("no_such_row", last=len(people))
    return people[int(given) - 1].id


def _id(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def list_people(people: Sequence[KnownPerson], language: Language, *, named: bool) -> None:
    """`named`: whether names are shown."""
    words = labels(language)
    columns = [Column(name, words["person_list"][name], name == "person") for name in COLUMNS]
    rows = []
    for row, one in enumerate(people, 1):
        role = " · ".join([words["person_role"][one.role], *([words["side"][one.side]] if one.side else [])])
        held = ("、" if language == "zh" else ", ").join(words["field"][name] for name in one.held)
        standing = words["person_standing"][one.standing] if one.standing else ""
        told = (row, one.id, role, held, one.name if named else "•••", standing)
        rows.append(dict(zip(COLUMNS, told, strict=True)))
    show("persons", columns, rows)
