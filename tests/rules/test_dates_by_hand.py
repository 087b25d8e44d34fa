"""Every clock, counted by hand on the wall calendar of 2026, not with the code's own functions.

Free in 2026: 1–3 January, 15–23 February, 4–6 April, 1–5 May, 19–21 June, 25–27 September, 1–7 October. Worked at a
weekend: 4 January, 14 and 28 February, 9 May, 20 September, 10 October.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from application.rules import CLOCKS
from domain.shared.calendar import SHANGHAI, add_months
from domain.shared.law import Citation, TimeLimit, Unit
from infrastructure.calendar import base

BY_HAND = {
    # working days: the make-up Saturdays count, the holidays do not
    "COUNTERPARTY_CONSENT": ("2026-02-11", "2026-02-14"),  # Thu, Fri, and the worked Saturday
    "PETITION_OBJECT": ("2026-02-11", "2026-02-25"),  # … then the festival, 24, 25
    "ADM_MED_ACCEPT": ("2026-02-11", "2026-02-25"),
    "ADM_ACCEPT_DEFAULT": ("2026-02-11", "2026-02-25"),
    "SAMR_ACCEPT": ("2026-02-11", "2026-02-27"),
    "PSB_SECOND_MED": ("2026-02-11", "2026-02-27"),
    "TRANSFER_ACK": ("2026-02-13", "2026-02-25"),
    "TRANSFER_ACCEPT": ("2026-02-13", "2026-02-27"),
    "PM_MED_CONCLUDE": ("2026-02-11", "2026-03-31"),
    "ADM_MED_CONCLUDE": ("2026-02-11", "2026-03-31"),
    "SAMR_CONCLUDE": ("2026-02-11", "2026-04-22"),  # over the festival and 清明
    "ADM_TRANSFER": ("2026-04-03", "2026-04-09"),
    "ESCALATION_ANSWER": ("2026-04-29", "2026-05-07"),
    "MEDIATOR_ACK": ("2026-05-08", "2026-05-12"),  # 9 May is worked
    "TRANSFER_ACCEPT_COMPLEX": ("2026-09-24", "2026-10-15"),  # 28–30 September, 8–10, 12–15 October
    "COURT_ASSIGN": ("2026-09-29", "2026-10-09"),
    "COURT_JOINT_PICK": ("2026-10-09", "2026-10-12"),  # Saturday the 10th is worked
    # days: what would end on a holiday ends on the first workday after it
    "COURT_PREFILE_MED": ("2026-01-20", "2026-02-24"),
    "PETITION_ROUTE": ("2026-02-05", "2026-02-24"),
    "COURT_ONTRIAL_MED_SUM": ("2026-02-11", "2026-02-24"),
    "SLA_ORDINARY": ("2026-02-11", "2026-02-24"),
    "JC_ACCEPT": ("2026-02-11", "2026-02-14"),  # a Saturday, but worked
    "SLA_SIMPLE": ("2026-02-13", "2026-02-14"),
    "RISK_ANSWER": ("2026-02-14", "2026-02-24"),  # after the festival
    "COURT_ONTRIAL_MED_ORD": ("2026-02-11", "2026-02-26"),
    "SLA_COMPLEX": ("2026-02-11", "2026-03-03"),
    "ADM_CONCLUDE_DEFAULT": ("2026-02-11", "2026-03-13"),
    "TRAFFIC_AFTER_PM": ("2026-04-01", "2026-04-07"),
    "PETITION_CONCLUDE": ("2026-03-03", "2026-05-06"),  # 2 May
    "TRAFFIC_CONCLUDE": ("2026-04-21", "2026-05-06"),
    "CASE_FILING": ("2026-04-28", "2026-05-06"),
    "PSB_CASE": ("2026-04-09", "2026-05-09"),  # a Saturday, but worked
    "PETITION_REVIEW_DECIDE": ("2026-05-20", "2026-06-22"),
    "TRAFFIC_APPLY": ("2026-06-09", "2026-06-22"),
    "JC_APPLY": ("2026-09-01", "2026-10-08"),
    "PETITION_REVIEW_APPLY": ("2026-09-05", "2026-10-08"),
    "LABOUR_MED": ("2026-09-16", "2026-10-08"),
    "JC_DECIDE": ("2026-09-23", "2026-10-08"),
    "PETITION_NOTIFY": ("2026-09-25", "2026-10-10"),  # a Saturday, but worked
    # months and years: the same day of the month, or its last
    "PM_CONCLUDE": ("2026-01-31", "2026-02-28"),  # a Saturday, but worked
    "TRIAL_SMALL": ("2025-12-31", "2026-02-28"),
    "TRIAL_ORD": ("2025-08-31", "2026-02-28"),
    "TRIAL_SUM": ("2026-07-01", "2026-10-08"),
    "ENFORCE_APPLY": ("2024-02-29", "2026-02-28"),
    "LABOUR_LIMITATION": ("2025-02-18", "2026-02-24"),
    "LAND_LIMITATION": ("2024-02-18", "2026-02-24"),
    "CONTRACT_LIMITATION": ("2023-02-18", "2026-02-24"),
    "FILE_KEPT": ("2016-02-18", "2026-02-24"),
}
IN_HOURS = {
    # the hour that has begun does not count
    "2026-03-03 10:20": "2026-03-04 11:00",
    "2026-03-03 10:00": "2026-03-04 10:00",
    # Saturday 14 February is worked
    "2026-02-13 15:30": "2026-02-14 16:00",
    # what would end on a free day ends with the first workday after it
    "2026-03-06 10:20": "2026-03-10 00:00",
    "2026-02-14 09:00": "2026-02-25 00:00",
    # midnight belongs to the day that it ends: the worked 14 February, and Sunday 8 March
    "2026-02-13 23:30": "2026-02-15 00:00",
    "2026-03-06 23:30": "2026-03-10 00:00",
    "2026-03-07 23:30": "2026-03-10 00:00",
}
BASIS = Citation(law="民法典", article="第二百零三条", in_force=date(2021, 1, 1))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_every_clock_was_counted_by_hand():
    assert {*BY_HAND, "SLA_NONPOLICE_FEEDBACK"} == set(CLOCKS)


@pytest.mark.parametrize("code", BY_HAND)
def test_a_clock_ends_on_the_day_counted_by_hand(code):
    begun, last = BY_HAND[code]

    due = CLOCKS[code].on(date.fromisoformat(begun)).counted(at(f"{begun} 10:20"), base())

    assert due.day == date.fromisoformat(last)
    assert (due.over(at(f"{last} 23:59")), due.over(at(f"{last} 00:00") + timedelta(days=1))) == (False, True)


@pytest.mark.parametrize("begun", IN_HOURS)
def test_hours_end_at_the_moment_counted_by_hand(begun):
    due = CLOCKS["SLA_NONPOLICE_FEEDBACK"].counted(at(begun), base())

    assert due.at == at(IN_HOURS[begun])


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start, months, end):
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("start", "length", "last"), [("2024-09-11", 3, "2024-09-14"), ("2024-09-27", 4, "2024-10-09")]
)
def test_working_days_over_the_holidays_of_another_year(start, length, last):
    """2024: Saturday 14 and Sunday 29 September are worked, 1–7 October are free."""
    limit = TimeLimit(code="X", length=length, counted_in=Unit.WORKING_DAYS, basis=BASIS)

    assert limit.due(date.fromisoformat(start), base()) == date.fromisoformat(last)


def test_a_date_beyond_the_last_notice_warns_but_does_not_fire():
    due = CLOCKS["JC_APPLY"].counted(at("2026-12-20 09:00"), base())

    assert (due.day, due.provisional) == (date(2027, 1, 19), True)
    assert due.over(at("2027-02-01 00:00"))
    assert not due.fires(at("2027-02-01 00:00"))
