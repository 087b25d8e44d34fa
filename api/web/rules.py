"""规则 S15 Rules: every clock with its article and what holds here instead, the calendar, the rule packs."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from api.web.page import Reader, ReaderDep, fresh, render
from application.rules import clocks
from domain.office.officer import Role
from domain.rules.local import RulePack
from domain.shared.values import AreaId

router = APIRouter(include_in_schema=False)


@router.get("/rules")
def rules(reader: ReaderDep, saved: str = "") -> Response:
    position = fresh(reader)
    book, packs = reader.registers.rule_book, reader.registers.rule_book.packs()
    return render(
        reader,
        "rules/rules.html",
        position=position,
        saved=saved,
        keeps=reader.viewer.role is Role.ADMIN,
        clocks=clocks(book, reader.viewer.area, reader.today),
        calendar=book.calendar(),
        years=book.years(),
        amendments=book.amendments(),
        packs=packs,
        areas=_areas(reader, packs),
    )


def _areas(reader: Reader, packs: Sequence[RulePack]) -> dict[AreaId, str]:
    """The names of those that have packs, and of the reader's own."""
    own = [reader.viewer.area] if reader.viewer.area else []
    return dict(reader.reading.directory.names([*own, *(one.area for one in packs)], reader.today))
