"""Imported cases in the lists, figures and pages of a county, and at the desks that go on with them."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from api.cookies import WITHOUT_TLS
from api.labels import labels
from api.main import create_app
from api.settings import Settings
from application.figures.asking import By
from application.figures.board import counting
from application.figures.case_figures import CaseFilter, Move
from application.figures.definitions import FIGURES
from application.legacy.places import places_of
from application.legacy.reading import Reported
from application.legacy.running import Run, Tally
from application.legacy.words import Words
from application.ports import Asked
from application.rights import Scope
from application.streams import CASES
from domain.case.record.correction import CorrectEntry, StrikeEntry
from domain.case.record.importing import StepTold
from domain.office.officer import officer_id
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.values import BodyId, OfficerId
from tests.api.conftest import PASSWORD, County, open_county

ALL = Scope(everything=True)
VILLAGES = ("990101101201", "990101101202", "990101102201")
UNDER_A_TOWN = VILLAGES[:2]
"""Whose town has a committee."""
PARTIES = [{"side": "applicant", "name": "周大山"}, {"side": "respondent", "name": "吴小河"}]


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made


def run(county: County, *cases: dict[str, Any]) -> tuple[Tally, list[Reported]]:
    file = county.state / f"{uuid4()}.ndjson"
    file.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8")
    system, request, nobody = county.parts.system, uuid4(), UUID(int=0)
    told: list[Reported] = []
    asked = Run(
        file=file,
        system="台账",
        dry_run=False,
        desks=0,
        words=Words([labels("zh"), labels("en")]),
        places=places_of(system.registers.register, system.reading.directory, county.clock().date()),
        calendar=system.registers.rule_book.calendar(),
        asked=Asked(OfficerId(nobody), BodyId(nobody), ActingAs(NoOfficer.OPERATOR), request, request, county.clock()),
    )
    tally = county.parts.legacy.run(asked, told.append, lambda done, of: None)
    county.parts.projector.catch_up()
    return tally, told


def case(number: str, *steps: dict[str, Any], area: str = VILLAGES[0], **more: Any) -> dict[str, Any]:
    return {"number": number, "area": area, "parties": PARTIES, "steps": list(steps), **more}


def step(kind: str, day: str, **more: Any) -> dict[str, Any]:
    return {"step": kind, "at": day, **more}


OPEN = (step("registered", "2026-02-20"), step("accepted", "2026-02-21"))
BESIDE = (*OPEN, step("organ-took-it", "2026-02-25", organ="administrative", note="确权"))


def card(county: County, number: str) -> Any:
    (found,) = county.parts.system.reading.board.cards(ALL, CaseFilter(words=number)).cards
    return found


def signed_in(county: County, login: str, language: str) -> TestClient:
    client = TestClient(create_app(county.parts.system, Settings(state=county.state)))
    client.cookies.set(f"tiaojie-language-{WITHOUT_TLS}", language)
    assert client.post("/login", data={"login": login, "password": PASSWORD}, follow_redirects=False).status_code == 303
    return client


def test_it_is_found_by_its_old_number_and_has_a_new_one_of_the_series(county):
    run(county, case("台账-0815", *OPEN))
    own = county.as_("li.ming").register()

    found = card(county, "台账-0815")
    assert found.imported
    assert found.code == "LW-2026-00001"
    assert own.state()["code"] == "LW-2026-00002"


@pytest.mark.parametrize(
    ("language", "flagged", "told"),
    [
        ("zh", "其他机关已经受理或者处理", "从 台账 导入本案：原编号"),
        ("en", "Another organ has accepted or settled it", "imported the case from 台账: number"),
    ],
)
def test_the_page_of_a_case_shows_where_it_comes_from_and_what_breaks_a_rule(county, language, flagged, told):
    run(county, case(f"beside-{language}", *BESIDE))
    auditor = signed_in(county, "auditor", language)

    page = auditor.get(f"/cases/{card(county, f'beside-{language}').id}").text

    assert flagged in page
    assert "令第75号)》第二十二条" in page
    assert told in page
    assert f"beside-{language}" in page


def test_a_mediation_beside_an_organs_matter_is_warned_of_on_the_bridge(county):
    run(county, case("bridge", *BESIDE))
    found = card(county, "bridge")

    page = signed_in(county, "town", "en").get("/bridge").text

    assert found.breach
    row = next(part for part in page.split("<tr>") if str(found.id) in part)
    assert labels("en")["page"]["mediation_goes_on"] in row


def test_lists_tell_imported_cases_and_flagged_ones_apart(county):
    run(county, case("plain", *OPEN), case("broken", OPEN[0], step("session", "2026-02-22")))
    own = county.as_("li.ming").register()
    county.parts.projector.catch_up()
    board = county.parts.system.reading.board

    def listed(**wanted: Any) -> set[str]:
        return {str(one.id) for one in board.cards(ALL, CaseFilter(**wanted), limit=200).cards}

    plain, broken = str(card(county, "plain").id), str(card(county, "broken").id)
    assert {plain, broken} <= listed(imported=True)
    assert own.id not in listed(imported=True)
    assert own.id in listed(imported=False)
    assert broken in listed(flagged=True)
    assert {plain, own.id}.isdisjoint(listed(flagged=True))
    assert card(county, "broken").flagged == ["no-mediation"]
    page = signed_in(county, "auditor", "en").get("/cases?flagged=true").text
    assert broken in page
    assert plain not in page


def test_an_open_case_goes_on_with_ordinary_commands(county):
    run(county, case("goes-on", *OPEN, step("session", "2026-02-22", note="第一次调解")))
    desk, id = county.as_("li.ming"), str(card(county, "goes-on").id)
    read = desk.get(f"/api/cases/{id}").json()
    parties, version, me = list(read["state"]["parties"]), read["version"], str(officer_id("li.ming"))

    def act(command: str, **content: Any) -> None:
        nonlocal version
        answer = desk.post(f"/api/cases/{id}/{command}", {"If-Match": f'"{version}"'}, **content)
        assert answer.status_code == 200, (command, answer.text)
        version = answer.json()["version"]

    for party in parties:
        act("give-consent", party=party)
    act("propose-mediator", mediation=1, mediator=me)
    act("accept-mediator", mediation=1, mediator=me, parties=parties)
    act("tell-rights", parties=parties)
    act("start-mediation", mediation=1)
    act("reach-agreement", mediation=1, form="oral", terms="各退一步。")
    act("close-case", result="agreement-oral")

    assert county.parts.ledger.history(CASES, UUID(id)).state.result == "agreement-oral"


def history(county: County, number: str) -> Any:
    return county.parts.ledger.history(CASES, card(county, number).id)


def test_an_imported_entry_is_corrected_and_the_agreement_stays(county):
    agreed = (*OPEN, step("session", "2026-02-22"), step("agreed", "2026-02-23", note="各退一步"))
    run(county, case("corrected", *agreed, category="labour"))
    desk, before = county.as_("li.ming"), history(county, "corrected")
    registered = next(one for one in before.entries if one.event.name == "case.registered")
    command = CorrectEntry(entry=registered.version, changes={"category": "neighbours"}, reason="录错")

    answer = desk.post(
        f"/api/cases/{before.id}/correct-entry",
        {"If-Match": f'"{before.version}"'},
        **command.model_dump(mode="json", exclude_defaults=True),
    )

    assert answer.status_code == 200, answer.text
    state = history(county, "corrected").state
    assert (state.category, state.mediations[1].stage) == ("neighbours", "in-effect")
    assert state.resolved_at == before.state.resolved_at is not None


def test_where_it_comes_from_and_its_flags_can_be_neither_corrected_nor_struck_out(county):
    run(county, case("kept", OPEN[0], step("session", "2026-02-22")))
    desk, read = county.as_("li.ming"), history(county, "kept")
    kept = [one.version for one in read.entries if one.event.name in ("case.imported", "case.import_flagged")]
    kept += [one.version for one in read.entries if isinstance(one.event, StepTold)]

    for version in kept:
        command = StrikeEntry(entries=(version,), reason="不要")
        answer = desk.post(
            f"/api/cases/{read.id}/strike-entry",
            {"If-Match": f'"{read.version}"'},
            **command.model_dump(mode="json", exclude_defaults=True),
        )
        desk.refused(answer, 422, "not-to-be-amended")
    assert len(kept) == 3


def a_year(draw: random.Random, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A lawful history, and what a count on paper says of it."""
    area = draw.choice(VILLAGES)
    day = date(2024, 1, 1) + timedelta(days=draw.randrange(300))
    said: dict[str, Any] = {"area": area, "registered": day, "resolved": None, "level": 1, "result": None, "up": 0}
    steps = [step("registered", str(day))]

    def later(kind: str, **more: Any) -> date:
        nonlocal day
        day += timedelta(days=draw.randrange(1, 6))
        steps.append(step(kind, str(day), **more))
        return day

    later("accepted")
    later("session")
    if draw.random() < 0.4 and area in UNDER_A_TOWN:
        said["level"], said["up"] = 2, 1
        later("escalated", level="township", ground="mediation-failed")
        later("accepted")
        later("session")
    if draw.random() < 0.7:
        said["resolved"] = later("agreed", form="oral")
        said["result"] = "agreement-oral"
    else:
        later("failed")
        said["result"] = "failed"
    if draw.random() < 0.8:
        later("closed", result=said["result"])
    else:
        said["result"] = None
    category = draw.choice(["neighbours", "labour", "damages"])
    source = draw.choice(["party", "grid-sweep"])
    said |= {"category": category, "source": source}
    return case(f"Y-{number}", *steps, area=area, category=category, source=source), said


