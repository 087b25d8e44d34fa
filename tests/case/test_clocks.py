"""期限: each clock of a case starts, stands still, is moved and fires once, with the effect that its rule names."""

from datetime import date, timedelta

import pytest

from domain.case.beside.holder import AppointLead, MovedBy, moved_to
from domain.case.beside.proceedings import EndProceedings, NoteProceedings
from domain.case.clock_names import CaseClock
from domain.case.clocks import ClockRanOut, LetClockRunOut, NotRunningOut, running
from domain.case.ending.follow_up import FollowUp
from domain.case.kinds import Category, Difficulty, EndGround, EvidenceKind, Mandate, OrganKind, Paper, Procedure, Risk
from domain.case.mediating.confirmation import ApplyForConfirmation
from domain.case.mediating.consent import GiveConsent, ToMediation
from domain.case.mediating.mediation import MediationEnded, PauseMediation, ResumeMediation
from domain.case.mediating.mediation_extension import ExtendMediation, FixedByLaw
from domain.case.mediating.sessions import ScheduleSession
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.classification import ConfirmDifficulty, RateDifficulty, RateRisk, StateAmount
from domain.case.opening.parties import CheckIdentity, TellRights
from domain.case.opening.risk_reports import ReportRisk
from domain.case.record.papers import FileEvidence, FilePaper, WriteNote
from domain.shared.errors import NotAllowedNow
from domain.shared.values import Channel
from tests.case.histories import (
    AGREED,
    APPLICANT,
    CLOSED,
    COMMITTEE,
    CONSENTED,
    FAILED,
    HASH,
    IN_EFFECT,
    UNDER_WAY,
    WANG,
    accept,
    after,
    as_mandated,
    fail,
    hold,
    letter,
    noon,
    onward,
    register,
    sign_applicant,
    then,
)
from tests.oracle.elsewhere import BOTH, ESCALATION, ORGAN, TOWN, on_at, out_of_time, recorded

MIDNIGHT = {"now": noon(4, 2) - timedelta(hours=12)}
"""The end of 1 April in Shanghai."""
delegate, entrust = AcceptCase(mandate=Mandate.DELEGATED), AcceptCase(mandate=Mandate.ENTRUSTED)
in_summary = entrust.but(procedure=Procedure.SUMMARY)
DELEGATED = as_mandated(UNDER_WAY, delegate)
run_out = LetClockRunOut(clock="conclude/1", day=date(2026, 4, 1))
pause, resume = PauseMediation(mediation=1, appraisal="鉴定"), ResumeMediation(mediation=1)
extend = ExtendMediation(mediation=1, until=date(2026, 5, 6), consented=BOTH)
apply = ApplyForConfirmation(mediation=1, applicants=BOTH, court="县人民法院")


def days(history):
    return {str(name): due.day for name, due in running(history.state).items()}


def test_the_holder_has_a_week_a_day_or_twenty_from_the_day_that_it_got_the_matter():
    registered = after(register)
    simple = onward(registered, RateDifficulty(difficulty=Difficulty.SIMPLE), at=noon(3, 5))
    complex = onward(registered, RateDifficulty(difficulty=Difficulty.COMPLEX), at=noon(3, 5))

    assert days(registered) == {"holder": date(2026, 3, 9), "dispute": date(2026, 3, 9)}
    assert days(simple) == {"holder": date(2026, 3, 3), "dispute": date(2026, 3, 3)}
    assert days(complex) == days(registered), "an upgrade counts once it is confirmed"
    confirmed = onward(complex, ConfirmDifficulty(), by=WANG)
    assert days(confirmed) == {"holder": date(2026, 3, 23), "dispute": date(2026, 3, 23)}


def test_whoever_holds_it_newly_has_the_whole_time_and_the_dispute_has_no_more_than_it_had():
    registered = after(register)
    moved = moved_to(registered.state, TOWN, MovedBy.ESCALATION, ESCALATION, on_at(registered, noon(3, 6)))

    newly = recorded(registered, moved, at=noon(3, 6))

    assert days(newly) == {"holder": date(2026, 3, 13), "dispute": date(2026, 3, 9)}
    simple = onward(newly, RateDifficulty(difficulty=Difficulty.SIMPLE))
    assert days(simple) == {"holder": date(2026, 3, 9), "dispute": date(2026, 3, 3)}


def test_the_holders_clock_stops_when_it_is_resolved_or_closed():
    assert "holder" in days(after(*AGREED))
    assert not {"holder", "dispute"} & days(after(*IN_EFFECT)).keys()
    assert days(after(*CLOSED)) == {}


