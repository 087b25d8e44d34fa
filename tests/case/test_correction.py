"""更正与作废: state, clocks and figures follow a correction; what others build on is struck only with them."""

from datetime import date, timedelta

import pytest

from domain.case.beside.proceedings import NoteProceedings
from domain.case.case import Status
from domain.case.kinds import Category, Difficulty, OrganKind
from domain.case.mediating.mediation_extension import ExtendMediation
from domain.case.mediations import Stage
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.classification import ConfirmDifficulty, RateDifficulty
from domain.case.opening.intake import ReceiveRequest
from domain.case.record.correction import (
    BuiltUpon,
    CorrectEntry,
    EntryCorrected,
    NoSuchEntry,
    NothingChanges,
    NotToBeAmended,
    StrikeEntry,
)
from domain.case.record.papers import WriteNote
from domain.case.record.rewriting import NotAField, UnfitContent
from domain.shared.decider import standing
from domain.shared.errors import InTheFuture, NotAllowedNow
from domain.shared.values import Form
from tests.case.histories import (
    AGREED,
    APPLICANT,
    ARCHIVED,
    CLOSED,
    IN_EFFECT,
    LI,
    PERFORMED,
    RESPONDENT,
    UNDER_WAY,
    WANG,
    after,
    noon,
    onward,
    perform,
    propose,
    register,
    seal,
    sign_applicant,
    sign_mediator,
    sign_respondent,
    then,
    versions,
)

BOTH = (APPLICANT, RESPONDENT)


def correct(history, name, which=0, **changes):
    return CorrectEntry(entry=versions(history, name)[which], reason="笔误", **changes)


def strike(history, *names, **more):
    entries = tuple(version for name in names for version in versions(history, name))
    return StrikeEntry(entries=entries, reason="误录", **more)


def test_the_state_follows_the_correction_and_the_record_keeps_both():
    registered = after(register)

    corrected = onward(registered, correct(registered, "registered", changes={"category": "labour"}))

    assert corrected.state.category is Category.LABOUR
    assert corrected.entries[: len(registered.entries)] == registered.entries
    assert corrected.version == registered.version + 2


def test_a_corrected_seal_moves_the_day_of_effect_and_the_last_day_for_the_court():
    in_effect = after(*IN_EFFECT)

    sealed_later = onward(
        in_effect, correct(in_effect, "agreement_sealed", happened_at=noon(3, 10), consented=BOTH), at=noon(3, 12)
    )
    mediation = sealed_later.state.mediation(1)

    assert (mediation.since, sealed_later.state.resolved_at) == (noon(3, 10), noon(3, 10))
    assert mediation.reached.confirm_by == date(2026, 4, 9)


def test_a_struck_signature_undoes_the_effect():
    in_effect = after(*IN_EFFECT)

    unsealed = onward(in_effect, strike(in_effect, "agreement_sealed", consented=BOTH))

    assert (unsealed.state.mediation(1).stage, unsealed.state.resolved_at) == (Stage.AGREED, None)
    assert onward(unsealed, seal).state.resolved_at


def test_what_others_build_on_is_struck_only_together_with_them():
    under_way = after(*UNDER_WAY)

    with pytest.raises(BuiltUpon) as refusal:
        then(under_way, StrikeEntry(entries=(versions(under_way, "consent_given")[0],), reason="误录"))
    with pytest.raises(BuiltUpon):
        then(under_way, strike(under_way, "mediator_proposed"))
    case = onward(under_way, strike(under_way, "mediation_started")).state

    assert refusal.value.details["entries"] == versions(under_way, "mediation_started")
    assert case.mediation(1).stage is Stage.CONSENTED


def test_a_whole_chain_may_be_struck():
    under_way = after(*UNDER_WAY)
    versions_of_all = tuple(
        entry.version
        for entry in under_way.entries
        if "registered" not in entry.event.name
        if "party_added" not in entry.event.name
        if not entry.event.derived
    )

    case = onward(under_way, StrikeEntry(entries=versions_of_all, reason="误录")).state

    assert (case.status, dict(case.mediations)) == (Status.REGISTERED, {})


