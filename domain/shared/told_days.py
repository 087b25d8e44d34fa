"""Days and times as registers write them, in sheets and in lines of JSON alike."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic_core import PydanticCustomError

from domain.shared.calendar import SHANGHAI

WRITTEN = r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?"
DAY = re.compile(WRITTEN)
TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
_TOLD = re.compile(rf"({WRITTEN}|\d{{8}})(?:[\sT]+({TIME}))?")
_PARTS = re.compile(r"(\d{4})\D*?(\d{1,2})\D*?(\d{1,2})\D*")
_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}T\S+")
_SERIAL = re.compile(r"([1-6]\d{4})(?:\.\d+)?")
MIDNIGHT = time(0, tzinfo=SHANGHAI)
FIRST_OF_SPREADSHEETS = date(1899, 12, 30)


def moment(told: Any) -> Any:
    """A day, or a time; without an offset it is local. Raises PydanticCustomError, ValueError."""
    if not isinstance(told, str):
        raise PydanticCustomError("no-day", "a day like 2021-03-05, or a time like 2021-03-05T14:30")
    text = unicodedata.normalize("NFKC", told).strip(" \t'’")
    if found := _TOLD.fullmatch(text):
        return datetime.combine(_day(found[1]), _time(found[2]))
    if _ISO.fullmatch(text):
        return _iso(text)
    raise PydanticCustomError("serial-day" if _SERIAL.fullmatch(text) else "no-day", "a day like 2021-03-05")


def day(told: Any) -> Any:
    """A day; of a time, its day here. Raises PydanticCustomError, ValueError."""
    if told is None:
        return None
    read = moment(told)
    return read if not isinstance(read, datetime) else read.astimezone(SHANGHAI).date()


def _day(written: str) -> date:
    found = _PARTS.fullmatch(written)
    try:
        return date(*map(int, found.groups() if found else ()))
    except (TypeError, ValueError):
        raise PydanticCustomError("no-such-day", "the calendar has no such day") from None


def _time(written: str | None) -> time:
    if written is None:
        return MIDNIGHT
    hour, minute, *rest = written.split(":")
    try:
        second, _, part = (rest[0] if rest else "0").partition(".")
        return time(int(hour), int(minute), int(second), int(part.ljust(6, "0") or 0), SHANGHAI)
    except ValueError:
        raise PydanticCustomError("no-such-day", "the day has no such time") from None


def _iso(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("no-such-day", "the calendar has no such time") from None
    return read if read.tzinfo else read.replace(tzinfo=SHANGHAI)


def of_spreadsheet(told: str) -> date | None:
    """The day that a spreadsheet means by this number, as a hint for whoever reads what was refused."""
    found = _SERIAL.fullmatch(unicodedata.normalize("NFKC", told).strip())
    return FIRST_OF_SPREADSHEETS + timedelta(days=int(found[1])) if found else None
