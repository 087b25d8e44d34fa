"""What was found out about a signal is recorded, again and again, and never twice alike."""

from __future__ import annotations

from datetime import date

import pytest

from domain.shared.decider import History, decide
from domain.signal.commands import LookedInto, Pointed, SignalStage
from domain.signal.findings import FindingRecorded, FoundSoAlready, RecordFinding, WindowOfASignal
from tests.case.histories import entries, id_of, occasion

POINTED = Pointed(signal="alike-texts", subject=id_of("village"), since=date(2026, 1, 1), until=date(2026, 6, 30))


def finding(stage: SignalStage, pointed: Pointed = POINTED) -> RecordFinding:
    return RecordFinding(pointed=pointed, finding=stage, account="同一场冰雹，二十户各有一件。")


def after(*commands: RecordFinding) -> History[LookedInto]:
    history: History[LookedInto] = History.of(POINTED.id, LookedInto.blank(POINTED.id), ())
    for command in commands:
        on = occasion()
        history = history.then(entries(history, decide(history, command, on), on))
    return history


def test_a_signal_is_explained_confirmed_and_opened_again():
    history = after(*map(finding, (SignalStage.EXPLAINED, SignalStage.CONFIRMED, SignalStage.OPEN)))

    assert history.state.stage is SignalStage.OPEN
    assert all(isinstance(one.event, FindingRecorded) for one in history.entries)


def test_what_was_found_already_is_not_found_again():
    with pytest.raises(FoundSoAlready):
        after(finding(SignalStage.EXPLAINED), finding(SignalStage.EXPLAINED))
    with pytest.raises(FoundSoAlready):
        after(finding(SignalStage.OPEN))


def test_the_days_of_a_signal_begin_before_they_end():
    turned = POINTED.but(since=POINTED.until, until=POINTED.since)
    with pytest.raises(WindowOfASignal):
        after(finding(SignalStage.EXPLAINED, turned))


def test_a_signal_of_other_days_or_of_another_place_is_another_one():
    assert POINTED.but(subject=id_of("other")).id != POINTED.id != POINTED.but(since=date(2026, 2, 1)).id