def test_the_figures_of_an_imported_year_are_those_of_a_count_on_paper(make_database, tmp_path):
    draw = random.Random(11)
    drawn = [a_year(draw, number) for number in range(300)]
    with open_county(make_database(), tmp_path) as county:
        tally, told = run(county, *(told for told, _ in drawn))
        assert {one.outcome.value for one in told} == {"imported"}
        board, said = county.parts.system.reading.board, [one for _, one in drawn]
        whole = CaseFilter(since=date(2024, 1, 1), until=date(2024, 12, 31))

        period = figures_of(county, whole, By.ALL)["all"]
        assert period["registered"].period == 300
        assert period["resolved"].period == sum(
            one["resolved"] is not None and one["resolved"].year == 2024 for one in said
        )
        assert period["village"].period == sum(
            one["resolved"] is not None and one["resolved"].year == 2024 and one["level"] == 1 for one in said
        )
        for dimension in ("category", "source", "level", "result"):
            counted = Counter(OF[dimension](one) for one in said)
            found = {
                key: one["registered"].cohort
                for key, one in figures_of(county, whole, By(dimension)).items()
                if one["registered"].cohort
            }
            assert found == counted, dimension
        today = county.clock().date()
        escalated = board.count(ALL, whole.but(moved=Move.ESCALATED, since=None, until=None, day=today))
        assert escalated == sum(one["up"] for one in said)
        cards = board.cards(ALL, CaseFilter(imported=True), limit=500).cards
        days = Counter((one.registered_on, one.resolved_on, one.highest_rank) for one in cards)
        assert days == Counter((one["registered"], one["resolved"], one["level"]) for one in said)
        assert tally.position == county.events()


def figures_of(county: County, wanted: CaseFilter, by: By) -> Any:
    """As it is known today of the end of the window."""
    today = county.clock().date()
    with county.parts.system.reading.figures.snapshot(ALL, wanted, today) as snapshot:
        return snapshot.count(counting(ALL, wanted, today, by), FIGURES.values())


OF: dict[str, Callable[[dict[str, Any]], str]] = {
    "category": lambda one: str(one["category"]),
    "source": lambda one: str(one["source"]),
    "level": lambda one: "township" if one["level"] == 2 else "village",
    "result": lambda one: str(one["result"] or ""),
}
