"""法规: every statute, regulation and practice that the rules cite, once, with the day from which its text is in force.

When one is enacted anew, its new text is another line here, and the limits that change with it say so in `amended`
(domain.shared.law): what was recorded keeps the day that it led to then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.shared.law import Citation


@dataclass(frozen=True)
class Statute:
    name: str
    in_force: date | None
    """None: another place's practice, of which no day is known."""

    def __getitem__(self, article: str) -> Citation:
        return Citation(law=self.name, article=article, in_force=self.in_force)


PEOPLES_MEDIATION_LAW = Statute("中华人民共和国人民调解法", date(2011, 1, 1))
CIVIL_PROCEDURE_LAW = Statute("中华人民共和国民事诉讼法", date(2024, 1, 1))
COMMITTEES_REGULATION = Statute("人民调解委员会组织条例", date(1989, 6, 17))
CONFIRMATION_RULES = Statute("最高人民法院关于人民调解协议司法确认程序的若干规定(法释〔2011〕5号)", date(2011, 3, 30))
INVITED_MEDIATION_RULES = Statute("最高人民法院关于人民法院特邀调解的规定", date(2016, 7, 1))
ONLINE_MEDIATION_RULES = Statute("人民法院在线调解规则", date(2022, 1, 1))
MEDICAL_DISPUTES_REGULATION = Statute("医疗纠纷预防和处理条例", date(2018, 10, 1))
MARKET_COMPLAINTS_MEASURES = Statute("市场监督管理投诉举报处理暂行办法", date(2020, 1, 1))
TRAFFIC_ACCIDENT_RULES = Statute("道路交通事故处理程序规定", date(2018, 5, 1))
SHENZHEN_REGULATION = Statute("深圳经济特区矛盾纠纷多元化解条例", date(2022, 5, 1))
MEDIATION_WORK_RULES = Statute("人民调解工作若干规定(司法部令第75号)", date(2002, 11, 1))
LABOUR_DISPUTES_LAW = Statute("中华人民共和国劳动争议调解仲裁法", date(2008, 5, 1))
LAND_CONTRACTS_LAW = Statute("中华人民共和国农村土地承包经营纠纷调解仲裁法", date(2010, 1, 1))
POLICE_PROCEDURE_RULES = Statute("公安机关办理行政案件程序规定", date(2020, 8, 6))
CIVIL_CODE = Statute("中华人民共和国民法典", date(2021, 1, 1))
CIVIL_PROCEDURE_INTERPRETATION = Statute("最高人民法院关于适用《中华人民共和国民事诉讼法》的解释", date(2022, 4, 10))
LIMITATION_RULES = Statute("最高人民法院关于审理民事案件适用诉讼时效制度若干问题的规定", date(2021, 1, 1))
PETITIONS_REGULATION = Statute("信访工作条例", date(2022, 5, 1))
PERSONAL_INFORMATION_LAW = Statute("中华人民共和国个人信息保护法", date(2021, 11, 1))
DONGZHI_PRACTICE = Statute("安徽省东至县综治中心分级办理做法", None)
PUBLIC_ORDER_LAW_2012 = Statute("中华人民共和国治安管理处罚法(2012修正)", date(2013, 1, 1))
HOLIDAYS_MEASURES = Statute("全国年节及纪念日放假办法", date(2024, 11, 10))
YUSHUI_PRACTICE = Statute("江西省新余市渝水区非警务纠纷警情分流做法", None)
NINGBO_REGULATION = Statute("宁波市人民调解条例", date(2015, 7, 1))
OUR_DEFAULTS = Statute("本系统默认值", None)
PUBLIC_ORDER_LAW_2025 = Statute("中华人民共和国治安管理处罚法(2025修订)", date(2026, 1, 1))
ARCHIVES_RULES = Statute("机关文件材料归档范围和文书档案保管期限规定(国家档案局令第8号)", date(2006, 12, 18))

DELETION = PERSONAL_INFORMATION_LAW["第四十七条"]
"""Whoever is described may ask to be deleted; every context that keeps something of them cites it."""