@pytest.mark.parametrize(
    ("category", "body", "command", "clock", "day"),
    [
        (Category.OTHER, COMMITTEE, accept, "PM_CONCLUDE", date(2026, 4, 2)),
        (Category.MEDICAL, COMMITTEE, accept, "PM_MED_CONCLUDE", date(2026, 4, 13)),
        (Category.OTHER, ORGAN, accept, "ADM_CONCLUDE_DEFAULT", date(2026, 4, 1)),
        (Category.MEDICAL, ORGAN, accept, "ADM_MED_CONCLUDE", date(2026, 4, 13)),
        (Category.CONSUMER, ORGAN, accept, "SAMR_CONCLUDE", date(2026, 5, 4)),
        (Category.TRAFFIC, ORGAN, accept, "TRAFFIC_CONCLUDE", date(2026, 3, 12)),
        (Category.OTHER, COMMITTEE, delegate, "COURT_PREFILE_MED", date(2026, 4, 1)),
        (Category.OTHER, COMMITTEE, entrust, "COURT_ONTRIAL_MED_ORD", date(2026, 3, 17)),
        (
            Category.OTHER,
            COMMITTEE,
            entrust.but(procedure=Procedure.SUMMARY),
            "COURT_ONTRIAL_MED_SUM",
            date(2026, 3, 9),
        ),
    ],
)
def test_a_mediation_is_concluded_within_the_time_of_its_channel_title_and_category(
    category, body, command, clock, day
):
    registered = after(register.but(category=category), letter(Mandate.DELEGATED), letter(Mandate.ENTRUSTED))

    due = running(onward(registered, (command, body)).state)[CaseClock.read("conclude/1")]

    assert (due.clock, due.day) == (clock, day)


def test_an_agreement_concludes_it_an_end_too_and_a_pause_lets_the_clock_stand():
    assert "conclude/1" in days(after(*UNDER_WAY))
    for past in (AGREED, FAILED, (*DELEGATED, pause)):
        assert "conclude/1" not in days(after(*past))


def test_after_a_pause_it_goes_on_later_by_its_days_and_longer_where_all_agree():
    paused = onward(after(*DELEGATED), pause, at=noon(3, 10))

    assert days(onward(paused, resume, at=noon(3, 20)))["conclude/1"] == date(2026, 4, 13)
    assert days(onward(after(*UNDER_WAY), extend))["conclude/1"] == date(2026, 5, 6)


def test_of_a_delegation_the_others_are_asked_within_three_working_days_until_all_consent():
    asked, consented = after(*DELEGATED[:3]), after(*DELEGATED[:5])

    assert days(asked)["also/1/COUNTERPARTY_CONSENT"] == date(2026, 3, 5)
    assert "also/1/COUNTERPARTY_CONSENT" not in days(consented)
    assert "also/1/COUNTERPARTY_CONSENT" not in days(after(*CONSENTED))


def test_a_labour_dispute_may_go_to_arbitration_after_fifteen_days():
    case = after(register.but(category=Category.LABOUR), accept)

    assert days(case)["also/1/LABOUR_MED"] == date(2026, 3, 17)
    assert "also/1/LABOUR_MED" not in days(onward(case, fail))


def test_the_court_may_be_asked_for_thirty_days_from_effect():
    assert days(after(*IN_EFFECT))["confirm/1"] == date(2026, 4, 1)
    assert "confirm/1" not in days(after(*AGREED))
    assert "confirm/1" not in days(after(*IN_EFFECT, apply))


def test_another_organs_clock_runs_until_its_matter_is_over():
    police = after(register, NoteProceedings(organ=OrganKind.POLICE))

    assert days(police)["matter/1"] == date(2026, 4, 1)
    assert "matter/1" not in days(onward(police, EndProceedings(matter=1, settled=False)))


@pytest.mark.parametrize(
    "step",
    [
        WriteNote(note="来访"),
        FileEvidence(kind=EvidenceKind.PHOTO, sha256=HASH),
        FilePaper(paper=Paper.IDENTITY, sha256=HASH),
        StateAmount(amount=100),
        RateRisk(risk=Risk.RED),
        ReportRisk(recipient_name="派出所"),
        TellRights(parties=BOTH),
        CheckIdentity(party=APPLICANT),
        AppointLead(official="陈某", post="副镇长"),
        FollowUp(findings="无进展"),
        ScheduleSession(mediation=1, at=noon(4, 20)),
        hold,
    ],
    ids=lambda step: type(step).__name__,
)
def test_an_ordinary_note_moves_no_clock(step):
    under_way = after(*DELEGATED, NoteProceedings(organ=OrganKind.POLICE))

    assert days(onward(under_way, step, at=noon(3, 20))) == days(under_way)


def test_it_is_over_when_the_day_is_over_in_shanghai():
    delegated = after(*DELEGATED)

    with pytest.raises(NotRunningOut):
        then(delegated, run_out, now=MIDNIGHT["now"] - timedelta(microseconds=1), occurred_at=noon(3, 31))

    assert then(delegated, run_out, occurred_at=MIDNIGHT["now"], **MIDNIGHT)


def test_what_the_courts_title_gives_no_more_time_has_failed_and_the_remedies_are_told_afterwards():
    over, ended = then(after(*DELEGATED), run_out, occurred_at=MIDNIGHT["now"], **MIDNIGHT)

    assert isinstance(over, ClockRanOut)
    assert ended == MediationEnded(mediation=1, ground=EndGround.TIME_LIMIT, remedies_told=False, follows=True)
    assert not out_of_time().state.active_mediation


