"""并案与分案: one dispute goes into another, or a part of it goes its own way."""

import pytest

from domain.case.case import Status
from domain.case.joining import (
    CannotTakeIn,
    CaseTakenIn,
    IntoItself,
    MediationMustEndFirst,
    MergeCase,
    NobodyLeft,
    SplitCase,
    taken_in,
)
from domain.case.kinds import Side
from domain.case.mediation import EndMediation
from domain.case.parties import AddParty
from domain.shared.decider import History
from domain.shared.errors import NotAllowedNow
from domain.shared.values import CaseId
from tests.case.histories import (
    CLOSED,
    FAILED,
    RESPONDENT,
    UNDER_WAY,
    accept,
    after,
    entries,
    fail,
    id_of,
    occasion,
    onward,
    register,
    then,
)

OTHER = CaseId(id_of("other case"))
merge = MergeCase(into=OTHER, reason="同一纠纷")
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
    open_case, merged = after(register).state, onward(after(register), merge).state

    assert taken_in(open_case, OTHER) == (CaseTakenIn(merged=OTHER),)
    for case in (after(*CLOSED).state, merged):
        with pytest.raises(CannotTakeIn):
            taken_in(case, OTHER)


def test_a_part_that_is_split_off_opens_a_case_of_its_own():
    registered, on = after(register), occasion(step=5)

    begun = split.split_off(registered.state, on)
    history = History.of(on.seed, type(registered.state).blank(on.seed), ())
    new = history.then(entries(history, begun, on)).state

    assert begun[0].split_from == registered.state.id
    assert (new.place, new.holder) == (registered.state.place, registered.state.holder)
    assert [party.side for party in new.parties.values()] == [Side.RESPONDENT]
    assert RESPONDENT not in new.parties


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
