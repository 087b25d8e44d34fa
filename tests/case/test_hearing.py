"""信访听证: what the hearing of a petition needs is not counted in the time to review it again (信访工作条例 36)."""

from datetime import date

import pytest

from domain.case.beside.hearing import HeardAlready, HearingOutside, OnlyOfAReview, RecordHearing
from domain.case.beside.proceedings import EndProceedings, MatterIsOver, NoSuchMatter, NoteProceedings
from domain.case.clocks import running
from domain.case.kinds import MatterStep, OrganKind
from tests.case.histories import after, noon, onward, register, then

review = NoteProceedings(organ=OrganKind.PETITION, step=MatterStep.PETITION_REVIEW)
REVIEWED = after(register, review)
heard = RecordHearing(matter=1, first_day=date(2026, 3, 10), last_day=date(2026, 3, 12))


def test_the_days_of_a_hearing_do_not_count():
    """Asked on 2 March: thirty days are 1 April; three days of hearing make it 4 April, a Saturday: Monday 6 April."""
    after_it = onward(REVIEWED, heard, at=noon(3, 12))

    assert [due.day for name, due in running(after_it.state).items() if str(name) == "matter/1"] == [date(2026, 4, 6)]


def test_two_hearings_are_counted_from_the_day_that_it_ends_of_itself_and_not_from_the_monday_after_it():
    """30 days and 3 and 2: 35 days from 2 March are 6 April."""
    second = heard.but(first_day=date(2026, 3, 16), last_day=date(2026, 3, 17))

    twice = onward(onward(REVIEWED, heard, at=noon(3, 12)), second, at=noon(3, 18))

    assert twice.state.matters[1].due.day == date(2026, 4, 6)


@pytest.mark.parametrize("step", [MatterStep.PETITION_RECEIVED, MatterStep.PETITION_ACCEPTED])
def test_no_other_time_of_a_petition_stands_still_for_it(step):
    with pytest.raises(OnlyOfAReview):
        then(after(register, review.but(step=step)), heard, occurred_at=noon(3, 12))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 1), date(2026, 3, 3)),
        (date(2026, 3, 12), date(2026, 3, 10)),
        (date(2026, 3, 12), date(2026, 3, 13)),
    ],
)
def test_a_hearing_lies_in_that_time_and_is_over(first, last):
    with pytest.raises(HearingOutside):
        then(REVIEWED, heard.but(first_day=first, last_day=last), occurred_at=noon(3, 12))


def test_there_is_no_hearing_of_what_there_is_not_or_is_over():
    with pytest.raises(NoSuchMatter):
        then(REVIEWED, heard.but(matter=2), occurred_at=noon(3, 12))
    with pytest.raises(MatterIsOver):
        then(onward(REVIEWED, EndProceedings(matter=1, settled=False)), heard, occurred_at=noon(3, 12))


def test_days_that_were_taken_out_are_not_taken_out_again():
    once = onward(REVIEWED, heard, at=noon(3, 12))

    with pytest.raises(HeardAlready):
        then(once, heard, occurred_at=noon(3, 18))
    with pytest.raises(HeardAlready):
        then(once, heard.but(first_day=date(2026, 3, 11)), occurred_at=noon(3, 18))
    longer = onward(once, heard.but(last_day=date(2026, 3, 16)), at=noon(3, 18))
    assert longer.state.matters[1].due.day == date(2026, 4, 8), "thirty days and seven"
