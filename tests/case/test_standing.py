"""立足: no correction and no striking leaves an entry that says what it could not have said where it stands."""

from datetime import timedelta

import pytest

from domain.case.beside.proceedings import NoteProceedings
from domain.case.ending.closing import CloseCase
from domain.case.kinds import Category, EndGround, OrganKind, Result, Side
from domain.case.mediating.mediation import EndMediation
from domain.case.opening.category import ClassifyCase
from domain.case.opening.parties import AddParty, CorrectParty
from domain.case.record.correction import BuiltUpon, StrikeEntry
from domain.case.record.rewriting import NotAField
from tests.case.histories import (
    APPLICANT,
    CLOSED,
    FAILED,
    IN_EFFECT,
    MONDAY,
    RESPONDENT,
    UNDER_WAY,
    WANG,
    accept,
    after,
    agree_orally,
    noon,
    onward,
    propose,
    register,
    then,
    under,
    versions,
)
from tests.case.test_confirmation import apply
from tests.case.test_correction import correct, strike
from tests.case.test_performance import breach

LATER = {"occurred_at": noon(5, 10), "now": noon(5, 10)}


def refused(history, command, refusal=BuiltUpon):
    with pytest.raises(refusal):
        then(history, command, **LATER)


def test_a_suit_and_the_end_that_it_brought_are_struck_together():
    sued = after(*UNDER_WAY, NoteProceedings(organ=OrganKind.COURT))

    refused(sued, strike(sued, "mediation_ended"))
    refused(sued, strike(sued, "proceedings_noted"))

    assert onward(sued, strike(sued, "mediation_ended", "proceedings_noted")).state.active_mediation


def test_an_end_that_no_suit_brought_is_struck_by_itself():
    ended = after(*UNDER_WAY, NoteProceedings(organ=OrganKind.POLICE), FAILED[-1])

    assert onward(ended, strike(ended, "mediation_ended")).state.active_mediation


def test_an_acceptance_is_struck_with_its_mediation():
    accepted = after(register, accept)

    refused(accepted, strike(accepted, "accepted"))
    refused(accepted, strike(accepted, "mediation_opened"))

    assert onward(accepted, strike(accepted, "accepted", "mediation_opened")).state.status == "registered"


def test_a_party_whose_details_were_corrected_is_struck_with_the_correction():
    added = after(register, AddParty(side=Side.THIRD, name="赵六"))
    third = versions(added, "party_added")[-1]
    (person,) = set(added.state.parties) - {APPLICANT, RESPONDENT}
    told = onward(added, CorrectParty(party=person, phone="13900000000"))

    refused(told, StrikeEntry(entries=(third,), reason="误录"))

    both = StrikeEntry(entries=(third, *versions(told, "party_corrected")), reason="误录")
    assert person not in onward(told, both).state.parties
    assert told.effective_at(MONDAY - timedelta(days=1)) == told.blank


def test_a_closed_case_keeps_the_result_that_it_came_to():
    closed, failed = after(*CLOSED), after(*FAILED, CloseCase(result=Result.FAILED))

    refused(closed, correct(closed, "closed", changes={"result": "failed"}))
    refused(failed, correct(failed, "mediation_ended", changes={"ground": "withdrawn"}))

    withdrawn = after(register, CloseCase(result=Result.WITHDRAWN))
    assert onward(withdrawn, correct(withdrawn, "closed", changes={"result": "refused"})).state.result == "refused"


def test_an_end_is_not_corrected_to_a_ground_whose_remedies_were_not_told():
    settled = after(*UNDER_WAY, EndMediation(mediation=1, because=EndGround.SELF_SETTLED))
    told = after(*FAILED)

    refused(settled, correct(settled, "mediation_ended", changes={"ground": "failed"}))

    assert then(told, correct(told, "mediation_ended", changes={"ground": "out-of-contact"}))


def test_an_oral_agreement_does_not_become_one_that_the_law_asks_for_in_writing():
    oral, unsigned = after(*UNDER_WAY, agree_orally), after(*under(on_platform=True))

    refused(unsigned, correct(unsigned, "agreement_reached", changes={"form": "oral"}))
    refused(oral, correct(oral, "registered", changes={"category": "labour"}))
    classified = onward(oral, ClassifyCase(category=Category.NEIGHBOURS))
    refused(classified, correct(classified, "classified", changes={"category": "labour"}))


def test_an_application_is_not_corrected_to_after_the_thirty_days():
    applied = onward(after(*IN_EFFECT), apply)

    assert then(applied, correct(applied, "confirmation_applied", happened_at=noon(4, 1)), **LATER)
    refused(applied, correct(applied, "confirmation_applied", happened_at=noon(4, 2)))


def test_a_breach_is_not_corrected_to_before_it_was_due():
    breached = onward(after(*IN_EFFECT), breach, at=noon(4, 20))

    assert then(breached, correct(breached, "obligation_breached", happened_at=noon(4, 2)), **LATER)
    refused(breached, correct(breached, "obligation_breached", happened_at=noon(4, 1)))


def test_who_mediates_who_applied_and_which_organ_are_recorded_anew_and_not_corrected():
    proposed = after(register, accept, propose)
    applied = onward(after(*IN_EFFECT), apply)
    police = after(*UNDER_WAY, NoteProceedings(organ=OrganKind.POLICE))

    for history, name, changes in (
        (proposed, "mediator_proposed", {"mediator": str(WANG)}),
        (applied, "confirmation_applied", {"applicants": [str(APPLICANT)]}),
        (police, "proceedings_noted", {"organ": "court"}),
    ):
        refused(history, correct(history, name, changes=changes), NotAField)
