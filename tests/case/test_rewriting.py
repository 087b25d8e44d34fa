"""改写: a correction is held to what the corrected entry's own command asks: no way round its checks."""

from datetime import date

import pytest

from domain.case.beside.holder import MovedBy, moved_to
from domain.case.beside.proceedings import EndProceedings, NoteProceedings
from domain.case.kinds import Difficulty, EndGround, Mandate, MatterStep, OrganKind
from domain.case.mediating.consent import GiveConsent, ToClosedDoors
from domain.case.mediating.mediation import FOLLOWS, EndsByItself
from domain.case.mediating.refusal import RefuseMediation
from domain.case.mediating.sessions import AdjournSession, ScheduleSession
from domain.case.mediations import Stage
from domain.case.opening.classification import RateDifficulty
from domain.case.opening.intake import PlaceElsewhere
from domain.case.record.correction import BuiltUpon
from domain.case.record.papers import WriteNote
from domain.case.record.rewriting import NotAField, UnfitContent
from domain.shared.errors import AreaNotInForce, UnknownArea
from domain.shared.occasion import AreaFacts
from domain.shared.values import Channel, Level
from tests.case.histories import (
    ABOVE,
    AGREED,
    FAILED,
    GRID,
    GRID_POST,
    IN_EFFECT,
    RESPONDENT,
    UNDER_WAY,
    accept,
    after,
    applicant_consents,
    hold,
    id_of,
    letter,
    noon,
    onward,
    register,
    then,
)
from tests.case.test_correction import correct, strike
from tests.oracle.elsewhere import COUNTY, ESCALATION, on_at, recorded

SMUGGLED = {"id": str(id_of("another")), "text": "抄来的"}
NUL, SURROGATE, LONG = "有\x00空", "有\ud800缺", "长" * 20_001
schedule = ScheduleSession(mediation=1, at=noon(3, 20))
at_the_police = NoteProceedings(organ=OrganKind.POLICE)


def area(in_force=True, within=ABOVE):
    return {GRID: AreaFacts(id=GRID, level=Level.GRID, in_force=in_force, within=frozenset({GRID, *within}))}


def test_a_place_is_an_area_that_was_in_force():
    registered = after(register)
    moved = correct(registered, "registered", changes={"place": str(GRID)})

    with pytest.raises(UnknownArea):
        then(registered, moved)
    with pytest.raises(AreaNotInForce):
        then(registered, moved, areas=area(in_force=False))

    assert onward(registered, moved, areas=area()).state.place == GRID


def test_a_place_is_corrected_within_the_area_of_whoever_registered_or_answered_for_it():
    registered = after(register)
    up = recorded(registered, moved_to(registered.state, COUNTY, MovedBy.ESCALATION, ESCALATION, on_at(registered)))
    elsewhere = area(within={id_of("another village"), id_of("township"), id_of("county")})

    for history in (registered, up):
        with pytest.raises(PlaceElsewhere):
            then(history, correct(history, "registered", changes={"place": str(GRID)}), areas=elsewhere)
    assert then(up, correct(up, "registered", changes={"place": str(GRID)}), areas=area())


@pytest.mark.parametrize("place", ["no area", None, 7, [str(GRID)]])
def test_a_place_is_the_id_of_an_area(place):
    registered = after(register)

    with pytest.raises(UnfitContent):
        then(registered, correct(registered, "registered", changes={"place": place}))


def test_the_place_stays_known_where_something_else_is_corrected():
    registered = after(register)

    assert then(registered, correct(registered, "registered", changes={"category": "labour"}), areas={})


@pytest.mark.parametrize("told", [SMUGGLED, 7, None, ["甲"], True, NUL, SURROGATE])
def test_a_narrative_is_corrected_by_a_text_and_nothing_else(told):
    noted = after(register, WriteNote(note="来访"))

    with pytest.raises(UnfitContent) as refusal:
        then(noted, correct(noted, "note_written", changes={"note": told}))

    assert refusal.value.details["fields"] == ["note"]


@pytest.mark.parametrize("told", ["", "   ", LONG])
@pytest.mark.parametrize(("name", "field"), [("registered", "facts"), ("session_held", "record")])
def test_what_has_to_be_said_is_not_corrected_to_nothing_nor_to_more_than_is_read(name, field, told):
    held = after(*UNDER_WAY, hold)

    with pytest.raises(UnfitContent):
        then(held, correct(held, name, changes={field: told}))


def test_nor_are_the_terms_of_an_agreement_or_what_the_grid_settled():
    agreed = after(*AGREED)
    spot = onward(after(), (register.but(settled_on_the_spot="当场和好"), GRID_POST))

    with pytest.raises(UnfitContent):
        then(agreed, correct(agreed, "agreement_reached", changes={"terms": " "}))
    for told in (" ", SMUGGLED):
        with pytest.raises(UnfitContent):
            then(spot, correct(spot, "settled_on_the_spot", changes={"how": told}))


def test_what_may_be_left_out_may_be_corrected_to_nothing():
    agreed = after(*AGREED)

    assert then(agreed, correct(agreed, "agreement_reached", changes={"facts": "两家相邻"}))


