"""期限: the limits of mediations, agreements and confirmations, each with its article; and which one applies."""

from __future__ import annotations

from collections.abc import Mapping

from domain.case.kinds import Category, Mandate, Procedure
from domain.shared.law import Effect, Extension, Footing, TimeLimit, Unit
from domain.shared.values import Channel
from domain.statutes import (
    CIVIL_CODE,
    CIVIL_PROCEDURE_LAW,
    CONFIRMATION_RULES,
    INVITED_MEDIATION_RULES,
    LABOUR_DISPUTES_LAW,
    LAND_CONTRACTS_LAW,
    MARKET_COMPLAINTS_MEASURES,
    MEDIATION_WORK_RULES,
    MEDICAL_DISPUTES_REGULATION,
    ONLINE_MEDIATION_RULES,
    POLICE_PROCEDURE_RULES,
    SHENZHEN_REGULATION,
    TRAFFIC_ACCIDENT_RULES,
)

PM_CONCLUDE = TimeLimit(
    code="PM_CONCLUDE",
    length=1,
    counted_in=Unit.MONTHS,
    basis=MEDIATION_WORK_RULES["第三十三条"],
    starts="纠纷受理",
    soft=True,  # 一般应当在一个月内调结
    extended_by=Extension.PARTIES,
)
PM_MED_CONCLUDE = TimeLimit(
    code="PM_MED_CONCLUDE",
    length=30,
    counted_in=Unit.WORKING_DAYS,
    basis=MEDICAL_DISPUTES_REGULATION["第三十八条"],
    starts="医疗纠纷受理",
    effect=Effect.CLOSE_AS_FAILED,  # 超过调解期限未达成调解协议的，视为调解不成
    extended_by=Extension.PARTIES,
    paused_by_appraisal=True,
)
ADM_MED_ACCEPT = TimeLimit(
    code="ADM_MED_ACCEPT",
    length=5,
    counted_in=Unit.WORKING_DAYS,
    basis=MEDICAL_DISPUTES_REGULATION["第四十条"],
    starts="卫生健康主管部门收到医疗纠纷调解申请",
    from_receipt=True,
)
ADM_MED_CONCLUDE = TimeLimit(
    code="ADM_MED_CONCLUDE",
    length=30,
    counted_in=Unit.WORKING_DAYS,
    basis=MEDICAL_DISPUTES_REGULATION["第四十条"],
    starts="医疗纠纷受理",
    effect=Effect.CLOSE_AS_FAILED,
    paused_by_appraisal=True,
)
ADM_ACCEPT_DEFAULT = TimeLimit(
    code="ADM_ACCEPT_DEFAULT",
    length=5,
    counted_in=Unit.WORKING_DAYS,
    basis=SHENZHEN_REGULATION["第四十六条"],
    starts="收到行政调解申请",
    from_receipt=True,
    footing=Footing.EXAMPLE,
)
ADM_CONCLUDE_DEFAULT = TimeLimit(
    code="ADM_CONCLUDE_DEFAULT",
    length=30,
    counted_in=Unit.DAYS,
    basis=SHENZHEN_REGULATION["第二十五条"],
    starts="行政调解受理",
    extended_by=Extension.PARTIES,
    footing=Footing.EXAMPLE,
)
SAMR_ACCEPT = TimeLimit(
    code="SAMR_ACCEPT",
    length=7,
    counted_in=Unit.WORKING_DAYS,
    basis=MARKET_COMPLAINTS_MEASURES["第十四条"],
    starts="市场监督管理部门收到投诉",
    from_receipt=True,
)
SAMR_CONCLUDE = TimeLimit(
    code="SAMR_CONCLUDE",
    length=45,
    counted_in=Unit.WORKING_DAYS,
    basis=MARKET_COMPLAINTS_MEASURES["第二十一条"],
    starts="投诉受理",
    effect=Effect.CLOSE_AS_FAILED,  # 四十五个工作日内不能达成调解协议的，终止调解
    paused_by_appraisal=True,  # 检定、检验、检测、鉴定所需时间不计算在调解期限内 (20)
)
LABOUR_MED = TimeLimit(
    code="LABOUR_MED",
    length=15,
    counted_in=Unit.DAYS,
    basis=LABOUR_DISPUTES_LAW["第十四条"],
    starts="调解组织收到劳动争议调解申请",
    from_receipt=True,
    effect=Effect.WARN,  # 当事人可以依法申请仲裁
)
TRAFFIC_CONCLUDE = TimeLimit(
    code="TRAFFIC_CONCLUDE",
    length=10,
    counted_in=Unit.DAYS,
    basis=TRAFFIC_ACCIDENT_RULES["第九十条"],
    starts="公安机关交通管理部门开始调解",
)
TRAFFIC_APPLY = TimeLimit(
    code="TRAFFIC_APPLY",
    length=10,
    counted_in=Unit.DAYS,
    basis=TRAFFIC_ACCIDENT_RULES["第八十六条"],
    starts="收到道路交通事故认定书、事故证明或者维持原结论的复核结论",
    effect=Effect.LAPSE,
)
TRAFFIC_AFTER_PM = TimeLimit(
    code="TRAFFIC_AFTER_PM",
    length=3,
    counted_in=Unit.DAYS,
    basis=TRAFFIC_ACCIDENT_RULES["第八十五条"],
    starts="人民调解委员会终止道路交通事故纠纷调解",
    effect=Effect.LAPSE,
)
PSB_SECOND_MED = TimeLimit(
    code="PSB_SECOND_MED",
    length=7,
    counted_in=Unit.WORKING_DAYS,
    basis=POLICE_PROCEDURE_RULES["第一百八十三条"],
    starts="公安机关第一次调解未达成协议",
)
COURT_PREFILE_MED = TimeLimit(
    code="COURT_PREFILE_MED",
    length=30,
    counted_in=Unit.DAYS,
    basis=INVITED_MEDIATION_RULES["第二十七条"],
    starts="在平台确认接受委派(线下:签字接收法院移交材料)",
    effect=Effect.CLOSE_AS_FAILED,  # 在线调解规则 25(6): 期限届满未达成协议且无延长合意的，程序终结
    extended_by=Extension.PARTIES,
    paused_by_appraisal=True,
)
COURT_ONTRIAL_MED_ORD = TimeLimit(
    code="COURT_ONTRIAL_MED_ORD",
    length=15,
    counted_in=Unit.DAYS,
    basis=INVITED_MEDIATION_RULES["第二十七条"],
    starts="在平台确认接受委托(线下:签字接收法院移交材料),普通程序",
    effect=Effect.CLOSE_AS_FAILED,
    extended_by=Extension.PARTIES,
)
COURT_ONTRIAL_MED_SUM = TimeLimit(
    code="COURT_ONTRIAL_MED_SUM",
    length=7,
    counted_in=Unit.DAYS,
    basis=INVITED_MEDIATION_RULES["第二十七条"],
    starts="在平台确认接受委托(线下:签字接收法院移交材料),简易程序",
    effect=Effect.CLOSE_AS_FAILED,
    extended_by=Extension.PARTIES,
)
COUNTERPARTY_CONSENT = TimeLimit(
    code="COUNTERPARTY_CONSENT",
    length=3,
    counted_in=Unit.WORKING_DAYS,
    basis=ONLINE_MEDIATION_RULES["第十五条"],
    starts="接受委派调解",
    effect=Effect.WARN,  # 可以协助通知: a may, without consequence
)
COURT_ASSIGN = TimeLimit(
    code="COURT_ASSIGN",
    length=3,
    counted_in=Unit.WORKING_DAYS,
    basis=ONLINE_MEDIATION_RULES["第十条"],
    starts="人民法院收到当事人在线调解申请",
)
COURT_JOINT_PICK = TimeLimit(
    code="COURT_JOINT_PICK",
    length=2,
    counted_in=Unit.WORKING_DAYS,
    basis=ONLINE_MEDIATION_RULES["第十条"],
    starts="双方当事人同意在线调解",
    effect=Effect.LAPSE,  # 由人民法院指定
)
JC_APPLY = TimeLimit(
    code="JC_APPLY",
    length=30,
    counted_in=Unit.DAYS,
    basis=CIVIL_PROCEDURE_LAW["第二百零五条"],
    starts="调解协议生效",
    effect=Effect.LAPSE,
)
JC_ACCEPT = TimeLimit(
    code="JC_ACCEPT",
    length=3,
    counted_in=Unit.DAYS,
    basis=CONFIRMATION_RULES["第四条"],
    starts="人民法院收到司法确认申请",
)
JC_DECIDE = TimeLimit(
    code="JC_DECIDE",
    length=15,
    counted_in=Unit.DAYS,
    basis=CONFIRMATION_RULES["第五条"],
    starts="人民法院受理司法确认申请",
    extended_by=Extension.HEAD,
)
ENFORCE_APPLY = TimeLimit(
    code="ENFORCE_APPLY",
    length=2,
    counted_in=Unit.YEARS,
    basis=CIVIL_PROCEDURE_LAW["第二百五十条"],
    starts="法律文书规定履行期间的最后一日",
    effect=Effect.LAPSE,
)
ADM_TRANSFER = TimeLimit(
    code="ADM_TRANSFER",
    length=3,
    counted_in=Unit.WORKING_DAYS,
    basis=SHENZHEN_REGULATION["第四十五条"],
    starts="发现不属于本机关职能",
    footing=Footing.EXAMPLE,
)
CONTRACT_LIMITATION = TimeLimit(
    code="CONTRACT_LIMITATION",
    length=3,
    counted_in=Unit.YEARS,
    basis=CIVIL_CODE["第一百八十八条、第一百九十五条"],
    starts="向人民调解委员会提出保护民事权利的请求",
    effect=Effect.WARN,
)
LABOUR_LIMITATION = TimeLimit(
    code="LABOUR_LIMITATION",
    length=1,
    counted_in=Unit.YEARS,
    basis=LABOUR_DISPUTES_LAW["第二十七条"],
    starts="向有关部门请求权利救济(仲裁时效中断)",
    effect=Effect.WARN,
)
LAND_LIMITATION = TimeLimit(
    code="LAND_LIMITATION",
    length=2,
    counted_in=Unit.YEARS,
    basis=LAND_CONTRACTS_LAW["第十八条"],
    starts="请求调解(仲裁时效重新计算)",
    effect=Effect.WARN,
)

