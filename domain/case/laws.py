"""The articles that govern a case. The limits that follow from some of them: domain.case.limits."""

from __future__ import annotations

from datetime import date

from domain.shared.law import Citation


def _mediation_law(article: str) -> Citation:
    return Citation(law="中华人民共和国人民调解法", article=article, in_force=date(2011, 1, 1))


APPLY_OR_OWN_MOTION = _mediation_law("第十七条")
CHOICE_OF_MEDIATORS = _mediation_law("第十九条")
PARTICIPANTS = _mediation_law("第二十条")
RIGHTS = _mediation_law("第二十三条")
REPORT_RISK = _mediation_law("第二十五条")
REMEDIES = _mediation_law("第二十六条")
RECORDS = _mediation_law("第二十七条")
AGREEMENT = _mediation_law("第二十八条")
CONTENT = _mediation_law("第二十九条")
ORAL_EFFECT = _mediation_law("第三十条")
PERFORMANCE = _mediation_law("第三十一条")
CONFIRMATION = _mediation_law("第三十三条")

COMMITTEE_RULES = Citation(law="人民调解工作若干规定(司法部令第75号)", article="第二十二条", in_force=date(2002, 11, 1))
RECUSAL = Citation(law="最高人民法院关于人民法院特邀调解的规定", article="第十五条", in_force=date(2016, 7, 1))
NOT_CONFIRMED = Citation(
    law="最高人民法院关于适用《中华人民共和国民事诉讼法》的解释",
    article="第三百五十五条",
    in_force=date(2022, 4, 10),
)
LIMITATION = Citation(
    law="最高人民法院关于审理民事案件适用诉讼时效制度若干问题的规定",
    article="第十二条",
    in_force=date(2021, 1, 1),
)
ONLINE_EFFECT = Citation(law="人民法院在线调解规则", article="第十九条", in_force=date(2022, 1, 1))
DELEGATED_EFFECT = Citation(
    law="最高人民法院关于人民法院特邀调解的规定", article="第二十四条", in_force=date(2016, 7, 1)
)
ENTRUSTED_EFFECT = Citation(law="最高人民法院关于人民法院特邀调解的规定", article="第二十条", in_force=date(2016, 7, 1))
APPRAISAL_IN_MEDICAL = Citation(law="医疗纠纷预防和处理条例", article="第三十八条", in_force=date(2018, 10, 1))
APPRAISAL_WHEN_DELEGATED = Citation(law="人民法院在线调解规则", article="第二十六条", in_force=date(2022, 1, 1))
