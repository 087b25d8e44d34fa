"""What the clock does between levels, by itself and exactly once. June and July 2026: no holiday after 21 June."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event, Thread
from time import sleep
from uuid import UUID

import pytest

from api.processes import worker
from application.streams import CASES, ESCALATIONS
from application.timers import THE_CLOCK
from tests.escalation.test_journeys import TUESDAY, asked_for, lying_at, standing
from tests.patience import PATIENCE
from tests.referral.offices import Handover, begin, body, desk, refresh, truth

NOON = "2026-06-30T12:00:00+08:00"


def entries(county, stream, id):
    return county.parts.system.standing.ledger.history(stream, UUID(str(id))).entries


def clock_entries(county, stream, id, of_the_dispute=False):
    """What ran out of the holder's clock, or of an escalation's; or of the dispute as a whole."""
    found = [one for one in entries(county, stream, id) if one.event.name.endswith("clock_ran_out")]
    found = [one for one in found if (str(getattr(one.event, "clock", "")) == "dispute") == of_the_dispute]
    assert {one.stamp.by for one in found} <= {THE_CLOCK}
    return [(one.event.name, one.event.due.day.isoformat()) for one in found]


def fire(county):
    county.parts.projector.catch_up()
    return county.parts.system.deciding.timers.fire(county.clock())


def requests_of(county, case):
    county.parts.projector.catch_up()
    found = desk(county, "SQ").get(f"/api/cases/{case.id}/escalations").json()["escalations"]
    return [one for one in found if one["stage"] == "requested"]


def test_silence_is_flagged_once_and_a_late_answer_still_counts(county):
    case = lying_at(county, "LW")
    up = asked_for(case)

    fire(county)
    fire(county)

    # three working days from Tuesday 3 March
    assert clock_entries(county, ESCALATIONS, up.id) == [("escalation.clock_ran_out", "2026-03-06")]
    up.version = up.seen_by("HK")["version"]
    assert up.seen_by("HK")["state"]["stage"] == "requested"
    up.act("HK", "accept-escalation", occurred_at="2026-06-29T10:00:00+08:00")
    assert standing(case) == (body("HK"), "township", "township", 0)


def test_a_report_that_does_not_come_is_flagged_and_one_that_came_is_not(county):
    silent, told = lying_at(county, "LW"), lying_at(county, "LW")
    demand = {"because": "risk", "demand": "请抓紧办理", "report_by": "2026-03-13", "occurred_at": TUESDAY}
    missing = begin(silent, "HK", "supervise-case", **demand)
    there = begin(told, "HK", "supervise-case", **demand)
    there.act("LW", "report-supervision", account="已见面。", occurred_at=TUESDAY)

    fire(county)

    assert clock_entries(county, ESCALATIONS, missing.id) == [("escalation.clock_ran_out", "2026-03-13")]
    assert clock_entries(county, ESCALATIONS, there.id) == []


def test_the_worker_looks_at_the_clocks_until_it_is_told_to_stop(county, monkeypatch):
    case, stop = lying_at(county, "LW"), Event()
    county.parts.projector.catch_up()
    monkeypatch.setattr(worker, "LOOK", 0.01)

    keeper = Thread(target=worker.keep_time, args=(county.parts.system, stop))
    keeper.start()
    for _ in range(round(PATIENCE / 0.02)):
        if clock_entries(county, CASES, case.id):
            break
        sleep(0.02)
    stop.set()
    keeper.join(PATIENCE)

    assert not keeper.is_alive()
    assert clock_entries(county, CASES, case.id) == [("case.clock_ran_out", "2026-03-09")]


def test_a_holders_time_that_is_only_flagged_moves_nothing(county):
    case = lying_at(county, "LW")

    fire(county)

    # 东至县's example for an ordinary dispute, seven days from Monday 2 March
    assert clock_entries(county, CASES, case.id) == [("case.clock_ran_out", "2026-03-09")]
    assert standing(case) == (body("LW"), "village", "village", 0)


def test_the_dispute_has_no_fresh_time_by_changing_its_holder_and_is_flagged_also_while_nobody_accepted_it(county):
    case = lying_at(county, "LW")
    up = asked_for(case)
    up.act("HK", "accept-escalation", occurred_at="2026-03-06T10:00:00+08:00")

    fire(county)

    assert clock_entries(county, CASES, case.id) == [("case.clock_ran_out", "2026-03-13")], "seven days at the township"
    whole = clock_entries(county, CASES, case.id, of_the_dispute=True)
    assert whole == [("case.clock_ran_out", "2026-03-09")], "seven days from its registration"


def escalating(county, area):
    """The village's own limit: five days for an ordinary dispute, and then the clock asks the level above."""
    limit = {"code": "SLA_ORDINARY", "length": 5, "counted_in": "days", "effect": "escalate"}
    limit |= {"law": "石桥村办理规定", "article": "第三条"}
    content = {"area": str(county.area(area)), "pack_name": "escalating", "in_force_from": "2026-03-01"}
    told = county.as_("admin").post("/api/rules/publish-rule-pack", **content, limits=[limit])
    assert told.status_code in {200, 409}, told.text  # or published by an earlier test of this county
    county.parts.projector.catch_up()


