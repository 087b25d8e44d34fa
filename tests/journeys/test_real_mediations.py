"""Real mediations in a real county: recorded over the HTTP API as a mediator would, and counted on the board."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from application.papers.lists import FORMS
from domain.shared.calendar import local_day
from tests.api.test_papers import faults, text_of
from tests.effort import times
from tests.journeys.conftest import REAL_DATA, Client, Service, passwords
from tests.journeys.real_mediations import Mediation, read

AREAS = REAL_DATA / "divisions" / "yidu_420581.csv"
NOTHING_SAID = "双方到场，未作陈述。"
MEDIATIONS = REAL_DATA / "mediations" / "mediations.jsonl"

pytestmark = pytest.mark.skipif(
    not (AREAS.is_file() and MEDIATIONS.is_file()), reason="the real mediations (folder REAL_DATA) are not here"
)


@dataclass
class Entered:
    """A mediation, where it was recorded, and under which number."""

    mediation: Mediation
    village: dict[str, str]
    case: str
    code: str


@dataclass
class County:
    service: Service
    passwords: dict[str, str]
    entered: list[Entered]
    position: int = 0
    """Of the last thing recorded: whoever reads the board waits for it."""

    def sign_in(self, login: str) -> Client:
        client = self.service.sign_in(login, self.passwords[login])
        client.http.headers["X-Position"] = str(self.position)
        return client


def rows(level: str) -> list[dict[str, str]]:
    """Of the areas' sheet: 3 counties, 5 villages."""
    with AREAS.open(encoding="utf-8-sig", newline="") as sheet:
        return [row for row in csv.DictReader(sheet) if row["level"] == level]


