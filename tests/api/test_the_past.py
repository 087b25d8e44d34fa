"""Whatever is served of a past moment is what was served at it, whatever was recorded, renamed or corrected since."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from application.office import OFFICERS
from domain.jurisdiction.area import RenameArea
from domain.jurisdiction.body import RenameBody, body_id
from domain.office.appointments import AppointOfficer, RevokeAppointment
from domain.office.officer import RenameOfficer, Role, officer_id
from infrastructure.read_models.remembered import FOR
from tests.api.conftest import Case, County, Desk
from tests.api.then import answer
from tests.effort import times
from tests.referral.offices import DESKS, Handover, begin, case_at, offer, open_desks, refresh

READERS = ("auditor", "xian", "li.ming")


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_desks(make_database(), tmp_path_factory.mktemp("state")) as made:
        made.clock.moment = max(made.clock.moment, datetime(2026, 6, 30, 4, 0, tzinfo=UTC))
        yield made


def known(county: County) -> None:
    """The registers are remembered for a second."""
    county.parts.projector.catch_up()
    time.sleep(FOR * 1.1)


def rename_body(county: County, code: str, name: str) -> None:
    command = RenameBody(body_name=name, short_name=name[:20])
    county.parts.system.administering.bodies.change(county.asked(), body_id(code), command)
    known(county)


def rename_area(county: County, code: str, name: str) -> None:
    command = RenameArea(area_name=name, in_force_from=county.clock().date())
    county.parts.system.administering.areas.change(county.asked(), county.area(code), command)
    known(county)


def rename_officer(county: County, login: str, name: str) -> None:
    county.parts.system.administering.officers.change(
        county.asked(), officer_id(login), RenameOfficer(display_name=name)
    )
    known(county)


def reader(county: County, login: str = "auditor") -> Desk:
    return county.as_(login)


def page(county: County, path: str, login: str = "auditor", **moment: Any) -> str:
    told = reader(county, login).get(path, {"Accept": "text/html"}, **moment)
    assert told.status_code == 200, told.text
    return str(told.text)


def agreed(case: Case) -> str:
    """Agreed and sealed: the paper names mediator and committee."""
    parties, me = case.under_way(), str(officer_id(case.desk.login))
    case.act("hold-session", mediation=1, attended=parties, record="双方到场。")
    case.act("reach-agreement", mediation=1, terms="改回原向。")
    for party in parties:
        case.act("sign-agreement", mediation=1, party=party)
    case.act("sign-as-mediator", mediation=1, mediator=me)
    case.act("seal-agreement", mediation=1)
    return case.id


def test_a_renamed_body_and_officer_keep_in_every_sentence_the_name_of_then(county):
    case = case_at(county, "LW")
    case.act("accept-case")
    before = county.clock()
    county.clock.forward(days=2)
    rename_body(county, "LW", "新合并社区人民调解委员会")
    rename_officer(county, "li.ming", "李大明")
    refresh(case).act("write-note", note="改名之后。")

    for moment in ({}, {"as_of": before.isoformat()}):
        told = page(county, f"/cases/{case.id}", **moment)
        assert "柳湾村人民调解委员会" in told
    lines = reader(county).get(f"/api/cases/{case.id}").json()["timeline"]
    assert [(one["as"]["officer"], one["as"]["body"], one["as"]["role"]) for one in (lines[0], lines[-1])] == [
        ("李明", "柳湾村人民调解委员会", "mediator"),
        ("李大明", "新合并社区人民调解委员会", "mediator"),
    ]
    assert "李大明" not in page(county, f"/cases/{case.id}", as_of=before.isoformat())
    rename_body(county, "LW", "柳湾村人民调解委员会")
    rename_officer(county, "li.ming", "李明")


def test_a_renamed_area_keeps_the_name_of_then_on_the_page_of_then(county):
    case = case_at(county, "LW")
    before = county.clock()
    county.clock.forward(days=2)
    rename_area(county, "990101101201", "柳湾社区")
    county.clock.forward(seconds=2)

    assert "柳湾社区" in page(county, f"/cases/{case.id}")
    told = page(county, f"/cases/{case.id}", as_of=before.isoformat())
    assert ("柳湾社区" in told, "柳湾村" in told) == (False, True)


def test_nothing_beside_a_case_is_of_a_later_moment(county):
    case = case_at(county, "LW")
    version = case.version
    county.clock.forward(hours=1)
    up = begin(case, "LW", "request-escalation", to=str(body_id("HK")), because="mass-matter")
    county.clock.forward(hours=1)
    up.act("HK", "accept-escalation")

    assert "群体性" not in page(county, f"/cases/{case.id}", version=version)
    assert reader(county).get(f"/api/cases/{case.id}/escalations", version=version).json()["escalations"] == []
    before = reader(county).get(f"/api/cases/{case.id}/escalations/{up.id}", version=1).json()
    assert before["state"]["stage"] == "requested"


def test_days_are_counted_from_the_day_of_the_page(county):
    case = case_at(county, "LW")
    case.act("accept-case")
    then = county.clock()
    told = page(county, f"/cases/{case.id}")
    county.clock.forward(days=300)

    assert "已超期" not in told
    assert "已超期" not in page(county, f"/cases/{case.id}", as_of=then.isoformat())
    assert "已超期" in page(county, f"/cases/{case.id}")


@pytest.mark.parametrize("path", ["/api/cases/{case}", "/api/cases/{case}/actions", "/cases/{case}"])
@pytest.mark.parametrize("by", ["as_of", "effective_at"])
def test_before_a_case_was_born_there_is_none_by_either_clock(county, path, by):
    case = case_at(county, "LW")

    told = reader(county).get(path.format(case=case.id), **{by: "2020-01-01T00:00:00+08:00"})

    assert told.status_code == 404


@pytest.mark.parametrize("by", ["as_of", "effective_at"])
@pytest.mark.parametrize("folder", ["escalations", "referrals"])
def test_before_it_was_offered_or_asked_there_is_no_handover_by_either_clock(county, by, folder):
    case = case_at(county, "LW")
    if folder == "escalations":
        one = begin(case, "LW", "request-escalation", to=str(body_id("HK")), because="too-complex")
    else:
        one = offer(case, "transfer", "JY")
    for path in (f"/api/cases/{case.id}/{folder}/{one.id}", f"/api/cases/{case.id}/{folder}/{one.id}/actions"):
        assert reader(county).get(path, **{by: "2020-01-01T00:00:00+08:00"}).status_code == 404


def test_a_correction_keeps_the_number_and_says_what_was_what_is_and_why(county):
    case = case_at(county, "LW")
    number = case.state()["code"]
    county.clock.forward(hours=1)
    entry = case.desk.get(f"/api/cases/{case.id}").json()["timeline"][0]["version"]
    case.act("correct-entry", entry=entry, changes={"category": "forest-land"}, reason="类别录错")

    assert case.state()["code"] == number
    (found,) = case.desk.post("/api/cases/search", words=number).json()["cases"][:1]
    assert found["id"] == case.id
    line = next(one for one in case.desk.get(f"/api/cases/{case.id}").json()["timeline"] if one["replaces"] == entry)
    assert line["changed"] == {
        "fields": {"category": {"was": "other", "is": "forest-land"}},
        "reason": "类别录错",
    }
    assert "类别录错" in page(county, f"/cases/{case.id}")


def test_a_seal_names_the_committee_as_it_was_called_when_it_was_put_on(county):
    case = case_at(county, "SQ")
    agreed(case)
    county.clock.forward(days=1)
    rename_body(county, "SQ", "石桥社区人民调解委员会")
    rename_officer(county, "shi.qiao", "石大乔")

    paper = page(county, f"/cases/{case.id}/print/agreement", mediation=1)

    assert "年　月　日" not in paper, "whoever signed or sealed did so on a day"
    assert ("石桥村人民调解委员会" in paper, "石桥社区人民调解委员会" in paper, "石大乔" in paper) == (
        True,
        False,
        False,
    )


@dataclass
class Life:
    """A few cases, and what was served of them at every moment."""

    county: County
    random: Random
    cases: list[Case] = field(default_factory=list)
    beside: list[Handover] = field(default_factory=list)
    served: list[tuple[str, str, str, Any]] = field(default_factory=list)
    steps: int = 0

    def __post_init__(self) -> None:
        self._register()
        self._register()
        self.cases.append(case_at(self.county, "SQ"))
        agreed(self.cases[-1])

    def step(self) -> None:
        self.county.clock.forward(minutes=self.random.randint(1, 60 * 24 * 3))
        self.steps += 1
        one = self.random.choice(
            [self._register, self._note, self._rename, self._refer, self._up, self._correct, self._appoint]
        )
        one()
        self._look()

    def _register(self) -> None:
        case = case_at(self.county, self.random.choice(["LW", "SQ", "HK"]))
        if self.random.random() < 0.7:
            case.act("accept-case")
        self.cases.append(case)

    def _note(self) -> None:
        if case := self._some():
            late = {"occurred_at": self.county.clock().isoformat()} if self.random.random() < 0.5 else {}
            case.attempt("write-note", note=f"第{self.steps}步。", **late)

    def _rename(self) -> None:
        name = f"第{self.steps}次更名"
        self.random.choice(
            [
                lambda: rename_body(self.county, self.random.choice(["LW", "SQ", "HK", "JY"]), f"{name}委员会"),
                lambda: rename_officer(self.county, self.random.choice(["li.ming", "shi.qiao", "town"]), name),
                lambda: rename_area(self.county, self.random.choice(["990101101202", "990101101"]), f"{name}村"),
            ]
        )()

    def _appoint(self) -> None:
        """The same officer, as something else from this day on."""
        id, day = officer_id(self.random.choice(["shi.qiao", "town"])), self.county.clock().date()
        state = self.county.parts.ledger.history(OFFICERS, id).state
        ((number, held),) = [one for one in state.appointments.items() if one[1].in_force(day)]
        if held.in_force_from == day:
            return
        for command in (
            RevokeAppointment(number=number, in_force_until=day),
            AppointOfficer(
                role=Role.MEDIATOR if held.role is Role.COORDINATOR else Role.COORDINATOR,
                body=held.body,
                area=held.area,
                in_force_from=day,
            ),
        ):
            self.county.parts.system.administering.officers.change(self.county.asked(), id, command)
        known(self.county)

    def _refer(self) -> None:
        if case := self._some():
            told = case.desk.post(
                f"/api/cases/{case.id}/referrals/offer-referral",
                {"If-Match": f'"{case.version}"'},
                kind="transfer",
                to=[str(body_id("JY"))],
                content={"parties": case.parties},
                consented=case.parties,
            )
            if told.status_code == 201:
                self.beside.append(Handover(self.county, "referrals", case.id, told.json()["id"]))
            elif self.beside:
                one = self.random.choice(self.beside)
                one.attempt("JY", self.random.choice(["acknowledge-referral", "accept-referral"]))

    def _up(self) -> None:
        going = [one for one in self.beside if one.folder == "escalations"]
        if going and self.random.random() < 0.5:
            self.random.choice(going).attempt("HK", "accept-escalation")
        elif case := self._some():
            code = next(code for code, login in DESKS.items() if login == case.desk.login)
            told = case.desk.post(
                f"/api/cases/{case.id}/escalations/request-escalation",
                {"If-Match": f'"{case.version}"'},
                to=str(body_id("HK")),
                because="too-complex",
            )
            if told.status_code == 201 and code:
                self.beside.append(Handover(self.county, "escalations", case.id, told.json()["id"]))

    def _correct(self) -> None:
        if case := self._some():
            change = {"category": self.random.choice(["neighbours", "forest-land", "other"])}
            case.attempt("correct-entry", entry=1, changes=change, reason=f"第{self.steps}步更正")

    def _some(self) -> Case | None:
        return refresh(self.random.choice(self.cases)) if self.cases else None

    def _look(self) -> None:
        at = self.county.clock().isoformat()
        for login in READERS:
            for path in self._paths():
                self.served.append((login, path, at, answer(reader(self.county, login), path)))

    def _paths(self) -> Iterator[str]:
        for case in self.random.sample(self.cases, min(2, len(self.cases))):
            yield f"/cases/{case.id}"
            yield from (f"/cases/{case.id}/print/{paper}" for paper in ("rights", "record", "agreement"))
            whole = f"/api/cases/{case.id}"
            yield from (whole, f"{whole}/actions")
        for one in self.random.sample(self.beside, min(2, len(self.beside))):
            own = f"/cases/{one.case}/{one.folder}/{one.id}"
            yield from (own, f"/api{own}", f"/api{own}/actions")


@pytest.mark.parametrize("seed", range(times(test=1, soak=25)))
def test_what_is_served_of_a_moment_is_what_was_served_at_it(county, seed):
    life = Life(county, Random(seed))
    for _ in range(times(test=12, soak=60)):
        life.step()
    county.clock.forward(days=90)

    for login, path, at, then in life.served:
        assert answer(reader(county, login), path, as_of=at) == then, (login, path, at)
    assert len(life.served) > 100
    assert {type(then) for *_, then in life.served} >= {list, dict}
