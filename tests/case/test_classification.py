"""定级: an upgrade needs a second person; a possible crime is reported; a suit ends what the court did not entrust."""

import pytest

from domain.case.acceptance import AcceptCase
from domain.case.classification import (
    ClassifyCase,
    ConfirmDifficulty,
    DifficultyRated,
    NoteProceedings,
    NothingToConfirm,
    RateDifficulty,
    RateRisk,
    ReportRisk,
    SameAsBefore,
    SecondPersonNeeded,
)
from domain.case.kinds import Category, Difficulty, EndGround, Mandate, OrganKind, Risk
from domain.case.mediations import Stage
from tests.case.histories import AGREED, LI, UNDER_WAY, WANG, accept, after, onward, register, then

upgrade = RateDifficulty(difficulty=Difficulty.MAJOR)
sued = NoteProceedings(organ=OrganKind.COURT)


def test_a_higher_difficulty_counts_once_a_second_person_has_confirmed_it():
    proposed = after(register, upgrade)

    confirmed = onward(proposed, ConfirmDifficulty(), by=WANG)

    assert proposed.state.difficulty is None
    assert confirmed.state.difficulty is Difficulty.MAJOR


def test_whoever_proposed_it_does_not_confirm_it():
    proposed = after(register, upgrade)

    with pytest.raises(SecondPersonNeeded):
        then(proposed, ConfirmDifficulty(), by=LI)
    with pytest.raises(SecondPersonNeeded):
        then(proposed, ConfirmDifficulty(agreed=False), by=LI)


def test_what_the_second_person_does_not_confirm_does_not_count():
    proposed = after(register, upgrade)

    case = onward(proposed, ConfirmDifficulty(agreed=False), by=WANG).state

    assert case.difficulty is None
    assert case.difficulty_proposal is None


def test_a_lower_or_an_ordinary_difficulty_needs_nobody_else():
    registered = after(register)

    rated = onward(registered, RateDifficulty(difficulty=Difficulty.SIMPLE))

    assert rated.state.difficulty is Difficulty.SIMPLE
    assert isinstance(then(registered, RateDifficulty(difficulty=Difficulty.ORDINARY))[0], DifficultyRated)
    assert not isinstance(then(rated, RateDifficulty(difficulty=Difficulty.MAJOR))[0], DifficultyRated)


def test_rating_it_as_it_is_says_nothing():
    rated = after(register, RateDifficulty(difficulty=Difficulty.SIMPLE))

    with pytest.raises(SameAsBefore):
        then(rated, RateDifficulty(difficulty=Difficulty.SIMPLE))


def test_nothing_is_confirmed_that_was_not_proposed():
    registered = after(register)

    with pytest.raises(NothingToConfirm):
        then(registered, ConfirmDifficulty(), by=WANG)


def test_category_and_risk_are_two_fields_and_change_no_status():
    registered = after(register)

    case = onward(registered, ClassifyCase(category=Category.LABOUR), RateRisk(risk=Risk.RED)).state

    assert (case.category, case.risk, case.status) == (Category.LABOUR, Risk.RED, registered.state.status)


def test_a_report_says_to_whom_and_is_kept():
    risky = after(register, RateRisk(risk=Risk.RED, possible_crime=True))

    reported = then(risky, ReportRisk(recipient_name="派出所"))[0]

    assert reported.recipient is OrganKind.POLICE
    assert onward(risky, ReportRisk(recipient_name="派出所")).state.risk_reported


@pytest.mark.parametrize("past", [(register, accept), UNDER_WAY, AGREED])
def test_a_suit_ends_the_mediation_that_the_court_did_not_entrust(past):
    case = onward(after(*past), sued).state

    mediation = case.mediation(1)

    assert (mediation.stage, mediation.ground) == (Stage.ENDED, EndGround.TO_COURT)


@pytest.mark.parametrize("mandate", [Mandate.DELEGATED, Mandate.ENTRUSTED])
def test_a_suit_leaves_the_courts_own_mandates_alone(mandate):
    entrusted = after(register, AcceptCase(mandate=mandate))

    case = onward(entrusted, sued).state

    assert case.active_mediation


def test_police_proceedings_do_not_end_a_mediation():
    under_way = after(*UNDER_WAY)

    case = onward(under_way, NoteProceedings(organ=OrganKind.POLICE)).state

    assert case.mediation(1).stage is Stage.UNDER_WAY
