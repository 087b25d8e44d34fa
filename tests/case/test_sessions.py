"""调解会: scheduled for later, held once, behind closed doors when a party asked."""

import pytest

from domain.case.mediating.consent import GiveConsent, ToClosedDoors, WithdrawConsent
from domain.case.mediating.refusal import RefuseMediation
from domain.case.mediating.sessions import (
    AdjournSession,
    InThePast,
    NotPublic,
    RefusedByParty,
    ScheduleSession,
    SessionIsOver,
)
from domain.case.mediations import SessionState
from tests.case.histories import RESPONDENT, UNDER_WAY, after, hold, noon, onward, then

schedule = ScheduleSession(mediation=1, at=noon(3, 20), where="村委会")
adjourn = AdjournSession(mediation=1, session=1, to=noon(3, 25))


def test_sessions_are_numbered_as_they_come():
    scheduled = onward(after(*UNDER_WAY), schedule)

    sessions = onward(scheduled, hold, hold.but(session=1)).state.mediation(1).sessions

    assert sessions == {1: SessionState.HELD, 2: SessionState.HELD}


def test_a_session_is_scheduled_and_adjourned_for_later():
    scheduled = onward(after(*UNDER_WAY), schedule)

    with pytest.raises(InThePast):
        then(scheduled, schedule.but(at=noon(3, 1)))
    with pytest.raises(InThePast):
        then(scheduled, adjourn.but(to=noon(3, 1)))

    assert onward(scheduled, adjourn).state.mediation(1).sessions == {1: SessionState.ADJOURNED}


def test_a_session_is_held_once():
    held = onward(after(*UNDER_WAY), schedule, hold.but(session=1))

    with pytest.raises(SessionIsOver):
        then(held, hold.but(session=1))
    with pytest.raises(SessionIsOver):
        then(held, adjourn)


@pytest.mark.parametrize("summons", [schedule, adjourn])
@pytest.mark.parametrize("stopped", [RefuseMediation(party=RESPONDENT), WithdrawConsent(party=RESPONDENT)])
def test_nobody_is_summoned_who_refused_or_took_the_consent_back_until_they_consent_again(summons, stopped):
    scheduled = onward(after(*UNDER_WAY), schedule)
    against = onward(scheduled, stopped)
    again = onward(against, GiveConsent(party=RESPONDENT))

    with pytest.raises(RefusedByParty):
        then(against, summons)

    assert then(again, summons)


def test_one_party_is_enough_to_close_the_doors():
    asked = onward(after(*UNDER_WAY), GiveConsent(party=RESPONDENT, subject=ToClosedDoors()))
    opened = onward(asked, WithdrawConsent(party=RESPONDENT, subject=ToClosedDoors()))

    with pytest.raises(NotPublic):
        then(asked, hold.but(public=True))

    assert then(asked, hold)
    assert then(opened, hold.but(public=True))
