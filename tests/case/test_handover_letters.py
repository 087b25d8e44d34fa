"""委托函、移送函: a title that lifts another organ's matter stands on a referral, or on its letter and two officers."""

import pytest

from domain.case.beside.proceedings import NoteProceedings, TakenByAnotherOrgan
from domain.case.kinds import Mandate, OrganKind
from domain.case.mediating.confirmation import ApplyForConfirmation, CourtNotNamed
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.handover_letters import (
    DelegatingCourtNotNamed,
    FileHandoverLetter,
    HandoverNotOnFile,
    NoLetterOfThatKind,
    SecondOfficerAccepts,
)
from domain.case.record.correction import BuiltUpon
from domain.shared.errors import UnknownBody
from domain.shared.values import ReferralKind
from tests.case.histories import (
    APPLICANT,
    COMMITTEE,
    COURT,
    HASH,
    LI,
    RESPONDENT,
    WANG,
    after,
    fail,
    id_of,
    letter,
    onward,
    register,
    sign_applicant,
    sign_respondent,
    then,
    under,
)
from tests.case.test_correction import strike
from tests.oracle.elsewhere import POLICE, TOWN, taken_over

at_the_police = NoteProceedings(organ=OrganKind.POLICE)
transferred, entrusted = AcceptCase(mandate=Mandate.TRANSFERRED), AcceptCase(mandate=Mandate.ENTRUSTED)
from_the_police = letter(Mandate.TRANSFERRED, OrganKind.POLICE)


delegated = AcceptCase(mandate=Mandate.DELEGATED)


@pytest.mark.parametrize("command", [transferred, entrusted, delegated])
def test_nothing_is_delegated_entrusted_or_transferred_by_saying_so(command):
    for past in ((register,), (register, at_the_police)):
        with pytest.raises(HandoverNotOnFile):
            then(after(*past), command)


def test_on_the_organs_letter_a_second_officer_accepts():
    filed = after(register, at_the_police, from_the_police)

    assert then(filed, transferred, by=LI)
    with pytest.raises(SecondOfficerAccepts):
        then(filed, transferred, by=WANG)


def test_a_letter_lifts_only_what_the_organ_has_that_wrote_it():
    other = after(register, at_the_police, letter(Mandate.TRANSFERRED, OrganKind.PETITION))

    with pytest.raises(TakenByAnotherOrgan):
        then(other, transferred)


def test_a_letter_of_one_kind_is_none_of_the_other():
    with pytest.raises(HandoverNotOnFile):
        then(after(register, from_the_police), entrusted)


@pytest.mark.parametrize(
    ("mandate", "organ"),
    [
        (Mandate.OWN, OrganKind.COURT),
        (Mandate.OWN, OrganKind.POLICE),
        (Mandate.ENTRUSTED, OrganKind.POLICE),
        (Mandate.TRANSFERRED, OrganKind.COURT),
    ],
)
def test_a_court_entrusts_and_every_other_organ_transfers(mandate, organ):
    with pytest.raises(NoLetterOfThatKind):
        then(after(register), FileHandoverLetter(mandate=mandate, organ=organ, sha256=HASH))


def test_the_organ_that_sent_it_is_one_that_there_is():
    command = FileHandoverLetter(mandate=Mandate.ENTRUSTED, organ=OrganKind.COURT, sender=id_of("x"), sha256=HASH)

    with pytest.raises(UnknownBody):
        then(after(register), command)
    assert then(after(register), command.but(sender=COURT.id))


def test_what_its_referral_handed_over_is_accepted_again_while_that_is_on_file():
    handed = taken_over(after(register, at_the_police), ReferralKind.TRANSFER, POLICE, TOWN)
    again = onward(handed, (fail, TOWN))

    assert then(again, transferred, body=TOWN)
    with pytest.raises(HandoverNotOnFile):
        then(again, entrusted, body=TOWN)


def test_what_an_organ_transferred_does_not_lift_what_the_court_has():
    handed = taken_over(after(register, at_the_police), ReferralKind.TRANSFER, POLICE, TOWN)
    sued = onward(handed, (fail, TOWN), (NoteProceedings(organ=OrganKind.COURT), TOWN))

    with pytest.raises(TakenByAnotherOrgan):
        then(sued, transferred, body=TOWN)


def test_what_an_acceptance_stands_on_is_not_struck_from_under_it():
    founded = after(register, letter(Mandate.DELEGATED), delegated)

    with pytest.raises(BuiltUpon):
        then(founded, strike(founded, "handover_letter_filed"))


def test_the_letter_of_a_delegating_court_names_it_by_its_body():
    unnamed = FileHandoverLetter(mandate=Mandate.DELEGATED, organ=OrganKind.COURT, sha256=HASH)

    with pytest.raises(DelegatingCourtNotNamed):
        then(after(register), unnamed)
    with pytest.raises(NoLetterOfThatKind):
        then(after(register), unnamed.but(sender=COMMITTEE.id))
    assert then(after(register), unnamed.but(sender=COURT.id))


def test_what_a_court_delegated_by_letter_is_confirmed_by_that_court_named_by_its_body():
    applied = ApplyForConfirmation(mediation=1, applicants=(APPLICANT, RESPONDENT), court="某远方人民法院")
    bound = onward(after(*under(Mandate.DELEGATED)), sign_applicant, sign_respondent)

    with pytest.raises(CourtNotNamed):
        then(bound, applied)
    assert then(bound, applied.but(court_body=COURT.id))
