"""What real registers tell: levels in steps, supervision, reopening, days of then, notes, and who did it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from application.legacy.take_over import TakenOver
from domain.case.beside.holder import MovedBy
from domain.case.case import DisputeCase
from domain.case.clocks import running
from domain.case.kinds import EndGround
from domain.escalation.escalation import Escalation, EscalationStage
from tests.legacy.county import CENTRE, ORGAN, TOWN, VILLAGE, flags, step, taken, told

REGISTERED = step("registered", "2021-03-01")
PAST_THE_TOWN = step("escalated", "2021-03-05", level="county", ground="too-complex")


def states(found: TakenOver) -> tuple[DisputeCase, list[Escalation]]:
    case, others = DisputeCase.blank(found.id), dict[Any, Escalation]()
    for stream, event, at in found.lines:
        if stream == found.id:
            case = event.evolve(case, at)
        elif event.name.startswith("escalation"):
            others[stream] = event.evolve(others.get(stream) or Escalation.blank(stream), at)
    return case, list(others.values())


def of(found: TakenOver, name: str) -> list[Any]:
    return [event for _, event, _ in found.lines if event.name == name]


def test_what_went_past_a_level_comes_back_through_it():
    down = [step("returned-down", "2021-03-10", body="HK"), step("returned-down", "2021-03-14")]
    between, _ = states(taken(told(REGISTERED, PAST_THE_TOWN, down[0])))
    found = taken(told(REGISTERED, PAST_THE_TOWN, *down))
    below, above = states(found)

    assert flags(found) == set()
    assert (between.holder, between.level) == (TOWN.id, "township")
    assert (below.holder, below.level, below.highest) == (VILLAGE.id, "village", "county")
    assert [one.stage for one in above] == [EscalationStage.RETURNED_DOWN, EscalationStage.ASSIGNED]
    assert not below.escalations, "nothing stays taken up above"


def test_a_level_in_between_may_be_told_by_its_name():
    found = taken(told(REGISTERED, PAST_THE_TOWN, step("returned-down", "2021-03-10", level="township")))

    assert states(found)[0].holder == TOWN.id


def test_what_went_up_in_steps_and_comes_down_at_once_is_nowhere_above_any_more():
    up = [
        step("escalated", f"2021-03-0{day}", level=level, ground="risk")
        for day, level in ((2, "township"), (3, "county"))
    ]
    found = taken(told(REGISTERED, *up, step("returned-down", "2021-03-09", body="LW")))
    again = taken(
        told(REGISTERED, *up, step("returned-down", "2021-03-09", body="LW"), step("returned-down", "2021-03-10"))
    )

    assert states(found)[0].holder == VILLAGE.id
    assert not states(found)[0].escalations
    assert flags(found) == set()
    assert flags(again) == {(5, "not-escalated")}


def test_nothing_is_returned_upwards():
    found = taken(told(REGISTERED, PAST_THE_TOWN, step("returned-down", "2021-03-09", body="QX")))

    assert flags(found) == {(3, "not-below")}
    assert states(found)[0].holder == CENTRE.id


def test_who_called_it_up_holds_it_and_assigns_it_down():
    found = taken(told(
        REGISTERED,
        step("called-up", "2021-03-05", level="county", ground="mass-matter", note="群体性"),
        step("assigned-down", "2021-03-08", body="HK", note="由镇办理"),
    ))  # fmt: skip
    case, above = states(found)

    assert [one.ground for one in of(found, "escalation.called_up")] == ["mass-matter"]
    assert [one.reason.text for one in of(found, "escalation.assigned_down")] == ["由镇办理"]
    assert (case.holder, case.highest) == (TOWN.id, "county")
    assert [one.by for one in of(found, "case.holder_changed")] == [MovedBy.ESCALATION, MovedBy.ASSIGNMENT]
    assert [one.stage for one in above] == [EscalationStage.RETURNED_DOWN, EscalationStage.ASSIGNED]


def test_whoever_supervises_it_goes_on_to_when_it_is_closed():
    watched = [REGISTERED, step("supervised", "2021-03-02", level="county", ground="overdue")]
    found = taken(told(*watched, step("withdrawn", "2021-03-03"), step("closed", "2021-03-04", result="withdrawn")))
    case, (above,) = states(found)

    assert (above.stage, above.above) == (EscalationStage.SUPERVISED, CENTRE.id)
    assert case.holder == VILLAGE.id
    assert list(case.escalations.values()) == ["supervised"]


def test_a_supervision_is_told_by_its_body_where_two_go_on():
    both = [step("supervised", "2021-03-02", level=one, ground="risk") for one in ("township", "county")]
    found = taken(told(REGISTERED, *both, step("supervision-ended", "2021-03-09", body="HK")))
    town, county = states(found)[1]

    assert (town.stage, county.stage) == (EscalationStage.ENDED, EscalationStage.SUPERVISED)


@pytest.mark.parametrize(
    ("outcome", "ground"),
    [
        ("failed", EndGround.FAILED),
        ("refused", EndGround.REFUSED),
        ("out-of-contact", EndGround.OUT_OF_CONTACT),
        ("withdrawn", EndGround.WITHDRAWN),
        ("self-settled", EndGround.SELF_SETTLED),
    ],
)
def test_an_outcome_told_with_a_return_ends_its_mediation(outcome, ground):
    found = taken(told(
        REGISTERED,
        step("referred", "2021-03-05", channel="administrative"),
        step("returned", "2021-03-20", outcome=outcome),
    ))  # fmt: skip
    case, _ = states(found)

    assert flags(found) == set()
    assert case.last_mediation
    assert (case.last_mediation.body, case.last_mediation.ground) == (ORGAN.id, ground)
    assert case.active_mediation is None
    assert case.holder == (ORGAN.id if outcome == "self-settled" else VILLAGE.id)


@pytest.mark.parametrize(("outcome", "extent"), [("agreement", "all-claims"), ("partial-agreement", "partial")])
def test_an_agreement_told_with_a_return_is_that_of_its_mediation(outcome, extent):
    found = taken(told(
        REGISTERED,
        step("referred", "2021-03-05", channel="administrative"),
        step("session", "2021-03-08"),
        step("returned", "2021-03-20", outcome=outcome, form="oral"),
    ))  # fmt: skip
    case, _ = states(found)

    assert flags(found) == set()
    assert case.last_mediation
    assert (case.last_mediation.reached.extent, case.last_mediation.reached.form) == (extent, "oral")


def test_of_a_case_that_was_reopened_each_agreement_has_the_form_of_its_own_closing():
    steps = [REGISTERED]
    for month, result in (("03", "agreement-oral"), ("05", "agreement-written")):
        steps += [step("accepted", f"2021-{month}-02"), step("session", f"2021-{month}-03")]
        steps += [step("agreed", f"2021-{month}-04"), step("closed", f"2021-{month}-05", result=result)]
        steps += [step("reopened", f"2021-{month}-20", note="反悔")]
    found = taken(told(*steps[:-1]))

    assert flags(found) == set()
    assert [one.form for one in of(found, "case.agreement_reached")] == ["oral", "written"]
    assert states(found)[0].result == "agreement-written"


def test_a_day_of_then_runs_out_on_its_own_day_and_not_today():
    found = taken(told(REGISTERED, step("accepted", "2021-03-02", due="2021-03-10"), step("failed", "2021-03-15")))
    case, _ = states(found)
    ((ran_out, at),) = [(one, at) for _, one, at in found.lines if one.name == "case.clock_ran_out"]

    assert (str(ran_out.clock), ran_out.due.day) == ("conclude/1", date(2021, 3, 10))
    assert at == ran_out.due.end, "the moment after the day, not the day of the import"
    assert not running(case)


def test_a_day_that_was_kept_does_not_run_out():
    found = taken(
        told(REGISTERED, step("accepted", "2021-03-02", due="2021-03-10", kept=True), step("failed", "2021-03-10"))
    )

    assert not of(found, "case.clock_ran_out")
    assert flags(found) == set()
    assert [(one.due, one.kept) for one in of(found, "case.deadline_told")] == [(date(2021, 3, 10), True)]


def test_a_day_that_is_still_to_come_goes_on_as_a_clock():
    case, _ = states(taken(told(step("registered", "2026-03-01", due="2026-04-01"))))

    assert [(str(name), due.day) for name, due in running(case).items()] == [("holder", date(2026, 4, 1))]


@pytest.mark.parametrize(
    ("kept", "ended", "fits"),
    [
        (True, "2021-03-10", True),
        (False, "2021-03-11", True),
        (True, "2021-03-11", False),
        (False, "2021-03-10", False),
    ],
)
def test_whether_a_day_was_kept_is_held_against_the_steps(kept, ended, fits):
    found = taken(told(REGISTERED, step("accepted", "2021-03-02", due="2021-03-10", kept=kept), step("failed", ended)))

    assert flags(found) == (set() if fits else {(2, "kept-does-not-fit")})


@pytest.mark.parametrize(("reported", "missed"), [("2021-03-12", False), ("2021-03-13", True), (None, True)])
def test_the_day_of_a_supervision_is_kept_by_the_report(reported, missed):
    watched = step("supervised", "2021-03-02", level="county", ground="overdue", due="2021-03-12")
    report = [step("reported", reported)] if reported else []
    found = taken(told(REGISTERED, watched, *report))

    assert bool(of(found, "escalation.clock_ran_out")) is missed
    assert [one.report_by.day for one in of(found, "escalation.supervised")] == [date(2021, 3, 12)]


def test_each_holder_has_a_day_of_its_own_though_it_may_be_the_same_one():
    first = step("registered", "2021-03-01", due="2021-03-31", kept=True)
    found = taken(
        told(first, step("escalated", "2021-03-10", level="township", ground="risk", due="2021-03-31", kept=False))
    )

    assert flags(found) == set()


def test_that_a_day_was_kept_is_told_also_where_the_day_is_not():
    found = taken(told(REGISTERED, step("accepted", "2021-03-02", kept=False)))

    assert [(one.step, one.due, one.kept) for one in of(found, "case.deadline_told")] == [("accepted", None, False)]


def test_a_note_of_a_day_is_recorded_on_that_day():
    found = taken(told(REGISTERED, step("noted", "2021-03-08", note="上门走访")))
    ((note, at),) = [(one, at) for _, one, at in found.lines if one.name == "case.note_written"]

    assert (note.note.text, at.isoformat()[:10]) == ("上门走访", "2021-03-08")


def test_who_did_it_is_whom_the_register_names_and_not_whoever_imports():
    found = taken(told(
        step("registered", "2021-03-01", by="网格员甲"),
        step("accepted", "2021-03-02", by="主任乙"),
        step("session", "2021-03-03", by="调解员丙", note="双方到场"),
        step("failed", "2021-03-04"),
    ))  # fmt: skip
    who = {event.name: found.acted.get(place) for place, (_, event, _) in enumerate(found.lines)}

    assert {name: (one.role, one.officer, one.body) for name, one in who.items() if one} == {
        "case.registered": ("told", "网格员甲", "LW"),
        "case.party_added": ("told", "网格员甲", "LW"),
        "case.accepted": ("told", "主任乙", "LW"),
        "case.mediation_opened": ("told", "主任乙", "LW"),
        "case.session_held": ("told", "调解员丙", "LW"),
    }
    assert who["case.imported"] is None, "that it was imported is the word of whoever imports"
    assert who["case.mediation_ended"] is None, "the register names nobody"


def test_who_did_it_above_did_it_for_the_body_above():
    up = step("escalated", "2021-03-05", level="township", ground="risk", by="书记丁", body="HK")
    found = taken(told(REGISTERED, up))

    assert {found.acted[place].body for place in found.acted} == {"HK"}