@pytest.mark.parametrize(
    ("category", "body"), [(Category.MEDICAL, COMMITTEE), (Category.MEDICAL, ORGAN), (Category.CONSUMER, ORGAN)]
)
def test_a_medical_and_a_consumer_mediation_end_by_themselves_too(category, body):
    accepted = onward(after(register.but(category=category)), (accept, body))
    day = days(accepted)["conclude/1"]

    ended = onward(accepted, LetClockRunOut(clock="conclude/1", day=day), at=noon(6, 1)).state

    assert ended.mediation(1).ground is EndGround.TIME_LIMIT


def test_a_soft_limit_only_flags():
    late = onward(after(*UNDER_WAY), run_out.but(day=date(2026, 4, 2)), at=noon(4, 3))

    assert late.state.active_mediation
    assert late.state.run_out == {"conclude/1@2026-04-02"}


@pytest.mark.parametrize(
    ("past", "clock"),
    [
        (DELEGATED[:3], "holder"),
        ((register, NoteProceedings(organ=OrganKind.POLICE)), "matter/1"),
        (DELEGATED[:3], "also/1/COUNTERPARTY_CONSENT"),
        (IN_EFFECT, "confirm/1"),
    ],
)
def test_no_other_clock_moves_anything(past, clock):
    history = after(*past)
    day = days(history)[clock]

    case = onward(history, LetClockRunOut(clock=clock, day=day), at=noon(6, 1)).state

    assert case == history.state.but(run_out=frozenset({f"{clock}@{day}"}))


def test_a_clock_fires_exactly_once_for_its_day():
    late = onward(after(*UNDER_WAY), run_out.but(day=date(2026, 4, 2)), at=noon(4, 3))

    with pytest.raises(NotRunningOut):
        then(late, run_out.but(day=date(2026, 4, 2)), occurred_at=noon(4, 4))


def test_a_day_that_was_moved_fires_again_and_the_old_one_does_not():
    late = onward(after(*UNDER_WAY), run_out.but(day=date(2026, 4, 2)), at=noon(4, 3))
    extended = onward(late, extend, at=noon(4, 4))

    old, new = run_out.but(day=date(2026, 4, 2)), run_out.but(day=date(2026, 5, 6))
    for early in (old, new):
        with pytest.raises(NotRunningOut):
            then(extended, early, occurred_at=noon(4, 5))
    with pytest.raises(NotRunningOut):
        then(extended, old, occurred_at=noon(5, 7))

    assert then(extended, new, occurred_at=noon(5, 7))


@pytest.mark.parametrize("past", [(*DELEGATED, pause), (*AGREED, sign_applicant), FAILED])
def test_what_stands_still_or_is_concluded_does_not_run_out(past):
    history = after(*past)
    day = history.state.mediation(1).conclude_by

    with pytest.raises(NotRunningOut):
        then(history, run_out.but(day=day), occurred_at=noon(6, 1))


def test_nothing_runs_out_of_a_closed_case():
    with pytest.raises(NotAllowedNow):
        then(after(*CLOSED), run_out, occurred_at=noon(6, 1))


@pytest.mark.parametrize("clock", ["conclude/9", "matter/1"])
def test_a_clock_that_does_not_run_does_not_run_out(clock):
    with pytest.raises(NotRunningOut):
        then(after(*UNDER_WAY), run_out.but(clock=CaseClock.read(clock)), occurred_at=noon(6, 1))


@pytest.mark.parametrize("clock", ["", "holder/1", "conclude", "conclude/x", "also/1", "lunch/1", "matter/1/PSB_CASE"])
def test_a_text_that_names_no_clock_is_no_clock(clock):
    with pytest.raises(ValueError, match=r"."):
        LetClockRunOut(clock=clock, day=date(2026, 4, 1))


@pytest.mark.parametrize(
    ("category", "clock", "day"),
    [
        (Category.OTHER, "ADM_ACCEPT_DEFAULT", date(2026, 3, 9)),
        (Category.MEDICAL, "ADM_MED_ACCEPT", date(2026, 3, 9)),
        (Category.CONSUMER, "SAMR_ACCEPT", date(2026, 3, 11)),
    ],
)
def test_an_organ_accepts_or_declines_within_its_working_days_and_a_committee_has_no_such_time(category, clock, day):
    applied = register.but(category=category)
    organ = after((applied, ORGAN), bodies={ORGAN.answers_for: ORGAN})

    due = running(organ.state)[CaseClock.read("accept")]

    assert (due.clock, due.day) == (clock, day)
    assert "accept" not in days(onward(organ, (accept, ORGAN)))
    assert "accept" not in days(after(applied))


@pytest.mark.parametrize("category", [Category.MEDICAL, Category.CONSUMER, Category.TRAFFIC])
def test_an_organs_time_that_its_law_fixes_is_not_extended_by_the_parties(category):
    subject = ToMediation(channel=Channel.ADMINISTRATIVE)
    consents = [GiveConsent(party=one, subject=subject) for one in BOTH]
    by_organ = [(one, ORGAN) for one in (register.but(category=category), accept, *consents)]

    with pytest.raises(FixedByLaw):
        then(after(*by_organ, bodies={ORGAN.answers_for: ORGAN}), extend)
