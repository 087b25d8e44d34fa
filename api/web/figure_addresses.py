"""Addresses of the board: the moment in one word, and of the filter only what is not as it would be anyway."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from api.deps import Filters, refuse_in_address
from api.web.cases import UnfitFilter, asked_for
from api.web.page import Reader
from application.figures.asking import Moment
from application.figures.case_figures import CaseFilter

AT = "at"
"""The moment: the day, and after which entry of the ledger it was known so, both as short numbers: `fuyi.9ix`."""
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SHORT_AREA = 22
"""Characters of an id in base 64; in hexadecimal digits it has 36, a thousand times on a page."""
OF_THE_MOMENT = ("day", "position", "known")


def opened(sent: Mapping[str, str]) -> dict[str, str]:
    """What an address asks for, with its moment as a day and a position. Raises UnfitFilter."""
    told = {name: value for name, value in sent.items() if name != AT}
    if at := sent.get(AT):
        told = {name: value for name, value in told.items() if name not in OF_THE_MOMENT}
        told |= _moment(at)
    if len(area := told.get("area", "")) == SHORT_AREA:
        told["area"] = _area(area)
    return told


def shortly(day: date, position: int) -> str:
    return f"{_short(day.toordinal())}.{_short(position)}"


def _short(number: int) -> str:
    told = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        told = DIGITS[digit] + told
    return told or "0"


def _moment(at: str) -> dict[str, str]:
    day, _, position = at.partition(".")
    try:
        return {"day": str(date.fromordinal(int(day, 36))), "position": str(int(position, 36))}
    except (ValueError, OverflowError):
        raise UnfitFilter(fields=[AT]) from None


def _area(told: str) -> str:
    try:
        return str(UUID(bytes=urlsafe_b64decode(f"{told}==")))
    except ValueError:
        raise UnfitFilter(fields=["area"]) from None


def wanted_of(reader: Reader, sent: Mapping[str, str]) -> CaseFilter:
    """This year to date, unless other days are asked for. Raises UnfitFilter, UnknownArea, NotInAnAddress."""
    wanted = asked_for(reader, {name: value for name, value in sent.items() if name != "sort"})
    refuse_in_address(wanted)
    if wanted.since is None and wanted.until is None:
        last = min(wanted.day, reader.today) if sent.get("day") and wanted.day else reader.today
        wanted = wanted.but(since=date(last.year, 1, 1), until=last)
    wanted = wanted if sent.get("day") else wanted.but(day=None)
    return Filters(reader.registers.register, reader.standing, reader.today).counted(wanted)


@dataclass(frozen=True)
class Addresses:
    """Of one answer: whatever it links to is of its moment and has its filter."""

    wanted: CaseFilter
    moment: Moment
    is_pinned: bool
    """Whether the reader asked for the moment: then other boards are of it, too."""

    def rows(self, figure: str, **more: Any) -> str:
        """Of what a figure counts."""
        return self.rows_of_day(self.moment.day, figure, **more)

    def rows_of_day(self, day: date, figure: str, **more: Any) -> str:
        """The same as it stood on another day."""
        told = {"figure": figure} | self._filter(more, day)
        return f"/dashboard/rows?{urlencode(told | {AT: self._at(day)})}"

    def board(self, path: str = "/dashboard", **more: Any) -> str:
        """The same with other wishes; None: without it."""
        told = self._filter(more, self.moment.day) | ({AT: self._at()} if self.is_pinned else {})
        return f"{path}?{urlencode(told)}" if told else path

    def download(self, path: str, **more: Any) -> str:
        return f"/dashboard/{path}?{urlencode(self._filter(more, self.moment.day) | {AT: self._at()})}"

    def _at(self, day: date | None = None) -> str:
        return shortly(day or self.moment.day, self.moment.position)

    def _filter(self, more: Mapping[str, Any], day: date) -> dict[str, str]:
        kept = self.wanted.model_dump(mode="json", exclude_defaults=True)
        told = {name: value for name, value in kept.items() if name not in OF_THE_MOMENT} | dict(more)
        if (str(told.get("since")), str(told.get("until"))) == (f"{day.year}-01-01", str(day)):
            told |= {"since": None, "until": None}
        if area := told.get("area"):
            told["area"] = urlsafe_b64encode(UUID(str(area)).bytes).decode().rstrip("=")
        return {name: str(value) for name, value in told.items() if value is not None}
