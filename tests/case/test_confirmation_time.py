"""司法确认的期限: ten more days by the president, once; an application may be taken back before the ruling."""

from datetime import date

import pytest

from domain.case.clocks import running
from domain.case.mediating.confirmation import (
    AdmitConfirmation,
    ApplyForConfirmation,
    GrantConfirmation,
    NotAppliedFor,
    TooLateToConfirm,
)
from domain.case.mediating.confirmation_time import (
    DecisionExtendedAlready,
    ExtendConfirmation,
    LongerThanTenDays,
    NotAdmittedYet,
)
from domain.case.mediating.confirmation_undone import WithdrawConfirmation
from domain.case.mediations import Stage
from domain.case.record.correction import BuiltUpon
from tests.case.histories import APPLICANT, IN_EFFECT, after, agree, noon, onward, promise, then
from tests.case.test_correction import correct
from tests.oracle.elsewhere import BOTH

apply = ApplyForConfirmation(mediation=1, applicants=BOTH, court="县人民法院")
admit = AdmitConfirmation(mediation=1)
extend = ExtendConfirmation(mediation=1, until=date(2026, 3, 27), approved_by="院长", reason="案情复杂")
take_back = WithdrawConfirmation(mediation=1, parties=(APPLICANT,))
ADMITTED = (*IN_EFFECT, apply, admit)


def days(history):
    return {str(name): due.day for name, due in running(history.state).items()}


def test_the_president_of_the_court_may_give_ten_more_days():
    """Admitted on 2 March: fifteen days are the 17th; ten more are the 27th (法释〔2011〕5号 5)."""
    assert days(after(*ADMITTED))["decide/1"] == date(2026, 3, 17)
    assert days(after(*ADMITTED, extend))["decide/1"] == date(2026, 3, 27)


@pytest.mark.parametrize("until", [date(2026, 3, 17), date(2026, 3, 28)])
def test_not_earlier_and_not_more_than_ten(until):
    with pytest.raises(LongerThanTenDays):
        then(after(*ADMITTED), extend.but(until=until))


def test_what_was_extended_is_not_moved_to_a_day_from_which_its_plain_time_would_end_later():
    """Admitted on 13 March: fifteen days end on Saturday the 28th, so on the 30th; the 27th is no more time."""
    extended = after(*ADMITTED, extend)

    with pytest.raises(BuiltUpon):
        then(extended, correct(extended, "confirmation_admitted", happened_at=noon(3, 13)), now=noon(3, 14))


def test_it_is_extended_once_and_not_before_it_runs():
    with pytest.raises(DecisionExtendedAlready):
        then(after(*ADMITTED, extend), extend.but(until=date(2026, 4, 1)))
    with pytest.raises(NotAdmittedYet):
        then(after(*IN_EFFECT, apply), extend)
    with pytest.raises(NotAppliedFor):
        then(after(*IN_EFFECT), extend)


def test_one_party_may_take_the_application_back_before_the_court_has_ruled():
    back = after(*ADMITTED, take_back)

    assert back.state.mediation(1).stage is Stage.IN_EFFECT, "the agreement binds as it did"
    assert days(back)["confirm/1"] == date(2026, 4, 1)
    assert "decide/1" not in days(back)
    with pytest.raises(NotAppliedFor):
        then(after(*ADMITTED, GrantConfirmation(mediation=1, ruling="1")), take_back)


def test_what_was_taken_back_may_be_applied_for_again_within_the_thirty_days():
    back = after(*ADMITTED, extend, take_back)

    again = onward(back, apply, admit, at=noon(3, 30))

    assert days(again)["decide/1"] == date(2026, 4, 14)
    assert onward(again, extend.but(until=date(2026, 4, 24))), "a new application has a time of its own"
    with pytest.raises(TooLateToConfirm):
        then(back, apply, occurred_at=noon(4, 2))


def test_what_has_no_day_is_enforced_within_two_years_of_the_ruling():
    """民诉法 250 III: 法律文书未规定履行期间的，从法律文书生效之日起计算."""
    no_day = agree.but(obligations=(promise.but(due=None),))
    bound = tuple(no_day if one is agree else one for one in IN_EFFECT)

    granted = onward(after(*bound, apply, admit), GrantConfirmation(mediation=1, ruling="1"), at=noon(3, 10))

    assert days(granted)["enforce/1"] == date(2028, 3, 10)
