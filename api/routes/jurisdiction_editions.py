"""区划表 /api/area-sheets: a new sheet of areas proposes what it changes, somebody looks, and decides; then it is taken
over."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from annotated_types import Len
from fastapi import APIRouter
from starlette.responses import Response

from api.commanding import KEY, Asking, add_command
from api.contract import told
from application.rights import NotYourRight
from application.sheets.area_decisions import Choice, Decision, Proposal
from application.sheets.areas import ImportReport
from domain.office.officer import Role
from domain.shared.values import Day, Value

router = APIRouter(tags=["jurisdiction"])
LONGEST = 900_000
"""Signs: of a county or a city; a whole country is taken over at the command line."""
SheetText = Annotated[str, Len(1, LONGEST)]
"""A sheet as it is imported: with its titles, parted by commas or as it says itself."""


class ProposeAreas(Value):
    """What the sheet would change from that day on."""

    sheet: SheetText
    in_force_from: Day


class Decided(Value):
    """`into`: the new code or name, or the codes of what comes after it; of the other choices nothing."""

    code: str
    choice: Choice
    into: str = ""


class TakeOverAreas(ProposeAreas):
    decisions: tuple[Decided, ...] = ()


class Proposed(Value):
    """`proposals` are decided one by one; what is founded, renamed or moved besides needs no decision."""

    in_force_from: date
    founded: int
    renamed: int
    moved: int
    unchanged: int
    proposals: tuple[Proposal, ...]


def _propose(asking: Asking, command: ProposeAreas) -> Response:
    _check(asking)
    sheet = asking.administering.sheets.read(command.sheet.encode(), command.in_force_from)
    proposed = Proposed(
        in_force_from=command.in_force_from,
        founded=len(sheet.plan.founded),
        renamed=len(sheet.plan.renamed),
        moved=len(sheet.plan.moved),
        unchanged=sheet.plan.unchanged,
        proposals=tuple(sheet.proposals()),
    )
    return told(proposed.model_dump(mode="json"))


def _take_over(asking: Asking, command: TakeOverAreas) -> Response:
    _check(asking)
    sheets = asking.administering.sheets
    decisions = [
        Decision(number=at, choice=one.choice, code=one.code, into=one.into)
        for at, one in enumerate(command.decisions, 1)
    ]
    read = sheets.read(command.sheet.encode(), command.in_force_from)
    report = sheets.carry_out(asking.asked, read, decisions)
    return told(report.model_dump(mode="json"))


def _check(asking: Asking) -> None:
    """Raises NotYourRight."""
    if asking.viewer.role is not Role.ADMIN:
        raise NotYourRight(role=asking.viewer.role)


add_command(
    router, "/area-sheets/propose-areas", ProposeAreas, _propose, 200, "propose-areas", headers=(KEY,),
    response_model=Proposed,
)  # fmt: skip
add_command(
    router, "/area-sheets/take-over-areas", TakeOverAreas, _take_over, 200, "take-over-areas", headers=(KEY,),
    response_model=ImportReport,
)  # fmt: skip
