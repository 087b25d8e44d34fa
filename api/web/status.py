"""状态 S18 Status: how far lists are, what waits, whether the worker works, and what is known of copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from api.routes.health import HANGS_AFTER, LEAST_ROOM, STUCK_AFTER
from api.web.administering import AdminDep
from api.web.page import Reader, render, text
from application.ports import ReadModelsFilling

router = APIRouter(include_in_schema=False)
LISTS: Mapping[str, str] = {
    "case": "list_of_cases",
    "case_amendments": "list_of_amendments",
    "referral": "list_of_referrals",
    "escalation": "list_of_escalations",
    "jurisdiction": "list_of_areas",
    "jurisdiction_bodies": "list_of_bodies",
    "office": "list_of_officers",
    "names": "list_of_names",
    "rules": "list_of_rules",
    "erasure": "list_of_erasures",
}
PARTS: Mapping[str, str] = {
    "lists": "part_lists",
    "clocks": "part_clocks",
    "seals": "part_seals",
    "erasures": "part_erasures",
}
UNSEALED_FOR = 60.0
"""Seconds that an event may wait for its seal."""
GIGABYTE = 1 << 30


@dataclass(frozen=True)
class Line:
    """Of something that goes on: how it stands, and whether somebody has to look."""

    name: str
    told: str
    is_well: bool


@router.get("/status")
def status(reader: AdminDep) -> Response:
    standing, head = reader.standing, reader.standing.ledger.head()
    lists = [_list(reader, one.name, one.behind, one.age, one.parked) for one in standing.status()]
    return render(
        reader,
        "status.html",
        head=head,
        lists=lists,
        is_filling=_is_filling(reader),
        parked=[(text(reader.language, LISTS.get(one.model, "list_of_more")), one) for one in standing.parked()],
        whole=[_clocks(reader), _seal(reader, head), _room(reader)],
        worker=[_part(reader, name, age) for name, age in standing.worker().items()],
    )


def _is_filling(reader: Reader) -> bool:
    try:
        reader.standing.check_whole()
    except ReadModelsFilling:
        return True
    return False


def _list(reader: Reader, name: str, behind: int, age: float, parked: int) -> Line:
    told = text(reader.language, "list_behind", number=behind, ago=ago(reader, age)) if behind else ""
    waits = text(reader.language, "list_parked", number=parked) if parked else ""
    said = " · ".join(filter(None, (told, waits))) or text(reader.language, "list_is_new")
    return Line(text(reader.language, LISTS.get(name, "list_of_more")), said, not waits and not _is_stuck(behind, age))


def _is_stuck(behind: int, age: float) -> bool:
    return behind > 0 and age > STUCK_AFTER


def _clocks(reader: Reader) -> Line:
    number = reader.standing.overdue(reader.now())
    return Line(text(reader.language, "clocks_due"), text(reader.language, "clocks_wait", number=number), not number)


def _seal(reader: Reader, head: int) -> Line:
    sealed, waits = reader.standing.sealed()
    told = text(reader.language, "sealed_up_to", number=sealed, of=head)
    late = text(reader.language, "seal_waits", ago=ago(reader, waits)) if sealed < head else ""
    return Line(text(reader.language, "last_seal"), f"{told} {late}".strip(), waits < UNSEALED_FOR)


def _room(reader: Reader) -> Line:
    room = reader.standing.room()
    return Line(text(reader.language, "room_left"), f"{room / GIGABYTE:.1f} GB", room >= LEAST_ROOM and room > GIGABYTE)


def _part(reader: Reader, name: str, age: float) -> Line:
    hangs = age > HANGS_AFTER and name != "lists"
    said = text(reader.language, "seen_ago", ago=ago(reader, age))
    return Line(text(reader.language, PARTS.get(name, "part_more")), said, not hangs)


def ago(reader: Reader, seconds: float) -> str:
    """In the largest unit that it fills."""
    since = timedelta(seconds=seconds)
    for key, unit in (
        ("days_ago", timedelta(days=1)),
        ("hours_ago", timedelta(hours=1)),
        ("minutes_ago", timedelta(minutes=1)),
    ):
        if since >= unit:
            return text(reader.language, key, number=since // unit)
    return text(reader.language, "seconds_ago", number=int(seconds))