def test_a_session_is_not_corrected_to_the_ends_of_time_nor_to_before_it_was_scheduled():
    scheduled = after(*UNDER_WAY, schedule)
    adjourned = onward(scheduled, AdjournSession(mediation=1, session=1, to=noon(3, 25)))

    with pytest.raises(UnfitContent):
        then(scheduled, correct(scheduled, "session_scheduled", changes={"at": "9999-12-31T00:00:00+08:00"}))
    with pytest.raises(BuiltUpon):
        then(scheduled, correct(scheduled, "session_scheduled", changes={"at": "2026-03-01T00:00:00+08:00"}))
    with pytest.raises(BuiltUpon):
        then(adjourned, correct(adjourned, "session_adjourned", changes={"to": "2026-03-01T00:00:00+08:00"}))


def test_a_session_is_not_made_public_against_a_partys_wish():
    closed = onward(after(*UNDER_WAY), GiveConsent(party=RESPONDENT, subject=ToClosedDoors()), hold)

    with pytest.raises(BuiltUpon):
        then(closed, correct(closed, "session_held", changes={"public": True}))


@pytest.mark.parametrize("ground", sorted(FOLLOWS))
def test_an_end_is_not_corrected_to_one_that_follows_from_something_else(ground):
    failed = after(*FAILED)

    with pytest.raises(EndsByItself):
        then(failed, correct(failed, "mediation_ended", changes={"ground": ground}))
    assert then(failed, correct(failed, "mediation_ended", changes={"ground": EndGround.OUT_OF_CONTACT}))


def test_an_agreement_that_falls_by_a_strike_ends_by_the_suit_that_was_filed_since():
    """While it bound, a suit ended nothing; without a signature the mediation still went on when the court took it."""
    bound = after(*IN_EFFECT)
    sued = onward(bound, NoteProceedings(organ=OrganKind.COURT, step=MatterStep.SUIT_ORDINARY), at=noon(4, 2))

    fallen = onward(sued, strike(sued, "agreement_sealed", consented=tuple(sued.state.parties)), at=noon(4, 3))

    assert sued.state.mediation(1).stage is Stage.IN_EFFECT
    assert (fallen.state.mediation(1).stage, fallen.state.mediation(1).ground) == (Stage.ENDED, EndGround.TO_COURT)


def test_nothing_promised_becomes_due_before_the_agreement():
    agreed = after(*AGREED)

    with pytest.raises(BuiltUpon):
        then(agreed, correct(agreed, "agreement_reached", happened_at=noon(4, 2)), now=noon(4, 3))


def test_a_consent_is_not_moved_to_before_the_mediation_was_opened():
    opened = onward(after(*FAILED), accept, applicant_consents, at=noon(3, 10))
    earlier = correct(opened, "consent_given", which=-1, happened_at=noon(3, 9))

    with pytest.raises(BuiltUpon):
        then(opened, earlier, now=noon(3, 20))
    assert then(opened, earlier.but(happened_at=noon(3, 11)), now=noon(3, 20))


def test_no_title_is_corrected_to_take_what_another_organ_has():
    dropped = after(register, at_the_police, EndProceedings(matter=1, settled=False), accept)
    with pytest.raises(BuiltUpon):
        then(dropped, correct(dropped, "proceedings_ended", changes={"settled": True}))
    with pytest.raises(BuiltUpon):
        then(dropped, strike(dropped, "proceedings_ended"))


def test_no_refusal_is_corrected_to_have_been_overrun():
    elsewhere = after(register, RefuseMediation(party=RESPONDENT, channel=Channel.LITIGATION), accept)

    with pytest.raises(BuiltUpon):
        then(elsewhere, correct(elsewhere, "mediation_refused", changes={"channel": "people"}))


@pytest.mark.parametrize(
    ("past", "name", "changes"),
    [
        ((register, accept), "mediation_opened", {"channel": "litigation"}),
        (AGREED, "mediation_opened", {"mandate": "delegated"}),
        (AGREED, "mediation_opened", {"on_platform": True}),
        (
            (register, letter(Mandate.TRANSFERRED, OrganKind.POLICE), accept),
            "mediation_opened",
            {"mandate": "transferred"},
        ),
        ((register, at_the_police), "proceedings_noted", {"step": "suit-ordinary"}),
    ],
)
def test_channel_title_platform_and_step_are_recorded_anew_and_not_corrected(past, name, changes):
    history = after(*past)

    with pytest.raises(NotAField):
        then(history, correct(history, name, changes=changes))


def test_the_clock_of_a_corrected_entry_is_counted_anew():
    noted = onward(after(register), at_the_police, at=noon(3, 10))
    later = onward(noted, correct(noted, "proceedings_noted", happened_at=noon(3, 3)), at=noon(3, 12))
    earlier = onward(noted, correct(noted, "registered", happened_at=noon(2, 24)), at=noon(3, 12))

    assert [one.state.matters[1].due.day for one in (noted, later)] == [date(2026, 4, 9), date(2026, 4, 2)]
    assert [one.state.held_until.day for one in (noted, earlier)] == [date(2026, 3, 9), date(2026, 3, 3)]


def test_and_the_clock_of_a_rating_that_was_counted_from_it():
    rated = onward(after(register), RateDifficulty(difficulty=Difficulty.SIMPLE), at=noon(3, 10))

    earlier = onward(rated, correct(rated, "registered", happened_at=noon(2, 24)), at=noon(3, 12))

    assert [one.state.held_until.day for one in (rated, earlier)] == [date(2026, 3, 3), date(2026, 2, 25)]