@pytest.fixture
def escalated(county):
    """A case of 石桥村, whose time was over on Saturday 7 March and which the clock has sent up."""
    escalating(county, "990101101202")
    case = lying_at(county, "SQ")
    # 民法典 201, 203: five days from Monday 2 March is Saturday 7 March; the first working day after it
    assert truth(case).held_until.day.isoformat() == "2026-03-09"
    fire(county)
    return refresh(case)


def test_the_clock_asks_the_level_above_once_with_the_system_as_its_officer(county, escalated):
    (up,) = requests_of(county, escalated)

    began = entries(county, ESCALATIONS, up["id"])[0]
    assert (began.stamp.by, str(began.stamp.body)) == (THE_CLOCK, body("SQ"))
    assert (str(began.event.ground), began.event.by_clock.day.isoformat()) == ("overdue", "2026-03-09")
    assert (up["by_clock"], up["above"]) == (True, body("ZZ"))  # the nearest level; a centre before a committee
    # three working days from Tuesday 30 June, when the clock was looked at: Wednesday, Thursday, Friday
    assert began.event.answer_by.day.isoformat() == "2026-07-03"
    assert standing(escalated) == (body("SQ"), "village", "village", 0)
    assert clock_entries(county, CASES, escalated.id) == [("case.clock_ran_out", "2026-03-09")]


def test_the_same_deadline_is_acted_on_once_however_often_and_by_however_many(county, escalated):
    before = county.events()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: county.parts.system.deciding.timers.fire(county.clock()), range(8)))

    assert county.events() == before
    assert len(requests_of(county, escalated)) == 1


def test_many_workers_that_look_at_the_same_moment_send_a_case_up_once(county):
    escalating(county, "990101101202")
    case = lying_at(county, "SQ")
    county.parts.projector.catch_up()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: county.parts.system.deciding.timers.fire(county.clock()), range(4)))

    assert len(requests_of(county, case)) == 1
    assert clock_entries(county, CASES, case.id) == [("case.clock_ran_out", "2026-03-09")]


def test_a_note_and_an_urging_move_no_clock(county):
    case = lying_at(county, "LW")
    before = truth(case).held_until

    case.act("write-note", note="已电话联系", occurred_at=TUESDAY)
    demand = {"because": "risk", "demand": "请抓紧办理", "report_by": "2026-03-13", "occurred_at": TUESDAY}
    watched = begin(case, "HK", "supervise-case", **demand)
    watched.act("HK", "urge-supervision", words="请抓紧", occurred_at=TUESDAY)

    assert truth(case).held_until == before


def test_a_case_that_is_sent_down_has_a_new_deadline_and_may_go_up_again(county, escalated):
    (found,) = requests_of(county, escalated)
    up = Handover(county, "escalations", escalated.id, found["id"], found["version"])
    up.act("ZZ", "accept-escalation", occurred_at=NOON)
    up.act("ZZ", "return-down", because="within-your-powers", reason="村里可以化解", occurred_at=NOON)
    # five days from Tuesday 30 June: Sunday 5 July, and the first working day after it
    assert truth(escalated).held_until.day.isoformat() == "2026-07-06"
    assert standing(escalated) == (body("SQ"), "village", "township", 1)
    fire(county)
    assert requests_of(county, escalated) == []

    moment, county.clock.moment = county.clock.moment, datetime(2026, 7, 6, 16, 0, tzinfo=UTC)  # midnight in China
    fire(county)
    county.clock.moment = moment

    assert len(requests_of(county, escalated)) == 1
    days = [day for _, day in clock_entries(county, CASES, escalated.id)]
    assert days == ["2026-03-09", "2026-07-06"]


def test_the_clock_does_not_ask_where_a_request_waits_already(county):
    escalating(county, "990101101202")
    case = lying_at(county, "SQ")
    up = asked_for(case, "SQ", "HK")

    fire(county)

    assert [one["id"] for one in requests_of(county, case)] == [up.id]
    assert clock_entries(county, CASES, case.id) == [("case.clock_ran_out", "2026-03-09")]
