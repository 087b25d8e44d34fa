"""What a count is: which rows of which kind, by which of their days. Data, from which lists and numbers are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from application.figures.dated.columns import AnswerRow, DisputeRow, MediationRow, PaperRow
from application.figures.dated.handover_rows import EscalationRow, ReferralRow
from application.figures.dated.sweep_rows import ReportRow


class RowKind(StrEnum):
    """What is counted: one row of it is one."""

    DISPUTE = "dispute"  # 件(纠纷)
    MEDIATION = "mediation"  # 次(调解)
    ANSWER = "answer"  # 份(满意度答复)
    PAPER = "paper"  # 份(入卷材料)
    REFERRAL = "referral"  # 次(分流转办)
    ESCALATION = "escalation"  # 次(上行与督办)
    REPORT = "report"  # 份(排查日报)


COLUMNS: dict[RowKind, frozenset[str]] = {
    RowKind.DISPUTE: frozenset(DisputeRow._fields),
    RowKind.MEDIATION: frozenset(MediationRow._fields),
    RowKind.ANSWER: frozenset(AnswerRow._fields),
    RowKind.PAPER: frozenset(PaperRow._fields),
    RowKind.REFERRAL: frozenset(ReferralRow._fields),
    RowKind.ESCALATION: frozenset(EscalationRow._fields),
    RowKind.REPORT: frozenset(ReportRow._fields),
}


class Check(StrEnum):
    """What is asked of a column."""

    IS = "is"  # one of the values
    IS_NOT = "is-not"  # none of them, or nothing
    AT_MOST = "at-most"
    AT_LEAST = "at-least"
    TOLD = "told"
    NOT_TOLD = "not-told"
    YES = "yes"
    ON = "on"  # the same day as another column's
    BY = "by"  # a day that is not after another column's
    BY_THE_END = "by-the-end"  # a day that is not after the last day that is asked about
    IN_THE_WINDOW = "in-the-window"
    ZERO_BEFORE = "zero-before"  # a place of which, in so many days before, zero was reported and nothing else


@dataclass(frozen=True)
class Condition:
    column: str
    test: Check
    values: tuple[str | int, ...] = ()
    """Of `BY` and `ON`: the other column."""


class When(StrEnum):
    """Which rows a window has."""

    DAY = "day"  # those whose day lies in it
    AT_THE_END = "at-the-end"  # those that are so when its last day ends; its first day does not matter
    DURING = "during"  # those that were open on one of its days


@dataclass(frozen=True)
class Count:
    """Rows of which all conditions hold; of a condition in brackets, one of them."""

    day: str = "registered_on"
    """The day that decides whether it lies in the window, and in which area its place lay."""
    when: When = When.DAY
    where: tuple[Condition | tuple[Condition, ...], ...] = ()


class Measure(StrEnum):
    """What is made of the rows."""

    NUMBER = "number"
    SUM = "sum"
    MEDIAN = "median"
    NINE_OF_TEN = "nine-of-ten"


class FigureGroup(StrEnum):
    """Under which title of the board a figure stands."""

    SETTLED = "settled"
    HANDLED = "handled"
    MEDIATED = "mediated"
    LASTING = "lasting"
    MOVED = "moved"
    LEVELS = "levels"
    SWEPT = "swept"
    RECORDED = "recorded"
    SIGNALS = "signals"


GROUP_OF = {
    RowKind.DISPUTE: FigureGroup.HANDLED,
    RowKind.MEDIATION: FigureGroup.MEDIATED,
    RowKind.ANSWER: FigureGroup.LASTING,
    RowKind.PAPER: FigureGroup.RECORDED,
    RowKind.REFERRAL: FigureGroup.MOVED,
    RowKind.ESCALATION: FigureGroup.LEVELS,
    RowKind.REPORT: FigureGroup.SWEPT,
}
"""Where a figure stands that says nothing else."""


@dataclass(frozen=True)
class Figure:
    """One definition, for tiles, tables, lists behind them, pictures, API, docs, exports and published reports.

    Its words, its name, its definition and how it is gamed, are labels: `figure`, `figure_definition`, `figure_gamed`.
    """

    key: str
    unit: RowKind
    counts: Count
    of: Count | None = None
    """What it is a share of. Nothing of nothing is no share: it is told with its zero."""
    cohort_of: Count | None = None
    """What it is a share of on the basis of a cohort, where that is something else."""
    measure: Measure = Measure.NUMBER
    measured: tuple[str, ...] = ()
    """The column of a sum or a median; or two days, between which the days are counted."""
    measured_of: str = ""
    """Of a share of sums: the column that the whole is summed over."""
    mean_of: tuple[str, ...] = ()
    """The figures whose shares it is the mean of, each weighed alike."""
    under: FigureGroup | None = None
    """None: with the others of its kind of row."""
    version: int = 1
    since: date = date(2026, 1, 1)
    """From when this version is in force. Another way of counting is another version, with another key for the old."""

    @property
    def group(self) -> FigureGroup:
        return self.under or GROUP_OF[self.unit]

    @property
    def is_share(self) -> bool:
        return self.of is not None or bool(self.mean_of)

    def whole(self, cohort: bool) -> Count:
        """What it is a share of; of a number, what it counts itself."""
        return (self.cohort_of if cohort and self.cohort_of else self.of) or self.counts

    def columns(self) -> frozenset[str]:
        """Every column that it reads."""
        counts = [one for one in (self.counts, self.of, self.cohort_of) if one]
        read = {one.day for one in counts} | {*self.measured} | ({self.measured_of} if self.measured_of else set())
        for condition in (each for one in counts for each in flat(one)):
            read.add(condition.column)
            read.update(str(one) for one in condition.values if condition.test in (Check.BY, Check.ON))
        return frozenset(read)


def flat(count: Count) -> list[Condition]:
    return [each for one in count.where for each in (one if isinstance(one, tuple) else (one,))]


def refuse_unfit(figure: Figure) -> None:
    """Raises ValueError: it reads what its unit does not have."""
    if unknown := figure.columns() - COLUMNS[figure.unit] - {"registered_on"}:
        raise ValueError(f"the figure {figure.key} reads what a {figure.unit} has not: {sorted(unknown)}")


def is_(column: str, *values: str) -> Condition:
    return Condition(column, Check.IS, values)


def is_not(column: str, *values: str) -> Condition:
    return Condition(column, Check.IS_NOT, values)


def at_most(column: str, value: int) -> Condition:
    return Condition(column, Check.AT_MOST, (value,))


def at_least(column: str, value: int) -> Condition:
    return Condition(column, Check.AT_LEAST, (value,))


def told(column: str) -> Condition:
    return Condition(column, Check.TOLD)


def not_told(column: str) -> Condition:
    return Condition(column, Check.NOT_TOLD)


def yes(column: str) -> Condition:
    return Condition(column, Check.YES)


def by(column: str, other: str) -> Condition:
    return Condition(column, Check.BY, (other,))


def on(column: str, other: str) -> Condition:
    return Condition(column, Check.ON, (other,))
