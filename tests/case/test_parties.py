"""当事人: known to the case, present until they leave, and not to be left without a side or an agreement."""

import pytest

from domain.case.case import NoSuchMediation, UnknownParty
from domain.case.commands import UnknownMediator, UnknownObligation, UnknownParticipant, UnknownSession
from domain.case.kinds import Side
from domain.case.mediating.consent import GiveConsent
from domain.case.mediating.mediators import AcceptMediator
from domain.case.mediating.sessions import AdjournSession
from domain.case.mediations import Stage
from domain.case.opening.acceptance import BothSidesNeeded
from domain.case.opening.parties import (
    AddParty,
    AgreementStands,
    CheckIdentity,
    CorrectParty,
    LastOfTheSide,
    NothingToCorrect,
    RepresentParty,
    TellRights,
    WithdrawParty,
)
from domain.case.opening.succession import SucceedParty
from domain.shared.values import OfficerId, PersonId
from tests.case.histories import (
    AGREED,
    APPLICANT,
    HASH,
    LI,
    RESPONDENT,
    UNDER_WAY,
    ZHANG,
    accept,
    after,
    agree,
    applicant_consents,
    both_accept,
    hold,
    id_of,
    noon,
    onward,
    perform,
    register,
    respondent_consents,
    seal,
    sign_mediator,
    sign_respondent,
    start,
    then,
)

STRANGER = PersonId(id_of("stranger"))
third = AddParty(side=Side.THIRD, name="王五")


def third_of(history):
    return next(id for id, party in history.state.parties.items() if party.side is Side.THIRD)


def test_rights_told_and_identity_checked_are_kept_for_each_party():
    registered = after(register)

    case = onward(registered, TellRights(parties=(APPLICANT,)), CheckIdentity(party=RESPONDENT)).state

    assert [(one.rights_told, one.identity_checked) for one in case.parties.values()] == [(True, False), (False, True)]


def test_correcting_a_party_changes_only_what_is_told():
    registered = after(register)

    party = onward(registered, CorrectParty(party=APPLICANT, phone="13800000000")).state.parties[APPLICANT]

    assert (party.details.name, party.details.phone, party.side) == ("张三", "13800000000", Side.APPLICANT)


def test_a_representative_may_be_acted_for_and_a_stranger_may_not():
    represented = onward(after(register), RepresentParty(party=APPLICANT, name="律师甲"))
    lawyer = represented.state.parties[APPLICANT].represented_by

    assert then(represented, applicant_consents.but(on_behalf_of=lawyer))
    assert then(represented, applicant_consents.but(on_behalf_of=APPLICANT))
    with pytest.raises(UnknownParty):
        then(represented, applicant_consents.but(on_behalf_of=STRANGER))


@pytest.mark.parametrize(
    "command",
    [
        GiveConsent(party=STRANGER),
        TellRights(parties=(APPLICANT, STRANGER)),
        CheckIdentity(party=STRANGER),
    ],
)
def test_only_parties_of_the_case_are_named(command):
    with pytest.raises(UnknownParty):
        then(after(register), command)


def test_whoever_has_left_is_named_no_more():
    left = onward(after(register), third)
    left = onward(left, WithdrawParty(party=third_of(left)))

    with pytest.raises(UnknownParty):
        then(left, CheckIdentity(party=third_of(left)))


def test_a_mediation_a_mediator_a_session_a_participant_an_obligation_are_known_to_the_case():
    under_way, in_agreement = after(*UNDER_WAY), after(*AGREED)

    with pytest.raises(NoSuchMediation):
        then(under_way, hold.but(mediation=2))
    with pytest.raises(UnknownMediator):
        then(under_way, both_accept.but(mediator=OfficerId(id_of("somebody"))))
    with pytest.raises(UnknownSession):
        then(under_way, AdjournSession(mediation=1, session=9, to=noon(3, 20)))
    with pytest.raises(UnknownParticipant):
        then(under_way, hold.but(participants=(STRANGER,)))
    with pytest.raises(UnknownObligation):
        then(in_agreement, perform.but(obligation=2))


def test_the_last_of_a_side_does_not_leave_while_a_mediation_goes_on():
    accepted = after(register, accept)

    with pytest.raises(LastOfTheSide):
        then(accepted, WithdrawParty(party=RESPONDENT))
    assert then(after(register), WithdrawParty(party=RESPONDENT))


def test_one_of_two_respondents_may_leave():
    two = onward(after(register), AddParty(side=Side.RESPONDENT, name="刘五"), accept)

    case = onward(two, WithdrawParty(party=RESPONDENT)).state

    assert RESPONDENT not in case.present_parties
    assert case.missing_sides() == []


def test_nobody_leaves_an_agreement_that_was_reached():
    joined = onward(after(register), third)
    consents = tuple(GiveConsent(party=id) for id in joined.state.parties)
    agreed = onward(joined, accept, *consents, *UNDER_WAY[4:5])
    everybody = tuple(joined.state.parties)
    agreed = onward(agreed, both_accept.but(parties=everybody), TellRights(parties=everybody), start, agree)

    with pytest.raises(AgreementStands):
        then(agreed, WithdrawParty(party=third_of(agreed)))


def test_when_the_only_party_without_consent_leaves_all_have_consented():
    joined = onward(after(register), third, accept, applicant_consents, respondent_consents)

    left = onward(joined, WithdrawParty(party=third_of(joined)))

    assert joined.state.mediation(1).stage is Stage.OPENED
    assert left.state.mediation(1).stage is Stage.CONSENTED


def test_who_succeeds_a_party_stands_on_its_side_and_consents_and_signs_for_itself():
    succeed = SucceedParty(party=APPLICANT, side=Side.APPLICANT, name="张小三", paper=HASH)
    agreed = onward(after(*AGREED), succeed)
    (heir,) = agreed.state.present_parties - {RESPONDENT}

    assert (agreed.state.parties[heir].side, agreed.state.parties[APPLICANT].succeeded_by) == (Side.APPLICANT, heir)
    signed = onward(agreed, sign_respondent, AcceptMediator(mediation=1, mediator=LI, parties=(heir,)))
    waiting = onward(signed, sign_mediator, seal)
    assert waiting.state.mediation(1).stage is Stage.AGREED, "the successor has not signed"
    assert onward(waiting, sign_respondent.but(party=heir)).state.mediation(1).stage is Stage.IN_EFFECT


def test_what_somebody_reported_without_a_name_gets_its_parties_later_and_is_then_accepted():
    anonymous = after(register.but(parties=()))

    with pytest.raises(BothSidesNeeded):
        then(anonymous, accept)
    named = onward(anonymous, AddParty(side="applicant", name="甲"), AddParty(side="respondent", name="乙"))
    assert then(named, accept)


def test_a_party_is_not_corrected_to_what_is_known_already():
    for nothing in (CorrectParty(party=APPLICANT), CorrectParty(party=APPLICANT, name=ZHANG.name)):
        with pytest.raises(NothingToCorrect):
            then(after(register), nothing)
