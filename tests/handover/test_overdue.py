"""What is overdue: one that cannot be acted on, a worker that dies, a note every hour, and the night in Shanghai."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from application.streams import CASES
from domain.case.record.papers import WriteNote
from tests.handover.many import asked, registered
from tests.patience import PATIENCE

LONG_AGO = datetime(2026, 6, 1, 2, tzinfo=UTC)
ROOT = __file__.rsplit("/", 3)[0]
WORKER = """
import sys
from datetime import datetime
from pathlib import Path
from api.settings import Settings
from api.wiring import wired
state, url, now = sys.argv[1:]
moment = datetime.fromisoformat(now)
with wired(Settings(state=Path(state)), url, lambda: moment) as parts:
    parts.system.deciding.timers.fire(moment)
"""


def ran_out(county, id):
    found = county.parts.ledger.history(CASES, id).entries
    return [one for one in found if one.event.name == "case.clock_ran_out"]


def ran_out_at_all(county):
    with county.parts.system.reading.board._pool.connection() as connection:
        query = "SELECT count(*) FROM stored_events WHERE topic = 'case.clock_ran_out'"
        return connection.execute(query).fetchone()[0]


def test_one_clock_that_cannot_be_acted_on_keeps_no_other_waiting(county, monkeypatch, caplog):
    poisoned, *others = registered(county, "HK", 5, LONG_AGO)
    county.parts.projector.catch_up()
    act = type(county.parts.system.deciding.cases).act

    def fails(cases, unit, id, *more):
        if id == poisoned:
            raise KeyError("周大山")
        return act(cases, unit, id, *more)

    monkeypatch.setattr(type(county.parts.system.deciding.cases), "act", fails)
    county.parts.system.deciding.timers.fire(county.clock())

    assert [len(ran_out(county, id)) for id in (poisoned, *others)] == [0, 2, 2, 2, 2], (
        "the holder's clock and that of the dispute"
    )
    assert str(poisoned) in caplog.text
    assert "周大山" not in caplog.text


def test_a_note_every_hour_moves_no_date(county):
    """B17."""
    (case,) = registered(county, "LW", 1, county.clock() - timedelta(days=2))
    before = county.parts.ledger.history(CASES, case).state.held_until

    def work(unit):
        for hour in range(1, 48):
            at = county.clock() - timedelta(hours=48 - hour)
            county.parts.system.deciding.cases.act(
                unit, case, WriteNote(note="已联系", occurred_at=at), asked(county, "LW")
            )
        return case

    county.parts.ledger.carry_out(asked(county, "LW"), work)
    county.parts.projector.catch_up()
    county.parts.system.deciding.timers.fire(county.clock())

    after = county.parts.ledger.history(CASES, case).state
    assert (after.held_until, after.escalations, ran_out(county, case)) == (before, {}, [])


def test_a_day_ends_at_midnight_in_shanghai(county):
    """B20: at half past seven in the morning of the next day there, it is still the evening before in UTC."""
    (case,) = registered(county, "LW", 1, datetime(2026, 6, 23, 2, tzinfo=UTC))
    county.parts.projector.catch_up()
    assert county.parts.ledger.history(CASES, case).state.held_until.day.isoformat() == "2026-06-30"

    county.parts.system.deciding.timers.fire(datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC))
    assert ran_out(county, case) == []
    moment, county.clock.moment = county.clock.moment, datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    county.parts.system.deciding.timers.fire(county.clock())
    county.clock.moment = moment
    assert len(ran_out(county, case)) == 2


def test_three_workers_that_are_killed_again_and_again_act_on_each_once(county, tmp_path):
    """B19."""
    ids = registered(county, "HK", 600, LONG_AGO)
    county.parts.projector.catch_up()
    place = [str(county.state), county.url, county.clock().isoformat()]
    before, seen = ran_out_at_all(county), set()

    def start():
        return subprocess.Popen([sys.executable, "-c", WORKER, *place], cwd=ROOT)

    workers = [start() for _ in range(3)]
    while any(one.poll() is None for one in workers) and len(seen) < 4:
        now = ran_out_at_all(county) - before
        if now and now not in seen:  # whenever one has come further, one dies and another begins
            seen.add(now)
            victim = workers.pop(0)
            victim.send_signal(signal.SIGKILL)
            victim.wait(PATIENCE)
            workers.append(start())
        time.sleep(0.01)
    for one in workers:
        one.wait(PATIENCE)
    county.parts.projector.catch_up()
    county.parts.system.deciding.timers.fire(county.clock())

    assert seen & set(range(1, 600)), "one was killed while some were acted on and others not"
    assert Counter(len(ran_out(county, id)) for id in ids) == {2: 600}
