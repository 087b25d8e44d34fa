"""化解不再成立: what came apart is not resolved from that day on, and is again once it is kept."""

from datetime import date

import pytest

from domain.case.clocks import running
from domain.case.ending.closing import CaseClosed, ReopenCase
from domain.case.ending.performance import BreachObligation, ObligationBreached
from domain.case.kinds import Result
from domain.case.mediating.confirmation import ApplyForConfirmation, DismissConfirmation, GrantConfirmation
from domain.case.mediating.confirmation_undone import NotGranted, RevokeConfirmation, WithdrawConfirmation
from tests.case.histories import IN_EFFECT, PERFORMED, accept, after, close, noon, occasion, onward, perform, then
from tests.oracle.elsewhere import BOTH, recorded

apply = ApplyForConfirmation(mediation=1, applicants=BOTH, court="县人民法院")
breach = BreachObligation(mediation=1, obligation=1)
dismiss = DismissConfirmation(mediation=1, ruling="1")
take_back = WithdrawConfirmation(mediation=1, parties=BOTH)
revoke = RevokeConfirmation(mediation=1, ruling="2")
GRANTED = (*IN_EFFECT, apply, GrantConfirmation(mediation=1, ruling="1"))
BROKEN = onward(after(*IN_EFFECT), breach, at=noon(4, 2))


@pytest.mark.parametrize(
    ("past", "command"),
    [(IN_EFFECT, breach), ((*IN_EFFECT, apply), dismiss), ((*IN_EFFECT, apply), take_back), (GRANTED, revoke)],
)
def test_a_breach_and_what_the_court_does_not_confirm_undo_a_resolution_from_that_day_on(past, command):
    before = after(*past)

    apart = onward(before, command, at=noon(4, 2))

    assert before.state.resolved_at
    assert apart.state.resolved_at is None
    assert apart.effective_at(noon(4, 1)).resolved_at == before.state.resolved_at, "until that day it was"


def test_the_matter_is_open_again_and_its_holder_has_time_from_that_day():
    """2 April and seven days."""
    found = {str(name): due.day for name, due in running(BROKEN.state).items()}

    assert found["holder"] == date(2026, 4, 9)


def test_what_was_breached_and_is_closed_so_is_not_resolved():
    assert onward(BROKEN, close, at=noon(4, 20)).state.resolved_at is None


def test_what_was_breached_and_then_done_is_resolved_when_it_was_done():
    late = onward(BROKEN, perform, at=noon(4, 10))

    assert onward(late, close, at=noon(4, 20)).state.resolved_at == noon(4, 10)


@pytest.mark.parametrize(("past", "command"), [((*PERFORMED, apply), dismiss), (PERFORMED, None)])
def test_what_the_court_did_not_confirm_is_not_resolved_by_being_closed_and_all_else_is(past, command):
    history = onward(after(*past), *([command] if command else []))

    assert bool(onward(history, close).state.resolved_at) == (command is None)


def test_an_application_that_is_taken_back_undoes_it_until_the_court_confirms_it_or_it_is_closed_as_agreed():
    back = onward(after(*IN_EFFECT, apply), take_back, at=noon(3, 10))
    granted = onward(back, apply, GrantConfirmation(mediation=1, ruling="1"))

    assert back.state.resolved_at is None
    assert back.state.mediation(1).stage == "in-effect", "it binds as it did"
    assert granted.state.resolved_at == granted.entries[-1].occurred_at
    assert onward(back, perform, close, at=noon(3, 20)).state.resolved_at == noon(3, 20)
    assert onward(granted, perform, close, at=noon(3, 20)).state.resolved_at == granted.state.resolved_at


def test_what_was_taken_back_before_this_rule_stays_resolved():
    asked = after(*IN_EFFECT, apply)
    (old,) = then(asked, take_back)

    assert recorded(asked, old.but(undoes=False, held=None)).state.resolved_at == asked.state.resolved_at


def test_a_reopened_case_is_not_resolved_until_it_is_closed_as_what_it_came_to():
    closed = after(*PERFORMED, close)
    reopened = onward(closed, ReopenCase(reason="反悔"))

    assert reopened.state.resolved_at is None
    assert onward(reopened, close).state.resolved_at == closed.state.resolved_at


def test_only_what_the_court_confirmed_is_set_aside():
    with pytest.raises(NotGranted):
        then(after(*IN_EFFECT, apply), revoke)


def test_an_older_entry_is_read_by_the_rule_of_then():
    """It tells nothing of a resolution: a breach left it, and closing found it again (0022, 0028)."""
    old = ObligationBreached(mediation=1, obligation=1, account=occasion().narrative(""))
    apart = recorded(after(*IN_EFFECT), old, at=noon(4, 2))

    assert apart.state.resolved_at
    reopened = onward(
        recorded(apart, CaseClosed(result=Result.AGREEMENT_WRITTEN, account=old.account)), ReopenCase(reason="误")
    )
    closed = recorded(reopened, CaseClosed(result=Result.AGREEMENT_WRITTEN, account=old.account))
    assert closed.state.resolved_at == after(*IN_EFFECT).state.resolved_at


def test_an_older_breach_is_undone_by_the_next_mediation():
    old = ObligationBreached(mediation=1, obligation=1, account=occasion().narrative(""))

    assert onward(recorded(after(*IN_EFFECT), old, at=noon(4, 2)), accept).state.resolved_at is None
