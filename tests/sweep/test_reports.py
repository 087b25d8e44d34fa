"""A unit reports once of a day: zero, or what was found; what was wrong is withdrawn and stays on record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import ValidationError

from domain.shared.decider import decide
from domain.shared.errors import DomainError, InTheFuture, NotAllowedNow
from domain.shared.values import CaseId, Level
from domain.sweep.duty import EndDuty, NoDailySweep, NotDueThen, OpenMonth
from domain.sweep.kinds import WithdrawalGround
from domain.sweep.reporting import (
    FindsReported,
    NothingReported,
    ReportedAlready,
    ReportFinds,
    ReportZero,
    WithdrawReport,
    ZeroReported,
)
from domain.sweep.sweep import SweepMonth, sweep_id
from tests.sweep.month import CASE, GRID, NOW, OTHER, TOWN, VILLAGE, blank, march, noon, occasion, opened, then

ZERO = ReportZero(unit=GRID)


def test_a_zero_report_is_an_event_without_content():
    (event,) = decide(opened(), ZERO, occasion())

    assert event == ZeroReported()
    assert event.model_dump() == {}


def test_the_day_that_was_swept_is_the_day_on_which_it_happened():
    late = then(opened(), ZERO, noon(march(3)))

    assert late.state.reports == {march(3): ()}
    assert late.entries[-1].recorded_at == NOW


def test_a_day_is_one_in_china():
    before_midnight_in_london = datetime.fromisoformat("2026-03-02T23:30:00+00:00")

    assert then(opened(), ZERO, before_midnight_in_london).state.reports == {march(3): ()}


def test_a_unit_reports_zero_once_of_a_day():
    with pytest.raises(ReportedAlready):
        then(then(opened(), ZERO), ZERO)


def test_what_is_found_in_the_evening_adds_to_the_zero_of_the_morning():
    found = then(then(opened(), ZERO), ReportFinds(unit=GRID, cases=(CASE,)))
    more = then(found, ReportFinds(unit=GRID, cases=(OTHER,)))

    assert more.entries[-1].event == FindsReported(cases=(CASE, OTHER))
    assert more.state.reports == {march(20): (CASE, OTHER)}


def test_a_report_with_finds_names_at_least_one():
    with pytest.raises(ValidationError):
        ReportFinds(unit=GRID, cases=())


def test_a_report_that_is_withdrawn_stays_on_record_and_the_day_is_open_again():
    wrong = then(opened(), ZERO, noon(march(3)))
    withdrawn = then(wrong, WithdrawReport(unit=GRID, day=march(3), because=WithdrawalGround.FIND_MISSED))
    right = then(withdrawn, ReportFinds(unit=GRID, cases=(CASE,)), noon(march(3)))

    assert withdrawn.state.reports == {}
    assert right.state.reports == {march(3): (CASE,)}
    assert [one.event.name for one in right.entries] == [
        "sweep.month_opened",
        "sweep.zero_reported",
        "sweep.report_withdrawn",
        "sweep.finds_reported",
    ]


def test_what_was_not_reported_is_not_withdrawn():
    with pytest.raises(NothingReported):
        then(opened(), WithdrawReport(unit=GRID, day=march(3), because=WithdrawalGround.WRONG_DAY))


def test_nothing_is_reported_of_tomorrow():
    with pytest.raises(InTheFuture):
        then(opened(), ZERO, noon(march(21)))


def test_nothing_is_reported_before_the_month_is_opened():
    with pytest.raises(NotAllowedNow):
        then(blank(), ZERO)


def test_grids_and_villages_report_each_day_and_townships_do_not():
    assert opened(unit=VILLAGE).state.level is Level.VILLAGE
    with pytest.raises(NoDailySweep):
        opened(unit=TOWN)


def test_a_unit_is_due_from_the_day_of_its_opening_to_the_end_of_the_month():
    state = opened(since=5).state

    assert (state.due_from, state.due_until) == (march(5), date(2026, 4, 1))


def test_a_month_that_is_over_and_was_never_opened_makes_nobody_late_on_its_other_days():
    late = noon(date(2026, 1, 10))
    state = then(blank(day=late.date()), OpenMonth(unit=GRID, due_from=late.date()), late).state

    assert (state.due_from, state.due_until) == (date(2026, 1, 10), date(2026, 1, 11))


def test_a_duty_ends_once_and_earlier_only():
    ended = then(opened(), EndDuty(unit=GRID, due_until=march(15)))

    assert ended.state.due_until == march(15)
    with pytest.raises(NotDueThen):
        then(ended, EndDuty(unit=GRID, due_until=march(15)))


def test_the_months_of_a_unit_are_different_streams_and_two_who_report_at_once_meet_in_one():
    assert sweep_id(GRID, march(1)) == sweep_id(GRID, march(31)) != sweep_id(GRID, date(2026, 4, 1))
    assert sweep_id(GRID, march(1)) != sweep_id(VILLAGE, march(1))


DAYS = st.integers(1, 20).map(march)


class ReportingLife(RuleBasedStateMachine):
    """Whatever is asked in whatever order: a plain dictionary says what stands reported."""

    @initialize()
    def open(self) -> None:
        self.history = opened()
        self.said: dict[date, tuple[CaseId, ...]] = {}

    def _ask(self, command: object, at: datetime) -> bool:
        try:
            self.history = then(self.history, command, at)
        except DomainError:
            return False
        return True

    @rule(day=DAYS)
    def zero(self, day: date) -> None:
        done = self._ask(ZERO, noon(day))

        assert done == (day not in self.said)
        self.said.setdefault(day, ())

    @rule(day=DAYS, cases=st.lists(st.uuids().map(CaseId), min_size=1, max_size=3).map(tuple))
    def finds(self, day: date, cases: tuple[CaseId, ...]) -> None:
        assert self._ask(ReportFinds(unit=GRID, cases=cases), noon(day))
        self.said[day] = (*self.said.get(day, ()), *cases)

    @rule(day=DAYS, because=st.sampled_from(WithdrawalGround))
    def withdraw(self, day: date, because: WithdrawalGround) -> None:
        done = self._ask(WithdrawReport(unit=GRID, day=day, because=because), NOW)

        assert done == (day in self.said)
        self.said.pop(day, None)

    @invariant()
    def what_stands_is_what_was_said(self) -> None:
        if hasattr(self, "history"):
            assert self.history.state.reports == self.said

    @invariant()
    def the_history_tells_all(self) -> None:
        if hasattr(self, "history"):
            blank_state = SweepMonth.blank(self.history.id)
            again = type(self.history).of(self.history.id, blank_state, self.history.entries)
            assert again.state == self.history.state


TestReportingLife = ReportingLife.TestCase
TestReportingLife.settings = settings(max_examples=40, stateful_step_count=20, deadline=timedelta(seconds=2))
