"""Two cases that differ in what a reader cannot read are one to them: in lists, by filters, in order, in figures."""

from __future__ import annotations

import itertools
from enum import StrEnum
from typing import Any, get_args

import pytest

from application.figures.case_figures import CaseFilter
from tests.api.conftest import County
from tests.referral.offices import Case, as_seen_from, case_at, desk, offer

NUMBERS = itertools.count()
AGAIN = {"position", "version", "id", "code", "registered_at", "held_since", "accepted_at"}
"""What two cases differ in that were recorded one after the other."""


def act(command: str, **content: Any) -> Any:
    return lambda case: case.act(command, **content)


def mediated(case: Case) -> None:
    case.act("accept-case", note="受理")
    for party in case.parties:
        case.act("give-consent", party=party, subject={"about": "mediation", "channel": "administrative"})


def scheduled(case: Case) -> None:
    mediated(case)
    case.act("schedule-session", mediation=1, at="2026-12-01T10:00:00+08:00", where="厅")


HIDDEN: dict[str, Any] = {
    "risk": act("rate-risk", risk="orange"),
    "difficulty": act("rate-difficulty", difficulty="simple", reason="小"),
    "a difficulty that waits for a second person": act("rate-difficulty", difficulty="complex"),
    "amount": act("state-amount", amount=7_654_321, people=9),
    "lead": act("appoint-lead", official="镇长甲", post="镇长"),
    "paper": act("file-paper", paper="evidence", sha256="ab" * 32),
    "note": act("write-note", note="一句话"),
    "a mediation that goes on and one that was scheduled": scheduled,
    "satisfaction": lambda case: case.act("tell-rights", parties=case.parties),
}


def twins(county: County, differ: Any) -> tuple[str, str]:
    """Both handed to the village with a name and nothing else; the second one has what is hidden."""
    made = []
    for change in (None, differ):
        name = f"甲{next(NUMBERS)}"
        case = case_at(county, "JY", facts="滴水檐", parties=[], category="neighbours")
        case.act("add-party", side="applicant", name=name)
        case.act("add-party", side="respondent", name=f"乙{name}")
        if change is scheduled or differ is scheduled:
            (scheduled if change else mediated)(case)
        elif change:
            change(case)
        given = {"parties": case.parties[:1], "contacts": [], "facts": False, "amount": False, "entries": []}
        offered = offer(case, "transfer", "LW", content=given)
        offered.act("LW", "acknowledge-referral")
        offered.act("LW", "accept-referral")
        made.append(case.id)
    county.parts.projector.catch_up()
    return made[0], made[1]


def codes(name: str) -> list[str]:
    kinds = (one for one in get_args(CaseFilter.model_fields[name].annotation) if isinstance(one, type))
    return [code.value for kind in kinds if issubclass(kind, StrEnum) for code in kind]


WISHES = {name: codes(name) for name in CaseFilter.model_fields if codes(name)}


@pytest.mark.parametrize("what", HIDDEN)
def test_no_line_filter_or_figure_tells_two_cases_apart_that_differ_in_what_is_hidden(county, what):
    one, other = twins(county, HIDDEN[what])
    village = desk(county, "LW")
    lines = {line["id"]: line for line in village.get("/api/cases", limit=200).json()["cases"]}

    first, second = ({key: told for key, told in lines[id].items() if key not in AGAIN} for id in (one, other))
    told = told_by_pages(village, one, other)
    assert {name for name in first if first[name] != second[name]} <= told
    for wish, values in WISHES.items():
        for value in values:
            found = village.post("/api/cases/search", **{wish: value}, limit=200)
            ids = {line["id"] for line in found.json()["cases"]} if found.status_code == 200 else set()
            assert (one in ids) == (other in ids), (wish, value)


def told_by_pages(reader: Any, one: str, other: str) -> set[str]:
    """What the pages tell of each: their names; and how long the new holder has, which goes by the difficulty."""
    first, second = (reader.get(f"/api/cases/{id}").json()["deadlines"] for id in (one, other))
    return {"applicants", "respondents"} | ({"due"} if first != second else set())


@pytest.mark.parametrize("what", HIDDEN)
def test_what_a_line_tells_the_page_tells_too(county, what):
    for id in twins(county, HIDDEN[what]):
        for code in ("LW", "JY"):
            told = desk(county, code).get("/api/cases", limit=200).json()["cases"]
            line = next(one for one in told if one["id"] == id)
            page = desk(county, code).get(f"/api/cases/{id}").json()
            assert told_twice(line, page) == []


SAME = ("status", "place", "holder", "level", "category", "source", "risk", "difficulty", "result", "bounces", "code")


def told_twice(line: dict[str, Any], page: dict[str, Any]) -> list[str]:
    """The fields that line and page tell differently."""
    state = page["state"]
    found = [name for name in SAME if line[name] != state[name]]
    last = state["mediations"][max(state["mediations"])] if state["mediations"] else None
    found += ["stage"] if line["stage"] != (last and last["stage"]) else []
    found += ["mediators"] if line["mediators"] != sorted(last["mediators"] if last else []) else []
    open_days = [one["day"] for one in page["deadlines"]] if state["status"] == "open" else []
    found += ["due"] if line["due"] != min(open_days, default=None) else []
    found += ["facts"] if line["facts"] != page["facts"][:120] else []
    names = [one["details"]["name"] for one in state["parties"].values() if one["side"] == "applicant"]
    return found + (["applicants"] if line["applicants"] != "、".join(names) else [])


def test_a_former_holder_finds_and_counts_it_by_its_outcome_only(county):
    one, _ = twins(county, HIDDEN["note"])
    case = as_seen_from(Case(desk(county, "LW"), one, 0), "LW")
    case.act("end-mediation", mediation=1, because="failed", remedies_told=True, account="不成")
    home = as_seen_from(case, "JY")
    home.act("write-note", note="后来的话")
    home.act("rate-risk", risk="yellow")
    home.act("close-case", result="failed", account="结")
    county.parts.projector.catch_up()

    line = next(x for x in desk(county, "LW").get("/api/cases", limit=200).json()["cases"] if x["id"] == one)
    page = desk(county, "LW").get(f"/api/cases/{one}")

    assert (line["status"], line["result"], line["risk"], line["whole"]) == ("closed", "failed", "low", False)
    assert line["closed_on"]
    assert "后来的话" not in page.text
    assert page.json()["state"]["risk"] == "low"
