"""What a case counts, by hand from the article on the wall calendar of 2026 (see test_dates_by_hand): each start is
the one of the clock's own table, and what does not count is taken out in the limit's own unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from domain.case.clocks import running
from domain.case.kinds import Category, Mandate
from domain.case.mediating.consent import GiveConsent, ToMediation
from domain.case.mediating.mediation import PauseMediation, ResumeMediation
from domain.case.mediating.mediation_extension import ExtendMediation
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.intake import ReceiveRequest
from domain.shared.calendar import SHANGHAI
from domain.shared.values import Channel, Form
from infrastructure.calendar import base
from tests.case.histories import (
    APPLICANT,
    COMMITTEE,
    RESPONDENT,
    accept,
    blank,
    both_accept,
    id_of,
    letter,
    onward,
    propose,
    register,
    start,
    tell_rights,
)
from tests.oracle.elsewhere import ORGAN

ORGANS: dict[str, Any] = {"body": ORGAN, "bodies": {ORGAN.id: ORGAN}}
appraise = PauseMediation(mediation=1, appraisal="医疗损害鉴定")
appraised = ResumeMediation(mediation=1)
delegate = AcceptCase(mandate=Mandate.DELEGATED)


def on(day: str) -> datetime:
    """A quarter past ten in Shanghai."""
    return datetime.fromisoformat(f"{day} 10:15").replace(tzinfo=SHANGHAI)


def lived(*steps: Any, **facts: Any) -> Any:
    """Each step a day, and what was asked on it, one after the other."""
    history, body = blank(), facts.pop("body", COMMITTEE)
    for day, *commands in steps:
        for command in commands:
            seed = id_of(f"seed {history.version}")
            step = command if isinstance(command, tuple) else (command, body)
            history = onward(history, step, at=on(day), calendar=base(), seed=seed, **facts)
    return history


def day_of(history: Any, clock: str) -> str | None:
    found = {str(name): due.day.isoformat() for name, due in running(history.state).items()}
    return found.get(clock)


def consented(channel: Channel = Channel.PEOPLE) -> tuple[Any, ...]:
    subject = ToMediation(channel=channel)
    return tuple(GiveConsent(party=party, subject=subject) for party in (APPLICANT, RESPONDENT))


def under_way(accepting: Any = accept) -> tuple[Any, ...]:
    letters = () if accepting is accept else (letter(accepting.mandate),)
    return (*letters, accepting, *consented(), propose, both_accept, tell_rights, start)


LABOUR = register.but(category=Category.LABOUR)
MEDICAL = register.but(category=Category.MEDICAL)


@pytest.mark.parametrize(
    ("steps", "by_hand"),
    [
        # 劳动争议调解仲裁法 14: 自…收到调解申请之日起十五日: 2 March and 15 days, however late it was accepted
        ((("2026-03-12", LABOUR.but(requested_at=on("2026-03-02")), accept),), "2026-03-17"),
        ((("2026-03-02", LABOUR), ("2026-03-12", accept)), "2026-03-17"),
        (
            (("2026-03-02", ReceiveRequest(form=Form.ORAL)), ("2026-03-05", LABOUR), ("2026-03-12", accept)),
            "2026-03-17",
        ),
        # nobody applied: what the committee took up by itself is counted from when it did
        ((("2026-03-02", LABOUR), ("2026-03-12", accept.but(own_motion=True))), "2026-03-27"),
        # 16 September and 15 days are 1 October: the first workday after the holiday is the 8th
        ((("2026-09-16", LABOUR), ("2026-09-18", accept)), "2026-10-08"),
    ],
)
def test_fifteen_days_of_a_labour_dispute_are_counted_from_the_receipt_of_the_application(steps, by_hand):
    assert day_of(lived(*steps), "also/1/LABOUR_MED") == by_hand


@pytest.mark.parametrize(
    ("steps", "by_hand"),
    [
        # 深圳条例 46, 医疗条例 40: five working days from the application; Wednesday 11 February: Thu, Fri, the worked
        # Saturday, then 24 and 25
        ((("2026-02-12", register.but(requested_at=on("2026-02-11"))),), "2026-02-25"),
        ((("2026-02-11", ReceiveRequest(form=Form.ORAL)), ("2026-02-24", register)), "2026-02-25"),
        ((("2026-02-11", ReceiveRequest(form=Form.ORAL)), ("2026-02-24", MEDICAL)), "2026-02-25"),
        # 投诉举报办法 14: seven
        (
            (("2026-02-11", ReceiveRequest(form=Form.ORAL)), ("2026-02-24", register.but(category=Category.CONSUMER))),
            "2026-02-27",
        ),
    ],
)
def test_an_organ_accepts_within_its_days_from_the_application_also_where_it_was_registered_later(steps, by_hand):
    assert day_of(lived(*steps, **ORGANS), "accept") == by_hand


@pytest.mark.parametrize(
    ("accepted", "out", "back", "by_hand"),
    [
        # 医疗条例 38, thirty working days. From 10 September: 11, 14-18, the worked 20, 21-24, 28-30 are fourteen,
        # 8-10, 12-16, 19-23 and 26-28 October; of 30 September to 8 October one working day does not count: 29 October.
        ("2026-09-10", "2026-09-30", "2026-10-08", "2026-10-29"),
        # From 12 March: Friday 24 April; Monday to Friday are four working days: 27, 28, 29, 30 April.
        ("2026-03-12", "2026-03-16", "2026-03-20", "2026-04-30"),
        # Over a weekend no working day is lost but the Monday.
        ("2026-03-12", "2026-03-20", "2026-03-23", "2026-04-27"),
        # Over the spring festival: 14 February and 24 February are worked.
        ("2026-02-10", "2026-02-13", "2026-02-24", "2026-04-01"),
    ],
)
def test_of_a_limit_in_working_days_the_working_days_of_an_appraisal_do_not_count(accepted, out, back, by_hand):
    paused = lived((accepted, MEDICAL, *under_way()), (out, appraise), (back, appraised))

    assert day_of(paused, "conclude/1") == by_hand


@pytest.mark.parametrize(
    ("accepted", "pauses", "by_hand"),
    [
        # 在线规则 24, 26: thirty days from 2 March are 1 April; ten days of appraisal: 11 April, a Saturday: the 13th.
        ("2026-03-02", [("2026-03-10", "2026-03-20")], "2026-04-13"),
        # Twice: ten and two are 42 days from 2 March: 13 April, and not two days after the Monday.
        ("2026-03-02", [("2026-03-10", "2026-03-20"), ("2026-03-24", "2026-03-26")], "2026-04-13"),
        # 30 days from 5 March are 4 April, in 清明; with five days it is Thursday 9 April.
        ("2026-03-05", [("2026-03-10", "2026-03-15")], "2026-04-09"),
    ],
)
def test_of_a_limit_in_days_they_are_added_to_the_day_before_it_is_moved_off_a_holiday(accepted, pauses, by_hand):
    steps = [(day, what) for pause in pauses for day, what in zip(pause, (appraise, appraised), strict=True)]

    assert day_of(lived((accepted, register, *under_way(delegate)), *steps), "conclude/1") == by_hand


def test_a_date_that_the_parties_agreed_on_is_later_by_the_pause_too():
    longer = ExtendMediation(mediation=1, until=date(2026, 5, 15), consented=(APPLICANT, RESPONDENT))
    paused = lived(("2026-03-02", register, *under_way(delegate), longer), ("2026-03-10", appraise))

    assert day_of(onward(paused, appraised, at=on("2026-03-13"), calendar=base()), "conclude/1") == "2026-05-18"


ROAD = register.but(category=Category.TRAFFIC)
ON_THE_ROAD = (accept, *consented(Channel.ADMINISTRATIVE), propose, both_accept, tell_rights)


@pytest.mark.parametrize(
    ("harm", "by_hand"),
    [
        # 道路交通事故处理程序规定 90: the treatment was over on 10 April, and ten days from then are the 20th
        (date(2026, 4, 10), "2026-04-20"),
        # 受理调解申请时已超过前款规定的时间，调解自受理调解申请之日起开始: 3 March and ten days
        (None, "2026-03-13"),
    ],
)
def test_the_police_mediate_a_road_accident_within_ten_days_of_the_day_on_which_it_begins(harm, by_hand):
    begun = start.but(harm_settled_on=harm)
    first = "2026-04-12" if harm else "2026-03-04"

    assert day_of(lived(("2026-03-03", ROAD, *ON_THE_ROAD), (first, begun), **ORGANS), "conclude/1") == by_hand