BY_CODE: Mapping[str, TimeLimit] = {
    one.code: one
    for one in (
        *(PM_CONCLUDE, PM_MED_CONCLUDE, ADM_MED_CONCLUDE, ADM_CONCLUDE_DEFAULT, SAMR_CONCLUDE, TRAFFIC_CONCLUDE),
        *(COURT_PREFILE_MED, COURT_ONTRIAL_MED_ORD, COURT_ONTRIAL_MED_SUM, PSB_SECOND_MED),
    )
}
"""The times in which a mediation is concluded."""
COMMITTEES = {Category.MEDICAL: PM_MED_CONCLUDE}
ORGANS = {
    Category.MEDICAL: ADM_MED_CONCLUDE,
    Category.CONSUMER: SAMR_CONCLUDE,
    Category.TRAFFIC: TRAFFIC_CONCLUDE,
}

ACCEPTING = {Category.MEDICAL: ADM_MED_ACCEPT, Category.CONSUMER: SAMR_ACCEPT}


def accept_limit(channel: Channel | None, category: Category) -> TimeLimit | None:
    """How long an organ has to accept an application or decline it; None: no rule sets a time."""
    return ACCEPTING.get(category, ADM_ACCEPT_DEFAULT) if channel is Channel.ADMINISTRATIVE else None


def conclude_limit(channel: Channel, mandate: Mandate, procedure: Procedure, category: Category) -> TimeLimit | None:
    """How long a mediation may take; None: no rule was found (a court's own mediation)."""
    if mandate is Mandate.DELEGATED:
        return COURT_PREFILE_MED
    if mandate is Mandate.ENTRUSTED:
        return COURT_ONTRIAL_MED_ORD if procedure is Procedure.ORDINARY else COURT_ONTRIAL_MED_SUM
    match channel:
        case Channel.PEOPLE:
            return COMMITTEES.get(category, PM_CONCLUDE)
        case Channel.ADMINISTRATIVE:
            return ORGANS.get(category, ADM_CONCLUDE_DEFAULT)
        case Channel.LITIGATION:
            return None


def other_limits(channel: Channel, mandate: Mandate, category: Category) -> tuple[TimeLimit, ...]:
    """What else runs beside it, from the receipt of the application or from its acceptance."""
    delegated = (COUNTERPARTY_CONSENT,) if mandate is Mandate.DELEGATED else ()
    labour = (LABOUR_MED,) if category is Category.LABOUR and channel is Channel.PEOPLE else ()
    return (*delegated, *labour)