def test_a_correction_that_takes_away_the_ground_of_others_is_refused():
    in_effect = after(*IN_EFFECT)
    one_side = correct(in_effect, "party_added", which=1, changes={"side": "applicant"})
    late_start = correct(in_effect, "mediation_started", happened_at=noon(3, 10))

    for command in (one_side, late_start):
        with pytest.raises(BuiltUpon):
            then(in_effect, command, now=noon(3, 20), occurred_at=noon(3, 20))


def test_an_agreement_corrected_to_oral_takes_effect_by_its_own_rule():
    waiting = after(*AGREED)

    oral = onward(waiting, correct(waiting, "agreement_reached", changes={"form": "oral"}, consented=BOTH)).state

    assert oral.mediation(1).stage is Stage.IN_EFFECT
    assert oral.resolved_at == waiting.state.mediation(1).since


def test_a_correction_is_corrected_by_the_number_of_the_original_entry():
    registered = after(register)
    once = onward(registered, correct(registered, "registered", changes={"category": "labour"}))

    twice = onward(once, correct(registered, "registered", changes={"category": "traffic"}))

    assert twice.state.category is Category.TRAFFIC
    assert len(standing(twice.entries)) == len(registered.entries) + 2
    with pytest.raises(NotToBeAmended):
        then(once, CorrectEntry(entry=once.version - 1, reason="笔误", changes={"reason": "别的"}))
    with pytest.raises(NoSuchEntry):
        then(once, CorrectEntry(entry=once.version, reason="笔误", changes={"category": "labour"}))


def test_what_was_struck_is_struck_once():
    noted = after(register, WriteNote(note="来访"))
    struck = onward(noted, strike(noted, "note_written"))

    with pytest.raises(NoSuchEntry):
        then(struck, strike(noted, "note_written"))
    with pytest.raises(NoSuchEntry):
        then(struck, StrikeEntry(entries=(99,), reason="误录"))


def test_the_day_of_the_request_is_never_changed():
    received = after(ReceiveRequest(form=Form.ORAL), register)
    dated = after(register.but(requested_at=noon(2, 1)))

    for history, name in ((received, "request_received"), (dated, "request_dated")):
        with pytest.raises(NotToBeAmended):
            then(history, correct(history, name, happened_at=noon(1, 1)))
        with pytest.raises(NotToBeAmended):
            then(history, strike(history, name))


def test_what_follows_by_itself_is_not_corrected():
    in_effect = after(*IN_EFFECT)

    with pytest.raises(NotToBeAmended):
        then(in_effect, strike(in_effect, "agreement_took_effect"))


def test_a_correction_says_something_new_that_fits():
    registered = after(register)

    with pytest.raises(NothingChanges):
        then(registered, correct(registered, "registered", changes={"category": "other"}))
    with pytest.raises(NotAField):
        then(registered, correct(registered, "registered", changes={"code": "QJ-1"}))
    with pytest.raises(UnfitContent) as refusal:
        then(registered, correct(registered, "registered", changes={"category": "no such thing"}))
    assert refusal.value.details["fields"] == ["category"]
    with pytest.raises(InTheFuture):
        then(registered, correct(registered, "registered", happened_at=noon(12, 1)))


def test_no_correction_goes_round_the_second_person_the_consent_of_all_or_the_remedies():
    rated = onward(after(register, RateDifficulty(difficulty=Difficulty.COMPLEX)), ConfirmDifficulty(), by=WANG)
    extended = after(*UNDER_WAY, ExtendMediation(mediation=1, until=date(2026, 5, 6), consented=BOTH))
    sued = after(*UNDER_WAY, NoteProceedings(organ=OrganKind.COURT))

    for history, name, changes in (
        (rated, "difficulty_rated", {"difficulty": "major"}),
        (extended, "mediation_extended", {"until": "2027-05-06"}),
        (sued, "mediation_ended", {"remedies_told": False}),
    ):
        with pytest.raises(NotAField):
            then(history, correct(history, name, changes=changes))


