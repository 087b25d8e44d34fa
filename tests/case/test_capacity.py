"""谁同意、谁签字: the party itself; a named representative with the paper; a guardian; a spokesperson."""

from datetime import date

import pytest

from domain.case.commands import UnknownRepresentative
from domain.case.kinds import Capacity, PartyKind, Side, SigningManner
from domain.case.lists import COMMANDS
from domain.case.mediating.amendment import AmendAgreement
from domain.case.mediating.capacity import GuardianNeeded, NotEmpowered, SpokespersonNeeded, age
from domain.case.mediating.confirmation import ApplyForConfirmation
from domain.case.mediating.consent import WithdrawConsent
from domain.case.mediating.mediation_extension import ExtendMediation
from domain.case.mediating.mediators import JoinParticipant, RecuseMediator
from domain.case.mediating.refusal import RefuseMediation
from domain.case.mediating.signing import AgreementSigned, AlreadySigned, RefuseToSign, SignatureRefused
from domain.case.mediations import Stage
from domain.case.opening.parties import AddParty, CorrectParty, RepresentParty, WithdrawParty
from domain.case.opening.starts import AgreeToMediateOnline
from domain.case.record.correction import CorrectEntry
from domain.shared.errors import code
from domain.shared.references import fields_of_will, reference_fields
from tests.case.histories import (
    AGREED,
    APPLICANT,
    CONSENTED,
    COURT,
    HASH,
    IN_EFFECT,
    LI,
    LIU,
    RESPONDENT,
    UNDER_WAY,
    ZHANG,
    accept,
    after,
    applicant_consents,
    both_accept,
    id_of,
    onward,
    perform,
    register,
    sign_applicant,
    sign_respondent,
    then,
)
from tests.oracle.elsewhere import BOTH

CHILD, BABY, GROWN = "420581201501010018", "420581202001010016", "420581199001010011"
guardian = RepresentParty(party=APPLICANT, name="张父", capacity=Capacity.GUARDIAN, authorisation=HASH)
agent = guardian.but(name="王律师", capacity=Capacity.ENTRUSTED)


def of(number, past=(register, accept)):
    """An applicant who is of age or not as the number says, if it says anything."""
    known = after(*past)
    return onward(known, CorrectParty(party=APPLICANT, identity_number=number)) if number else known


def with_person(history, command):
    done = onward(history, command)
    return done, done.state.parties[APPLICANT].represented_by


@pytest.mark.parametrize(
    ("number", "day", "years"),
    [
        (CHILD, date(2026, 1, 1), 11),
        (CHILD, date(2025, 12, 31), 10),
        ("420581200803020014", date(2026, 3, 2), 18),
        ("420581200803020014", date(2026, 3, 1), 17),
        ("", date(2026, 1, 1), None),
        ("E12345678", date(2026, 1, 1), None),
    ],
)
def test_the_identity_number_tells_the_age_in_full_years(number, day, years):
    assert age(number, day) == years


@pytest.mark.parametrize("number", [CHILD, BABY])
def test_a_minor_neither_consents_nor_signs_alone(number):
    """民法典 19, 20; 181 of the police's rules."""
    with pytest.raises(GuardianNeeded) as refusal:
        then(of(number), applicant_consents)
    assert refusal.value.details["parties"] == [APPLICANT]
    with pytest.raises(GuardianNeeded):
        then(of(number, AGREED), sign_applicant)


@pytest.mark.parametrize("number", [CHILD, BABY])
def test_the_guardian_with_the_paper_does_both(number):
    waiting, parent = with_person(of(number), guardian)
    agreed, signing = with_person(of(number, AGREED), guardian)

    assert then(waiting, applicant_consents.but(given_by=parent))
    assert then(agreed, sign_applicant.but(signed_by=signing))


def test_from_eight_years_on_the_minor_signs_itself_where_the_guardian_agrees_and_before_that_not():
    child, parent = with_person(of(CHILD, AGREED), guardian)
    baby, other = with_person(of(BABY, AGREED), guardian)

    assert then(child, sign_applicant.but(with_guardian=parent))
    with pytest.raises(GuardianNeeded):
        then(baby, sign_applicant.but(with_guardian=other))


def test_somebody_else_with_a_paper_is_no_guardian():
    child, lawyer = with_person(of(CHILD, AGREED), agent)

    with pytest.raises(GuardianNeeded):
        then(child, sign_applicant.but(signed_by=lawyer))


def test_who_is_of_age_and_whose_number_says_nothing_acts_by_itself():
    assert then(of(GROWN), applicant_consents)
    assert then(of(""), applicant_consents)


