"""规则 /api/rules: the clocks in force where the reader is, the calendar, the packs; administrators change them."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.commanding import KEY, Asking, Done, add_command
from api.contract import told
from api.deps import FreshDep, NowDep, RuleBookDep, ViewerDep
from api.labels.names import kebab
from application.ports import Receipt
from application.rights import NotYourRight
from application.rules import AmendmentRow, Clock, YearRow, clocks
from domain.office.officer import Role
from domain.rules import RulesCommand
from domain.rules.holidays import AmendHolidays, PublishHolidays
from domain.rules.local import RulePack
from domain.rules.packs import PublishRulePack, WithdrawRulePack
from domain.shared.calendar import local_day
from domain.shared.law import TimeLimit
from domain.shared.values import AreaId, Day, Value

router = APIRouter(prefix="/rules", tags=["rules"])


class ToldCalendar(Value):
    version: str
    published_until: date
    years: tuple[YearRow, ...]
    amendments: tuple[AmendmentRow, ...]


class ToldRules(Value):
    """A clock has its limit in force, the default, and what the place sets instead."""

    day: date
    area: AreaId | None
    clocks: tuple[dict[str, Any], ...]
    calendar: ToldCalendar
    packs: tuple[RulePack, ...]
    position: int


@router.get("", response_model=ToldRules)
def rules(book: RuleBookDep, now: NowDep, viewer: ViewerDep, fresh: FreshDep, day: Day | None = None) -> Response:
    """As they hold for the reader's area on that day; left out: today."""
    wanted = day or local_day(now)
    calendar = book.calendar()
    return told(
        {
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
    )


def represented(one: Clock) -> dict[str, Any]:
    local = _limit(one.local) if one.local else None
    return {"code": one.default.code, **_limit(one.in_force), "default": _limit(one.default), "local": local}


def _limit(one: TimeLimit) -> dict[str, Any]:
    told = one.model_dump(mode="json", exclude={"code", "amended", "basis"})
    return told | {"basis": str(one.basis), "in_force_since": one.basis.in_force}


def _change(asking: Asking, command: RulesCommand) -> Done:
    if asking.viewer.role is not Role.ADMIN:
        raise NotYourRight(role=asking.viewer.role)
    return Done(asking.administering.rules.change(asking.asked, command))


for _command in (PublishHolidays, AmendHolidays, PublishRulePack, WithdrawRulePack):
    add_command(
        router, f"/{kebab(_command)}", _command, _change, 200, kebab(_command), headers=(KEY,), response_model=Receipt
    )
