"""并案与分案: one dispute goes into another, or a part of it goes its own way."""

from datetime import date

import pytest

from domain.case.beside.holder import MovedBy, moved_to
from domain.case.beside.proceedings import EndProceedings, NoteProceedings
from domain.case.case import Status
from domain.case.kinds import Difficulty, OrganKind, Risk, Side, Urgency
from domain.case.mediating.consent import GiveConsent
from domain.case.mediating.mediation import EndMediation
from domain.case.mediating.refusal import RefuseMediation
from domain.case.opening.acceptance import RefusalStands
from domain.case.opening.classification import RateDifficulty, RateRisk
from domain.case.opening.listed import LISTED_FIELDS
from domain.case.opening.parties import AddParty
from domain.case.opening.risk_reports import ReportRisk
from domain.case.record.correction import NotToBeAmended, taken_back
from domain.case.record.joining import (
    CannotTakeIn,
    CaseTakenIn,
    IntoItself,
    MediationMustEndFirst,
    MergeCase,
    NobodyLeft,
    SplitCase,
    taken_in,
)
from domain.shared.decider import History, standing
from domain.shared.errors import NotAllowedNow
from domain.shared.values import CaseId, Channel
from tests.case.histories import (
    APPLICANT,
    CLOSED,
    COMMITTEE,
    FAILED,
    RESPONDENT,
    UNDER_WAY,
    accept,
    after,
    blank,
    entries,
    fail,
    id_of,
    noon,
    occasion,
    onward,
    register,
    then,
    told_otherwise,
)
from tests.case.test_correction import correct, strike
from tests.oracle.elsewhere import COUNTY, ESCALATION, TOWN, on_at, recorded

OTHER = CaseId(id_of("other case"))
merge = MergeCase(into=OTHER, reason="同一纠纷")
twice_asked = RefuseMediation(party=RESPONDENT, reason="不愿意")
split = SplitCase(parties=(RESPONDENT,), facts="另一块地", reason="两件事")


def test_a_merged_case_points_at_the_other_and_ends():
    merged = onward(after(*FAILED), merge)

    assert (merged.state.status, merged.state.merged_into) == (Status.MERGED, OTHER)
    with pytest.raises(NotAllowedNow):
        then(merged, accept)


def test_a_case_is_not_merged_while_it_is_mediated():
    under_way = after(*UNDER_WAY)

    with pytest.raises(MediationMustEndFirst):
        then(under_way, merge)

    assert then(onward(under_way, fail), merge)


def test_a_case_is_not_merged_into_itself():
    registered = after(register)

    with pytest.raises(IntoItself):
        then(registered, merge.but(into=registered.state.id))


def test_only_an_open_case_takes_another_in():
    open_case, merged = after(register).state, onward(after(register), merge)

    assert [one.merged for one in taken_in(open_case, merged)] == [merged.id]
    for case in (after(*CLOSED).state, merged.state):
        with pytest.raises(CannotTakeIn):
            taken_in(case, merged)


def went_up_and_bounced():
    """From the village to the township, and sent back once."""
    village = after(register)
    up = recorded(village, moved_to(village.state, TOWN, MovedBy.ESCALATION, ESCALATION, on_at(village)))
    return recorded(up, moved_to(up.state, COMMITTEE, MovedBy.RETURN, ESCALATION, on_at(up)))


def test_a_merger_carries_the_highest_level_the_bounces_and_the_moves_of_what_it_takes_in():
    """Or a case of the township counts as settled in the village."""
    fresh, was = after(register), went_up_and_bounced()

    taken = recorded(fresh, *taken_in(fresh.state, was)).state

    assert (taken.level, taken.highest, taken.bounces, taken.moves_taken_in) == ("village", "township", 1, 2)
    again = recorded(after(register), *taken_in(after(register).state, recorded(fresh, *taken_in(fresh.state, was))))
    assert (again.state.highest, again.state.bounces, again.state.moves_taken_in) == ("township", 1, 2)


def test_a_merger_never_lowers_a_level_and_an_older_entry_carries_nothing():
    high = went_up_and_bounced()

    assert recorded(high, *taken_in(high.state, after(register))).state.highest == "township"
    assert recorded(high, CaseTakenIn(merged=OTHER)).state == high.state


def test_a_merger_carries_the_higher_risk_and_the_whole_time_of_the_older_registration():
    fresh = onward(blank(), register, at=noon(3, 20))
    old = onward(after(register), RateRisk(risk=Risk.RED))
    taken = recorded(fresh, *taken_in(fresh.state, old))

    assert (taken.state.risk, taken.state.dispute_until) == (Risk.RED, old.state.dispute_until)
    simple = onward(taken, RateDifficulty(difficulty=Difficulty.SIMPLE)).state
    assert simple.dispute_until.day == date(2026, 3, 3), "of the older one, also where it is counted anew"
    other = recorded(old, *taken_in(old.state, fresh)).state
    assert (other.risk, other.dispute_until) == (Risk.RED, old.state.dispute_until)


def test_a_merger_that_is_struck_is_struck_in_the_other_case_too():
    merged = onward(after(register), merge)
    other = recorded(after(register), *taken_in(after(register).state, merged), CaseTakenIn(merged=OTHER))
    struck = strike(merged, "merged")

    back = taken_back(other, merged.state.id, occasion().narrative("误录"))
    restored = recorded(other, *back)

    assert struck.mergers(merged) == [OTHER]
    assert onward(merged, struck).state.status is Status.REGISTERED
    assert [one.event.merged for one in standing(restored.entries) if isinstance(one.event, CaseTakenIn)] == [OTHER]
    assert taken_back(restored, merged.state.id, occasion().narrative("误录")) == ()