def spread(mediations: list[Mediation]) -> list[tuple[Mediation, dict[str, str]]]:
    """Over the villages from the first to the last; where there are more mediations, in several rounds."""
    places = rows("5")
    step = max(1, len(places) // max(1, len(mediations)))
    return [(one, places[one.number * step % len(places)]) for one in mediations]


def sheets(folder: Path, places: list[dict[str, str]]) -> tuple[Path, Path]:
    """A committee of three in each of the villages, and the county's leader and auditor."""
    bodies = [f"RTSZ,综治中心,综治中心,centre,{rows('3')[0]['code']},people,"]
    officers = ["leader,甲,leader,RTSZ,,,", "auditor,乙,auditor,RTSZ,,,"]
    for place in places:
        code, name = place["code"], place["name"]
        bodies.append(f"RT{code},{name}人民调解委员会,{name[:20]},committee,{code},,")
        officers += [f"m{code}.{n},调解员{n},mediator,RT{code},,yes,{'yes' if n == 2 else 'no'}" for n in (1, 2, 3)]
    return (
        sheet(folder / "bodies.csv", "code,name,short_name,kind,area_code,channel,answers_for", bodies),
        sheet(folder / "officers.csv", "login,name,role,body_code,area_code,member,woman", officers),
    )


def sheet(file: Path, header: str, lines: list[str]) -> Path:
    file.write_text("\n".join([header, *lines]), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def county(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    folder = tmp_path_factory.mktemp("sheets")
    placed = spread(read(MEDIATIONS)[:: times(test=3, soak=1)])
    places = {village["code"]: village for _, village in placed}
    bodies, officers = sheets(folder, list(places.values()))
    service.tiaojie("import", "areas", str(AREAS))
    service.tiaojie("import", "bodies", str(bodies))
    service.tiaojie("import", "officers", str(officers), "--passwords", str(folder / "passwords.csv"))
    with service.running():
        made = County(service, passwords(folder / "passwords.csv"), [])
        for mediation, village in placed:
            desk = made.sign_in(f"m{village['code']}.1")
            made.entered.append(Desk(desk, mediation, village).enter())
            made.position = desk.position
        yield made


class Desk:
    """A village mediator who records one dispute, step by step."""

    def __init__(self, client: Client, mediation: Mediation, village: dict[str, str]) -> None:
        self._client = client
        self._mediation = mediation
        self._village = village
        self._case, self._version = "", 0
        self._me = str(client.get("/api/me")["officer"])

    def enter(self) -> Entered:
        self._register()
        self._accept()
        self._mediate()
        if self._mediation.terms:
            self._agree()
            self._perform()
        else:
            self._act("end-mediation", mediation=1, because="failed", remedies_told=True)
        self._close()
        return Entered(self._mediation, self._village, self._case, self._code)

    def _act(self, command: str, **content: Any) -> None:
        self._version = self._client.act(self._case, self._version, command, **content)

    def _file(self, *papers: str) -> None:
        for paper in papers:
            digest = sha256(f"{self._case} {paper}".encode()).hexdigest()
            self._act("file-paper", paper=paper, sha256=digest)

    def _register(self) -> None:
        told = self._mediation
        area = self._client.get("/api/areas", code=self._village["code"])["areas"][0]["id"]
        self._case, self._version = self._client.open(
            place=area, facts=told.facts, category=told.category, parties=[one.asked() for one in told.parties]
        )
        shown = self._client.get(f"/api/cases/{self._case}")
        self._code = shown["state"]["code"]
        self._parties = {shown["names"][id]: id for id in shown["state"]["parties"]}
        for party in told.parties:
            for name, capacity in party.representatives:
                self._represent(self._parties[party.name], name, capacity)
            if party.kind == "group" and not party.representatives:
                self._represent(self._parties[party.name], "推选的代表", "group-spokesperson")
        if told.dangerous:
            self._act("rate-risk", risk="orange", possible_crime=True)
            self._act("report-risk", recipient="police", recipient_name="派出所")

    def _represent(self, party: str, name: str, capacity: str) -> None:
        paper = sha256(f"{party} {name}".encode()).hexdigest()
        self._act("represent-party", party=party, name=name, capacity=capacity, authorisation=paper)

    def _speaks(self, field: str, party: str) -> dict[str, str]:
        """The spokesperson, for a group; everybody else speaks for themselves."""
        state = self._client.get(f"/api/cases/{self._case}")["state"]["parties"][party]
        return {field: state["represented_by"]} if state["details"]["kind"] == "group" else {}

    def _accept(self) -> None:
        everybody = list(self._parties.values())
        self._act("accept-case")
        self._act("tell-rights", parties=everybody)
        for party in everybody:
            self._act("check-identity", party=party)
            self._act("give-consent", party=party, **self._speaks("given_by", party))
        for name, role in self._mediation.participants:
            self._act("join-participant", mediation=1, name=name, role=role, consented=everybody)
        self._act("propose-mediator", mediation=1, mediator=self._me)
        self._act("accept-mediator", mediation=1, mediator=self._me, parties=everybody)
        self._act("acknowledge-assignment", mediation=1, mediator=self._me)

    def _mediate(self) -> None:
        meeting = datetime.now(UTC) + timedelta(minutes=1)
        self._act("start-mediation", mediation=1)
        self._act("schedule-session", mediation=1, at=meeting.isoformat(), where="村委会调解室")
        helping = self._client.get(f"/api/cases/{self._case}")["state"]["mediations"]["1"]["participants"]
        self._act(
            "hold-session",
            mediation=1,
            session=1,
            attended=list(self._parties.values()),
            participants=helping,
            record=self._mediation.record or NOTHING_SAID,
        )
        self._file("application", "acceptance", "rights-notice", "identity", "mediation-record")

    def _agree(self) -> None:
        told = self._mediation
        respondent = self._parties[next(one.name for one in told.parties if one.side == "respondent")]
        promise = {
            "obligor": respondent,
            "what": told.terms[:500],
            "due": f"{local_day(datetime.now(UTC)) + timedelta(days=30)}",
        }
        self._act(
            "reach-agreement",
            mediation=1,
            facts=told.facts[:4000],
            terms=told.terms,
            manner="按协议约定",
            obligations=[promise],
        )
        for party in self._parties.values():
            self._act("sign-agreement", mediation=1, party=party, **self._speaks("signed_by", party))
        self._act("sign-as-mediator", mediation=1, mediator=self._me)
        self._act("seal-agreement", mediation=1)
        self._file("agreement")

    def _perform(self) -> None:
        self._act("perform-obligation", mediation=1, obligation=1)
        self._file("performance-proof")

    def _close(self) -> None:
        self._act("follow-up", findings="电话回访，双方无异议。")
        self._file("follow-up")
        self._act("close-case", result="agreement-written" if self._mediation.terms else "failed")
        self._act("archive-case")


def test_every_mediation_went_its_whole_way(county):
    auditor = county.sign_in("auditor")

    for one in county.entered:
        state = auditor.get(f"/api/cases/{one.case}")["state"]
        assert (state["status"], state["result"]) == ("archived", result(one.mediation))


def result(mediation: Mediation) -> str:
    return "agreement-written" if mediation.terms else "failed"


def test_the_boards_figures_equal_a_count_of_the_mediations(county):
    leader = county.sign_in("leader")
    agreed = [one for one in county.entered if one.mediation.terms]

    (shown,) = leader.get("/api/figures")["rows"]

    assert (shown["registered"], shown["open"]) == (len(county.entered), 0)
    assert (shown["resolved"], shown["village"], shown["township"]) == (len(agreed),) * 3
    assert shown["cohort_resolved"] == shown["cohort_village"] == len(agreed)
    assert shown["village_share"] == (1 if agreed else None)


@pytest.mark.parametrize(
    ("by", "key"),
    [
        ("category", lambda one: one.mediation.category),
        ("village", lambda one: one.village["name"]),
        ("township", lambda one: one.village["parent_code"]),
        ("level", lambda one: "village"),
        ("source", lambda one: "party"),
    ],
)
def test_every_row_of_the_board_equals_a_count_of_its_own(county, by, key):
    leader = county.sign_in("leader")
    registered = Counter(map(key, county.entered))
    settled = Counter(key(one) for one in county.entered if one.mediation.terms)

    rows = {row["key"]: row for row in leader.get("/api/figures", by=by)["rows"]}

    assert sorted(row["registered"] for row in rows.values()) == sorted(registered.values())
    assert sorted(row["village"] for row in rows.values() if row["village"]) == sorted(settled.values())
    if by in ("category", "level", "source"):
        assert {name: row["registered"] for name, row in rows.items()} == registered


def test_a_figure_opens_to_the_cases_behind_it(county):
    leader = county.sign_in("leader")

    for category, number in Counter(one.mediation.category for one in county.entered).items():
        listed = leader.get("/api/cases", category=category, outcome="registered", count=True, limit=200)
        expected = {one.case for one in county.entered if one.mediation.category == category}
        assert {card["id"] for card in listed["cases"]} == expected
        assert listed["count"] == number


def test_the_flow_ends_as_the_mediations_did(county):
    flows = county.sign_in("leader").get("/api/figures/flow")["flows"]

    counted = Counter(("party", "village", result(one.mediation)) for one in county.entered)
    assert {(one["source"], one["level"], one["result"]): one["cases"] for one in flows} == counted


def test_parties_stand_on_their_sides_and_helpers_sign_nothing(county):
    auditor = county.sign_in("auditor")

    for one in county.entered:
        shown = auditor.get(f"/api/cases/{one.case}")
        parties = {shown["names"][id]: party for id, party in shown["state"]["parties"].items()}
        assert {name: party["side"] for name, party in parties.items()} == {
            party.name: party.side for party in one.mediation.parties
        }
        mediation = shown["state"]["mediations"]["1"]
        helping = {shown["names"][id] for id in mediation["participants"]}
        assert helping == {name for name, _ in one.mediation.participants}
        if one.mediation.terms:
            assert {shown["names"][id] for id in mediation["agreement"]["signed"]} == set(parties)


def test_a_group_is_one_party_with_its_heads_and_a_spokesperson(county):
    auditor = county.sign_in("auditor")

    for one in county.entered:
        groups = {party.name: party for party in one.mediation.parties if party.kind == "group"}
        shown = auditor.get(f"/api/cases/{one.case}") if groups else {"state": {"parties": {}}, "names": {}}
        for id, party in shown["state"]["parties"].items():
            if told := groups.get(shown["names"][id]):
                assert party["details"]["head_count"] == told.head_count
                speaking = [(other["name"], other["capacity"]) for other in shown["representatives"][id]]
                assert speaking == told.representatives


def test_the_dialogue_is_the_record_of_the_session_and_its_end_the_terms(county):
    auditor = county.sign_in("auditor")

    for one in county.entered:
        told = auditor.get(f"/api/cases/{one.case}")["texts"]["1"]
        assert told["sessions"]["1"]["record"] == (one.mediation.record or NOTHING_SAID)
        if one.mediation.terms:
            assert told["agreement"]["terms"]["text"] == one.mediation.terms


def test_a_party_is_found_by_name_and_a_story_by_two_characters(county):
    leader = county.sign_in("leader")

    for one in county.entered:
        name = one.mediation.parties[0].name
        found = {card["id"] for card in leader.search(party=name)}
        assert found >= {other.case for other in county.entered if name in [p.name for p in other.mediation.parties]}
        words = one.mediation.facts[2:4]
        assert one.case in {card["id"] for card in leader.search(words=words)}


def test_another_village_sees_nothing_of_it(county):
    first, other = county.entered[0], next(one for one in county.entered if one.village != county.entered[0].village)
    mediator = county.sign_in(f"m{other.village['code']}.1")

    assert mediator.http.get(f"/api/cases/{first.case}").status_code == 404
    assert first.case not in {card["id"] for card in mediator.get("/api/cases", limit=200)["cases"]}


def test_every_case_has_a_code_of_its_body_and_no_other_has_it(county):
    assert len({one.code for one in county.entered}) == len(county.entered)
    for one in county.entered:
        assert one.code.startswith(f"RT{one.village['code']}-")


def test_every_paper_of_a_real_mediation_is_pdf_a_with_its_parties(county):
    for one in county.entered[:20]:
        desk = county.sign_in(f"m{one.village['code']}.1")
        made = [desk.http.get(f"/api/cases/{one.case}/papers/{name}") for name in FORMS]
        papers = {answer.url.path.rpartition("/")[2]: answer.content for answer in made if answer.status_code == 200}

        assert {"application", "acceptance", "rights-notice"} <= papers.keys()
        assert {name: found for name, pdf in papers.items() if (found := faults(pdf))} == {}
        parties = desk.get(f"/api/cases/{one.case}")["state"]["parties"].values()
        told = text_of(papers["acceptance"])
        assert all("".join(party["details"]["name"].split()) in told for party in parties)
        keep_for_a_look(one.code, papers)


def keep_for_a_look(code: str, papers: dict[str, bytes]) -> None:
    """`PAPERS_TO`: a folder for whoever wants to see them."""
    if folder := os.environ.get("PAPERS_TO"):
        for name, pdf in papers.items():
            Path(folder, f"{code}-{name}.pdf").write_bytes(pdf)
