"""排查 S17 Sweeps: today's report in two taps, a village's grids at once, who has not reported."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import uuid4

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from api.deps import ask
from api.web.administering import RegisterForm
from api.web.choices import areas_of
from api.web.page import Reader, ReaderDep, fresh, render, text
from api.web.sending import FormDep, SenderDep, left
from application.ports import Asked, Receipt
from application.rights import NotYourRight
from application.sweep.rights import REPORTS, check_reports, check_sees
from application.sweep.service import TellFinds, TellZeros
from domain.case.kinds import Source
from domain.case.opening.intake import PlaceElsewhere, RegisterCase
from domain.office.officer import Role
from domain.shared.calendar import DAY, SHANGHAI
from domain.shared.errors import InTheFuture, UnknownArea
from domain.shared.told_days import day as told_day
from domain.shared.values import AreaId, Day, Value
from domain.sweep.reporting import WithdrawReport

router = APIRouter(include_in_schema=False)
WEEK = 7
SHOWN_DAYS = timedelta(days=61)
NOON = time(12)


def area_of(reader: Reader) -> AreaId:
    """Raises NotYourRight."""
    viewer = reader.viewer
    if viewer.area is None or not (viewer.scope.everything or viewer.scope.bodies):
        raise NotYourRight(role=viewer.role)
    return viewer.area


@router.get("/sweeps")
def sweeps(reader: ReaderDep, day: Day | None = None, area: AreaId | None = None, saved: str = "") -> Response:
    """`area`: one within the reader's own."""
    fresh(reader)
    wanted, where = min(day or reader.today, reader.today), area or area_of(reader)
    check_sees(reader.viewer, where, reader.registers.register, wanted)
    board = reader.reading.sweeps
    units = board.due(where, wanted)
    mine = reader.viewer.role in REPORTS and where == reader.viewer.area
    own = next((one for one in units if one.unit == where), None) if mine else None
    return render(
        reader,
        "sweep/sweeps.html",
        day=wanted,
        area=where,
        called=reader.reading.directory.names([where], wanted).get(where, "—"),
        saved=saved,
        total=board.total(where, wanted),
        places=board.standings(where, wanted),
        units=units,
        own=own,
        batch=[one for one in units if one.unit != where and one.found is None] if _batches(reader, mine) else [],
        missing=_missing(reader, where) if own else [],
        latest=board.days(where, wanted - SHOWN_DAYS, wanted) if own else [],
        key=str(uuid4()),
        calls=reader.viewer.role is Role.COORDINATOR,
    )


def _batches(reader: Reader, mine: bool) -> bool:
    return mine and reader.viewer.role is Role.MEDIATOR


def _missing(reader: Reader, unit: AreaId) -> list[date]:
    """Days of the last week of which nothing is reported, the latest first; today has its own button."""
    first = reader.today - DAY * WEEK
    reported = {one.day for one in reader.reading.sweeps.days(unit, first, reader.today)}
    days = (reader.today - DAY * number for number in range(1, WEEK + 1))
    return [one for one in days if one not in reported]


def happened_on(day: date, today: date) -> datetime | None:
    """None: today, at this moment. What is reported afterwards happened at noon of its day."""
    return None if day == today else datetime.combine(day, NOON, SHANGHAI)


@router.post("/sweeps/report-zero")
def report_zero(reader: SenderDep, form: FormDep) -> Response:
    """Of one unit or of several. What is ticked is what was looked at."""
    told = [str(one) for one in form.getlist("units")]
    command = TellZeros.model_validate({"units": told, "occurred_at": _when(reader, form)})
    receipt = reader.deciding.sweeps.reports.report_zeros(command, reader.viewer, _asked(reader, form, command))
    return left(reader, receipt, f"/sweeps?{_back(reader, form)}saved=yes")


def _when(reader: Reader, form: FormData) -> datetime | None:
    """Raises InTheFuture."""
    told = str(form.get("day") or "")
    day = told_day(told) if told else reader.today
    if day > reader.today:
        raise InTheFuture(occurred_at=day)
    return happened_on(day, reader.today)


def _back(reader: Reader, form: FormData) -> str:
    """To the page of today, unless the form was opened on another day's."""
    told = str(form.get("back") or "")
    return f"day={told_day(told)}&" if told and told_day(told) != reader.today else ""


def _asked(reader: Reader, form: FormData, command: Value) -> Asked:
    """The key of the form makes sure that what is sent twice is recorded once."""
    path, content = str(reader.request.url.path), command.model_dump_json().encode()
    key = str(form.get("key") or "") or None
    return ask(reader.deciding, reader.now(), reader.viewer, path, content, key)


def _find(reader: Reader, unit: AreaId, day: date) -> RegisterForm:
    """Registers one dispute, as a find of that day: the next one is told in the same way."""
    when = happened_on(day, reader.today)

    def send(told: RegisterCase, asked: Asked, seen: int) -> Receipt:
        finds = TellFinds(unit=unit, occurred_at=when, finds=(told,))
        return reader.deciding.sweeps.reports.report_finds(finds, reader.viewer, asked)

    return RegisterForm(
        reader,
        RegisterCase,
        ("/sweeps", text(reader.language, "sweeps")),
        send,
        lambda receipt: "/sweeps?saved=yes",
        fixed={"source": Source.GRID_SWEEP, "requested_at": None, "foreign_number": ""},
        choices={"place": [one for one in areas_of(reader) if one[0] == str(unit)] or areas_of(reader)},
        usual={"place": str(unit)},
        places={PlaceElsewhere: ("place",), UnknownArea: ("place",)},
    )


@router.get("/sweeps/{unit}/{day}/report-finds")
def find(reader: ReaderDep, unit: AreaId, day: date) -> Response:
    check_reports(reader.viewer, unit, reader.registers.register, day)
    return _find(reader, unit, day).opened()


@router.post("/sweeps/{unit}/{day}/report-finds")
def report_find(reader: SenderDep, form: FormDep, unit: AreaId, day: date) -> Response:
    return _find(reader, unit, day).sent(form)


def _withdrawal(reader: Reader, unit: AreaId, day: date) -> RegisterForm:
    reports = reader.deciding.sweeps.reports
    return RegisterForm(
        reader,
        WithdrawReport,
        ("/sweeps", text(reader.language, "sweeps")),
        lambda told, asked, seen: reports.withdraw(told, reader.viewer, asked),
        lambda receipt: "/sweeps?saved=yes",
        now=[(text(reader.language, "sweeps_of", day=day), _called(reader, unit))],
        fixed={"unit": str(unit), "day": day.isoformat()},
    )


def _called(reader: Reader, unit: AreaId) -> str:
    return reader.reading.directory.names([unit], reader.today).get(unit, "—")


@router.get("/sweeps/{unit}/{day}/withdraw-report")
def withdrawal(reader: ReaderDep, unit: AreaId, day: date) -> Response:
    check_reports(reader.viewer, unit, reader.registers.register, day)
    return _withdrawal(reader, unit, day).opened()


@router.post("/sweeps/{unit}/{day}/withdraw-report")
def withdraw(reader: SenderDep, form: FormDep, unit: AreaId, day: date) -> Response:
    return _withdrawal(reader, unit, day).sent(form)
