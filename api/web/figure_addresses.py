"""Addresses of the board: the moment in one word, and of the filter only what is not as it would be anyway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from api.deps import Filters, refuse_in_address
from api.web.cases import UnfitFilter, asked_for
from api.web.page import Reader
from application.figures.asking import Moment
from application.figures.case_figures import CaseFilter

AT = "at"
"""The moment: the day, and after which entry of the ledger it was known so, as `2026-03-31.12345`."""
OF_THE_MOMENT = ("day", "position", "known")


def opened(sent: Mapping[str, str]) -> dict[str, str]:
    """What an address asks for, with its moment as a day and a position. Raises UnfitFilter."""
    told = {name: value for name, value in sent.items() if name != AT}
    if at := sent.get(AT):
        day, _, position = at.partition(".")
        if not position.isdecimal():
            raise UnfitFilter(fields=[AT])
        told = {name: value for name, value in told.items() if name not in OF_THE_MOMENT}
        told |= {"day": day, "position": position}
    return told


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
        return f"{day or self.moment.day}.{self.moment.position}"

    def _filter(self, more: Mapping[str, Any], day: date) -> dict[str, str]:
        kept = self.wanted.model_dump(mode="json", exclude_defaults=True)
        told = {name: value for name, value in kept.items() if name not in OF_THE_MOMENT} | dict(more)
        if (str(told.get("since")), str(told.get("until"))) == (f"{day.year}-01-01", str(day)):
            told |= {"since": None, "until": None}
        return {name: str(value) for name, value in told.items() if value is not None}
