"""规则 Forms on the calendar and the packs: a year's holidays, a single day set right, a pack that holds no longer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import system_of
from api.web.administering import AdminDep, AdminSenderDep, RegisterForm
from api.web.page import Reader, text
from api.web.sending import FormDep
from domain.rules.holidays import AmendHolidays, PublishHolidays, year_to_publish
from domain.rules.packs import WithdrawRulePack
from domain.shared.told_days import day

router = APIRouter(include_in_schema=False)
LONGEST = 60
"""Days of a range: no holidays last longer."""


def _holidays(reader: Reader) -> RegisterForm:
    rules, calendar = system_of(reader.request).administering.rules, reader.registers.rule_book.calendar()
    return RegisterForm(
        reader,
        PublishHolidays,
        _back(reader),
        lambda told, asked, seen: rules.publish_holidays(asked, told),
        lambda receipt: "/rules?saved=yes#calendar",
        now=[(text(reader.language, "published_until"), calendar.published_until.isoformat())],
        usual={"year": year_to_publish(calendar, reader.today), "make_up_workdays": None},
        kinds=dict.fromkeys(("holidays", "make_up_workdays"), "area"),
        filled_in=_days_of_year,
    )


def _days_of_year(content: dict[str, Any]) -> None:
    for name in ("holidays", "make_up_workdays"):
        if name in content:
            content[name] = list(days_in(str(content[name])))


def days_in(told: str) -> Iterator[str]:
    """Days and ranges, parted by commas, blanks or lines. What is no day stays as it is: its field says so."""
    for one in filter(None, re.split(r"[\s,，、;；]+", told)):
        first, _, last = one.replace("至", "..").replace("~", "..").partition("..")
        try:
            start, end = day(first), day(last or first)
        except ValueError:
            yield one
            continue
        yield from _between(start, end) if (end - start).days <= LONGEST else [one]


def _between(start: date, end: date) -> Iterator[str]:
    return ((start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1))


def _amendment(reader: Reader) -> RegisterForm:
    rules = system_of(reader.request).administering.rules
    return RegisterForm(
        reader,
        AmendHolidays,
        _back(reader),
        lambda told, asked, seen: rules.amend(asked, told),
        lambda receipt: "/rules?saved=yes#calendar",
    )


def _withdrawal(reader: Reader, pack: str) -> RegisterForm:
    """`pack`: its place among all that there are."""
    rules, packs = system_of(reader.request).administering.rules, reader.registers.rule_book.packs()
    chosen = packs[int(pack)] if pack.isdecimal() and len(pack) < 5 and int(pack) < len(packs) else None
    names = reader.reading.directory.names([one.area for one in packs], reader.today)
    areas = dict.fromkeys(one.area for one in packs)
    return RegisterForm(
        reader,
        WithdrawRulePack,
        _back(reader),
        lambda told, asked, seen: rules.withdraw_pack(asked, told),
        lambda receipt: "/rules?saved=yes#packs",
        choices={
            "area": [(str(one), names.get(one, "—")) for one in areas],
            "pack_name": [(name, name) for name in dict.fromkeys(one.pack_name for one in packs)],
        },
        usual={
            "area": str(chosen.area) if chosen else None,
            "pack_name": chosen.pack_name if chosen else None,
            "in_force_until": reader.today,
        },
    )


def _back(reader: Reader) -> tuple[str, str]:
    return "/rules", text(reader.language, "rules")


@router.get("/rules/publish-holidays")
def holidays(reader: AdminDep) -> Response:
    return _holidays(reader).opened()


@router.post("/rules/publish-holidays")
def publish_holidays(reader: AdminSenderDep, form: FormDep) -> Response:
    return _holidays(reader).sent(form)


@router.get("/rules/amend-holidays")
def amendment(reader: AdminDep) -> Response:
    return _amendment(reader).opened()


@router.post("/rules/amend-holidays")
def amend_holidays(reader: AdminSenderDep, form: FormDep) -> Response:
    return _amendment(reader).sent(form)


@router.get("/rules/withdraw-rule-pack")
def withdrawal(reader: AdminDep, pack: str = "") -> Response:
    return _withdrawal(reader, pack).opened()


@router.post("/rules/withdraw-rule-pack")
def withdraw(reader: AdminSenderDep, form: FormDep) -> Response:
    return _withdrawal(reader, "").sent(form)
