"""履行: in time, late, in part, not at all."""

from datetime import date

import pytest

from domain.case.ending.performance import AlreadyPerformed, BreachObligation, MoreThanPromised, NotYetDue
from domain.case.mediating.agreement import Promise
from domain.case.mediating.lacking import SignaturesMissing
from domain.case.mediations import Stage
from domain.shared.errors import BeforeWhatItBuildsOn, NotAllowedNow
from tests.case.histories import (
    AGREED,
    IN_EFFECT,
    MONDAY,
    RESPONDENT,
    UNDER_WAY,
    after,
    agree,
    noon,
    onward,
    perform,
    then,
)

breach = BreachObligation(mediation=1, obligation=1)


def obligation(history, number=1):
    return history.state.mediation(1).reached.obligations[number]


def test_it_is_late_from_the_day_after_it_was_due():
    in_effect = after(*IN_EFFECT)

    late = [then(in_effect, perform, occurred_at=moment, now=noon(4, 3))[0].late for moment in (noon(4, 1), noon(4, 2))]

    assert late == [False, True]


def test_it_is_paid_in_instalments_until_nothing_is_left():
    first = onward(after(*IN_EFFECT), perform.but(amount=20_000))

    whole = onward(first, perform.but(amount=30_000))

    assert (obligation(first).paid, obligation(first).done_at) == (20_000, None)
    assert obligation(whole).done_at is not None
    assert not obligation(whole).is_open


def test_without_an_amount_all_that_was_left_is_paid():
    first = onward(after(*IN_EFFECT), perform.but(amount=20_000))

    performed = then(first, perform)[0]

    assert (performed.amount, performed.complete) == (30_000, True)


def test_not_more_is_paid_than_promised():
    first = onward(after(*IN_EFFECT), perform.but(amount=20_000))

    with pytest.raises(MoreThanPromised) as refusal:
        then(first, perform.but(amount=30_001))

    assert refusal.value.details["left"] == 30_000


def test_it_is_performed_once():
    performed = onward(after(*IN_EFFECT), perform)

    with pytest.raises(AlreadyPerformed):
        then(performed, perform)
    with pytest.raises(AlreadyPerformed):
        then(performed, breach, occurred_at=noon(4, 2), now=noon(4, 2))


def test_nothing_is_breached_before_it_is_due():
    in_effect = after(*IN_EFFECT)

    with pytest.raises(NotYetDue):
        then(in_effect, breach, occurred_at=noon(4, 1), now=noon(4, 1))

    assert then(in_effect, breach, occurred_at=noon(4, 2), now=noon(4, 2))


def test_what_was_breached_may_still_be_performed_late():
    breached = onward(after(*IN_EFFECT), breach, at=noon(4, 2))

    performed = then(breached, perform)[0]

    assert breached.state.came_apart
    assert performed.late


def test_each_promise_is_performed_by_itself():
    two = tuple(Promise(obligor=RESPONDENT, what=what, due=date(2026, 4, 1)) for what in ("拆墙", "道歉"))
    steps = (agree.but(obligations=two) if one is agree else one for one in IN_EFFECT)

    history = onward(after(*steps), perform.but(obligation=2))

    assert [obligation(history, number).is_open for number in (1, 2)] == [True, False]


def test_what_is_paid_on_the_spot_is_paid_before_the_seal():
    agreed = after(*AGREED)

    paid = onward(agreed, perform)

    assert paid.state.mediation(1).stage is Stage.AGREED
    with pytest.raises(SignaturesMissing):
        then(agreed, breach)
    with pytest.raises(NotAllowedNow):
        then(after(*UNDER_WAY), perform)


def test_nothing_is_performed_before_it_is_promised():
    in_effect = after(*IN_EFFECT)

    with pytest.raises(BeforeWhatItBuildsOn):
        then(in_effect, perform, occurred_at=MONDAY)


def test_nothing_is_performed_between_the_acceptance_and_the_promise():
    agreed = onward(after(*UNDER_WAY), agree, at=noon(3, 10))

    with pytest.raises(BeforeWhatItBuildsOn):
        then(agreed, perform, occurred_at=noon(3, 9))
