"""Definitions as SQL: which dated rows there are at a moment, which of them a reader counts, and what is made of them.

Names of tables and columns come from the definitions, which are ours and checked against the tables; whatever a reader
wishes is a parameter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from application.figures.asking import AGES, By, Counting, Moment, View
from application.figures.board import OF_THE_DAY
from application.figures.counting import COLUMNS, Check, Condition, Count, Figure, Measure, RowKind, When

LAST = 2**63 - 2
"""A position that every entry comes before, and no end of what is known."""
LAST_DAY = date(9999, 12, 30)
"""Likewise of days."""
NOW = "{t}.known_until = 9223372036854775807 AND {t}.until = '9999-12-31'"
"""Of a moment that is the present one, where no row is about to come: the rows that one small index has."""
THEN = (
    "{t}.until > %(day)s AND {t}.known_until > %(position)s AND {t}.since <= %(day)s AND {t}.known_from <= %(position)s"
)
LIES_NOW = "{t}.known_until = 9223372036854775807"
LAY_THEN = "{t}.known_from <= %(position)s AND {t}.known_until > %(position)s"
CASE_OF = {
    RowKind.DISPUTE: "u",
    RowKind.MEDIATION: "u",
    RowKind.ANSWER: "u",
    RowKind.PAPER: "u",
    RowKind.REFERRAL: "c",
    RowKind.ESCALATION: "c",
    RowKind.REPORT: "u",
}
"""Whose place, category, source and day of registration count: the row's own, or those of its case."""
CASE_ID = {RowKind.REFERRAL: "u.case_id", RowKind.ESCALATION: "u.case_id"}
HELD_BY = {
    RowKind.DISPUTE: "u.holder = ANY(%(bodies)s::uuid[])",
    RowKind.MEDIATION: "u.body = ANY(%(bodies)s::uuid[])",
    RowKind.ANSWER: "u.holder = ANY(%(bodies)s::uuid[])",
    RowKind.PAPER: "u.holder = ANY(%(bodies)s::uuid[])",
    RowKind.REFERRAL: "(u.sender = ANY(%(bodies)s::uuid[]) OR u.receivers && %(bodies)s::uuid[])",
    RowKind.ESCALATION: "(u.below = ANY(%(bodies)s::uuid[]) OR u.above = ANY(%(bodies)s::uuid[]))",
    RowKind.REPORT: "u.body = ANY(%(bodies)s::uuid[])",
}
"""Which rows count for bodies, in the view of who holds the matter."""
BODY = {
    RowKind.DISPUTE: "u.holder",
    RowKind.MEDIATION: "u.body",
    RowKind.ANSWER: "u.holder",
    RowKind.PAPER: "u.holder",
    RowKind.REFERRAL: "u.sender",
    RowKind.ESCALATION: "u.below",
    RowKind.REPORT: "u.body",
}
MONTH = "to_char({day}, 'YYYY-MM')"
IN_THE_WINDOW = "(%(since)s::date IS NULL OR {day} >= %(since)s) AND {day} <= %(until)s"
DURING = "{c}.registered_on <= %(until)s AND (u.closed_on IS NULL OR u.closed_on >= coalesce(%(since)s, '-infinity'))"
PLAIN = {
    Check.TOLD: "{column} IS NOT NULL",
    Check.NOT_TOLD: "{column} IS NULL",
    Check.YES: "coalesce({column}, false)",
    Check.BY_THE_END: "{column} <= %(until)s",
    Check.IN_THE_WINDOW: f"({IN_THE_WINDOW})".replace("{day}", "{column}"),
}
IS_NOT = "({column} IS NULL OR {column} <> ALL({values}))"
ZERO_BEFORE = (
    "coalesce((SELECT bool_and(z.zero) FROM dated_report z WHERE z.place = {column} AND {then}"
    " AND z.reported_on IS NOT NULL"
    " AND z.registered_on BETWEEN u.registered_on - {days} AND u.registered_on - 1), false)"
)
"""Of a dispute: nothing but zero was reported of its place, and that at least once."""
BODY_WISH = "body"
CAME_OUT = "coalesce({t}.result, CASE WHEN {t}.resolved_on IS NULL THEN 'going-on' ELSE 'agreed' END)"
AGE = f"width_bucket(%(day)s::date - {{t}}.registered_on, ARRAY{list(AGES)})::text"
CASE_WISHES = dict(zip(OF_THE_DAY, ("coalesce({t}.channel, 'none')", CAME_OUT, AGE), strict=True))
"""What these wishes are asked of, in the row of the case."""


