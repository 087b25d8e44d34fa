"""The law as data: where a rule stands and since when, how long a limit is, and what happens when it has run out."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import AwareDatetime

from domain.shared.calendar import Calendar, add_months, end_of, local_day
from domain.shared.values import Composed, Value


class Citation(Value):
    law: str
    article: str
    in_force: date | None
    """None: not known, of another place's practice."""

    def __str__(self) -> str:
        return f"《{self.law}》{self.article}"


class Unit(StrEnum):
    HOURS = "hours"  # 小时
    DAYS = "days"  # 日
    WORKING_DAYS = "working-days"  # 工作日
    MONTHS = "months"  # 个月
    YEARS = "years"  # 年


class Effect(StrEnum):
    """What its rule says happens when a limit has run out."""

    WARN = "warn"  # 提示: nothing follows by itself
    FLAG = "flag"  # 标记超期: counted as late
    LAPSE = "lapse"  # 失效: an offer, or a right, is gone
    RE_APPOINTABLE = "re-appointable"  # 可重新指定: the sender may choose another
    CLOSE_AS_FAILED = "close-as-failed"  # 视为调解不成
    ESCALATE = "escalate"  # 自动上行


class Extension(StrEnum):
    """Who can make it longer."""

    NONE = "none"  # 不得延长
    PARTIES = "parties"  # 各方当事人同意
    HEAD = "head"  # 本机关负责人批准
    ABOVE = "above"  # 上一级机关批准


class Footing(StrEnum):
    """How firm the basis of a limit is."""

    LAW = "law"  # 法律、法规、司法解释
    EXAMPLE = "example"  # 外地示范值: another place's rule, a default that a county may replace
    LOCAL = "local"  # 本地规则: replaced by a county


class Due(Value):
    """A date that a limit led to, as it was counted then: a change of law or calendar does not move it."""

    clock: Composed
    """The limit's code."""
    since: AwareDatetime
    day: date
    """The last day, in Asia/Shanghai."""
    at: AwareDatetime | None = None
    """The last moment, of a limit that is counted in hours."""
    basis: Composed
    calendar: Composed
    """The version that it was counted with; empty: the parties agreed on the date."""
    provisional: bool = False
    """The holidays of that time are not yet published: it warns but does not fire, and may still move later."""
    effect: Effect
    soft: bool = False
    length: int = 0
    counted_in: Unit | None = None
    """How long and in what it was counted; None: it was agreed on."""

    @property
    def end(self) -> datetime:
        """The first moment that is too late."""
        return self.at or end_of(self.day)

    def key(self, name: str) -> str:
        """A clock of that name with its day: a date that was moved is another one."""
        return f"{name}@{self.day}"

    def over(self, moment: datetime) -> bool:
        return moment >= self.end

    def fires(self, moment: datetime) -> bool:
        return not self.provisional and self.over(moment)

    def without(self, out: date, back: date, calendar: Calendar) -> Due:
        """Later by what does not count, from the day that it stopped to the day that it went on: in working days
        where the limit is counted in working days, and from its own last day, not from the working day after it."""
        if self.counted_in is Unit.WORKING_DAYS:
            more = calendar.working_days_between(out, back)
            day = calendar.working_day_after(self.day, more)
        else:
            more = (back - out).days
            day = calendar.first_working_day_from(date.fromordinal(self._own_end().toordinal() + more))
        longer = self.length + more if self._by_days() else self.length
        return self.but(day=day, length=longer, calendar=self.calendar and calendar.version).seen_from(calendar)

    def seen_from(self, calendar: Calendar) -> Due:
        return self.but(provisional=calendar.is_provisional(self.day))

    def _by_days(self) -> bool:
        """Whether its day was counted, in days of either kind, and not agreed on."""
        return bool(self.calendar) and self.counted_in in (Unit.DAYS, Unit.WORKING_DAYS)

    def _own_end(self) -> date:
        """The last day before it is moved off a holiday; of a date that was agreed on, that date."""
        if self.calendar and self.counted_in is Unit.DAYS:
            return date.fromordinal(local_day(self.since).toordinal() + self.length)
        return self.day

    def fixed(self, calendar: Calendar) -> Due:
        """The date is counted again with the holidays that were published since. It can only move later, and it is no
        longer provisional where they are all known."""
        end = last_moment(self.since, self.length, self.counted_in, calendar) if self.counted_in else self.end
        day = max(self.day, last_day(end))
        at = max(self.end, end) if self.at else None
        return self.but(day=day, at=at, calendar=calendar.version, provisional=calendar.is_provisional(day))


class TimeLimit(Value):
    """So long, counted so, because that article says so."""

    code: str
    length: int
    counted_in: Unit
    basis: Citation
    starts: str = ""
    """What starts it, in the words of its article."""
    from_receipt: bool = False
    """Whether it starts with the receipt of the application, and not with its acceptance."""
    effect: Effect = Effect.FLAG
    soft: bool = False
    """The article says 一般应当: late is flagged, whatever the effect."""
    extended_by: Extension = Extension.NONE
    paused_by_appraisal: bool = False
    footing: Footing = Footing.LAW
    text_read: bool = True
    """Whether the article's text was at hand; if not, check it before relying on it."""
    amended: tuple[TimeLimit, ...] = ()
    """Later texts of the same limit, in the order of their coming into force."""

    def on(self, day: date) -> TimeLimit:
        """As it was in force on that day."""
        later = [one for one in self.amended if one.basis.in_force and one.basis.in_force <= day]
        return later[-1] if later else self

    def due(self, start: date, calendar: Calendar) -> date:
        """The last day of the limit, from a day on. Of a limit in hours: see `counted`."""
        return last_of(start, self.length, self.counted_in, calendar)

    def counted(self, since: datetime, calendar: Calendar) -> Due:
        """From that moment, with that calendar."""
        end = last_moment(since, self.length, self.counted_in, calendar)
        day = last_day(end)
        return Due(
            clock=self.code,
            since=since,
            day=day,
            at=end if self.counted_in is Unit.HOURS else None,
            basis=str(self.basis),
            calendar=calendar.version,
            provisional=calendar.is_provisional(day),
            effect=Effect.FLAG if self.soft else self.effect,
            soft=self.soft,
            length=self.length,
            counted_in=self.counted_in,
        )


def ends_later(until: date, present: date | None) -> bool:
    """Whether an extension gives more time than there was; None: there was no limit.

    Asked again of one on record when what it extends is corrected: one that would take time away no longer fits."""
    return present is None or present < until


def last_of(start: date, length: int, unit: Unit, calendar: Calendar) -> date:
    """The day of the start does not count (民法典 201); what would end on a holiday ends on the first day after it
    (民法典 203)."""
    match unit:
        case Unit.WORKING_DAYS:
            return calendar.working_day_after(start, length)
        case Unit.MONTHS:
            return calendar.first_working_day_from(add_months(start, length))
        case Unit.YEARS:
            return calendar.first_working_day_from(add_months(start, 12 * length))
        case _:
            return calendar.first_working_day_from(date.fromordinal(start.toordinal() + length))


def last_moment(since: datetime, length: int, unit: Unit, calendar: Calendar) -> datetime:
    """The first moment that is too late."""
    if unit is Unit.HOURS:
        return calendar.hours_after(since, length)
    return end_of(last_of(local_day(since), length, unit, calendar))


def last_day(end: datetime) -> date:
    """The day in which the last moment lies: midnight ends the day before."""
    day = local_day(end)
    return date.fromordinal(day.toordinal() - 1) if end == end_of(date.fromordinal(day.toordinal() - 1)) else day
