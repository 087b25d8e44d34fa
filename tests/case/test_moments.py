"""发生时间: never in the future, never before what it builds on; who comes later may still tell what was earlier."""

from datetime import timedelta

import pytest

from domain.case.ending.closing import CloseCase, ReopenCase
from domain.case.kinds import Result
from domain.case.opening.acceptance import AcceptCase
from domain.case.record.joining import MergeCase
from domain.case.record.papers import WriteNote
from domain.shared.errors import BeforeWhatItBuildsOn, InTheFuture
from tests.case.histories import (
    AGREED,
    CLOSED,
    CONSENTED,
    FAILED,
    MONDAY,
    REGISTERED,
    UNDER_WAY,
    accept,
    after,
    agree,
    archive,
    blank,
    file_all,
    hold,
    id_of,
    noon,
    onward,
    propose,
    register,
    sign_applicant,
    start,
    then,
)

SECOND = timedelta(seconds=1)
STEPS = [
    (REGISTERED, accept),
    ((register, accept), propose),
    ((*CONSENTED, *UNDER_WAY[4:6]), start),
    (UNDER_WAY, hold),
    (UNDER_WAY, agree),
    (AGREED, sign_applicant),
    (FAILED, CloseCase(result=Result.FAILED)),
    ((*CLOSED, *file_all), archive),
    (CLOSED, ReopenCase(reason="反悔")),
]


@pytest.mark.parametrize(("past", "step"), STEPS)
def test_nothing_is_recorded_before_it_has_happened(past, step):
    history = after(*past)

    with pytest.raises(InTheFuture):
        then(history, step, occurred_at=noon(3, 10) + SECOND, now=noon(3, 10))


def test_not_even_the_first_word_of_a_dispute():
    with pytest.raises(InTheFuture):
        then(blank(), register, occurred_at=MONDAY + SECOND, now=MONDAY)


@pytest.mark.parametrize(("past", "step"), STEPS)
def test_nothing_happens_before_what_it_builds_on(past, step):
    history = after(*past)
    mediations = history.state.mediations
    on_case = not hasattr(step, "mediation")
    since = history.state.since if on_case else mediations[1].since

    with pytest.raises(BeforeWhatItBuildsOn):
        then(history, step, occurred_at=since - SECOND)


@pytest.mark.parametrize(
    "step", [AcceptCase(), CloseCase(result=Result.FAILED), MergeCase(into=id_of("x"), reason="同")]
)
def test_nothing_follows_a_mediation_before_it_has_ended(step):
    failed = onward(after(*UNDER_WAY), FAILED[-1], at=noon(3, 20))

    with pytest.raises(BeforeWhatItBuildsOn):
        then(failed, step, occurred_at=noon(3, 19))
    assert then(failed, step, occurred_at=noon(3, 20))


def test_what_was_told_late_is_dated_when_it_happened():
    registered = onward(after(register), accept, at=noon(3, 20))

    noted = onward(registered, WriteNote(note="三月二十一日来访"), at=noon(3, 21), now=noon(3, 30))

    assert noted.entries[-1].occurred_at == noon(3, 21)
    assert noted.entries[-1].recorded_at == noon(3, 30)