def test_what_was_taken_in_and_what_was_split_off_is_not_struck_by_itself():
    taken = recorded(after(register), CaseTakenIn(merged=OTHER))
    apart = after(register, split)

    for history, name in ((taken, "taken_in"), (apart, "split")):
        with pytest.raises(NotToBeAmended):
            then(history, strike(history, name))
        with pytest.raises(NotToBeAmended):
            then(history, correct(history, name, happened_at=noon(3, 1)))


def split_off(history, command=split):
    on = on_at(history)
    begun = command.split_off(history, on)
    empty = History.of(on.seed, type(history.state).blank(on.seed), ())
    return empty.then(entries(empty, begun, on))


def test_a_part_that_is_split_off_opens_a_case_of_its_own():
    registered = after(register)

    new = split_off(registered)

    assert new.entries[0].event.split_from == registered.state.id
    assert new.state.place == registered.state.place
    assert [party.side for party in new.state.parties.values()] == [Side.RESPONDENT]
    assert RESPONDENT not in new.state.parties


def test_it_is_held_where_the_whole_is_held_and_keeps_the_highest_level():
    registered = after(register)
    up = recorded(registered, moved_to(registered.state, COUNTY, MovedBy.ESCALATION, ESCALATION, on_at(registered)))
    down = recorded(up, moved_to(up.state, TOWN, MovedBy.ASSIGNMENT, ESCALATION, on_at(up)))

    new = split_off(down).state

    assert (new.holder, new.level, new.highest) == (TOWN.id, TOWN.level, COUNTY.level)
    assert new.registered_by == COMMITTEE.id


def test_a_refusal_stands_in_the_part_of_whoever_refused():
    refused = after(register, RefuseMediation(party=RESPONDENT), RefuseMediation(party=APPLICANT), twice_asked)
    consented = onward(refused, GiveConsent(party=APPLICANT))

    new = split_off(consented, split.but(parties=(APPLICANT, RESPONDENT)))

    applicant, respondent = new.state.parties
    assert new.state.refusals == {(respondent, Channel.PEOPLE)}
    with pytest.raises(RefusalStands):
        then(new, accept)
    assert then(onward(new, GiveConsent(party=respondent)), accept)
    assert applicant


def test_what_another_organ_has_is_not_split_away_from_it():
    taken = after(
        register,
        NoteProceedings(organ=OrganKind.POLICE),
        NoteProceedings(organ=OrganKind.PETITION),
        NoteProceedings(organ=OrganKind.ADMINISTRATIVE),
        EndProceedings(matter=1, settled=True),
        EndProceedings(matter=3, settled=False),
    )

    new = split_off(taken).state

    assert [(one.organ, one.over, one.settled) for one in new.matters.values()] == [
        (OrganKind.POLICE, False, True),
        (OrganKind.PETITION, False, False),
    ]
    assert new.matters[1].due is None
    assert new.matters[2].due == taken.state.matters[2].due


@pytest.mark.parametrize("reported", [False, True])
def test_a_possible_crime_is_one_in_every_part(reported):
    report = (ReportRisk(recipient_name="派出所"),) if reported else ()
    rated = RateRisk(risk=Risk.RED, possible_crime=True)
    risky = after(register, rated, *report)

    new = split_off(risky).state

    assert (new.risk, new.possible_crime, new.risk_reported) == (Risk.RED, True, reported)
    again = split_off(after(register, rated, ReportRisk(recipient_name="派出所"), rated)).state
    assert not again.risk_reported
    assert not split_off(after(register, RateRisk(risk=Risk.RED))).state.possible_crime


def test_parties_leave_the_old_case_only_where_both_sides_stay():
    registered = after(register)
    more = onward(registered, AddParty(side=Side.RESPONDENT, name="刘五"))

    with pytest.raises(NobodyLeft):
        then(registered, split.but(leave=True))
    left = onward(more, split.but(leave=True)).state

    assert RESPONDENT not in left.present_parties
    assert then(registered, split)


def test_nobody_leaves_by_a_split_while_a_mediation_goes_on():
    under_way = after(*UNDER_WAY)

    with pytest.raises(MediationMustEndFirst):
        then(under_way, split.but(leave=True))
    ended = EndMediation(mediation=1, because="failed", remedies_told=True)

    assert then(onward(under_way, ended, AddParty(side=Side.RESPONDENT, name="刘五")), split.but(leave=True))


@pytest.mark.parametrize("one", LISTED_FIELDS.values(), ids=lambda one: one.name)
def test_a_part_that_is_split_off_is_as_urgent_as_the_whole_and_whatever_else_is_listed(one):
    registered = after(register.with_fields({one.name: told_otherwise(one)}))

    begun = split_off(registered).entries[0].event

    assert getattr(begun, one.name) == told_otherwise(one)


def test_it_is_as_urgent_as_the_whole_reads_after_a_correction():
    registered = onward(after(register), correct(after(register), "registered", changes={"urgency": "urgent"}))

    assert split_off(registered).entries[0].event.urgency is Urgency.URGENT
