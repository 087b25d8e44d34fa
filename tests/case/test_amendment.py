"""变更协议: changed as it was made, with all signatures; what is owed is owed as it says now."""

from datetime import date

import pytest

from domain.case.clocks import running
from domain.case.ending.performance import BreachObligation
from domain.case.mediating.amendment import AmendAgreement, AmendmentUnsigned, RuledUpon
from domain.case.mediating.confirmation import ApplyForConfirmation, DismissConfirmation
from domain.case.mediating.signing import MediatorNotAccepted
from tests.case.histories import (
    APPLICANT,
    IN_EFFECT,
    LI,
    PERFORMED,
    RESPONDENT,
    WANG,
    after,
    noon,
    onward,
    promise,
    then,
)
from tests.oracle.elsewhere import BOTH

later = promise.but(due=date(2026, 6, 1), amount=40_000)
amend = AmendAgreement(mediation=1, terms="缓至六月", obligations=(later,), signed=BOTH, mediator=LI)
apply = ApplyForConfirmation(mediation=1, applicants=BOTH, court="县人民法院")


def owed(history):
    return {number: (one.amount, one.due) for number, one in history.state.mediation(1).reached.obligations.items()}


def test_what_is_still_owed_is_owed_as_it_says_now_and_what_was_done_stays_done():
    assert owed(onward(after(*IN_EFFECT), amend)) == {2: (40_000, date(2026, 6, 1))}
    assert set(owed(onward(after(*PERFORMED), amend))) == {1, 2}


def test_every_party_signs_and_a_mediator_whom_they_accepted():
    with pytest.raises(AmendmentUnsigned) as refusal:
        then(after(*IN_EFFECT), amend.but(signed=(APPLICANT,)))
    assert refusal.value.details["parties"] == [RESPONDENT]
    proposed = after(*IN_EFFECT[:4], IN_EFFECT[4].but(mediator=WANG), *IN_EFFECT[4:])
    with pytest.raises(MediatorNotAccepted):
        then(proposed, amend.but(mediator=WANG))


def test_the_court_is_asked_within_thirty_days_of_the_change():
    """10 March and thirty days."""
    changed = onward(after(*IN_EFFECT), amend, at=noon(3, 10))

    assert {str(name): due.day for name, due in running(changed.state).items()}["confirm/1"] == date(2026, 4, 9)


def test_not_beside_an_application_and_again_after_a_dismissal():
    """人民调解法 33 III: 可以通过人民调解方式变更原调解协议."""
    asked = after(*IN_EFFECT, apply)
    dismissed = onward(asked, DismissConfirmation(mediation=1, ruling="1"))

    with pytest.raises(RuledUpon):
        then(asked, amend)
    assert onward(dismissed, amend, at=noon(3, 20)).state.resolved_at == noon(3, 20), "agreed again"


def test_what_was_breached_is_resolved_again_once_it_was_changed():
    broken = onward(after(*IN_EFFECT), BreachObligation(mediation=1, obligation=1), at=noon(4, 2))

    assert broken.state.resolved_at is None
    assert onward(broken, amend, at=noon(4, 10)).state.resolved_at == noon(4, 10)
