"""What follows from consents is decided once: it reads alike whatever rule comes after, and so does what is older."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case.case import DisputeCase
from domain.case.kinds import EndGround, Side
from domain.case.mediating import consent, consent_outcomes
from domain.case.mediating.consent import ConsentGiven, GiveConsent, ToClosedDoors, WithdrawConsent
from domain.case.mediating.consent_outcomes import ConsentOutcome, MediationConsented, MediationStopped
from domain.case.mediating.mediation import EndMediation
from domain.case.mediating.refusal import MediationRefused, RefuseMediation
from domain.case.mediations import Stage
from domain.case.opening.parties import AddParty, WithdrawParty
from domain.case.record.correction import BuiltUpon, CorrectEntry, NotToBeAmended, StrikeEntry
from domain.case.record.joining import SplitCase
from domain.shared.decider import Entry, History, decide, evolve, standing
from domain.shared.errors import DomainError
from tests.case.histories import (
    APPLICANT,
    CONSENTED,
    FAILED,
    MONDAY,
    RESPONDENT,
    UNDER_WAY,
    accept,
    after,
    applicant_consents,
    both_accept,
    entries,
    noon,
    occasion,
    onward,
    propose,
    register,
    respondent_consents,
    start,
    tell_rights,
    then,
    versions,
)

third = AddParty(side=Side.THIRD, name="王五")
refuse = RefuseMediation(party=RESPONDENT)


def stage(history: History[DisputeCase]) -> Stage:
    return history.state.mediation(1).stage


def struck(history: History[DisputeCase], *which: int, **at: Any) -> Any:
    return onward(history, StrikeEntry(entries=which, reason="误录"), **at)


def test_the_last_consent_is_followed_by_that_all_consent_and_no_other_one_is():
    accepted = after(register, accept)

    (first,) = then(accepted, applicant_consents)
    given, follows = then(onward(accepted, applicant_consents), respondent_consents)

    assert isinstance(first, ConsentGiven)
    assert isinstance(given, ConsentGiven)
    assert follows == MediationConsented(mediation=1, since=follows.since)
    assert len(then(after(*CONSENTED), respondent_consents)) == 1


@pytest.mark.parametrize("command", [refuse, WithdrawConsent(party=RESPONDENT)])
def test_a_consent_that_is_missing_again_stops_the_mediation_by_an_entry_of_its_own(command):
    _, follows = then(after(*UNDER_WAY), command)

    assert follows == MediationStopped(mediation=1, party=RESPONDENT, since=follows.since)


def test_who_leaves_as_the_last_to_be_waited_for_is_followed_by_that_all_consent():
    waiting = onward(after(register), third, accept, applicant_consents, respondent_consents)
    (other,) = waiting.state.present_parties - {APPLICANT, RESPONDENT}

    left, follows = then(waiting, WithdrawParty(party=other))

    assert left.name == "case.party_withdrew"
    assert isinstance(follows, MediationConsented)


def test_all_consent_since_the_last_consent_also_where_somebody_had_left_before_it():
    late, early = MONDAY + timedelta(days=3), MONDAY + timedelta(days=1)
    waiting = onward(after(register), third, accept)
    waiting = onward(waiting, applicant_consents, respondent_consents, at=late)
    (other,) = waiting.state.present_parties - {APPLICANT, RESPONDENT}

    gone = onward(waiting, WithdrawParty(party=other), at=early)

    assert gone.state.mediation(1).since == late
    assert gone.effective_at(early + timedelta(hours=1)).mediation(1).stage is Stage.OPENED


def test_a_consequence_is_shown_from_when_it_holds_and_not_from_when_it_was_recorded():
    late, early = MONDAY + timedelta(days=3), MONDAY + timedelta(days=1)
    consented = onward(after(register, accept), applicant_consents, at=late)
    consented = onward(consented, respondent_consents, at=early)

    between = consented.effective_at(early + timedelta(hours=1))

    assert (between.mediation(1).stage, between.mediation(1).consents) == (Stage.OPENED, {RESPONDENT})
    assert consented.effective_at(late) == consented.state


def test_a_refusal_of_before_the_opening_is_known_then_though_it_stops_nothing_yet():
    again = onward(after(*FAILED), accept, at=noon(3, 20))
    refused = onward(again, refuse, at=noon(3, 10))

    known = refused.effective_at(noon(3, 11))

    assert (known.refusals, list(known.mediations)) == ({(RESPONDENT, "people")}, [1])
    assert refused.state.mediation(2).withdrawn == {RESPONDENT}


def test_a_consequence_is_neither_struck_nor_corrected():
    consented = after(*CONSENTED)

    with pytest.raises(NotToBeAmended):
        struck(consented, *versions(consented, "mediation_consented"))


def test_without_the_consent_nothing_follows_and_the_entry_that_did_is_struck_with_it():
    consented = after(*CONSENTED)
    given = versions(consented, "consent_given")

    waiting = struck(consented, given[0])
    again = onward(waiting, applicant_consents)

    assert waiting.entries[-1].event.struck == (given[0], *versions(consented, "mediation_consented"))
    assert (stage(waiting), stage(again)) == (Stage.OPENED, Stage.CONSENTED)


def test_a_consent_that_is_dated_later_moves_what_follows_from_it():
    consented = after(*CONSENTED)
    (_, second) = versions(consented, "consent_given")

    moved = onward(consented, CorrectEntry(entry=second, happened_at=noon(3, 4), reason="误录"), at=noon(3, 9))

    assert moved.state.mediation(1).since == noon(3, 4)
    assert moved.effective_at(noon(3, 3)).mediation(1).stage is Stage.OPENED


def test_what_follows_only_since_the_correction_stands_right_behind_what_it_follows_from():
    """The second consent was one too many, until the first was struck: the start that it allows stays."""
    twice = after(*CONSENTED, respondent_consents, propose, both_accept, tell_rights, start)
    _, first, second, *_ = versions(twice, "consent_given")

    corrected = struck(twice, first)

    read = [entry.event.name.removeprefix("case.") for entry in standing(corrected.entries)]
    assert read[read.index("mediation_consented") - 1] == "consent_given"
    assert read.index("mediation_consented") < read.index("mediator_proposed")
    assert stage(corrected) is Stage.UNDER_WAY
    with pytest.raises(BuiltUpon):
        struck(corrected, second)
    assert stage(struck(corrected, second, versions(corrected, "mediation_started")[0])) is Stage.OPENED


def test_what_follows_at_the_end_is_added_at_the_end():
    waiting = onward(after(register), third, accept, applicant_consents, respondent_consents)
    added = versions(waiting, "party_added")[-1]

    corrected = struck(waiting, added)

    assert isinstance(corrected.entries[-1].event, MediationConsented)
    assert stage(corrected) is Stage.CONSENTED


def test_an_opening_that_is_struck_leaves_its_consents_to_count_in_nothing():
    consented = after(register, accept, applicant_consents)

    gone = struck(consented, *versions(consented, "accepted"), *versions(consented, "mediation_opened"))

    (given,) = [entry.event for entry in standing(gone.entries) if isinstance(entry.event, ConsentGiven)]
    assert (given.counts_in, given.since) == (None, None)


def test_closed_doors_that_were_asked_for_before_the_opening_close_nothing_yet():
    """Dated earlier than the mediation that it counts in: the moment between knows no such mediation."""
    again = onward(after(*FAILED), accept, at=noon(3, 20))
    wished = onward(again, GiveConsent(party=RESPONDENT, subject=ToClosedDoors()), at=noon(3, 10))

    assert list(wished.effective_at(noon(3, 11)).mediations) == [1]
    assert wished.state.mediation(2).closed_doors == {RESPONDENT}


def of_then(event: Any) -> Any:
    """As it was recorded before its consequences were, and is read now."""
    if "moves_stage" not in type(event).model_fields:
        return event
    later = ("counts_in", "since")
    content = {name: value for name, value in event.model_dump().items() if name not in later}
    return type(event).model_validate({**content, "moves_stage": True})


def by_the_rule_of_then(history: History[DisputeCase]) -> DisputeCase:
    """What was said, as it stands, and what follows read by the old rule."""
    said = (one for one in standing(history.entries) if not isinstance(one.event, ConsentOutcome))
    return evolve(history.blank, [replace(one, event=of_then(one.event)) for one in said])


OFTEN = ("consent", "consent", "consent", "refuse", "withdraw", "leave")
SELDOM = ("start", "start", "third", "end", "accept", "doors", "open doors")
STEPS = st.sampled_from([(kind, who) for kind in OFTEN for who in range(3)] + [(kind, 0) for kind in SELDOM])
LATE = st.sampled_from([0, 0, 0, 1, 30, 600])
"""Minutes that a step happened before it is recorded."""
LIVES = st.lists(st.tuples(STEPS, LATE), max_size=12)


def command_of(step: tuple[str, int], history: History[DisputeCase]) -> Any:
    kind, who = step
    parties = list(history.state.parties)
    party, number = parties[who % len(parties)], max(history.state.mediations, default=1)
    commands = {
        "consent": lambda: GiveConsent(party=party),
        "refuse": lambda: RefuseMediation(party=party),
        "withdraw": lambda: WithdrawConsent(party=party),
        "leave": lambda: WithdrawParty(party=party),
        "doors": lambda: GiveConsent(party=party, subject=ToClosedDoors()),
        "open doors": lambda: WithdrawConsent(party=party, subject=ToClosedDoors()),
        "start": lambda: start.but(mediation=number),
        "end": lambda: EndMediation(mediation=number, because=EndGround.FAILED, remedies_told=True),
        "accept": lambda: accept,
        "third": lambda: third,
    }
    return commands[kind]()


def asked(history: History[DisputeCase], command: Any, late: int, old: bool = False) -> History[DisputeCase]:
    """The history with it, or as it was where it is refused. `old`: as an earlier version would have recorded it."""
    now = max(entry.recorded_at for entry in history.entries) + timedelta(minutes=10)
    on = replace(occasion(step=int(now.timestamp())), now=now, occurred_at=now - timedelta(minutes=late))
    try:
        events = decide(history, command, on)
    except DomainError:
        return history
    said = [of_then(one) for one in events if not isinstance(one, ConsentOutcome)] if old else events
    return history.then(entries(history, said, on))


def lived(life: Any, old: int = 0) -> History[DisputeCase]:
    """`old`: how many of its steps an earlier version recorded."""
    history = after(register, accept, propose, both_accept)
    for number, (step, late) in enumerate(life):
        history = asked(history, command_of(step, history), late, number < old)
    return history


def amended(history: History[DisputeCase], which: int, earlier: int | None) -> History[DisputeCase]:
    """With one of its entries struck, or dated so many minutes earlier; as it was, where that is refused."""
    named = [one for one in standing(history.entries) if one.version > 4]
    if not named:
        return history
    entry: Entry[Any] = named[which % len(named)]
    if earlier is None:
        return asked(history, StrikeEntry(entries=(entry.version,), reason="误录"), 0)
    moment = entry.occurred_at - timedelta(minutes=earlier)
    return asked(history, CorrectEntry(entry=entry.version, happened_at=moment, reason="误录"), 0)


AMENDMENTS = st.lists(st.tuples(st.integers(0, 30), st.sampled_from([None, None, -40, -1, 5, 40])), max_size=4)


@given(LIVES)
def test_what_was_recorded_before_reads_as_it_did_at_every_step(life):
    before = after(register, accept, propose, both_accept)
    old = new = before
    for step, late in life:
        new, old = asked(new, command_of(step, new), late), asked(old, command_of(step, old), late, old=True)
        assert old.state == new.state


@given(LIVES, st.integers(0, 14), AMENDMENTS)
def test_whatever_is_amended_in_what_was_recorded_before_and_since_it_reads_as_by_the_old_rule(life, old, amendments):
    history = lived(life, old)
    for which, earlier in amendments:
        history = amended(history, which, earlier)
        assert history.state == by_the_rule_of_then(history)
        assert History.of(history.id, history.blank, history.entries).state == history.state
    for step, late in life:
        history = asked(history, command_of(step, history), late)
        assert history.state == by_the_rule_of_then(history)


@given(LIVES, AMENDMENTS)
def test_another_rule_of_who_must_consent_reads_no_history_otherwise(life, amendments):
    history = lived(life)
    for which, earlier in amendments:
        history = amended(history, which, earlier)
    states = [history.until(lambda one, n=n: one.version <= n).state for n in range(1, history.version + 1)]

    with pytest.MonkeyPatch.context() as rule:
        rule.setattr(DisputeCase, "present_parties", property(lambda case: frozenset(case.parties)))
        rule.setattr(DisputeCase, "parties_without_consent", lambda case, mediation: [])
        rule.setattr(DisputeCase, "active_mediation", property(lambda case: None))
        for module in (consent, consent_outcomes):
            rule.setattr(module, "all_consented", lambda *of: None)
            rule.setattr(module, "consent_missing", lambda *of: None)
        again = [history.until(lambda one, n=n: one.version <= n).state for n in range(1, history.version + 1)]

    assert again == states


@given(LIVES)
def test_no_new_entry_is_read_by_the_old_rule(life):
    assert not any(getattr(one.event, "moves_stage", False) for one in lived(life).entries)


def test_a_refusal_of_then_goes_with_a_part_of_the_case_as_one_of_today():
    refused = asked(after(register), refuse, 0, old=True)
    split = SplitCase(parties=(APPLICANT, RESPONDENT), facts="另一堵墙", reason="两件事")

    begun = split.split_off(refused, occasion(step=7))

    assert [one.event.moves_stage for one in refused.entries if isinstance(one.event, MediationRefused)] == [True]
    assert [one.moves_stage for one in begun if isinstance(one, MediationRefused)] == [False]