@dataclass
class FigureQuery:
    """A counting, as tables, conditions and values."""

    unit: RowKind
    wanted: Counting
    moment: Moment
    values: dict[str, Any] = field(default_factory=dict)
    among: str = ""
    """What its case has to be besides, as a condition on its id, with values of its own."""

    def __post_init__(self) -> None:
        moment, wanted = self.moment, self.wanted
        self.values |= {"day": moment.day, "position": moment.position, "since": wanted.since, "until": wanted.until}
        self.values |= {"bodies": list(wanted.bodies)}

    @property
    def case(self) -> str:
        return CASE_OF[self.unit]

    @property
    def case_id(self) -> str:
        return CASE_ID.get(self.unit, "u.id")

    def of_case(self, name: str) -> str:
        """What is told of its case; of a report, which has none, nothing."""
        return "''" if self.unit is RowKind.REPORT else f"{self.case}.{name}"

    def column(self, name: str) -> str:
        """Of the row, or of its case."""
        return f"{'u' if name in COLUMNS[self.unit] else 'c'}.{name}"

    @property
    def joins_case(self) -> bool:
        asked = {*self.wanted.wishes, *self.wanted.by_columns} - {BODY_WISH}
        return self.case == "c" or bool(asked - COLUMNS[self.unit]) or bool(asked & CASE_WISHES.keys())

    def tables(self) -> str:
        found = f"dated_{self.unit.value} u"
        if self.joins_case and self.unit is not RowKind.DISPUTE:
            found += f" JOIN dated_dispute c ON c.id = {self.case_id} AND {self._at('c')}"
        for number, _ in enumerate(self.wanted.areas):
            found += (
                f" JOIN dated_closure a{number} ON a{number}.area_id = {self.case}.place"
                f" AND a{number}.ancestor_id = %(area_{number})s AND {self._known(f'a{number}')}"
            )
        self.values |= {f"area_{number}": area for number, area in enumerate(self.wanted.areas)}
        if level := self.wanted.by_level:
            found += (
                f" JOIN dated_closure k ON k.area_id = {self.case}.place AND {self._known('k')}"
                f" JOIN area l ON l.id = k.ancestor_id AND l.level = '{level.value}'"
            )
        return found

    def _known(self, table: str) -> str:
        """Of who lies in whom, by what was known at the moment."""
        return (LIES_NOW if self.moment.is_now else LAY_THEN).format(t=table)

    def _at(self, table: str) -> str:
        return (NOW if self.moment.is_now else THEN).format(t=table)

    def where(self) -> str:
        parts = [self._at("u")]
        if self.unit is RowKind.DISPUTE:
            parts.append("u.status <> 'merged'")
        if self.wanted.view is View.HOLDER:
            parts.append(HELD_BY[self.unit])
        if self.among:
            parts.append(f"{self.case_id} IN ({self.among})")
        for name, value in self.wanted.wishes.items():
            parts.append(self._wish(name))
            self.values[f"wish_{name}"] = value
        return " AND ".join(parts)

    def _wish(self, name: str) -> str:
        if name == BODY_WISH:
            return HELD_BY[self.unit].replace("%(bodies)s", "ARRAY[%(wish_body)s]")
        if form := CASE_WISHES.get(name):
            return self._case_wish(name, form)
        column = self.column(name)
        return f"%(wish_{name})s = ANY({column})" if name == "mediators" else f"{column} = %(wish_{name})s"

    def _case_wish(self, name: str, form: str) -> str:
        """In the view of who holds a matter, of those that it holds: of others it may read a part."""
        case = "u" if self.unit is RowKind.DISPUTE else "c"
        asked = f"{form.format(t=case)} = %(wish_{name})s"
        return f"{asked} AND {case}.holder = ANY(%(bodies)s::uuid[])" if self.wanted.view is View.HOLDER else asked

    def counted(self, count: Count, cohort: bool) -> str:
        """Which rows are counted, each where its place lay on the day that it goes by."""
        day = self.day_of(count, cohort)
        parts = [self._window(count, day, cohort), *(self._any(one) for one in count.where), *self._lies_in(day)]
        return " AND ".join(parts)

    def day_of(self, count: Count, cohort: bool) -> str:
        """By which it lies in the window, in an area and in a month."""
        if cohort or count.when is not When.DAY or count.day == "registered_on":
            return f"{self.case}.registered_on"
        return f"u.{count.day}"

    def _window(self, count: Count, day: str, cohort: bool) -> str:
        if cohort or count.when is When.DAY:
            return IN_THE_WINDOW.format(day=day)
        if count.when is When.AT_THE_END:
            return f"{day} <= %(until)s"
        return DURING.format(c=self.case)

    def _lies_in(self, day: str) -> Iterator[str]:
        joined = [f"a{number}" for number, _ in enumerate(self.wanted.areas)]
        for one in [*joined, *(["k"] if self.wanted.by_level else [])]:
            yield f"{one}.valid_from <= {day} AND {day} < {one}.valid_until"

    def _any(self, one: Condition | tuple[Condition, ...]) -> str:
        if isinstance(one, tuple):
            return "(" + " OR ".join(map(self._test, one)) + ")"
        return self._test(one)

    def _test(self, one: Condition) -> str:
        column = f"u.{one.column}"
        if form := PLAIN.get(one.test):
            return form.format(column=column)
        if one.test in (Check.IS, Check.IS_NOT):
            form = "{column} = ANY({values})" if one.test is Check.IS else IS_NOT
            return form.format(column=column, values=self._values(one))
        if one.test is Check.ZERO_BEFORE:
            return ZERO_BEFORE.format(column=column, then=self._at("z"), days=int(one.values[0]))
        if one.test in (Check.BY, Check.ON):
            return f"{column} {'<=' if one.test is Check.BY else '='} u.{one.values[0]}"
        return f"{column} {'<=' if one.test is Check.AT_MOST else '>='} {int(one.values[0])}"

    def _values(self, one: Condition) -> str:
        name = "values_" + "_".join(str(value).replace("-", "_") for value in one.values)
        self.values[name] = list(one.values)
        return f"%({name})s::text[]"


