"""期限: the limits of what another organ has before it: a suit, a petition, a police case."""

from __future__ import annotations

from datetime import date

from domain.shared.law import Citation, Effect, Extension, TimeLimit, Unit


def _civil_procedure(article: str) -> Citation:
    return Citation(law="中华人民共和国民事诉讼法", article=article, in_force=date(2024, 1, 1))


def _petition(article: str) -> Citation:
    return Citation(law="信访工作条例", article=article, in_force=date(2022, 5, 1))


CASE_FILING = TimeLimit(
    code="CASE_FILING",
    length=7,
    counted_in=Unit.DAYS,
    basis=_civil_procedure("第一百二十六条"),
    starts="人民法院收到起诉",
)
TRIAL_ORD = TimeLimit(
    code="TRIAL_ORD",
    length=6,
    counted_in=Unit.MONTHS,
    basis=_civil_procedure("第一百五十二条"),
    starts="普通程序立案",
    extended_by=Extension.HEAD,
)
TRIAL_SUM = TimeLimit(
    code="TRIAL_SUM",
    length=3,
    counted_in=Unit.MONTHS,
    basis=_civil_procedure("第一百六十四条"),
    starts="简易程序立案",
    extended_by=Extension.HEAD,
)
TRIAL_SMALL = TimeLimit(
    code="TRIAL_SMALL",
    length=2,
    counted_in=Unit.MONTHS,
    basis=_civil_procedure("第一百六十八条"),
    starts="小额诉讼立案",
    extended_by=Extension.HEAD,
)
PETITION_ROUTE = TimeLimit(
    code="PETITION_ROUTE",
    length=15,
    counted_in=Unit.DAYS,
    basis=_petition("第二十二条"),
    starts="信访部门收到信访事项",
)
PETITION_CONCLUDE = TimeLimit(
    code="PETITION_CONCLUDE",
    length=60,
    counted_in=Unit.DAYS,
    basis=_petition("第三十四条"),
    starts="信访事项受理",
    extended_by=Extension.HEAD,
)
PETITION_REVIEW_APPLY = TimeLimit(
    code="PETITION_REVIEW_APPLY",
    length=30,
    counted_in=Unit.DAYS,
    basis=_petition("第三十五条、第三十六条"),
    starts="信访人收到书面答复",
    effect=Effect.LAPSE,
)
PETITION_REVIEW_DECIDE = TimeLimit(
    code="PETITION_REVIEW_DECIDE",
    length=30,
    counted_in=Unit.DAYS,
    basis=_petition("第三十五条、第三十六条"),
    starts="收到复查(复核)请求",
)
PSB_CASE = TimeLimit(
    code="PSB_CASE",
    length=30,
    counted_in=Unit.DAYS,
    basis=Citation(law="中华人民共和国治安管理处罚法(2012修正)", article="第九十九条", in_force=date(2013, 1, 1)),
    starts="治安案件受理",
    extended_by=Extension.ABOVE,
    paused_by_appraisal=True,
    amended=(
        TimeLimit(
            code="PSB_CASE",
            length=30,
            counted_in=Unit.DAYS,
            basis=Citation(
                law="中华人民共和国治安管理处罚法(2025修订)", article="第一百一十八条", in_force=date(2026, 1, 1)
            ),
            starts="治安案件立案",
            extended_by=Extension.ABOVE,
            paused_by_appraisal=True,
            text_read=False,
        ),
    ),
)
