"""起算: each limit that something starts is started by it, and waits until what it waits for has happened."""

from datetime import date, timedelta

import pytest

from domain.case.clocks import LetClockRunOut, running
from domain.case.kinds import Category, EndGround, Mandate, OrganKind
from domain.case.mediating.consent import GiveConsent, ToMediation
from domain.case.mediating.mediation_extension import ExtendMediation, FixedByLaw
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.category import ClassifyCase
from domain.case.opening.intake import ReceiveRequest
from domain.case.opening.risk_reports import (
    AnswerRiskReport,
    DeskOfAnotherKind,
    DeskToBeNamed,
    NoSuchReport,
    ReportedToOneself,
    ReportRisk,
)
from domain.case.opening.starts import (
    AgreeToMediateOnline,
    FindOutOfOffice,
    NoRoadAccident,
    OnlyBeforeACourt,
    OnlyOrgansSendOn,
    RecordAccidentFinding,
)
from domain.shared.errors import InTheFuture
from domain.shared.values import BodyKind, Channel, Form, ReferralKind
from tests.case.histories import (
    COMMITTEE,
    COURT,
    IN_EFFECT,
    MONDAY,
    UNDER_WAY,
    accept,
    after,
    as_mandated,
    fail,
    noon,
    onward,
    register,
    then,
)
from tests.case.test_correction import correct
from tests.oracle.elsewhere import BOTH, KNOWN, ORGAN, POLICE, offer_of, recorded

LABOUR = register.but(category=Category.LABOUR)
ROAD = register.but(category=Category.TRAFFIC)
ask = ReceiveRequest(form=Form.ORAL)
finding = RecordAccidentFinding(received_on=date(2026, 3, 2))
DESKS = {"bodies": KNOWN}


def begun(history):
    found = {str(name): due.day for name, due in running(history.state).items()}
    return {name.partition("/")[2]: day for name, day in found.items() if name.startswith("begun/")}


def test_a_request_interrupts_limitation_for_three_years_until_it_is_resolved():
    """时效规定 12; 民法典 188, 195: from 2 March 2026."""
    told_later = after(register.but(requested_at=noon(3, 2)), now=noon(3, 5), occurred_at=noon(3, 5))

    for history in (after(ask, register), told_later):
        assert begun(history) == {"CONTRACT_LIMITATION": date(2029, 3, 2)}
    resolved = after(register.but(requested_at=MONDAY), *IN_EFFECT[1:])
    assert begun(resolved) == {}


def test_a_court_that_is_asked_appoints_within_three_working_days_until_it_has_handed_it_over():
    """在线调解规则 10: Monday 2 March: Tuesday, Wednesday, Thursday."""
    asked = after((ask, COURT), register)

    assert begun(asked)["COURT_ASSIGN"] == date(2026, 3, 5)
    assert "COURT_ASSIGN" not in begun(recorded(asked, offer_of(ReferralKind.DELEGATE)))


def test_both_who_agree_to_mediate_online_choose_within_two_working_days():
    agreed = after((ask, COURT), register, (AgreeToMediateOnline(), COURT))

    assert begun(agreed)["COURT_JOINT_PICK"] == date(2026, 3, 4)
    assert "COURT_JOINT_PICK" not in begun(onward(agreed, accept))
    with pytest.raises(OnlyBeforeACourt):
        then(after(register), AgreeToMediateOnline())


def test_the_police_are_asked_to_mediate_a_road_accident_within_ten_days_of_the_finding():
    """道路交通事故处理程序规定 86."""
    found = onward(after(ROAD), finding)

    assert begun(found) == {"TRAFFIC_APPLY": date(2026, 3, 12)}
    assert begun(onward(found, (accept, POLICE.but(channel=ORGAN.channel)))) == {}
    with pytest.raises(NoRoadAccident):
        then(after(register), finding)
    with pytest.raises(InTheFuture):
        then(after(ROAD), finding.but(received_on=date(2026, 3, 9)))


@pytest.mark.parametrize(
    ("ground", "starts"), [(EndGround.FAILED, True), (EndGround.PARTY_ENDED, True), (EndGround.SELF_SETTLED, False)]
)
def test_after_a_committee_the_police_are_asked_within_three_days(ground, starts):
    """85: 自人民调解委员会作出终止调解之日起三日内."""
    ended = onward(after(ROAD, accept), fail.but(because=ground))

    assert begun(ended) == ({"TRAFFIC_AFTER_PM": date(2026, 3, 5)} if starts else {})
    if starts:
        assert begun(onward(ended, accept)) == {}


