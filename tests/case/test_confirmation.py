"""司法确认: by all together, in thirty days, counted to the first working day; not for every kind of agreement."""

from datetime import date, timedelta

import pytest

from domain.case.clocks import running
from domain.case.kinds import Mandate, Nature
from domain.case.mediating.confirmation import (
    AdmitConfirmation,
    AdmittedAlready,
    ApplyForConfirmation,
    BothApplyTogether,
    ConfirmationGoesOn,
    CourtNotNamed,
    DismissConfirmation,
    GrantConfirmation,
    NoCourt,
    NotAppliedFor,
    NotConfirmable,
    OtherCourt,
    TooLateToConfirm,
)
from domain.case.mediating.consent import GiveConsent, ToMediation
from domain.case.mediating.lacking import SignaturesMissing
from domain.case.mediations import Confirmation
from domain.case.opening.acceptance import AcceptCase
from domain.shared.values import BodyKind, Channel, Level, ReferralKind
from tests.case.histories import (
    AGREED,
    APPLICANT,
    CALENDAR,
    CONSENTED,
    COURT,
    IN_EFFECT,
    MONDAY,
    PERFORMED,
    RESPONDENT,
    UNDER_WAY,
    after,
    agree,
    as_mandated,
    both_accept,
    noon,
    onward,
    propose,
    register,
    seal,
    sign_applicant,
    sign_mediator,
    sign_respondent,
    start,
    tell_rights,
    then,
)
from tests.case.test_agreement import document
from tests.oracle.elsewhere import BOTH, KNOWN, TOWN, body, taken_over

OTHER_COURT = body("another court", BodyKind.COURT, Level.COUNTY, Channel.LITIGATION)
apply = ApplyForConfirmation(mediation=1, applicants=(APPLICANT, RESPONDENT), court="县人民法院")
admit = AdmitConfirmation(mediation=1)
grant = GrantConfirmation(mediation=1, ruling="(2026)民特1号")
dismiss = DismissConfirmation(mediation=1, ruling="(2026)民特1号")


def sealed(month, day, calendar=CALENDAR, **changes):
    steps = (agree.but(**changes), sign_applicant, sign_respondent, sign_mediator)
    return onward(onward(after(*UNDER_WAY), *steps), seal, at=noon(month, day), calendar=calendar)


def confirm_by(history):
    return history.state.mediation(1).reached.confirm_by


def test_the_thirty_days_end_on_the_thirtieth():
    assert confirm_by(sealed(3, 2)) == date(2026, 4, 1)
    assert confirm_by(sealed(3, 10)) == date(2026, 4, 9)


def test_they_roll_over_a_weekend_and_a_holiday():
    qingming = CALENDAR.but(holidays=frozenset({date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)}))

    rolled = {day: confirm_by(sealed(3, day, qingming)) for day in (4, 5, 6, 7)}

    assert rolled == {
        4: date(2026, 4, 3),  # a Friday
        5: date(2026, 4, 7),  # Saturday the 4th, then the holiday to Monday the 6th
        6: date(2026, 4, 7),
        7: date(2026, 4, 7),
    }


def test_a_make_up_workday_is_no_holiday():
    worked = CALENDAR.but(make_up_workdays=frozenset({date(2026, 4, 4)}))

    assert confirm_by(sealed(3, 5, worked)) == date(2026, 4, 4)


def test_a_date_beyond_the_published_calendar_is_provisional():
    published = CALENDAR.but(published_until=date(2026, 3, 31))

    effects = [entry.event.confirm for entry in sealed(3, 2, published).entries if hasattr(entry.event, "confirm")]

    assert [one.provisional for one in effects] == [True]


def test_it_is_applied_for_until_the_last_day_and_no_later():
    in_effect = sealed(3, 2)

    assert then(in_effect, apply, occurred_at=noon(4, 1), now=noon(4, 1))
    with pytest.raises(TooLateToConfirm):
        then(in_effect, apply, occurred_at=noon(4, 2), now=noon(4, 2))


def test_the_last_day_is_a_day_in_shanghai():
    in_effect, midnight = sealed(3, 2), noon(4, 1) + timedelta(hours=12)

    assert then(in_effect, apply, occurred_at=midnight - timedelta(seconds=1), now=midnight)
    with pytest.raises(TooLateToConfirm):
        then(in_effect, apply, occurred_at=midnight, now=midnight)


def test_all_parties_apply_together():
    in_effect = after(*IN_EFFECT)

    with pytest.raises(BothApplyTogether) as refusal:
        then(in_effect, apply.but(applicants=(APPLICANT,)))

    assert refusal.value.details["missing"] == [RESPONDENT]


