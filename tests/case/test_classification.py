"""定级: an upgrade needs a second person; a possible crime is reported."""

import pytest

from domain.case.ending.closing import RiskNotReported
from domain.case.kinds import Category, DeclineGround, Difficulty, Mandate, OrganKind, Risk
from domain.case.mediating.amendment import AmendAgreement
from domain.case.mediating.mediation import PauseMediation, ResumeMediation
from domain.case.mediating.sessions import AdjournSession, ScheduleSession
from domain.case.mediating.signing import RecordCourtDocument
from domain.case.opening.acceptance import AcceptCase, DeclineCase
from domain.case.opening.category import ClassifyCase
from domain.case.opening.classification import (
    ConfirmDifficulty,
    DifficultyRated,
    NothingToConfirm,
    RateDifficulty,
    RateRisk,
    SameAsBefore,
    SecondPersonNeeded,
)
from domain.case.opening.risk_reports import ReportRisk
from domain.case.record.joining import MergeCase
from tests.case.histories import (
    AGREED,
    IN_EFFECT,
    LI,
    UNDER_WAY,
    WANG,
    after,
    agree,
    as_mandated,
    hold,
    id_of,
    noon,
    onward,
    register,
    seal,
    sign_applicant,
    sign_mediator,
    start,
    then,
    under,
)
from tests.oracle.elsewhere import BOTH

DECLINE = DeclineCase(because=DeclineGround.NOT_CIVIL, remedies_told=True)
upgrade = RateDifficulty(difficulty=Difficulty.MAJOR)


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


def test_what_is_rated_anew_as_a_possible_crime_is_reported_anew():
    risky = RateRisk(risk=Risk.RED, possible_crime=True)
    reported = after(register, risky, ReportRisk(recipient_name="派出所"))

    again = onward(reported, risky).state
    lower = onward(reported, RateRisk(risk=Risk.YELLOW)).state

    assert (again.possible_crime, again.risk_reported) == (True, False)
    assert (lower.possible_crime, lower.risk_reported) == (False, True)


@pytest.mark.parametrize("command", [DECLINE, MergeCase(into=id_of("other case"), reason="同一纠纷")])
def test_a_possible_crime_is_reported_before_the_case_is_declined_or_merged(command):
    risky = after(register, RateRisk(risk=Risk.RED, possible_crime=True))

    with pytest.raises(RiskNotReported):
        then(risky, command)

    assert then(onward(risky, ReportRisk(recipient_name="派出所")), command)


def test_a_report_says_to_whom_and_is_kept():
    risky = after(register, RateRisk(risk=Risk.RED, possible_crime=True))

    reported = then(risky, ReportRisk(recipient_name="派出所"))[0]

    assert reported.recipient is OrganKind.POLICE
    assert onward(risky, ReportRisk(recipient_name="派出所")).state.risk_reported


SCHEDULED = (*UNDER_WAY, ScheduleSession(mediation=1, at=noon(3, 20)))
GOING_ON = [
    (UNDER_WAY[:-1], start),
    (UNDER_WAY, hold),
    ((*UNDER_WAY, hold), agree),
    (UNDER_WAY, ScheduleSession(mediation=1, at=noon(3, 20))),
    (
        (*UNDER_WAY, ScheduleSession(mediation=1, at=noon(3, 20))),
        AdjournSession(mediation=1, session=1, to=noon(3, 21)),
    ),
    (AGREED, sign_applicant),
    (AGREED, sign_mediator),
    (AGREED, seal),
    (under(Mandate.ENTRUSTED), RecordCourtDocument(mediation=1, reference="(2026)民初1号")),
    (IN_EFFECT, AmendAgreement(mediation=1, terms="缓一月", signed=BOTH, mediator=LI)),
    (
        as_mandated((*UNDER_WAY, PauseMediation(mediation=1, appraisal="鉴定")), AcceptCase(mandate=Mandate.DELEGATED)),
        ResumeMediation(mediation=1),
    ),
]


@pytest.mark.parametrize(("past", "command"), GOING_ON, ids=lambda one: type(one).__name__)
def test_a_possible_crime_is_reported_before_the_mediation_goes_on(past, command):
    """人民调解法 25: 应当及时向当地公安机关或者其他有关部门报告."""
    risky = onward(after(*past), RateRisk(risk=Risk.RED, possible_crime=True))

    with pytest.raises(RiskNotReported):
        then(risky, command)
    assert then(onward(risky, ReportRisk(recipient_name="派出所")), command)