def test_after_the_police_themselves_there_is_no_such_time():
    post = POLICE.but(channel=ORGAN.channel)

    assert begun(onward(after(ROAD, (accept, post)), (fail, post))) == {}


def test_what_the_police_did_not_settle_they_may_mediate_once_more_within_seven_working_days():
    """公安机关办理行政案件程序规定 183: 2 March and seven working days are the 11th."""
    post = POLICE.but(channel=ORGAN.channel)
    failed = onward(after(register, (accept, post)), (fail, post))

    assert begun(failed) == {"PSB_SECOND_MED": date(2026, 3, 11)}
    assert begun(onward(after(register, accept), fail)) == {}, "of a committee there is no such time"


def test_an_organ_sends_on_within_three_working_days_what_is_not_of_its_office():
    """深圳条例 45 (as an example)."""
    found = onward(after(register), (FindOutOfOffice(), ORGAN))

    assert begun(found) == {"ADM_TRANSFER": date(2026, 3, 5)}
    assert begun(recorded(found, offer_of())) == {}
    with pytest.raises(OnlyOrgansSendOn):
        then(after(register), FindOutOfOffice())


report = ReportRisk(recipient_name="派出所", recipient_body=POLICE.id)
answer = AnswerRiskReport(report=1, answer="已出警")


def test_a_risk_that_is_reported_to_a_desk_is_seen_there_and_answered_within_its_time():
    reported = onward(after(register), report, **DESKS)

    assert POLICE.id in reported.state.seeing
    days = {str(name): due.day for name, due in running(reported.state).items()}
    assert days["risk/1"] == date(2026, 3, 3)
    answered = onward(reported, (answer, POLICE))
    assert answered.state.risk_reports[1].answered
    assert "risk/1" not in {str(name) for name in running(answered.state)}


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (report.but(recipient_body=COMMITTEE.id), ReportedToOneself),
        (report.but(recipient_body=ORGAN.id), DeskOfAnotherKind),
        (report.but(recipient=OrganKind.COURT), DeskOfAnotherKind),
        (report.but(recipient=OrganKind.ADMINISTRATIVE), DeskOfAnotherKind),
    ],
)
def test_a_risk_is_reported_to_an_organ_of_the_kind_that_is_named_and_never_to_oneself(wrong, refusal):
    with pytest.raises(refusal):
        then(after(register), wrong, **DESKS)


def test_only_the_desk_that_got_it_answers_and_once():
    reported = onward(after(register), report, **DESKS)

    for command, body in ((answer, ORGAN), (answer.but(report=2), POLICE)):
        with pytest.raises(NoSuchReport):
            then(reported, command, body=body)
    with pytest.raises(NoSuchReport):
        then(onward(reported, (answer, POLICE)), answer, body=POLICE)


def test_what_was_reported_to_an_organ_without_a_desk_waits_for_nobody():
    told = onward(after(register), report.but(recipient_body=None))

    assert told.state.risk_reported
    assert not told.state.risk_reports


@pytest.mark.parametrize(
    ("category", "clock", "day"),
    [
        (Category.NEIGHBOURS, "CONTRACT_LIMITATION", date(2029, 3, 2)),
        (Category.LABOUR, "LABOUR_LIMITATION", date(2027, 3, 2)),  # 劳动争议调解仲裁法 27
        (Category.FOREST_LAND, "LAND_LIMITATION", date(2028, 3, 2)),  # 农村土地承包经营纠纷调解仲裁法 18
        (Category.MARRIAGE_FAMILY, None, None),  # 民法典 196 (3)
    ],
)
def test_the_limitation_is_that_of_the_category_whenever_that_is_told_or_corrected(category, clock, day):
    known = after(ask, register.but(category=category))
    told = after(register.but(category=category, requested_at=MONDAY))
    found_out = onward(after(ask, register), ClassifyCase(category=category))
    corrected = after(ask, register)
    corrected = onward(corrected, correct(corrected, "registered", changes={"category": category}))
    back = onward(known, ClassifyCase(category=Category.OTHER))

    for history in (known, told, found_out, corrected):
        limitations = {name: due for name, due in begun(history).items() if name.endswith("_LIMITATION")}
        assert limitations == ({clock: day} if clock else {})
    assert begun(back) == {"CONTRACT_LIMITATION": date(2029, 3, 2)}
    assert "_LIMITATION" not in str(begun(after(register.but(category=category)))), "nobody asked"


