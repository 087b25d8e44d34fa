"""期限: the limits of what another organ has before it: a suit, a petition, a police case."""

from __future__ import annotations

from domain.shared.law import Effect, Extension, TimeLimit, Unit
from domain.statutes import CIVIL_PROCEDURE_LAW, PETITIONS_REGULATION, PUBLIC_ORDER_LAW_2012, PUBLIC_ORDER_LAW_2025

CASE_FILING = TimeLimit(
    code="CASE_FILING",
    length=7,
    counted_in=Unit.DAYS,
    basis=CIVIL_PROCEDURE_LAW["第一百二十六条"],
    starts="人民法院收到起诉",
)
TRIAL_ORD = TimeLimit(
    code="TRIAL_ORD",
    length=6,
    counted_in=Unit.MONTHS,
    basis=CIVIL_PROCEDURE_LAW["第一百五十二条"],
    starts="普通程序立案",
    extended_by=Extension.HEAD,
)
TRIAL_SUM = TimeLimit(
    code="TRIAL_SUM",
    length=3,
    counted_in=Unit.MONTHS,
    basis=CIVIL_PROCEDURE_LAW["第一百六十四条"],
    starts="简易程序立案",
    extended_by=Extension.HEAD,
)
TRIAL_SMALL = TimeLimit(
    code="TRIAL_SMALL",
    length=2,
    counted_in=Unit.MONTHS,
    basis=CIVIL_PROCEDURE_LAW["第一百六十八条"],
    starts="小额诉讼立案",
    extended_by=Extension.HEAD,
)
PETITION_ROUTE = TimeLimit(
    code="PETITION_ROUTE",
    length=15,
    counted_in=Unit.DAYS,
    basis=PETITIONS_REGULATION["第二十二条"],
    starts="信访部门收到信访事项",
)
PETITION_CONCLUDE = TimeLimit(
    code="PETITION_CONCLUDE",
    length=60,
    counted_in=Unit.DAYS,
    basis=PETITIONS_REGULATION["第三十四条"],
    starts="信访事项受理",
    extended_by=Extension.HEAD,
)
PETITION_REVIEW_APPLY = TimeLimit(
    code="PETITION_REVIEW_APPLY",
    length=30,
    counted_in=Unit.DAYS,
    basis=PETITIONS_REGULATION["第三十五条、第三十六条"],
    starts="信访人收到书面答复",
    effect=Effect.LAPSE,
)
PETITION_REVIEW_DECIDE = TimeLimit(
    code="PETITION_REVIEW_DECIDE",
    length=30,
    counted_in=Unit.DAYS,
    basis=PETITIONS_REGULATION["第三十五条、第三十六条"],
    starts="收到复查(复核)请求",
)
PSB_CASE = TimeLimit(
    code="PSB_CASE",
    length=30,
    counted_in=Unit.DAYS,
    basis=PUBLIC_ORDER_LAW_2012["第九十九条"],
    starts="治安案件受理",
    extended_by=Extension.ABOVE,
    paused_by_appraisal=True,
    amended=(
        TimeLimit(
            code="PSB_CASE",
            length=30,
            counted_in=Unit.DAYS,
            basis=PUBLIC_ORDER_LAW_2025["第一百一十八条"],
            starts="治安案件立案",
            extended_by=Extension.ABOVE,
            paused_by_appraisal=True,
            text_read=False,
        ),
    ),
)
