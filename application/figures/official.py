"""人民调解工作统计报表: the official form over people's mediation, its columns made by the same engine as every figure.

The words are those of the form, in Chinese for every reader. Bodies and mediators are counted by the registers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from application.figures.asking import By, Counting
from application.figures.counting import Condition, Count, Figure, Measure, RowKind, is_, is_not, told, yes
from application.figures.definitions import CONCLUDED, IN_EFFECT
from application.figures.numbers import Snapshot, Told, of
from domain.case.kinds import Category, Source

CATEGORIES: Mapping[Category, str] = {
    Category.MARRIAGE_FAMILY: "婚姻家庭",
    Category.NEIGHBOURS: "邻里",
    Category.HOUSE_HOMESTEAD: "房屋宅基地",
    Category.CONTRACT: "合同",
    Category.BUSINESS: "生产经营",
    Category.DAMAGES: "损害赔偿",
    Category.FOREST_LAND: "山林土地",
    Category.LAND_TAKING: "征地拆迁",
    Category.ENVIRONMENT: "环境污染",
    Category.LABOUR: "劳动争议",
    Category.CONSUMER: "消费",
    Category.MEDICAL: "医疗",
    Category.TRAFFIC: "道路交通",
    Category.PROPERTY_MANAGEMENT: "物业",
}
"""The columns of the form; whatever else there is counts as 其他."""
FOUND = (Source.GRID_SWEEP, Source.VILLAGE_REPORT)
APPLIED = (Source.PARTY,)


@dataclass(frozen=True)
class Column:
    title: str
    figure: Figure


def _of(count: Count, *more: Condition) -> Count:
    return Count(count.day, count.when, (*count.where, *more))


def _column(title: str, count: Count, *more: Condition, **measured: object) -> Column:
    figure = Figure(f"official_{title}", RowKind.MEDIATION, _of(count, *more))
    return Column(title, replace(figure, **measured))


def _columns() -> Sequence[Column]:
    agreed = _of(IN_EFFECT)
    return (
        _column("调解案件总数", CONCLUDED),
        _column("调解成功", CONCLUDED, told("effect_on")),
        _column("主动调解", CONCLUDED, is_("source", *FOUND)),
        _column("依当事人申请", CONCLUDED, is_("source", *APPLIED)),
        _column("接受委托移送", CONCLUDED, is_not("source", *FOUND, *APPLIED)),
        *(_column(title, CONCLUDED, is_("category", one)) for one, title in CATEGORIES.items()),
        _column("其他纠纷", CONCLUDED, is_not("category", *CATEGORIES)),
        _column("口头协议", agreed, is_("form", "oral")),
        _column("书面协议", agreed, is_("form", "written")),
        _column("协议涉及金额（元）", agreed, measure=Measure.SUM, measured=("promised",)),
        _column("已履行", agreed, told("performed_on")),
        _column("申请司法确认", agreed, told("applied_on")),
        _column("确认有效", agreed, told("confirmed_on")),
        _column("违约", agreed, yes("breached")),
        _column("转为治安、刑事案件", CONCLUDED, is_("ground", "public-order", "criminal")),
    )


COLUMNS = _columns()


@dataclass(frozen=True)
class OfficialRow:
    """`area`: the key of a township or village; empty: the whole."""

    area: str
    numbers: Sequence[int]


def official(snapshot: Snapshot, wanted: Counting, by: By) -> Sequence[OfficialRow]:
    """Of people's mediation: the whole first, then each area that has any."""
    question = replace(wanted, wishes={**wanted.wishes, "channel": "people"})
    figures = [one.figure for one in COLUMNS]
    whole = snapshot.count(question, figures)["all"]
    each = snapshot.count(replace(question, by=by), figures)
    rows = [OfficialRow("", _numbers(whole)), *(OfficialRow(key, _numbers(row)) for key, row in each.items() if key)]
    return [one for one in rows if not one.area or any(one.numbers)]


def _numbers(row: Told) -> list[int]:
    found = [int(of(row, one.figure.key).period or 0) for one in COLUMNS]
    return [number // 100 if "元" in one.title else number for number, one in zip(found, COLUMNS, strict=True)]
