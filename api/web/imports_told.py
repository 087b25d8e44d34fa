"""导入 What is told of a sheet: how far it is, what would come of it or came of it, and what is wrong with its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from application.sheets.area_decisions import Decision, Proposal
from domain.shared.values import Value

MOST_ROWS = 300
"""Rows that are told one by one: of the others only the number."""


class SheetKind(StrEnum):
    AREAS = "areas"
    BODIES = "bodies"
    OFFICERS = "officers"
    CHANGES = "changes"
    CASES = "cases"


KINDS: Mapping[SheetKind, str] = {
    SheetKind.AREAS: "sheet_of_areas",
    SheetKind.BODIES: "sheet_of_bodies",
    SheetKind.OFFICERS: "sheet_of_officers",
    SheetKind.CHANGES: "sheet_of_changes",
    SheetKind.CASES: "sheet_of_cases",
}
COLUMNS: Mapping[SheetKind, str] = {
    SheetKind.AREAS: "code,name,parent_code,level",
    SheetKind.BODIES: "code,name,short_name,kind,area_code,channel,answers_for",
    SheetKind.OFFICERS: "login,name,role,body_code,area_code,member,woman",
    SheetKind.CHANGES: "change,code,into,in_force_from",
}


class Stage(StrEnum):
    TRYING = "trying"
    TRIED = "tried"
    REFUSED = "refused"
    TAKING = "taking"
    TAKEN = "taken"


STAGES: Mapping[Stage, str] = {
    Stage.TRYING: "import_trying",
    Stage.TRIED: "import_tried",
    Stage.REFUSED: "import_refused",
    Stage.TAKING: "import_taking",
    Stage.TAKEN: "import_taken",
}


class ToldRow(Value):
    row: int
    what: str
    """The number, code or login name by which the row is known."""
    column: str
    why: str


class Taking(Value):
    kind: SheetKind
    name: str
    """Of the file."""
    day: date
    """From which day on what is in a sheet of areas holds."""
    system: str = ""
    """Where cases come from."""
    stage: Stage = Stage.TRYING
    done: int = 0
    of: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    """Labels, and how many."""
    problem: str = ""
    rows: tuple[ToldRow, ...] = ()
    more_rows: int = 0
    proposals: tuple[Proposal, ...] = ()
    decisions: tuple[Decision, ...] = ()
    passwords: tuple[tuple[str, str], ...] = ()
    """Login names with their first passwords, until they were shown."""

    @property
    def is_going_on(self) -> bool:
        return self.stage in (Stage.TRYING, Stage.TAKING)
