"""自愿: every party's consent, refusal and withdrawal; what stops, and what goes on."""

from datetime import timedelta

import pytest

from domain.case.mediating.consent import (
    GiveConsent,
    NoConsentToWithdraw,
    NoMediationToAskFor,
    ToClosedDoors,
    ToDisclosure,
    ToMediation,
    WithdrawConsent,
)
from domain.case.mediating.mediation import ConsentNeeded
from domain.case.mediating.refusal import AgreementWasReached, RefuseMediation
from domain.case.mediating.sessions import RefusedByParty, ScheduleSession
from domain.case.mediations import Stage
from domain.shared.errors import BeforeWhatItBuildsOn, UnknownBody
from domain.shared.values import BodyId, Channel
from tests.case.histories import (
    AGREED,
    APPLICANT,
    CONSENTED,
    COURT,
    FAILED,
    IN_EFFECT,
    MONDAY,
    RESPONDENT,
    UNDER_WAY,
    accept,
    after,
    applicant_consents,
    hold,
    id_of,
    noon,
    onward,
    register,
    respondent_consents,
    start,
    then,
)

refuse = RefuseMediation(party=RESPONDENT)
withdraw = WithdrawConsent(party=RESPONDENT)
schedule = ScheduleSession(mediation=1, at=noon(6, 1))


def stage(history):
    return history.state.mediation(1).stage


def test_every_partys_consent_is_needed():
    one = after(register, accept, applicant_consents)

    both = onward(one, respondent_consents)

    assert (stage(one), stage(both)) == (Stage.OPENED, Stage.CONSENTED)


def test_a_consent_to_another_channel_is_no_consent_to_this_one():
    accepted = after(register, accept, applicant_consents)

    asked = onward(accepted, GiveConsent(party=RESPONDENT, subject=ToMediation(channel=Channel.LITIGATION)))

    assert stage(asked) is Stage.OPENED


@pytest.mark.parametrize("command", [refuse, withdraw])
@pytest.mark.parametrize("past", [CONSENTED, UNDER_WAY])
def test_a_refusal_or_withdrawal_stops_the_mediation_until_that_party_consents_again(command, past):
    stopped = onward(after(*past), command)

    renewed = onward(stopped, respondent_consents)

    assert stage(stopped) is Stage.OPENED
    assert stage(onward(stopped, applicant_consents)) is Stage.OPENED
    assert stage(renewed) is Stage.CONSENTED
    for command in (hold, start):
        with pytest.raises(ConsentNeeded) as refusal:
            then(stopped, command)
        assert refusal.value.details["parties"] == [RESPONDENT]


def test_nobody_is_summoned_against_a_refusal():
    refused = onward(after(register, accept), refuse)

    with pytest.raises(RefusedByParty):
        then(refused, schedule)
    assert then(onward(refused, respondent_consents), schedule)


def test_an_agreement_that_was_reached_is_not_refused_but_left_unsigned():
    agreed, settled = after(*AGREED), after(*IN_EFFECT)

    with pytest.raises(AgreementWasReached):
        then(agreed, refuse)
    with pytest.raises(NoConsentToWithdraw):
        then(agreed, withdraw)
    case = onward(settled, refuse).state

    assert case.mediation(1).stage is Stage.IN_EFFECT


def test_only_a_consent_that_was_given_is_withdrawn():
    accepted = after(register, accept)

    for subject in (ToMediation(), ToClosedDoors(), ToDisclosure(body=COURT.id)):
        with pytest.raises(NoConsentToWithdraw):
            then(accepted, withdraw.but(subject=subject))


def test_a_disclosure_is_consented_to_body_by_body_and_withdrawn():
    to_court = ToDisclosure(body=COURT.id)
    told = onward(after(register), applicant_consents.but(subject=to_court))

    taken_back = onward(told, WithdrawConsent(party=APPLICANT, subject=to_court))

    assert told.state.disclosures == {(APPLICANT, COURT.id)}
    assert not taken_back.state.disclosures
    with pytest.raises(UnknownBody):
        then(told, applicant_consents.but(subject=ToDisclosure(body=BodyId(id_of("nobody")))))


def test_closed_doors_are_asked_for_where_there_is_a_mediation():
    closed_doors = applicant_consents.but(subject=ToClosedDoors())

    with pytest.raises(NoMediationToAskFor):
        then(after(register), closed_doors)
    asked = onward(after(register, accept), closed_doors)
    opened = onward(asked, WithdrawConsent(party=APPLICANT, subject=ToClosedDoors()))

    assert asked.state.mediation(1).closed_doors == {APPLICANT}
    assert not opened.state.mediation(1).closed_doors


def test_all_have_consented_since_the_last_consent_in_whatever_order_they_are_recorded():
    accepted = after(register, accept)
    late, early = MONDAY + timedelta(days=3), MONDAY + timedelta(days=1)

    consented = onward(onward(accepted, applicant_consents, at=late), respondent_consents, at=early)

    assert consented.state.mediation(1).since == late


def test_a_consent_of_before_does_not_count_for_a_mediation_opened_after_it():
    again = onward(after(*FAILED), accept, at=noon(3, 20))

    with pytest.raises(BeforeWhatItBuildsOn):
        then(again, applicant_consents, occurred_at=noon(3, 10))


def test_a_refusal_of_before_stops_what_goes_on_and_dates_nothing_back():
    under_way = after(*UNDER_WAY)
    began = under_way.state.mediation(1).since

    stopped = onward(under_way, refuse, at=began - timedelta(minutes=3))

    assert (stage(stopped), stopped.state.mediation(1).since) == (Stage.OPENED, began)
