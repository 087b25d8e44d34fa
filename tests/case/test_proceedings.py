"""其他机关的程序: what another organ has, with its clock; what it blocks, what lifts that, and what a suit ends."""

from datetime import date, timedelta

import pytest

from domain.case.beside.handover import accepted
from domain.case.beside.proceeding_extension import ExtendMatter, LongerThanAllowed, NotExtendable, ReasonsNotTold
from domain.case.beside.proceedings import (
    OF_ORGAN,
    EndProceedings,
    MatterIsOver,
    NoSuchMatter,
    NotBesideAnotherOrgan,
    NoteProceedings,
    StepOfAnotherOrgan,
    TakenByAnotherOrgan,
    doubled,
)
from domain.case.case import Status
from domain.case.ending.closing import CloseCase, RemediesFirstAfterSuit
from domain.case.kinds import Category, EndGround, Mandate, MatterStep, OrganKind, Result
from domain.case.mediating.mediation import EndsByItself, RemediesToldAlready, TellRemedies
from domain.case.mediations import Stage
from domain.case.opening.acceptance import AcceptCase, MediationOpened
from domain.case.record.correction import BuiltUpon, StrikeEntry
from domain.shared.errors import BeforeWhatItBuildsOn
from domain.shared.values import ReferralKind
from tests.case.histories import (
    AGREED,
    CLOSED,
    COMMITTEE,
    COURT,
    UNDER_WAY,
    accept,
    after,
    letter,
    noon,
    onward,
    register,
    then,
    versions,
)
from tests.case.test_correction import correct, strike
from tests.oracle.elsewhere import (
    COUNTY,
    ORGAN,
    PETITIONS,
    POLICE,
    TOWN,
    handed_to,
    offer_of,
    on_at,
    recorded,
    taken_over,
)

HAND_OVERS = {
    Mandate.OWN: set(),
    Mandate.TRANSFERRED: {one for one in OrganKind if one is not OrganKind.COURT},
    Mandate.ENTRUSTED: {OrganKind.COURT},
}
"""Which organ's matter each title lifts: a court entrusts, every other organ transfers."""
ON_2_MARCH = {
    MatterStep.SUIT_RECEIVED: ("CASE_FILING", date(2026, 3, 9)),
    MatterStep.SUIT_ORDINARY: ("TRIAL_ORD", date(2026, 9, 2)),
    MatterStep.SUIT_SUMMARY: ("TRIAL_SUM", date(2026, 6, 2)),
    MatterStep.SUIT_SMALL: ("TRIAL_SMALL", date(2026, 5, 4)),  # 2 May is a Saturday
    MatterStep.PETITION_RECEIVED: ("PETITION_ROUTE", date(2026, 3, 17)),
    MatterStep.PETITION_ACCEPTED: ("PETITION_CONCLUDE", date(2026, 5, 1)),
    MatterStep.PETITION_ANSWERED: ("PETITION_REVIEW_APPLY", date(2026, 4, 1)),
    MatterStep.PETITION_REVIEW: ("PETITION_REVIEW_DECIDE", date(2026, 4, 1)),
    MatterStep.POLICE_CASE: ("PSB_CASE", date(2026, 4, 1)),
}
received = NoteProceedings(organ=OrganKind.COURT, step=MatterStep.SUIT_RECEIVED)
sued = NoteProceedings(organ=OrganKind.COURT)
at_the_police = NoteProceedings(organ=OrganKind.POLICE)
dropped = EndProceedings(matter=1, settled=False)
DELEGATED = AcceptCase(mandate=Mandate.DELEGATED)
from_the_court = letter(Mandate.DELEGATED)
ENTRUSTED = AcceptCase(mandate=Mandate.ENTRUSTED)


AT_AN_ORGAN = {
    Category.MEDICAL: {OrganKind.COURT},  # 医疗纠纷条例 40
    Category.CONSUMER: set(OrganKind),  # 投诉举报办法 15 (2)
    Category.OTHER: set(),
}


@pytest.mark.parametrize("category", AT_AN_ORGAN)
def test_an_organ_does_not_mediate_beside_what_its_rules_name(category):
    for organ in OrganKind:
        beside = after(register.but(category=category), NoteProceedings(organ=organ))
        over = onward(beside, dropped)

        if organ not in AT_AN_ORGAN[category]:
            assert then(beside, accept, body=ORGAN)
            continue
        with pytest.raises(NotBesideAnotherOrgan) as refusal:
            then(beside, accept, body=ORGAN)
        assert refusal.value.details["organs"] == [organ]
        assert then(over, accept, body=ORGAN), "it was neither accepted nor settled there"