def measured(asked: FigureQuery, figure: Figure, which: str, column: Sequence[str]) -> str:
    """What is made of the rows that are counted."""
    told = " - ".join(f"u.{one}" for one in reversed(column))
    match figure.measure:
        case Measure.NUMBER:
            return f"count(*) FILTER (WHERE {which})"
        case Measure.SUM:
            return f"coalesce(sum({told}) FILTER (WHERE {which}), 0)::bigint"
        case Measure.MEDIAN | Measure.NINE_OF_TEN:
            share = "0.5" if figure.measure is Measure.MEDIAN else "0.9"
            return f"percentile_cont({share}) WITHIN GROUP (ORDER BY {told}) FILTER (WHERE {which})"


@dataclass(frozen=True)
class Part:
    """One number of a figure: of the period or the cohort, itself or what it is a share of."""

    figure: str
    name: str
    number: str
    which: str
    day: str
    """By which it lies in a month."""


def parts(asked: FigureQuery, figures: Iterable[Figure], bases: Sequence[bool] = (False, True)) -> Iterator[Part]:
    for figure in figures:
        for cohort in bases:
            name = "cohort" if cohort else "period"
            yield _part(asked, figure, name, figure.counts, figure.measured, cohort)
            whole = figure.cohort_of if cohort and figure.cohort_of else figure.of
            if whole:
                column = (figure.measured_of,) if figure.measured_of else ()
                yield _part(asked, figure, f"{name}_of", whole, column, cohort)


def _part(asked: FigureQuery, figure: Figure, name: str, count: Count, column: Sequence[str], cohort: bool) -> Part:
    which = asked.counted(count, cohort)
    return Part(figure.key, name, measured(asked, figure, which, column), which, asked.day_of(count, cohort))


def key(asked: FigureQuery, day: str) -> str:
    """By what the rows are told apart."""
    by = asked.wanted.by
    match by:
        case By.ALL:
            return "'all'"
        case By.MONTH:
            return MONTH.format(day=day)
        case By.BODY:
            return f"{BODY[asked.unit]}::text"
        case By.AGE:
            return AGE.format(t=asked.case)
    return "k.ancestor_id::text" if asked.wanted.by_level else f"{asked.column(by.value)}::text"


def monthly(asked: FigureQuery, figures: Iterable[Figure]) -> Iterator[tuple[list[Part], str]]:
    """Of the period, by what the rows are told apart by and by the month of the day that they go by."""
    told = defaultdict(list)
    for part in parts(asked, figures, (False,)):
        told[part.day].append(part)
    for day, each in told.items():
        yield each, _statement(asked, each, f"{key(asked, day)}, {MONTH.format(day=day)}", 2)


def statements(asked: FigureQuery, figures: Iterable[Figure]) -> Iterator[tuple[list[Part], str]]:
    """One for all numbers; by month, one for each day that months are told by."""
    told = defaultdict(list)
    for part in parts(asked, figures):
        told[part.day if asked.wanted.by is By.MONTH else ""].append(part)
    for day, each in told.items():
        yield each, _statement(asked, each, key(asked, day), 1)


def _statement(asked: FigureQuery, each: Sequence[Part], keys: str, count: int) -> str:
    where, tables = asked.where(), asked.tables()
    numbers = ", ".join(one.number for one in each)
    some = " OR ".join(f"({one})" for one in sorted({one.which for one in each}))
    group = ", ".join(str(at) for at in range(1, count + 1))
    return f"SELECT {keys}, {numbers} FROM {tables} WHERE {where} AND ({some}) GROUP BY {group}"