def test_an_agent_signs_with_the_paper_that_empowers_them_and_not_without():
    named, lawyer = with_person(after(*AGREED), agent)
    unproven, stranger = with_person(after(*AGREED), agent.but(authorisation=None))

    (signed, *_) = then(named, sign_applicant.but(signed_by=lawyer, signing=SigningManner.FINGERPRINT))
    assert isinstance(signed, AgreementSigned)
    assert (signed.signed_by, signed.signing) == (lawyer, "fingerprint")
    with pytest.raises(NotEmpowered):
        then(unproven, sign_applicant.but(signed_by=stranger))
    with pytest.raises(NotEmpowered):
        then(named, sign_respondent.but(signed_by=lawyer))
    with pytest.raises(UnknownRepresentative):
        then(named, sign_applicant.but(signed_by=id_of("nobody")))


def test_a_group_consents_and_signs_by_a_spokesperson():
    crowd = ZHANG.but(kind=PartyKind.GROUP, head_count=37)
    waiting = after(register.but(parties=(crowd, LIU)), accept)
    chosen, speaker = with_person(waiting, guardian.but(capacity=Capacity.GROUP_SPOKESPERSON))

    with pytest.raises(SpokespersonNeeded):
        then(waiting, applicant_consents)
    assert then(chosen, applicant_consents.but(given_by=speaker))


def test_one_of_several_who_does_not_sign_keeps_it_from_taking_effect():
    refused = onward(after(*AGREED), sign_applicant, RefuseToSign(mediation=1, party=RESPONDENT, reason="反悔"))

    assert isinstance(refused.entries[-1].event, SignatureRefused)
    assert refused.state.mediation(1).stage is Stage.AGREED
    with pytest.raises(AlreadySigned):
        then(refused, RefuseToSign(mediation=1, party=APPLICANT))
    assert then(refused, sign_respondent), "and may think better of it"


FACTS = frozenset(
    {
        *("correct-party.party", "represent-party.party", "tell-rights.parties", "check-identity.party"),
        *("succeed-party.party", "split-case.parties", "file-evidence.party", "record-satisfaction.party"),
        "hold-session.attended",
    }
)
"""What is recorded of a party, and is no act of its will."""


def test_each_field_that_names_a_party_tells_its_will_or_a_fact_about_it():
    named = {
        f"{code(command)}.{name}": name in fields_of_will(command)
        for command in COMMANDS
        for name, kind in reference_fields(command)
        if kind == "party"
    }

    assert {field for field, wills in named.items() if not wills} == FACTS


CROWD = ZHANG.but(kind=PartyKind.GROUP, head_count=37)
waiting = (register, accept)
BY_ALL = [
    (AGREED, RefuseToSign(mediation=1, party=APPLICANT)),
    (IN_EFFECT, AmendAgreement(mediation=1, terms="缓一月", signed=BOTH, mediator=LI)),
    (IN_EFFECT, ApplyForConfirmation(mediation=1, applicants=BOTH, court="县人民法院")),
    (UNDER_WAY[:-3], both_accept),
    (UNDER_WAY, ExtendMediation(mediation=1, until=date(2026, 5, 6), consented=BOTH)),
    (CONSENTED, JoinParticipant(mediation=1, name="孙八", consented=BOTH)),
    (CONSENTED, WithdrawConsent(party=APPLICANT)),
    (waiting, RefuseMediation(party=APPLICANT)),
    ((register, AddParty(side=Side.APPLICANT, name="王五")), WithdrawParty(party=APPLICANT)),
    ((*IN_EFFECT, perform), CorrectEntry(entry=1, reason="笔误", changes={"category": "labour"}, consented=BOTH)),
    (UNDER_WAY, RecuseMediator(mediation=1, mediator=LI, requested_by=APPLICANT)),
]


@pytest.mark.parametrize("number", [CHILD, BABY])
@pytest.mark.parametrize(("past", "command"), BY_ALL, ids=lambda one: type(one).__name__)
def test_no_act_of_a_minors_will_is_done_without_a_guardian_on_record(number, past, command):
    alone = of(number, past)
    guarded = onward(alone, guardian)

    with pytest.raises(GuardianNeeded):
        then(alone, command)
    with pytest.raises(GuardianNeeded):
        then(onward(alone, agent), command)
    with pytest.raises(GuardianNeeded):
        then(onward(alone, guardian.but(authorisation=None)), command)
    assert then(guarded, command)


def test_a_group_without_a_spokesperson_on_record_wills_nothing():
    crowd = after(register.but(parties=(CROWD, LIU)), accept, RefuseMediation(party=RESPONDENT))

    with pytest.raises(SpokespersonNeeded):
        then(crowd, RefuseMediation(party=APPLICANT))
    assert then(onward(crowd, guardian.but(capacity=Capacity.GROUP_SPOKESPERSON)), RefuseMediation(party=APPLICANT))


def test_a_minor_does_not_agree_to_mediate_online_alone():
    with pytest.raises(GuardianNeeded):
        then(of(CHILD, (register,)), AgreeToMediateOnline(), body=COURT)


def test_what_was_consented_before_this_rule_stays_consented():
    assert after(*CONSENTED).state.mediation(1).stage is Stage.CONSENTED
