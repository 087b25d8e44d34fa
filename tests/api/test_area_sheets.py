"""POST /api/area-sheets/…: next year's sheet of areas proposes, somebody looks, and what they decide is taken over."""

from __future__ import annotations

import pytest

from tests.api.conftest import AREAS

NEXT = "2026-03-02"
RECODED, MERGED, NAMED = "990101102", "990101101202", "9901011012010"


def next_year() -> str:
    """上坪乡 has another code, 石桥村 is gone, 柳湾一组 has another name, and a village is new."""
    lines = [line for line in AREAS.splitlines() if not line.startswith(f"{MERGED},")]
    text = "\n".join(lines).replace(f"{RECODED},", "990101109,").replace("柳湾一组", "柳湾第一组")
    return f"{text}\n990101101203,新桥村,990101101,5\n"


SHEET = next_year()


def ask(county, verb, **more):
    return county.as_("admin").post(f"/api/area-sheets/{verb}", sheet=SHEET, in_force_from=NEXT, **more)


def decided(proposals, **instead):
    """Each as it is proposed, or as somebody decides instead."""
    told = {one["code"]: {"code": one["code"], "choice": one["choice"], "into": one["into"]} for one in proposals}
    return [instead.get(f"c{code}", one) for code, one in told.items()]


@pytest.mark.parametrize("login", ["li.ming", "leader", "auditor"])
def test_only_an_administrator_asks_what_a_sheet_would_change(county, login):
    desk = county.as_(login)

    for verb in ("propose-areas", "take-over-areas"):
        desk.refused(desk.post(f"/api/area-sheets/{verb}", sheet=SHEET, in_force_from=NEXT), 403, "not-your-right")


def test_a_sheet_proposes_and_nothing_is_recorded(county):
    before = county.events()

    told = ask(county, "propose-areas")

    assert told.status_code == 200, told.text
    found = {one["code"]: (one["kind"], one["choice"], one["into"]) for one in told.json()["proposals"]}
    assert found[RECODED] == ("recoded", "recode", "990101109")
    assert found[MERGED][:2] == ("gone", None)
    assert (told.json()["founded"], told.json()["renamed"]) == (1, 1)
    assert county.events() == before


def test_what_is_not_decided_is_told_and_nothing_is_recorded(county):
    before = county.events()
    proposals = ask(county, "propose-areas").json()["proposals"]
    some = [one for one in decided(proposals) if one["choice"]]

    told = ask(county, "take-over-areas", decisions=some)

    assert county.as_("admin").refused(told, 409, "decisions-needed")["undecided"] == [MERGED]
    assert county.events() == before


@pytest.mark.parametrize(
    ("choice", "into", "reason"),
    [
        ("recode", "000", "unknown_area"),
        ("rename", "新名", "bad_word"),
        ("merge", "000", "unknown_area"),
        ("found", "", "bad_word"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_as_a_whole(county, choice, into, reason):
    before = county.events()
    proposals = ask(county, "propose-areas").json()["proposals"]
    wrong = {f"c{MERGED}": {"code": MERGED, "choice": choice, "into": into}}

    told = ask(county, "take-over-areas", decisions=decided(proposals, **wrong))

    faults = county.as_("admin").refused(told, 422, "sheet-refused")["faults"]
    assert [one["reason"] for one in faults] == [reason]
    assert county.events() == before


def test_a_sheet_with_a_fault_is_refused_with_its_row(county):
    bad = SHEET + "990101103001,无镇村,990101103,5\n"

    told = county.as_("admin").post("/api/area-sheets/propose-areas", sheet=bad, in_force_from=NEXT)

    (fault,) = county.as_("admin").refused(told, 422, "sheet-refused")["faults"]
    assert (fault["row"], fault["reason"]) == (len(SHEET.splitlines()) + 1, "missing_parent")


def test_what_is_decided_is_taken_over_once(county):
    proposals = ask(county, "propose-areas").json()["proposals"]
    merge = {f"c{MERGED}": {"code": MERGED, "choice": "merge", "into": "990101101203"}}

    told = ask(county, "take-over-areas", decisions=decided(proposals, **merge))

    assert told.status_code == 200, told.text
    report = told.json()
    assert (report["recoded"], report["founded"], report["renamed"], report["ended"]) == (1, 1, 1, [MERGED])
    county.parts.projector.catch_up()
    again = ask(county, "propose-areas").json()
    assert (again["proposals"], again["founded"], again["renamed"], again["unchanged"]) == ([], 0, 0, 10)
    town = county.as_("admin").get("/api/areas", code="990101109").json()["areas"][0]
    assert town["name"] == "上坪乡"