@pytest.mark.parametrize("nature", [Nature.IDENTITY_RELATION, Nature.TITLE])
def test_identity_relations_and_title_are_not_confirmed(nature):
    in_effect = sealed(3, 2, nature=nature)

    with pytest.raises(NotConfirmable):
        then(in_effect, apply)
    assert confirm_by(in_effect) is None


def test_what_the_court_entrusted_or_mediated_itself_is_not_confirmed():
    entrusted = after(*as_mandated(AGREED, AcceptCase(mandate=Mandate.ENTRUSTED)), document)
    at_court = ToMediation(channel=Channel.LITIGATION)
    of_the_court = after(
        *((one.but(subject=at_court) if isinstance(one, GiveConsent) else one, COURT) for one in IN_EFFECT)
    )

    for history in (entrusted, of_the_court):
        with pytest.raises(NotConfirmable):
            then(history, apply)


def test_nothing_is_confirmed_that_does_not_bind():
    agreed = after(*AGREED)

    with pytest.raises(SignaturesMissing) as refusal:
        then(agreed, apply)
    assert refusal.value.details["parties"] == sorted(BOTH)


def test_the_court_is_asked_once():
    applied = onward(after(*IN_EFFECT), apply)

    for history in (applied, onward(applied, grant), onward(applied, dismiss)):
        with pytest.raises(ConfirmationGoesOn):
            then(history, apply)


@pytest.mark.parametrize("answer", [grant, dismiss])
def test_the_court_answers_once_and_only_when_asked(answer):
    in_effect = after(*IN_EFFECT)
    answered = onward(in_effect, apply, answer)

    for history in (in_effect, answered):
        with pytest.raises(NotAppliedFor):
            then(history, answer)


def test_the_answer_is_kept_and_a_dismissal_lets_it_be_mediated_again():
    applied = onward(after(*IN_EFFECT), apply)

    granted, dismissed = onward(applied, grant).state, onward(applied, dismiss).state

    assert granted.mediation(1).reached.confirmation is Confirmation.GRANTED
    assert (granted.came_apart, dismissed.came_apart) == (False, True)
    assert granted.resolved_at is not None
    assert granted.resolved_at > MONDAY


def test_the_court_accepts_in_three_days_and_rules_fifteen_days_after_it_did():
    applied = onward(after(*IN_EFFECT), apply, at=noon(3, 3))
    admitted = onward(applied, admit, at=noon(3, 5))

    assert clocks(applied) == {"admit/1": ("JC_ACCEPT", date(2026, 3, 6))}
    assert clocks(admitted) == {"decide/1": ("JC_DECIDE", date(2026, 3, 20))}
    for answer in (grant, dismiss):
        assert not clocks(onward(applied, answer)).keys() & {"admit/1", "decide/1"}
    with pytest.raises(AdmittedAlready):
        then(admitted, admit)


def test_what_is_confirmed_and_still_owed_is_enforced_within_two_years_of_its_last_day():
    confirmed = onward(after(*IN_EFFECT), apply, grant)

    assert clocks(confirmed) == {"enforce/1": ("ENFORCE_APPLY", date(2028, 4, 3))}  # the first of April is a Saturday
    assert clocks(onward(confirmed, PERFORMED[-1])) == {}


def clocks(history):
    found = running(history.state).items()
    return {str(name): (due.clock, due.day) for name, due in found if name.kind in {"admit", "decide", "enforce"}}


def test_what_a_court_delegated_is_confirmed_by_that_court():
    """民诉法 205: 人民法院邀请调解组织开展先行调解的，向作出邀请的人民法院提出."""
    delegated = taken_over(after(register), ReferralKind.DELEGATE, COURT, TOWN)
    steps = (*CONSENTED[2:], propose, both_accept, tell_rights, start, agree, sign_applicant, sign_respondent)
    bound = onward(delegated, *((one, TOWN) for one in steps))
    asked = {"bodies": {**KNOWN, OTHER_COURT.id: OTHER_COURT}}

    with pytest.raises(OtherCourt):
        then(bound, apply.but(court_body=OTHER_COURT.id), **asked)
    with pytest.raises(CourtNotNamed):
        then(bound, apply, **asked)
    with pytest.raises(NoCourt):
        then(bound, apply.but(court_body=TOWN.id), **asked)
    assert then(bound, apply.but(court_body=COURT.id), **asked)


def test_what_a_committee_took_up_by_itself_is_confirmed_where_the_parties_ask():
    assert then(after(*IN_EFFECT), apply)
