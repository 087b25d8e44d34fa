"""tiaojie rules: the clocks, the calendar and the rule packs, and what a pack would have changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.console import asked, bar, day_of, opened, out, refuse, verbs
from api.cli.imports import told
from api.cli.tables import Column, Tabular, show, tell
from api.wiring import Wired
from application.rule_trial import Trial, Trials
from application.rules import CLOCKS
from application.sheets.rules import read_pack
from domain.rules.holidays import AmendHolidays, DayKind, PublishHolidays
from domain.rules.local import LocalLimit, RulePack
from domain.rules.packs import PublishRulePack, WithdrawRulePack
from domain.shared.calendar import local_day
from domain.shared.law import TimeLimit

app = verbs("Clocks, holidays and a county's own rule packs.")
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A rule pack in TOML.")]
Free = Annotated[list[str], typer.Option(help="A day off, or 2027-02-06..2027-02-12; may be repeated.")]
Work = Annotated[list[str] | None, typer.Option(help="A make-up workday; may be repeated.")]
COMPARED = (
    "overdue: the record went on at or after the end of the limit (its last entry is looked at), or nothing was"
    " recorded after the date and the end has passed; each end is counted with today's calendar under the pack,"
    " and as it was recorded without it. Both numbers are upper bounds: follow-up and archiving go on, too, after a"
    " matter was settled in time"
)


@app.command("list", cls=Tabular)
def clocks() -> None:
    """Every clock: length, effect, article, and what rule packs in force today set instead."""
    with opened() as parts:
        today = _today()
        packs = [one for one in parts.system.registers.rule_book.packs() if one.in_force(today)]
    rows = [
        {"clock": one.code, "limit": _limit(one), "basis": str(one.basis), "local": "; ".join(_local(one.code, packs))}
        for one in (default.on(today) for default in CLOCKS.values())
    ]
    show("clocks", _by_code("clock", "limit", "basis", "local"), rows)


def _by_code(code: str, *others: str) -> list[Column]:
    """The first column is never cut: a code is there to be copied. Programs find the others under the same words."""
    return [Column(code, code, is_whole=True), *(Column(one.replace(" ", "_"), one) for one in others)]


def _limit(one: TimeLimit | LocalLimit) -> str:
    return f"{one.length} {one.counted_in}, {one.effect}{' (soft)' if one.soft else ''}"


def _local(code: str, packs: Sequence[RulePack]) -> Iterator[str]:
    for pack in packs:
        yield from (f"{_limit(one)} ({pack.pack_name})" for one in pack.limits if one.code == code)


@app.command("holidays")
def holidays(
    year: int, free: Free, notice: Annotated[str, typer.Option(help="Its number and title.")], work: Work = None
) -> None:
    """Records a year's notice of holidays and make-up workdays."""
    command = PublishHolidays(year=year, holidays=_days(free), make_up_workdays=_days(work or []), notice=notice)
    with opened() as parts:
        parts.system.administering.rules.publish_holidays(asked(), command)
        _tell_calendar(parts)


@app.command("amend")
def amend(day: str, counts_as: DayKind, because: Annotated[str, typer.Option(help="Why; kept on record.")]) -> None:
    """Says that a single day is free, or a workday. Dates that were worked out before stay."""
    command = AmendHolidays(day=day_of(day), counts_as=counts_as, because=because)
    with opened() as parts:
        parts.system.administering.rules.amend(asked(), command)
        _tell_calendar(parts)


def _tell_calendar(parts: Wired) -> None:
    parts.projector.catch_up()
    calendar = parts.system.registers.rule_book.calendar()
    out.print(f"{calendar.version}: published until {calendar.published_until}")


@app.command("load", cls=Tabular)
def load(file: File) -> None:
    """Publishes a rule pack: all of it, or with its faults nothing."""
    with opened() as parts, told():
        command = _read(parts, file)
        parts.system.administering.rules.publish_pack(asked(), command)
    out.print(f"{command.pack_name}: {len(command.limits)} limits from {command.in_force_from}")


@app.command("withdraw")
def withdraw(
    name: str,
    since: Annotated[
        str | None, typer.Option(help="The first day on which it no longer holds; left out: today.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="The area's code, where several have a pack of this name.")] = None,
) -> None:
    """Withdraws a rule pack. Dates that were worked out with it stay."""
    until = day_of(since) if since else _today()
    with opened() as parts:
        wanted = parts.system.registers.register.by_code(area, until) if area else None
        found = [
            one
            for one in parts.system.registers.rule_book.packs()
            if one.pack_name == name and wanted in (None, one.area)
        ]
        if len(found) != 1 or (area and wanted is None):
            refuse("rule_packs", count=len(found))
        command = WithdrawRulePack(area=found[0].area, pack_name=name, in_force_until=until)
        parts.system.administering.rules.withdraw_pack(asked(), command)
    out.print(f"{name}: until {until}")


@app.command("try", cls=Tabular)
def try_out(file: File) -> None:
    """Counts last year's dates again with a pack's limits. Nothing is recorded."""
    with opened() as parts, told():
        pack, system = _read(parts, file).pack, parts.system
        with bar("events") as tell:
            trials = Trials(system.standing.ledger, system.registers.register)
            trial = trials.of(pack, system.registers.rule_book.calendar(), system.now(), tell)
    _show(trial)


def _show(trial: Trial) -> None:
    since, until = local_day(trial.since), local_day(trial.until)
    told = f"recorded {since} to {until}: {trial.dates} dates of these clocks"
    tell(told, since=since, until=until, dates=trial.dates)
    columns = _by_code("clock", "counted", "overdue", "overdue under the pack", "earlier", "later")
    lines = [
        (code, one.counted, one.overdue, one.overdue_tried, one.earlier, one.later) for code, one in trial.lines.items()
    ]
    show("clocks", columns, _rows(columns, lines))
    tell(COMPARED)
    columns = _by_code("record", "clock", "recorded", "under the pack", "days")
    largest = [
        (str(one.stream), one.clock, str(one.recorded), str(one.tried), f"{one.moved / timedelta(days=1):+.4g}")
        for one in trial.differences
    ]
    show("largest_differences", columns, _rows(columns, largest), title="largest differences")


def _rows(columns: Sequence[Column], lines: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip((one.name for one in columns), line, strict=True)) for line in lines]


def _read(parts: Wired, file: Path) -> PublishRulePack:
    return read_pack(file.read_bytes(), parts.system.registers.register.by_code)


def _today() -> date:
    return local_day(datetime.now(UTC))


def _days(texts: Sequence[str]) -> tuple[date, ...]:
    """Days and ranges, separated by commas or given one by one."""
    return tuple(day for text in texts for part in text.split(",") for day in _range(part.strip()))


def _range(text: str) -> Iterator[date]:
    first, _, last = text.partition("..")
    start, end = day_of(first), day_of(last or first)
    if (end - start).days > 60:
        refuse("too_long_holidays", told=text)
    yield from (start + timedelta(days=n) for n in range((end - start).days + 1))