def test_but_beside_a_suit_that_was_only_handed_in_it_does_and_of_what_was_handed_over_to_it():
    complaint = after(register.but(category=Category.CONSUMER))

    assert then(onward(complaint, received), accept, body=ORGAN)
    assert taken_over(onward(complaint, at_the_police), ReferralKind.TRANSFER, POLICE, ORGAN).state.active_mediation
    with pytest.raises(NotBesideAnotherOrgan):
        taken_over(onward(complaint, arbitration), ReferralKind.TRANSFER, POLICE, ORGAN)


def organ_of(step):
    return next(organ for organ, steps in OF_ORGAN.items() if step in steps)


def test_to_be_accepted_is_meant_where_no_step_is_named():
    noted = {organ: then(after(register), NoteProceedings(organ=organ))[0] for organ in OrganKind}

    assert {organ: one.step for organ, one in noted.items() if one.step} == {
        OrganKind.COURT: MatterStep.SUIT_ORDINARY,
        OrganKind.POLICE: MatterStep.POLICE_CASE,
        OrganKind.PETITION: MatterStep.PETITION_ACCEPTED,
        OrganKind.ADMINISTRATIVE: MatterStep.ACCEPTED_BY_ORGAN,
    }


@pytest.mark.parametrize("step", ON_2_MARCH)
def test_every_step_is_taken_before_its_own_organ_with_its_own_clock(step):
    case = onward(after(register), NoteProceedings(organ=organ_of(step), step=step)).state

    due = case.matters[1].due

    assert (due.clock, due.day) == ON_2_MARCH[step]
    for organ in set(OrganKind) - {organ_of(step)}:
        with pytest.raises(StepOfAnotherOrgan):
            then(after(register), NoteProceedings(organ=organ, step=step))


appeal = NoteProceedings(organ=OrganKind.ADMINISTRATIVE, step=MatterStep.APPEAL_ABOVE)
arbitration = NoteProceedings(organ=OrganKind.ARBITRATION)


@pytest.mark.parametrize("second", [sued, received])
def test_the_organ_above_and_the_court_at_a_time_are_noticed_and_one_after_the_other_are_not(second):
    """行政复议法 29: 人民法院已经依法受理的，不得申请行政复议."""
    both = onward(after(register), appeal, second)

    assert doubled(both.state) == [OrganKind.ADMINISTRATIVE, OrganKind.COURT]
    assert doubled(onward(both, dropped).state) == []


@pytest.mark.parametrize("others", [(appeal, arbitration), (appeal, appeal), (sued, at_the_police), (sued, sued)])
def test_other_organs_beside_each_other_are_no_two_remedies(others):
    assert doubled(onward(after(register), *others).state) == []


def test_what_is_settled_there_runs_no_clock():
    settled = onward(after(register), at_the_police.but(settled=True)).state

    assert settled.matters[1].due is None


@pytest.mark.parametrize("organ", OrganKind)
def test_a_committee_does_not_take_what_another_organ_has_taken(organ):
    taken = onward(after(register), NoteProceedings(organ=organ))

    with pytest.raises(TakenByAnotherOrgan):
        then(taken, accept)
    assert then(taken, accept, body=COURT)
    assert then(taken, accept, body=ORGAN)


@pytest.mark.parametrize("organ", OrganKind)
@pytest.mark.parametrize("mandate", HAND_OVERS)
def test_unless_that_very_organ_hands_it_over(organ, mandate):
    fitting = HAND_OVERS[mandate]
    letters = [letter(mandate, organ if organ in fitting else next(iter(sorted(fitting))))] if fitting else []
    taken = onward(after(register), NoteProceedings(organ=organ), *letters)
    handed = AcceptCase(mandate=mandate)

    if organ in HAND_OVERS[mandate]:
        assert isinstance(then(taken, handed)[1], MediationOpened)
    else:
        with pytest.raises(TakenByAnotherOrgan):
            then(taken, handed)


