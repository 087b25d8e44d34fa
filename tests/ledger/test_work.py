"""A piece of work is recorded whole or not at all, on the versions that it stood on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from application.ports import VersionMismatch
from tests.ledger.samples import LEDGERS, NOON, TALLIES, Noted, asked, record


def test_several_streams_change_together_or_not_at_all(ledger):
    one, other = uuid4(), uuid4()
    record(ledger, other, 0, Noted())

    def work(unit):
        unit.append(TALLIES, one, 0, [Noted()], NOON)
        unit.append(TALLIES, other, 0, [Noted()], NOON)
        return one

    with pytest.raises(VersionMismatch):
        ledger.carry_out(asked(), work)

    assert (ledger.history(TALLIES, one).version, ledger.history(TALLIES, other).version) == (0, 1)


def test_the_receipt_tells_version_and_position(ledger):
    before, id, other = ledger.head(), uuid4(), uuid4()

    def work(unit):
        unit.append(TALLIES, id, 0, [Noted(), Noted()], NOON)
        unit.append(TALLIES, other, 0, [Noted()], NOON)
        return id

    receipt = ledger.carry_out(asked(), work)

    assert (receipt.id, receipt.version, receipt.position) == (id, 2, before + 3)


def test_work_that_changes_nothing_still_tells_the_version(ledger):
    id = uuid4()
    record(ledger, id, 0, Noted(), Noted())

    def work(unit):
        unit.history(TALLIES, id)
        return id

    receipt = ledger.carry_out(asked(), work)

    assert (receipt.version, receipt.position) == (2, ledger.head())


@pytest.mark.parametrize("expected", [0, 1, 3, 9])
def test_a_version_ahead_or_behind_is_refused(ledger, expected):
    id = uuid4()
    record(ledger, id, 0, Noted(), Noted())

    with pytest.raises(VersionMismatch) as refusal:
        record(ledger, id, expected, Noted())

    assert refusal.value.details == {"expected": expected, "actual": 2}
    assert ledger.history(TALLIES, id).version == 2


def test_of_many_who_stand_on_one_version_one_is_recorded(ledger):
    id = uuid4()
    record(ledger, id, 0, Noted())

    def attempt(number):
        try:
            return record(ledger, id, 1, Noted(what=str(number))).version
        except VersionMismatch:
            return None

    with ThreadPoolExecutor(8) as many:
        versions = list(many.map(attempt, range(24)))

    assert [version for version in versions if version] == [2]
    assert ledger.history(TALLIES, id).version == 2


def test_work_sees_what_it_appended_itself(ledger):
    id, seen = uuid4(), []

    def work(unit):
        unit.append(TALLIES, id, 0, [Noted(what="first")], NOON)
        seen.append(unit.history(TALLIES, id).state.last)
        unit.append(TALLIES, id, 1, [Noted(what="second")], NOON)
        return id

    receipt = ledger.carry_out(asked(), work)

    assert seen == ["first"]
    assert receipt.version == 2
    assert ledger.history(TALLIES, id).state.last == "second"


def test_what_failed_work_appended_is_seen_by_nobody(ledger):
    id = uuid4()

    def work(unit):
        unit.append(TALLIES, id, 0, [Noted()], NOON)
        unit.history(TALLIES, id)
        raise LookupError

    with pytest.raises(LookupError):
        ledger.carry_out(asked(), work)

    assert ledger.history(TALLIES, id).entries == ()


def test_an_id_of_another_kind_of_thing_has_no_history_of_this_kind(ledger):
    id = uuid4()
    record(ledger, id, 0, Noted())
    assert ledger.history(TALLIES, id).version == 1

    history = ledger.history(LEDGERS, id)

    assert (history.version, history.state.last) == (0, "blank of another kind")


def test_histories_are_read_as_they_were_at_a_position(ledger):
    one, other = uuid4(), uuid4()
    record(ledger, one, 0, Noted())
    then = record(ledger, other, 0, Noted()).position
    record(ledger, one, 1, Noted())

    found = {history.id: history.version for history in ledger.histories(TALLIES, [one, other, uuid4()], then)}

    assert found == {one: 1, other: 1}
