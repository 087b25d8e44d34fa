"""暂定期限: a day beyond the last notice of holidays only warns; it is fixed by the notice: later, never earlier."""

from datetime import date

import pytest

from domain.case.beside.proceedings import NoteProceedings
from domain.case.clock_names import CaseClock
from domain.case.clocks import DueFixed, FixDue, LetClockRunOut, NotRunningOut, running
from domain.case.kinds import Category, Mandate, OrganKind
from domain.case.mediating.mediation_extension import ExtendMediation
from domain.case.opening.acceptance import AcceptCase
from tests.case.histories import CALENDAR, IN_EFFECT, accept, after, letter, noon, onward, register, then
from tests.case.test_correction import correct, strike
from tests.oracle.elsewhere import BOTH

SHORT = CALENDAR.but(version="to 4 March", published_until=date(2026, 3, 4))
"""Every clock of a case from 2 March is provisional by it."""
LONG = CALENDAR.but(version="to June", published_until=date(2026, 6, 30))
FREE = LONG.but(holidays=frozenset({date(2026, 4, day) for day in range(1, 6)}))
"""The first five days of April are free."""
fix = FixDue(clock="conclude/1")
delegate = AcceptCase(mandate=Mandate.DELEGATED)
from_the_court = letter(Mandate.DELEGATED)


def provisional(*past):
    """Recorded while nothing beyond 4 March was published."""
    return after(*past, calendar=SHORT)


def known(history, clock="conclude/1"):
    due = running(history.state)[CaseClock.read(clock)]
    return due.day, due.provisional, due.calendar


CLOCKS = [
    ((register,), "holder"),
    ((register, NoteProceedings(organ=OrganKind.POLICE)), "matter/1"),
    ((register, accept), "conclude/1"),
    ((register.but(category=Category.LABOUR), accept), "also/1/LABOUR_MED"),
    (IN_EFFECT, "confirm/1"),
]


@pytest.mark.parametrize(("past", "clock"), CLOCKS)
def test_what_is_provisional_does_not_fire(past, clock):
    history = provisional(*past)
    day, is_provisional, _ = known(history, clock)

    assert is_provisional
    with pytest.raises(NotRunningOut):
        then(history, LetClockRunOut(clock=clock, day=day), occurred_at=noon(6, 1), calendar=LONG)


@pytest.mark.parametrize(("past", "clock"), CLOCKS)
def test_once_it_is_fixed_it_fires(past, clock):
    history = provisional(*past)

    fixed = onward(history, fix.but(clock=CaseClock.read(clock)), calendar=LONG)

    assert known(fixed, clock) == (known(history, clock)[0], False, "to June")
    assert then(fixed, LetClockRunOut(clock=clock, day=known(fixed, clock)[0]), occurred_at=noon(6, 1))


def test_the_others_of_a_mediation_stay_as_they_were():
    history = provisional(register.but(category=Category.LABOUR), from_the_court, delegate)

    fixed = onward(history, fix.but(clock=CaseClock.read("also/1/COUNTERPARTY_CONSENT")), calendar=LONG).state

    assert [(one.clock, one.provisional) for one in fixed.mediation(1).also] == [
        ("LABOUR_MED", True),
        ("COUNTERPARTY_CONSENT", False),
    ]


def test_a_holiday_moves_it_later():
    history = provisional(register, from_the_court, delegate)

    assert known(history)[0] == date(2026, 4, 1)
    assert known(onward(history, fix, calendar=FREE))[0] == date(2026, 4, 6)


def test_a_worked_weekend_moves_it_no_earlier():
    history = provisional(register.but(category=Category.MEDICAL), accept)
    worked = LONG.but(make_up_workdays=frozenset({date(2026, 3, 14), date(2026, 3, 21)}))

    assert known(history)[0] == date(2026, 4, 13)
    assert known(onward(history, fix, calendar=worked))[0] == date(2026, 4, 13)
    assert known(after(register.but(category=Category.MEDICAL), accept))[0] == date(2026, 4, 13)


def test_a_fixed_day_never_moves():
    fixed = onward(provisional(register, from_the_court, delegate), fix, calendar=LONG)

    with pytest.raises(NotRunningOut):
        then(fixed, fix, calendar=FREE)
    with pytest.raises(NotRunningOut):
        then(after(register, from_the_court, delegate), fix, calendar=FREE)


def test_nothing_is_fixed_before_the_notice_has_come():
    with pytest.raises(NotRunningOut):
        then(
            provisional(register, from_the_court, delegate), fix, calendar=SHORT.but(published_until=date(2026, 3, 31))
        )
    with pytest.raises(NotRunningOut):
        then(provisional(register), fix, calendar=LONG)


def test_a_fixed_day_may_still_lie_beyond_the_notice_and_be_fixed_again():
    history = provisional(register, from_the_court, delegate)
    month = FREE.but(published_until=date(2026, 4, 3))

    once = onward(history, fix, calendar=month)
    twice = onward(once, fix, calendar=FREE.but(holidays=frozenset({*FREE.holidays, date(2026, 4, 6)})))

    assert known(once)[:2] == (date(2026, 4, 6), True)
    assert known(twice)[:2] == (date(2026, 4, 7), False)


def test_what_the_parties_agreed_on_is_not_provisional():
    extend = ExtendMediation(mediation=1, until=date(2027, 1, 4), consented=BOTH)

    extended = onward(provisional(*IN_EFFECT[:4]), extend)

    assert not running(extended.state)[CaseClock.read("conclude/1")].provisional


def test_what_is_counted_anew_after_a_correction_forgets_the_fixed_day():
    fixed = onward(provisional(register, from_the_court, delegate), fix, at=noon(3, 20), calendar=FREE)
    earlier = correct(fixed, "mediation_opened", happened_at=noon(3, 3))

    counted = onward(fixed, earlier, at=noon(3, 21), calendar=LONG)

    assert known(fixed)[0] == date(2026, 4, 6)
    assert known(counted)[:2] == (date(2026, 4, 2), False)


def test_a_fixed_day_keeps_nobody_from_striking_what_it_was_counted_from():
    fixed = onward(provisional(register, accept), fix, at=noon(3, 20), calendar=LONG)

    struck = onward(fixed, strike(fixed, "accepted", "mediation_opened"))

    assert isinstance(fixed.entries[-1].event, DueFixed)
    assert not struck.state.mediations
    assert fixed.effective_at(noon(3, 1)) == fixed.blank