@pytest.mark.parametrize("sender", [COURT, POLICE, PETITIONS, ORGAN, COMMITTEE, COUNTY])
@pytest.mark.parametrize("organ", [OrganKind.COURT, OrganKind.POLICE, OrganKind.PETITION, OrganKind.ADMINISTRATIVE])
def test_a_referral_lifts_only_what_its_sender_has_before_it(sender, organ):
    own = {
        COURT.id: OrganKind.COURT,
        POLICE.id: OrganKind.POLICE,
        PETITIONS.id: OrganKind.PETITION,
        ORGAN.id: OrganKind.ADMINISTRATIVE,
        COUNTY.id: OrganKind.ADMINISTRATIVE,
    }
    kind = ReferralKind.ENTRUST if sender is COURT else ReferralKind.TRANSFER
    taken = recorded(onward(after(register), NoteProceedings(organ=organ)), offer_of(kind))
    handed, on = handed_to(TOWN, kind), on_at(taken, body=TOWN)

    if own.get(sender.id) is organ:
        assert accepted(taken.state, handed, sender, on, on_platform=False)
    else:
        with pytest.raises(TakenByAnotherOrgan):
            accepted(taken.state, handed, sender, on, on_platform=False)


def test_what_was_only_withdrawn_there_blocks_no_more_what_was_settled_there_does():
    taken = onward(after(register), at_the_police)

    assert then(onward(taken, dropped), accept)
    with pytest.raises(TakenByAnotherOrgan):
        then(onward(taken, dropped.but(settled=True)), accept)


def test_each_organ_that_has_it_blocks_by_itself():
    both = onward(after(register), at_the_police, NoteProceedings(organ=OrganKind.PETITION), dropped)

    with pytest.raises(TakenByAnotherOrgan) as refusal:
        then(both, accept)

    assert refusal.value.details["organs"] == [OrganKind.PETITION]


def test_a_matter_ends_once_and_only_where_there_is_one():
    taken = onward(after(register), at_the_police)

    with pytest.raises(NoSuchMatter):
        then(taken, dropped.but(matter=2))
    with pytest.raises(MatterIsOver):
        then(onward(taken, dropped), dropped)


def test_a_matter_ends_no_earlier_than_it_began():
    noted = onward(after(register), at_the_police, at=noon(3, 20))

    with pytest.raises(BeforeWhatItBuildsOn):
        then(noted, dropped, occurred_at=noon(3, 19))
    ended = onward(noted, dropped, at=noon(3, 21))
    later = correct(noted, "proceedings_noted", happened_at=noon(3, 22))
    with pytest.raises(BuiltUpon):
        then(ended, later, now=noon(3, 25))

    assert then(noted, dropped, occurred_at=noon(3, 20))


def test_a_matter_ends_also_after_the_case_was_closed_here():
    closed = onward(after(*UNDER_WAY), at_the_police, *CLOSED[len(UNDER_WAY) :])

    ended = onward(closed, dropped).state

    assert (ended.status, ended.matters[1].over) == (Status.CLOSED, True)


def test_a_matter_keeps_its_number_where_another_is_struck():
    two = onward(after(register), at_the_police, NoteProceedings(organ=OrganKind.PETITION), dropped.but(matter=2))

    struck = onward(two, StrikeEntry(entries=versions(two, "proceedings_noted")[:1], reason="误录"))

    assert [(number, one.organ, one.over) for number, one in struck.state.matters.items()] == [
        (2, OrganKind.PETITION, True)
    ]
    assert set(onward(struck, at_the_police).state.matters) == {2, 3}


def test_a_matter_is_not_struck_without_its_end():
    ended = onward(after(register), at_the_police, dropped)

    with pytest.raises(BuiltUpon):
        then(ended, strike(ended, "proceedings_noted"))

    assert not onward(ended, strike(ended, "proceedings_noted", "proceedings_ended")).state.matters


def test_an_earlier_state_knows_no_matter_yet():
    noted = onward(after(register), at_the_police, dropped, at=noon(3, 20))

    assert not noted.effective_at(noon(3, 19)).matters


@pytest.mark.parametrize("past", [(register, accept), UNDER_WAY, AGREED])
@pytest.mark.parametrize("step", [MatterStep.SUIT_ORDINARY, MatterStep.SUIT_SUMMARY, MatterStep.SUIT_SMALL])
def test_a_suit_ends_the_mediation_that_the_court_did_not_entrust(past, step):
    case = onward(after(*past), sued.but(step=step)).state

    mediation = case.mediation(1)

    assert (mediation.stage, mediation.ground) == (Stage.ENDED, EndGround.TO_COURT)


def test_a_suit_ends_what_was_delegated_before_it_was_filed():
    delegated = after(register, from_the_court, DELEGATED)

    assert onward(delegated, sued).state.mediation(1).ground is EndGround.TO_COURT
    assert onward(delegated, received).state.active_mediation


