"""Decided alone and recorded together: what is remembered misleads nobody, and a lost answer is looked for."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Timer
from uuid import uuid4

import psycopg
import pytest

from application.ports import StoreAway, VersionMismatch
from domain.shared.errors import Conflict
from infrastructure.ledger import recorder
from infrastructure.ledger.group_commit import COMMIT
from tests.ledger.samples import NOON, TALLIES, Coded, Noted, asked, record, told


class Full(Conflict):
    """There are three already."""


@pytest.fixture
def two(make_ledger, make_database):
    """Two processes on one ledger."""
    url = make_database()
    return make_ledger(url), make_ledger(url)


def adding(id):
    def work(unit):
        known = unit.history(TALLIES, id)
        if known.version >= 3:
            raise Full
        unit.append(TALLIES, id, known.version, [Noted()], NOON)
        return id

    return work


def test_a_decision_from_memory_is_taken_again_where_another_process_was_faster(two):
    here, there = two
    id = uuid4()
    here.carry_out(asked(), adding(id), from_memory=True)
    record(there, id, 1, Noted(what="there"))

    receipt = here.carry_out(asked(), adding(id), from_memory=True)

    assert receipt.version == 3
    assert [one.event.what for one in here.history(TALLIES, id).entries] == ["noted", "there", "noted"]


def test_a_refusal_by_what_is_remembered_is_none(two):
    here, there = two
    id, other = uuid4(), uuid4()
    for _ in range(3):
        here.carry_out(asked(), adding(id), from_memory=True)
    assert here.history(TALLIES, id).version == 3

    def work(unit):
        if unit.history(TALLIES, id).version <= 3:
            raise Full
        unit.append(TALLIES, other, 0, [Noted()], NOON)
        return other

    with pytest.raises(Full):
        here.carry_out(asked(), work, from_memory=True)
    record(there, id, 3, Noted())

    assert here.carry_out(asked(), work, from_memory=True).version == 1


def test_what_a_decision_from_memory_only_read_is_verified_too(two):
    here, there = two
    gate, goods = uuid4(), uuid4()
    record(here, gate, 0, Noted(what="open"))
    here.history(TALLIES, gate)
    record(there, gate, 1, Noted(what="shut"))

    def work(unit):
        if unit.history(TALLIES, gate).state.last == "shut":
            raise Full
        unit.append(TALLIES, goods, 0, [Noted()], NOON)
        return goods

    with pytest.raises(Full):
        here.carry_out(asked(), work, from_memory=True)
    assert there.history(TALLIES, goods).version == 0


def test_what_was_added_is_remembered_as_it_was_recorded(ledger):
    id, texts = uuid4(), iter(["first", "second"])

    def work(unit):
        unit.append(TALLIES, id, unit.history(TALLIES, id).version, [Coded(), told(next(texts))], NOON)
        return id

    for _ in range(2):
        ledger.carry_out(asked(), work, from_memory=True)

    remembered = ledger._loader.remembered(TALLIES, id)
    assert remembered.version == 4
    ledger._loader.recent.forget()
    assert remembered == ledger.history(TALLIES, id)


def test_the_same_key_in_two_processes_at_once_is_recorded_once_and_answered_alike(two):
    here, there = two
    id, key = uuid4(), uuid4().hex

    def work(unit):
        unit.append(TALLIES, id, 0, [Noted()], NOON)
        if unit.asked.correlation == outer.correlation:
            first.append(there.carry_out(asked(key), work))
        return id

    outer, first = asked(key), []
    receipt = here.carry_out(outer, work)

    assert receipt == first[0].but(replayed=True)
    assert here.history(TALLIES, id).version == 1


def breaking(ledger, when):
    """The answer to the next commit is lost: `before` or `after` the server has carried it out, or it does so `later`,
    that many seconds."""
    line = ledger._line
    held, times = line.held, iter([True])

    @contextmanager
    def breaks_once():
        with held() as wire:
            yield Breaking(wire, line, when) if next(times, False) else wire

    line.held = breaks_once


class Breaking:
    def __init__(self, wire, line, when):
        self.wire, self.line, self.when = wire, line, when

    def ask(self, *asked):
        if COMMIT not in asked:
            return self.wire.ask(*asked)
        if self.when == "after":
            self.wire.ask(*asked)
        if isinstance(self.when, float):
            self.wire.ask(*asked[:-1])
            lost, self.line._connection = self.line._connection, self.line._connect()
            Timer(self.when, committed, [lost]).start()
        self.line.close()
        raise psycopg.OperationalError("the connection was lost")


def committed(lost):
    """By a session that still has its lock, though nobody hears from it any more."""
    with lost:
        lost.execute("COMMIT")


def test_a_commit_whose_answer_was_lost_is_looked_up_and_answered(ledger):
    id = uuid4()
    breaking(ledger, "after")

    receipt = record(ledger, id, 0, Noted())

    assert (receipt.version, ledger.history(TALLIES, id).version) == (1, 1)


def test_a_commit_that_did_not_reach_the_store_is_never_said_to_be_recorded(ledger):
    id = uuid4()
    breaking(ledger, "before")

    with pytest.raises(StoreAway):
        record(ledger, id, 0, Noted())

    assert ledger.history(TALLIES, id).version == 0
    assert record(ledger, id, 0, Noted()).version == 1


@pytest.mark.parametrize("patience", ["5s", "150ms"])
def test_a_lost_session_that_still_commits_is_waited_for_also_longer_than_for_a_lock(ledger, monkeypatch, patience):
    id = uuid4()
    record(ledger, uuid4(), 0, Noted())
    monkeypatch.setattr(recorder, "LOCK_TIMEOUT", patience)
    breaking(ledger, 0.7)

    receipt = record(ledger, id, 0, Noted())

    assert (receipt.version, ledger.history(TALLIES, id).version) == (1, 1)


def test_a_connection_that_broke_while_nothing_was_said_is_opened_anew(ledger, owner):
    id = uuid4()
    record(ledger, id, 0, Noted())
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    owner.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    assert record(ledger, id, 1, Noted()).version == 2


def test_a_fresh_connection_whose_first_statements_could_not_be_prepared_records_afterwards(
    make_ledger, make_database, monkeypatch
):
    """Those before the one that failed are prepared, and those behind it are not."""
    id, url = uuid4(), make_database()
    ledger = make_ledger(url)
    monkeypatch.setattr(recorder, "LOCK_TIMEOUT", "150ms")
    with psycopg.connect(url) as locking:
        locking.execute("LOCK TABLE stored_events IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreAway):
            record(ledger, id, 0, Noted())

    for version in (0, 1):
        assert record(ledger, id, version, Noted()).version == version + 1


def test_a_version_that_is_over_is_refused_by_name(ledger):
    id = uuid4()
    record(ledger, id, 0, Noted(), Noted())

    with pytest.raises(VersionMismatch) as refusal:
        record(ledger, id, 1, Noted())

    assert refusal.value.details == {"expected": 1, "actual": 2}


def test_what_was_read_before_all_was_forgotten_is_not_remembered_again(ledger):
    id = uuid4()
    record(ledger, id, 0, told("第一件"))

    def work(unit):
        history = unit.history(TALLIES, id)
        ledger.forget()
        unit.append(TALLIES, id, history.version, [Noted()], NOON)
        return id

    ledger.carry_out(asked(), work)

    assert ledger._loader.remembered(TALLIES, id) is None
    assert ledger.history(TALLIES, id).version == 2
    assert ledger._loader.remembered(TALLIES, id)