def test_the_fifteen_days_of_a_labour_dispute_run_from_its_receipt_before_it_is_accepted_too():
    """劳动争议调解仲裁法 14: 自…收到调解申请之日起十五日内."""
    waiting = after(LABOUR)
    asked_before = after(LABOUR.but(requested_at=MONDAY - timedelta(days=3)))
    accepted = onward(waiting, accept, at=noon(3, 5))

    assert days(waiting)["begun/LABOUR_MED"] == date(2026, 3, 17)
    assert days(asked_before)["begun/LABOUR_MED"] == date(2026, 3, 16), "14 March is a Saturday"
    assert days(accepted)["also/1/LABOUR_MED"] == date(2026, 3, 17)
    assert "begun/LABOUR_MED" not in days(accepted)
    assert "LABOUR_MED" not in str(days(after((LABOUR, COURT)))), "no committee was asked"


def test_they_follow_the_registration_and_a_category_that_is_found_out_later():
    accepted = onward(after(LABOUR), accept, at=noon(3, 5))
    earlier = onward(accepted, correct(accepted, "registered", happened_at=noon(2, 27)), at=noon(3, 6))
    unknown = onward(after(register), accept, at=noon(3, 5))
    found_out = onward(unknown, ClassifyCase(category=Category.LABOUR))
    moved = onward(found_out, correct(found_out, "registered", happened_at=noon(2, 27)), at=noon(3, 6))

    assert days(earlier)["also/1/LABOUR_MED"] == date(2026, 3, 16), "fifteen days from 27 February are a Saturday"
    assert days(found_out)["begun/LABOUR_MED"] == date(2026, 3, 17)
    assert days(moved)["begun/LABOUR_MED"] == date(2026, 3, 16)
    assert "begun/LABOUR_MED" not in days(onward(found_out, fail))
    assert "begun/LABOUR_MED" not in days(onward(found_out, ClassifyCase(category=Category.OTHER)))


def test_an_organ_that_has_a_desk_here_is_named_by_it_and_not_by_a_name_that_is_typed_in():
    typed, has_desk = report.but(recipient_body=None), {"desks": frozenset({BodyKind.POLICE, BodyKind.ORGAN})}

    with pytest.raises(DeskToBeNamed):
        then(after(register), typed, **has_desk)
    assert then(after(register), report, **has_desk, **DESKS)
    assert then(after(register), typed.but(recipient=OrganKind.PETITION), **has_desk), "that has none"
    assert then(after(register), typed.but(recipient=OrganKind.OTHER, recipient_name="应急管理局"), **has_desk)
    assert then(after(register), typed, body=POLICE, **has_desk), "to its superiors"


def days(history):
    return {str(name): due.day for name, due in running(history.state).items()}


def test_the_second_mediation_of_the_police_runs_in_that_time_is_not_longer_and_no_third_begins():
    post = POLICE.but(channel=ORGAN.channel)
    failed = onward(after(register, (accept, post)), (fail, post))
    second = onward(failed, (accept, post), at=noon(3, 5))
    consented = onward(second, *((GiveConsent(party=one, subject=POLICE_TOO), post) for one in BOTH))

    assert begun(second) == {}
    assert days(second)["conclude/2"] == date(2026, 3, 11)
    assert begun(onward(second, (fail.but(mediation=2), post))) == {}
    with pytest.raises(FixedByLaw):
        then(consented, ExtendMediation(mediation=2, until=date(2026, 3, 20), consented=BOTH), body=post)
    of_a_committee = onward(failed, accept, at=noon(3, 5))
    assert days(of_a_committee)["conclude/2"] == date(2026, 4, 6), "a month, moved off the weekend"


def test_what_an_end_begins_follows_its_day_where_that_is_corrected():
    post = POLICE.but(channel=ORGAN.channel)
    failed = onward(after(register, (accept, post)), (fail, post), at=noon(3, 4))
    second = onward(failed, (accept, post), at=noon(3, 5))

    earlier = onward(second, correct(second, "mediation_ended", happened_at=noon(3, 3)), at=noon(3, 6))

    assert [days(one)["conclude/2"] for one in (second, earlier)] == [date(2026, 3, 13), date(2026, 3, 12)]


def test_a_clock_that_ends_a_committees_mediation_of_a_road_accident_opens_the_way_to_the_police_too():
    delegated = after(*as_mandated((ROAD, *UNDER_WAY[1:]), AcceptCase(mandate=Mandate.DELEGATED)))
    day = delegated.state.mediation(1).conclude_by

    over = onward(delegated, LetClockRunOut(clock="conclude/1", day=day), at=noon(4, 2))

    assert begun(over) == {"TRAFFIC_AFTER_PM": date(2026, 4, 6)}


POLICE_TOO = ToMediation(channel=Channel.ADMINISTRATIVE)