def test_what_is_filed_already_is_not_delegated_any_more_but_entrusted():
    waiting, filed = after(register, from_the_court, received), after(register, from_the_court, sued)

    assert then(waiting, DELEGATED)
    with pytest.raises(TakenByAnotherOrgan):
        then(filed, DELEGATED)
    with pytest.raises(TakenByAnotherOrgan):
        taken_over(filed, ReferralKind.DELEGATE, COURT, TOWN)
    assert then(onward(filed, letter(Mandate.ENTRUSTED)), ENTRUSTED)
    assert taken_over(filed, ReferralKind.ENTRUST, COURT, TOWN).state.active_mediation


def test_whom_a_suit_sent_away_is_told_of_the_remedies_afterwards():
    ended = onward(after(*UNDER_WAY), sued)

    assert not ended.state.mediation(1).remedies_told
    with pytest.raises(RemediesFirstAfterSuit):
        then(ended, CloseCase(result=Result.TO_COURT))
    told = onward(ended, TellRemedies(mediation=1))

    assert then(told, CloseCase(result=Result.TO_COURT))
    with pytest.raises(RemediesToldAlready):
        then(told, TellRemedies(mediation=1))


def test_the_end_that_a_suit_brought_is_not_corrected_to_another():
    ended = onward(after(*UNDER_WAY), sued)

    with pytest.raises(EndsByItself):
        then(ended, correct(ended, "mediation_ended", changes={"ground": "failed"}))


def test_a_suit_leaves_what_the_court_entrusted_alone():
    entrusted = after(register, letter(Mandate.ENTRUSTED), ENTRUSTED)

    assert onward(entrusted, sued).state.active_mediation


def test_a_suit_that_was_only_handed_in_ends_nothing_yet():
    waiting = onward(after(*UNDER_WAY), received)

    assert waiting.state.active_mediation
    assert not onward(waiting, sued).state.active_mediation


@pytest.mark.parametrize("organ", [one for one in OrganKind if one is not OrganKind.COURT])
def test_no_other_organ_ends_a_mediation(organ):
    case = onward(after(*UNDER_WAY), NoteProceedings(organ=organ)).state

    assert case.mediation(1).stage is Stage.UNDER_WAY


@pytest.mark.parametrize(
    ("step", "latest"),
    [
        (MatterStep.SUIT_ORDINARY, date(2027, 3, 2)),
        (MatterStep.SUIT_SUMMARY, date(2026, 7, 2)),
        (MatterStep.SUIT_SMALL, date(2026, 6, 4)),
        (MatterStep.PETITION_ACCEPTED, date(2026, 6, 1)),  # thirty days from 1 May end on a Sunday
        (MatterStep.POLICE_CASE, date(2026, 5, 1)),
    ],
)
def test_another_organ_takes_longer_once_and_no_longer_than_its_law_lets_it(step, latest):
    noted = after(register, NoteProceedings(organ=organ_of(step), step=step))
    extend = ExtendMatter(matter=1, until=latest, approved_by="院长", reason="疑难", reasons_told=True)

    extended = onward(noted, extend)

    assert extended.state.matters[1].due.day == latest
    with pytest.raises(LongerThanAllowed):
        then(noted, extend.but(until=latest + timedelta(days=1)))
    with pytest.raises(NotExtendable):
        then(extended, extend)


def test_what_was_extended_is_not_moved_to_a_day_from_which_its_plain_time_would_end_later():
    """From 2 March: 1 April, extended to the 11th. From 2 April it would be 4 May without any extension."""
    extend = ExtendMatter(matter=1, until=date(2026, 4, 11), approved_by="局长", reason="疑难")
    taken_up = NoteProceedings(organ=OrganKind.POLICE, step=MatterStep.POLICE_CASE)
    extended = onward(after(register, taken_up), extend, at=noon(4, 2))

    with pytest.raises(BuiltUpon):
        then(extended, correct(extended, "proceedings_noted", happened_at=noon(4, 2)), now=noon(4, 3))
    moved = onward(extended, correct(extended, "proceedings_noted", happened_at=noon(3, 3)), now=noon(4, 3))
    assert moved.state.matters[1].due.day == date(2026, 4, 11)


def test_a_petitioner_is_told_why_it_takes_longer():
    noted = after(register, NoteProceedings(organ=OrganKind.PETITION))

    with pytest.raises(ReasonsNotTold):
        then(noted, ExtendMatter(matter=1, until=date(2026, 5, 20), approved_by="局长", reason="疑难"))


def test_what_no_rule_lets_anybody_extend_is_not_extended():
    noted = after(register, received)
    with pytest.raises(NotExtendable):
        then(noted, ExtendMatter(matter=1, until=date(2026, 3, 20), approved_by="院长", reason="疑难"))