def test_an_archived_file_is_corrected_too():
    archived = after(*ARCHIVED)

    case = onward(archived, correct(archived, "registered", changes={"category": "labour"})).state

    assert (case.status, case.category) == (Status.ARCHIVED, Category.LABOUR)


def test_nothing_is_corrected_where_nothing_was_recorded():
    with pytest.raises(NotAllowedNow):
        then(after(), CorrectEntry(entry=1, reason="笔误"))


def test_what_was_performed_is_not_undone_under_a_closed_case():
    closed = after(*CLOSED)

    with pytest.raises(BuiltUpon):
        then(closed, strike(closed, "obligation_performed"))


def test_a_performance_corrected_to_a_later_day_is_late():
    performed = after(*PERFORMED)

    corrected = onward(performed, correct(performed, "obligation_performed", happened_at=noon(4, 2)), at=noon(4, 5))
    (reading,) = (one.event for one in standing(corrected.entries) if one.event.name == "case.obligation_performed")

    assert reading.late


def test_a_corrected_payment_is_not_more_than_was_promised_and_completes_by_its_amount():
    performed = after(*PERFORMED)

    less = onward(performed, correct(performed, "obligation_performed", changes={"amount": 40_000})).state

    assert less.mediation(1).reached.obligations[1].is_open
    with pytest.raises(Exception, match="MoreThanPromised"):
        then(performed, correct(performed, "obligation_performed", changes={"amount": 50_001}))


def test_a_corrected_instalment_counts_for_those_after_it():
    paid = after(*IN_EFFECT, perform.but(amount=20_000), perform)

    less = onward(paid, correct(paid, "obligation_performed", changes={"amount": 10_000})).state

    assert less.mediation(1).reached.obligations[1].left == 10_000
    assert less.mediation(1).reached.obligations[1].is_open
    with pytest.raises(Exception, match="MoreThanPromised"):
        then(paid, correct(paid, "obligation_performed", changes={"amount": 30_000}))


def test_a_corrected_acceptance_counts_its_time_anew():
    accepted = after(register, AcceptCase(), days=1)

    fixed = correct(accepted, "mediation_opened", changes={"category": "medical"}, happened_at=noon(3, 9))
    corrected = onward(accepted, fixed, at=noon(3, 10))

    assert accepted.state.mediation(1).conclude_by == date(2026, 4, 3)
    assert corrected.state.mediation(1).conclude_by == date(2026, 4, 20), "thirty working days"


def test_a_correction_stands_in_the_place_of_the_old_entry():
    in_effect = after(*IN_EFFECT)
    fixed = onward(in_effect, correct(in_effect, "consent_given", changes={"form": "phone"}))
    (event,) = (entry.event for entry in fixed.entries if isinstance(entry.event, EntryCorrected))

    read = standing(fixed.entries)

    assert [one.version for one in read] == [*range(1, in_effect.version + 1), in_effect.version + 1]
    assert event.entry == versions(in_effect, "consent_given")[0]


def test_time_travel_reads_the_corrected_record():
    slow = after(*AGREED, sign_applicant, sign_respondent, sign_mediator)
    sealed = onward(slow, seal, at=noon(3, 20))

    moved = onward(sealed, correct(sealed, "agreement_sealed", happened_at=noon(3, 10), consented=BOTH), at=noon(3, 25))

    assert sealed.effective_at(noon(3, 15)).mediation(1).stage is Stage.AGREED
    assert moved.effective_at(noon(3, 15)).mediation(1).stage is Stage.IN_EFFECT
    assert moved.until(lambda entry: entry.version <= sealed.version).effective_at(noon(3, 15)).resolved_at is None


def test_an_earlier_state_leaves_out_what_points_at_later_things():
    proposed = onward(after(*UNDER_WAY[:4]), propose, at=noon(3, 20))
    accepted_before = onward(proposed, UNDER_WAY[5], at=noon(3, 10))

    assert accepted_before.effective_at(noon(3, 15)).mediation(1).mediators == {}
    assert accepted_before.effective_at(noon(3, 20)).mediation(1).mediators[LI].accepted_by == set(BOTH)
    assert accepted_before.effective_at(noon(3, 1) - timedelta(days=1)) == accepted_before.blank
