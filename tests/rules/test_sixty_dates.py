"""Dates computed by hand from the articles, on the wall calendar of 2026 (see test_dates_by_hand for its free days).

Beside each: the article, and how it was counted. What a case starts, stops and adds is counted by hand in
test_days_of_a_case.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from application.rules import CLOCKS
from domain.shared.calendar import SHANGHAI
from infrastructure.calendar import base

DATES = [
    # 令75 33: 一个月; 民法典 202: the same day of the month, or its last
    ("PM_CONCLUDE", "2026-03-02", "2026-04-02", "2 April, a Thursday"),
    ("PM_CONCLUDE", "2026-01-30", "2026-02-28", "no 30 February: its last day, a Saturday, but worked"),
    ("PM_CONCLUDE", "2026-03-05", "2026-04-07", "5 April is 清明, free from the 4th to the 6th"),
    ("PM_CONCLUDE", "2026-04-02", "2026-05-06", "2 May is free, the 1st to the 5th"),
    ("PM_CONCLUDE", "2026-05-31", "2026-06-30", "no 31 June"),
    ("PM_CONCLUDE", "2026-07-08", "2026-08-10", "8 August is a Saturday"),
    # 医疗条例 38: 三十个工作日
    ("PM_MED_CONCLUDE", "2026-03-02", "2026-04-14", "4 + 5×4 to 3 April are 24, 7-10 April 28, 13, 14"),
    ("PM_MED_CONCLUDE", "2026-05-06", "2026-06-16", "7, 8, the worked 9th, 25 to 12 June, 15, 16"),
    ("PM_MED_CONCLUDE", "2026-09-01", "2026-10-19", "13 to the 18th, the worked 20th, 4, 3, 8-10 Oct., 12-16, 19"),
    # 医疗条例 40: 五个工作日; 三十个工作日
    ("ADM_MED_ACCEPT", "2026-04-30", "2026-05-11", "6, 7, 8, the worked 9th, 11"),
    ("ADM_MED_ACCEPT", "2026-06-17", "2026-06-25", "18, then 端午, 22, 23, 24, 25"),
    ("ADM_MED_CONCLUDE", "2026-06-01", "2026-07-14", "4, 5, 4 before 端午, 5, 5, 5, 13, 14"),
    # 深圳条例 46, 25 (as examples): 五个工作日; 三十日
    ("ADM_ACCEPT_DEFAULT", "2026-09-29", "2026-10-12", "30, then 8, 9, the worked 10th, 12"),
    ("ADM_CONCLUDE_DEFAULT", "2026-04-01", "2026-05-06", "1 May is free"),
    ("ADM_CONCLUDE_DEFAULT", "2026-06-02", "2026-07-02", "28 days to the end of June, and 2"),
    # 市场监管投诉办法 14, 21: 七个工作日; 四十五个工作日
    ("SAMR_ACCEPT", "2026-09-23", "2026-10-10", "24, 28, 29, 30, 8, 9, the worked 10th"),
    ("SAMR_CONCLUDE", "2026-03-02", "2026-05-08", "30 to 14 April, 15-17, 20-24, 27-30, 6-8 May"),
    # 劳动争议调解仲裁法 14: 十五日, from receipt
    ("LABOUR_MED", "2026-03-02", "2026-03-17", "2 and 15"),
    ("LABOUR_MED", "2026-04-20", "2026-05-06", "5 May is free"),
    ("LABOUR_MED", "2026-06-05", "2026-06-22", "20 June is 端午"),
    # 交通程序规定 90, 86, 85: 十日, 十日, 三日
    ("TRAFFIC_CONCLUDE", "2026-09-24", "2026-10-08", "4 October is free"),
    ("TRAFFIC_CONCLUDE", "2026-03-25", "2026-04-07", "4 April is free"),
    ("TRAFFIC_APPLY", "2026-02-05", "2026-02-24", "15 February is free, to the 23rd"),
    ("TRAFFIC_APPLY", "2026-03-03", "2026-03-13", "3 and 10"),
    ("TRAFFIC_AFTER_PM", "2026-03-10", "2026-03-13", "10 and 3"),
    ("TRAFFIC_AFTER_PM", "2026-04-28", "2026-05-06", "1 May is free"),
    # 公安机关办理行政案件程序规定 183: 七个工作日
    ("PSB_SECOND_MED", "2026-03-02", "2026-03-11", "3-6, 9, 10, 11"),
    ("PSB_SECOND_MED", "2026-04-28", "2026-05-11", "29, 30, 6, 7, 8, the worked 9th, 11"),
    # 特邀调解规定 27: 三十日; 十五日; 七日
    ("COURT_PREFILE_MED", "2026-03-02", "2026-04-01", "29 days to the end of March, and 1"),
    ("COURT_PREFILE_MED", "2026-08-26", "2026-09-28", "25 September is 中秋, free to the 27th"),
    ("COURT_ONTRIAL_MED_ORD", "2026-06-04", "2026-06-22", "19 June is 端午"),
    ("COURT_ONTRIAL_MED_SUM", "2026-04-24", "2026-05-06", "1 May is free"),
    ("COURT_ONTRIAL_MED_SUM", "2026-09-03", "2026-09-10", "3 and 7"),
    # 在线调解规则 15, 10: 三个工作日; 三个; 两个
    ("COUNTERPARTY_CONSENT", "2026-09-30", "2026-10-10", "8, 9, the worked 10th"),
    ("COURT_ASSIGN", "2026-06-18", "2026-06-24", "22, 23, 24"),
    ("COURT_JOINT_PICK", "2026-05-08", "2026-05-11", "the worked 9th, 11"),
    # 民诉法 205: 三十日
    ("JC_APPLY", "2026-03-02", "2026-04-01", "29 days to the end of March, and 1"),
    ("JC_APPLY", "2026-09-03", "2026-10-08", "3 October is free"),
    ("JC_APPLY", "2026-01-16", "2026-02-24", "15 February is free"),
    # 法释〔2011〕5号 4, 5: 三日; 十五日
    ("JC_ACCEPT", "2026-09-22", "2026-09-28", "25 September is free"),
    ("JC_ACCEPT", "2026-03-04", "2026-03-09", "7 March is a Saturday"),
    ("JC_DECIDE", "2026-03-02", "2026-03-17", "2 and 15"),
    ("JC_DECIDE", "2026-09-20", "2026-10-08", "5 October is free"),
    # 民诉法 250: 二年; 民法典 188, 195: 三年
    ("ENFORCE_APPLY", "2024-02-28", "2026-02-28", "a Saturday, but worked"),
    ("ENFORCE_APPLY", "2024-04-05", "2026-04-07", "5 April is free"),
    ("CONTRACT_LIMITATION", "2023-05-01", "2026-05-06", "1 May is free"),
    ("CONTRACT_LIMITATION", "2023-03-02", "2026-03-02", "a Monday"),
    # 民诉法 126, 152, 164, 168: 七日; 六个月; 三个月; 两个月
    ("CASE_FILING", "2026-03-02", "2026-03-09", "2 and 7"),
    ("TRIAL_ORD", "2026-03-31", "2026-09-30", "no 31 September"),
    ("TRIAL_ORD", "2026-04-02", "2026-10-08", "2 October is free"),
    ("TRIAL_SUM", "2026-03-02", "2026-06-02", "a Tuesday"),
    ("TRIAL_SMALL", "2026-03-02", "2026-05-06", "2 May is free"),
    # 信访工作条例 22, 34, 35, 36, 23: 十五日; 六十日; 三十日; 三十日; 五个工作日; 十五日
    ("PETITION_ROUTE", "2026-03-02", "2026-03-17", "2 and 15"),
    ("PETITION_CONCLUDE", "2026-03-02", "2026-05-06", "29 and 30 and 1: 1 May is free"),
    ("PETITION_REVIEW_APPLY", "2026-03-02", "2026-04-01", "29 and 1"),
    ("PETITION_REVIEW_DECIDE", "2026-03-05", "2026-04-07", "4 April is free"),
    ("PETITION_OBJECT", "2026-03-04", "2026-03-11", "5, 6, 9, 10, 11"),
    ("PETITION_NOTIFY", "2026-03-04", "2026-03-19", "4 and 15"),
    # 治安管理处罚法(2025) 118 (text not at hand): 三十日
    ("PSB_CASE", "2026-04-01", "2026-05-06", "1 May is free"),
    # 在线调解规则 12: 三个工作日
    ("MEDIATOR_ACK", "2026-02-13", "2026-02-25", "the worked 14th, 24, 25"),
    # 深圳条例 45, 46 (as examples)
    ("TRANSFER_ACK", "2026-04-03", "2026-04-09", "7, 8, 9"),
    ("TRANSFER_ACCEPT", "2026-03-06", "2026-03-13", "9 to 13"),
    ("TRANSFER_ACCEPT_COMPLEX", "2026-03-06", "2026-03-20", "9 to 13, 16 to 20"),
    ("ADM_TRANSFER", "2026-06-18", "2026-06-24", "22, 23, 24"),
    # practices of other places, as defaults
    ("SLA_SIMPLE", "2026-05-08", "2026-05-09", "a Saturday, but worked"),
    ("RISK_ANSWER", "2026-05-08", "2026-05-09", "the worked Saturday"),
]


def test_there_are_sixty_and_no_two_alike():
    assert len({row[:2] for row in DATES}) == len(DATES) >= 60


@pytest.mark.parametrize(("code", "start", "last", "counting"), DATES)
def test_a_day_counted_from_its_article(code, start, last, counting):
    begun = datetime.fromisoformat(f"{start} 16:40").replace(tzinfo=SHANGHAI)

    due = CLOCKS[code].on(date.fromisoformat(start)).counted(begun, base())

    assert due.day.isoformat() == last, counting
