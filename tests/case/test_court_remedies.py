"""执行与支付令: asked for in time on what is owed, and decided by the court."""

from datetime import datetime

import pytest

from domain.case.clocks import running
from domain.case.ending.court_remedies import (
    DecideRemedy,
    NoLabourDispute,
    NoRemedyPending,
    NotConfirmedYet,
    NothingOwed,
    RemedyPending,
    SeekRemedy,
    TooLateToEnforce,
)
from domain.case.kinds import Category, CourtRemedy
from domain.case.mediating.confirmation import ApplyForConfirmation, GrantConfirmation
from domain.shared.calendar import SHANGHAI
from tests.case.histories import APPLICANT, IN_EFFECT, PERFORMED, after, onward, perform, register, then
from tests.oracle.elsewhere import BOTH

apply = ApplyForConfirmation(mediation=1, applicants=BOTH, court="县人民法院")
GRANTED = (*IN_EFFECT, apply, GrantConfirmation(mediation=1, ruling="1"))
enforce = SeekRemedy(mediation=1, applicant=APPLICANT, remedy=CourtRemedy.ENFORCEMENT)
order = enforce.but(remedy=CourtRemedy.PAYMENT_ORDER)
decided = DecideRemedy(mediation=1, granted=True, ruling="(2026)执1号")


def clocks(history):
    return {str(name) for name in running(history.state)}


def test_what_the_court_confirmed_is_enforced_and_its_clock_stands_while_it_is_asked():
    asked = after(*GRANTED, enforce)

    assert "enforce/1" in clocks(after(*GRANTED))
    assert "enforce/1" not in clocks(asked)
    assert "enforce/1" in clocks(onward(asked, decided)), "something is still owed"
    assert "enforce/1" not in clocks(onward(asked, decided, perform))


def test_what_it_did_not_confirm_is_not_enforced():
    with pytest.raises(NotConfirmedYet):
        then(after(*IN_EFFECT), enforce)


def test_nor_what_is_done_nor_after_two_years():
    with pytest.raises(NothingOwed):
        then(after(*PERFORMED), enforce)
    with pytest.raises(TooLateToEnforce):
        then(after(*GRANTED), enforce, occurred_at=datetime(2028, 4, 5, 12, tzinfo=SHANGHAI))


def test_a_payment_order_is_for_wages():
    labour = tuple(one.but(category=Category.LABOUR) if one is register else one for one in IN_EFFECT)

    assert then(after(*labour), order)
    with pytest.raises(NoLabourDispute):
        then(after(*IN_EFFECT), order)


def test_the_court_is_asked_once_at_a_time_and_decides_what_it_was_asked():
    asked = after(*GRANTED, enforce)

    with pytest.raises(RemedyPending):
        then(asked, enforce)
    with pytest.raises(NoRemedyPending):
        then(after(*GRANTED), decided)
    assert then(onward(asked, decided), enforce), "a refusal is not the end of the two years"
