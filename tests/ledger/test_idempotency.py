"""The same request twice is recorded once, and answered alike."""

from __future__ import annotations

from threading import Event as Flag
from threading import Thread
from uuid import UUID, uuid4

import pytest

from application.ports import InFlight, KeyReused, VersionMismatch
from domain.shared.values import OfficerId
from tests.ledger.samples import NOON, TALLIES, Coded, Noted, asked, record
from tests.patience import PATIENCE


def test_a_repeated_request_is_answered_as_the_first_time(ledger):
    id, key = uuid4(), uuid4().hex
    first = record(ledger, id, 0, Coded(), on=asked(key))

    again = record(ledger, id, 0, Coded(), on=asked(key))

    assert again == first.but(replayed=True)
    assert ledger.history(TALLIES, id).version == 1


def test_a_key_that_was_used_for_another_request_is_refused(ledger):
    id, key = uuid4(), uuid4().hex
    record(ledger, id, 0, Noted(), on=asked(key))

    with pytest.raises(KeyReused):
        record(ledger, id, 1, Noted(), on=asked(key, b"another"))

    assert ledger.history(TALLIES, id).version == 1


def test_the_key_of_another_officer_is_another_key(ledger):
    id, key = uuid4(), uuid4().hex
    record(ledger, id, 0, Noted(), on=asked(key))

    receipt = record(ledger, id, 1, Noted(), on=asked(key, by=OfficerId(UUID(int=2))))

    assert (receipt.version, receipt.replayed) == (2, False)


def test_a_request_that_is_being_carried_out_is_not_begun_again(ledger):
    id, key, begun, go_on = uuid4(), uuid4().hex, Flag(), Flag()

    def slow(unit):
        begun.set()
        go_on.wait(PATIENCE)
        unit.append(TALLIES, id, 0, [Noted()], NOON)
        return id

    first = Thread(target=lambda: ledger.carry_out(asked(key), slow))
    first.start()
    begun.wait(PATIENCE)

    with pytest.raises(InFlight):
        record(ledger, id, 0, Noted(), on=asked(key))

    go_on.set()
    first.join(PATIENCE)
    assert record(ledger, id, 0, Noted(), on=asked(key)).replayed
    assert ledger.history(TALLIES, id).version == 1


def test_a_refused_request_leaves_its_key_free(ledger):
    id, key = uuid4(), uuid4().hex
    with pytest.raises(VersionMismatch):
        record(ledger, id, 4, Noted(), on=asked(key))

    receipt = record(ledger, id, 0, Noted(), on=asked(key))

    assert not receipt.replayed
