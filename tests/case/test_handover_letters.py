"""委托函、移送函: a title that lifts another organ's matter stands on a referral, or on its letter and two officers."""

import pytest

from domain.case.beside.proceedings import NoteProceedings, TakenByAnotherOrgan
from domain.case.kinds import Mandate, OrganKind
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.handover_letters import (
    FileHandoverLetter,
    HandoverNotOnFile,
    NoLetterOfThatKind,
    SecondOfficerAccepts,
)
from domain.case.record.correction import BuiltUpon
from domain.shared.errors import UnknownBody
from domain.shared.values import ReferralKind
from tests.case.histories import COURT, HASH, LI, WANG, after, fail, id_of, letter, onward, register, then
from tests.case.test_correction import correct
from tests.oracle.elsewhere import POLICE, TOWN, taken_over

at_the_police = NoteProceedings(organ=OrganKind.POLICE)
transferred, entrusted = AcceptCase(mandate=Mandate.TRANSFERRED), AcceptCase(mandate=Mandate.ENTRUSTED)
from_the_police = letter(Mandate.TRANSFERRED, OrganKind.POLICE)


@pytest.mark.parametrize("command", [transferred, entrusted])
def test_nothing_is_entrusted_or_transferred_by_saying_so(command):
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


def test_an_acceptance_is_not_corrected_into_one_that_nothing_on_file_founds():
    own = after(register, AcceptCase())

    with pytest.raises(BuiltUpon):
        then(own, correct(own, "mediation_opened", changes={"mandate": "entrusted"}))
