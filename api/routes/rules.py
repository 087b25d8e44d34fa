"""规则 /api/rules: the clocks in force where the reader is, the calendar, the packs; administrators change them."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter

from api.deps import AskedDep, FreshDep, SystemDep, ViewerDep
from api.system import System
from application.ports import Asked, Receipt
from application.rights import NotYourRight, Viewer
from application.rules import Clock, clocks
from domain.office.officer import Role
from domain.rules import RulesCommand
from domain.rules.holidays import AmendHolidays, PublishHolidays
from domain.rules.packs import PublishRulePack, WithdrawRulePack
from domain.shared.calendar import local_day
from domain.shared.law import TimeLimit

router = APIRouter(prefix="/rules", tags=["rules"])


@router.get("")
def rules(system: SystemDep, viewer: ViewerDep, fresh: FreshDep, day: date | None = None) -> dict[str, Any]:
    """As they hold for the reader's area on that day; left out: today."""
    book, wanted = system.rule_book, day or local_day(system.now())
    calendar = book.calendar()
    return {
        "day": wanted,
        "area": viewer.area,
        "clocks": [represented(one) for one in clocks(book, viewer.area, wanted)],
        "calendar": {
            "version": calendar.version,
            "published_until": calendar.published_until,
            "years": book.years(),
            "amendments": book.amendments(),
        },
        "packs": book.packs(),
        "position": fresh.position,
    }


def represented(one: Clock) -> dict[str, Any]:
    local = _limit(one.local) if one.local else None
    return {"code": one.default.code, **_limit(one.in_force), "default": _limit(one.default), "local": local}


def _limit(one: TimeLimit) -> dict[str, Any]:
    told = one.model_dump(mode="json", exclude={"code", "amended", "basis"})
    return told | {"basis": str(one.basis), "in_force_since": one.basis.in_force}


@router.post("/publish-holidays")
def publish_holidays(command: PublishHolidays, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """A year's notice of holidays and make-up workdays."""
    return _change(system, viewer, asked, command)


@router.post("/amend-holidays")
def amend_holidays(command: AmendHolidays, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """A single day is free, or a workday, whatever was said of it before."""
    return _change(system, viewer, asked, command)


@router.post("/publish-rule-pack")
def publish_rule_pack(command: PublishRulePack, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """An area's own limits, all of them or none."""
    return _change(system, viewer, asked, command)


@router.post("/withdraw-rule-pack")
def withdraw_rule_pack(command: WithdrawRulePack, system: SystemDep, viewer: ViewerDep, asked: AskedDep) -> Receipt:
    """Dates that were counted with it stay."""
    return _change(system, viewer, asked, command)


def _change(system: System, viewer: Viewer, asked: Asked, command: RulesCommand) -> Receipt:
    if viewer.role is not Role.ADMIN:
        raise NotYourRight(role=viewer.role)
    receipt = system.rules.change(asked, command)
    system.saw(viewer.officer, receipt)
    return receipt
