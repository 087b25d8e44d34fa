"""受理: one mediation at a time, with both sides, and against nobody's refusal."""

from datetime import date

import pytest

from domain.case.case import Status
from domain.case.ending.closing import StillOnItsWay
from domain.case.ending.performance import BreachObligation
from domain.case.kinds import DeclineGround, EndGround, Mandate, Result
from domain.case.mediating.consent import GiveConsent
from domain.case.mediating.mediation import EndMediation, RemediesNotTold
from domain.case.mediating.refusal import RefuseMediation
from domain.case.mediations import Stage
from domain.case.opening.acceptance import (
    AcceptCase,
    AlreadyResolved,
    BodyDoesNotMediate,
    BothSidesNeeded,
    CaseAccepted,
    DeclineCase,
    MediationGoesOn,
    MediationOpened,
    RefusalStands,
)
from domain.shared.errors import NotAllowedNow
from domain.shared.values import Channel
from tests.case.histories import (
    APPLICANT,
    COMMITTEE,
    COURT,
    FAILED,
    GRID_POST,
    IN_EFFECT,
    RESPONDENT,
    UNDER_WAY,
    ZHANG,
    accept,
    after,
    letter,
    noon,
    onward,
    register,
    then,
)
from tests.oracle.elsewhere import offer_of, recorded

refuse = RefuseMediation(party=RESPONDENT)


def test_accepting_opens_a_mediation_without_consents_mediators_or_sessions():
    case = after(register, accept).state

    mediation = case.mediation(1)

    assert (case.status, mediation.stage) == (Status.OPEN, Stage.OPENED)
    assert not any((mediation.consents, mediation.mediators, mediation.sessions))


def test_a_committee_concludes_within_a_month_the_court_sets_thirty_or_fifteen_days():
    registered = after(register, letter(Mandate.DELEGATED), letter(Mandate.ENTRUSTED))

    due = {
        mandate: onward(registered, AcceptCase(mandate=mandate)).state.mediation(1).conclude_by
        for mandate in (Mandate.OWN, Mandate.DELEGATED, Mandate.ENTRUSTED)
    }

    assert due == {
        Mandate.OWN: date(2026, 4, 2),
        Mandate.DELEGATED: date(2026, 4, 1),
        Mandate.ENTRUSTED: date(2026, 3, 17),
    }


def test_the_file_number_names_the_year_the_body_and_the_channel():
    opened = next(event for event in then(after(register), accept) if isinstance(event, MediationOpened))

    assert opened.numbered(2026, 3).given == "(2026)清江村人调字第3号"
    assert opened.series().body == COMMITTEE.id


@pytest.mark.parametrize("going_on", ["at once", "under way"])
def test_there_is_one_active_mediation_across_all_channels(going_on):
    accepted = after(register, accept) if going_on == "at once" else after(*UNDER_WAY)

    with pytest.raises(MediationGoesOn):
        then(accepted, accept)
    with pytest.raises(MediationGoesOn):
        then(accepted, accept, body=COURT)


def test_a_dispute_has_two_sides_before_it_is_accepted():
    alone = after(register.but(parties=(ZHANG,)))

    with pytest.raises(BothSidesNeeded) as refusal:
        then(alone, accept)

    assert refusal.value.details["missing"] == ["respondent"]


@pytest.mark.parametrize("own_motion", [False, True])
def test_a_partys_refusal_stops_acceptance_also_on_the_committees_own_motion(own_motion):
    refused = after(register, refuse)

    with pytest.raises(RefusalStands):
        then(refused, AcceptCase(own_motion=own_motion))


def test_a_refusal_stops_one_channel_and_not_another():
    refused = after(register, refuse)

    events = then(refused, accept, body=COURT)

    assert isinstance(events[0], CaseAccepted)


def test_a_refusal_is_lifted_by_that_partys_own_consent_alone():
    refused = after(register, refuse)

    with pytest.raises(RefusalStands):
        then(onward(refused, GiveConsent(party=APPLICANT)), accept)
    lifted = onward(refused, GiveConsent(party=RESPONDENT))

    assert isinstance(then(lifted, accept)[0], CaseAccepted)


def test_a_body_without_a_channel_does_not_mediate():
    registered = after(register)

    with pytest.raises(BodyDoesNotMediate):
        then(registered, accept, body=GRID_POST)


def test_a_committee_past_its_term_is_flagged_not_refused():
    registered = after(register)

    accepted = then(registered, accept, body=COMMITTEE.but(term_ended=True))[0]

    assert accepted.term_ended


def test_what_is_resolved_is_not_mediated_again_unless_it_came_apart():
    resolved = after(*IN_EFFECT)
    breached = onward(resolved, BreachObligation(mediation=1, obligation=1), at=noon(4, 2))

    with pytest.raises(AlreadyResolved):
        then(resolved, accept)
    events = then(breached, accept)

    assert events[1].number == 2


def test_what_came_apart_is_unresolved_and_stays_so_when_it_is_accepted_again():
    breached = onward(after(*IN_EFFECT), BreachObligation(mediation=1, obligation=1), at=noon(4, 2))

    again = onward(breached, accept)

    assert breached.state.resolved_at is None
    assert again.state.resolved_at is None
    failed = onward(again, EndMediation(mediation=2, because=EndGround.FAILED, remedies_told=True))
    assert failed.state.resolved_at is None


def test_what_a_second_agreement_resolved_is_not_mediated_again_for_the_first_ones_breach():
    breached = onward(after(*IN_EFFECT), BreachObligation(mediation=1, obligation=1), at=noon(4, 2))
    settled = onward(breached, accept, EndMediation(mediation=2, because=EndGround.SELF_SETTLED))

    with pytest.raises(AlreadyResolved):
        then(settled, accept)


def test_what_the_parties_settled_themselves_is_resolved():
    settled = after(*UNDER_WAY, EndMediation(mediation=1, because=EndGround.SELF_SETTLED))

    with pytest.raises(AlreadyResolved):
        then(settled, accept)


def test_a_new_mediation_needs_new_consents():
    failed = after(*FAILED)

    case = onward(failed, accept).state

    assert case.mediation(2).stage is Stage.OPENED
    assert case.parties_without_consent(case.mediation(2)) == sorted([APPLICANT, RESPONDENT])


def test_the_courts_mediation_is_in_its_own_channel():
    case = onward(after(register), (accept, COURT)).state

    assert case.mediation(1).channel is Channel.LITIGATION


def test_whoever_is_declined_is_told_of_the_remedies():
    declined = DeclineCase(because=DeclineGround.NOT_CIVIL, remedies_told=False)

    with pytest.raises(RemediesNotTold):
        then(after(register), declined)
    case = onward(after(register), declined.but(remedies_told=True)).state

    assert (case.status, case.result, case.resolved_at) == (Status.CLOSED, Result.DECLINED, None)


def test_what_is_on_its_way_to_another_desk_is_not_declined():
    offered = recorded(after(register), offer_of())
    declined = DeclineCase(because=DeclineGround.NOT_CIVIL, remedies_told=True)

    with pytest.raises(StillOnItsWay):
        then(offered, declined)


def test_what_was_accepted_is_not_declined():
    accepted = after(register, accept)

    with pytest.raises(NotAllowedNow):
        then(accepted, DeclineCase(because=DeclineGround.NOT_CIVIL, remedies_told=True))
