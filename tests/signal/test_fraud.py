"""Invented cases in five villages top the signals; honest villages, a busy one among them, do not.

As in the real fraud: 479 cases for a subsidy, 271 of them in one village, agreed within the hour, alike in their texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook

from api.main import create_app
from api.settings import Settings
from api.wiring import wired
from application.figures.case_figures import CaseFilter
from application.figures.official import CATEGORIES
from application.rights import Scope
from application.signal.definitions import SIGNALS
from application.signal.service import Looked, looked
from domain.jurisdiction.body import body_id
from domain.office.officer import officer_id
from tests.api.conftest import PASSWORD, SINCE, Clock, County, Desk
from tests.legacy.test_on_the_boards import case, run, step

ALL = Scope(everything=True)
VILLAGES = [f"990101101{number:03}" for number in range(201, 231)]
FALSE = dict(zip(VILLAGES[:5], (271, 80, 60, 40, 28), strict=True))
BUSY, HAIL = VILLAGES[10], VILLAGES[11]
"""An honest village with many cases; and one where a hailstorm gave twenty households the same quarrel."""
WORDS = (
    "门前屋后界址流水宅基田埂池塘果树牛羊过路借款欠薪彩礼赡养"
    "围墙屋檐滴水堆放柴草噪声灰尘井水电线摩托碰撞租金押金货款质量"
)
TEXT = "双方因宅基地边界问题发生口角，经村委会多次上门劝解，双方互谅互让，自愿达成一致意见，签字为据（{}）。"
OFFICERS = """login,name,role,body_code,area_code,member,woman
leader,县领导,leader,QX,,,
town,镇协调员,coordinator,C205,990101101,,
med,李明,mediator,C201,,yes,no
med2,王芳,mediator,C201,,yes,yes
med3,赵强,mediator,C201,,yes,no
"""
DAYS = {"since": "2025-01-01", "until": "2025-12-31"}
YEAR = CaseFilter(since=date(2025, 1, 1), until=date(2025, 12, 31))


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    url, state = make_database(), tmp_path_factory.mktemp("state")
    clock = Clock(datetime(2026, 3, 3, 4, tzinfo=UTC))
    with wired(Settings(state=state), url, clock) as parts:
        made = County(parts, clock, TestClient(create_app(parts.system, Settings(state=state))), url, state)
        found(made)
        tally, told = run(made, *invented(), *honest(Random(7)))
        assert tally.position == made.events()
        assert {one.outcome.value for one in told} <= {"imported", "flagged"}
        yield made


def found(county: County) -> None:
    administering, day = county.parts.system.administering, county.clock().date()
    areas = ["code,name,parent_code,level", "99,示范省,,1", "9901,示范市,99,2", "990101,青溪县,9901,3"]
    areas += ["990101101,河口镇,990101,4", *(f"{one},{one[-3:]}村,990101101,5" for one in VILLAGES)]
    bodies = ["code,name,short_name,kind,area_code,channel,answers_for", "QX,县综治中心,县综治,centre,990101,people,"]
    bodies += [f"C{one[-3:]},{one[-3:]}村人民调解委员会,{one[-3:]},committee,{one},," for one in VILLAGES]
    administering.sheets.take_over(county.asked(), "\n".join(areas).encode(), SINCE)
    county.parts.projector.catch_up()
    administering.body_sheets.take_over(county.asked(), "\n".join(bodies).encode(), day)
    county.parts.projector.catch_up()
    for login in administering.officer_sheets.take_over(county.asked(), OFFICERS.encode(), day).registered:
        county.parts.system.access.passwords.set(county.asked(), officer_id(login), PASSWORD)
    county.parts.projector.catch_up()


def parties(one: str, other: str, phone: str) -> list[dict[str, str]]:
    return [
        {"side": "applicant", "name": one, "phone": phone},
        {"side": "respondent", "name": other},
    ]


def invented() -> Iterator[dict[str, Any]]:
    """Registered and agreed within the hour, in the same words, one phone for all of a village."""
    for village, count in FALSE.items():
        for number in range(count):
            day = date(2025, 1, 6) + timedelta(days=number % 300)
            at = (f"{day} 09:00", f"{day} 09:05", f"{day} 09:10", f"{day} 09:30")
            steps = [step(kind, when) for kind, when in zip(("registered", "accepted", "session"), at, strict=False)]
            names = f"张{chr(0x4E00 + number % 900)}", f"李{chr(0x5000 + number % 900)}"
            yield case(
                f"F-{village}-{number}",
                *steps,
                step("agreed", at[3], form="oral"),
                step("closed", f"{day} 10:00", result="agreement-oral"),
                area=village,
                facts=TEXT.format(number),
                parties=parties(*names, f"1380000{village[-4:]}"),
            )


def honest(draw: Random) -> Iterator[dict[str, Any]]:
    """Some days from step to step, each in words of its own; the hail is told alike, and settled in its time."""
    for village in VILLAGES[5:]:
        for number in range(160 if village == BUSY else 20):
            day = date(2025, 1, 6) + timedelta(days=draw.randrange(280))
            steps = []
            for kind in ("registered", "accepted", "session"):
                steps.append(step(kind, str(day)))
                day += timedelta(days=draw.randrange(1, 5))
            text = "".join(draw.choices(WORDS, k=60))
            if village == HAIL and number < 5:
                text = "六月冰雹砸坏大棚，承包户与合作社为减免租金争执，要求按受灾面积分摊当年租金和肥料款。" + text[:4]
            agreed = draw.random() < 0.8
            steps.append(step("agreed", str(day), form="oral") if agreed else step("failed", str(day)))
            result = "agreement-oral" if agreed else "failed"
            steps.append(step("closed", str(day + timedelta(days=3)), result=result))
            phone = f"139{draw.randrange(10**8):08}"
            names = "".join(draw.choices(WORDS, k=2)), "".join(draw.choices(WORDS, k=2))
            yield case(f"H-{village}-{number}", *steps, area=village, facts=text, parties=parties(*names, phone))


@pytest.fixture(scope="module")
def signals(county: County) -> dict[str, Looked]:
    today = county.clock().date()
    with county.parts.system.reading.patterns.snapshot(ALL, YEAR, today) as snapshot:
        return {one.signal.key: one for one in looked(snapshot, ALL, YEAR, today)}


def subjects(county: County, signal: Looked) -> list[str]:
    codes = {county.area(one): one for one in VILLAGES}
    return [codes[one.subject] for one in signal.found]  # type: ignore[index]


@pytest.mark.parametrize("key", ["closed-at-once", "agreed-at-once", "alike-texts", "one-phone"])
def test_the_villages_of_the_invented_cases_top_each_signal_and_no_honest_one_is_told(county, signals, key):
    assert set(subjects(county, signals[key])) == set(FALSE)


def test_a_busy_village_has_many_and_nothing_else(county, signals):
    told = {key for key, one in signals.items() if SIGNALS[key].by == "village" and BUSY in subjects(county, one)}

    assert told == {"many"}
    assert VILLAGES[0] in subjects(county, signals["many"])


def test_each_signal_tells_how_its_peers_lie(signals):
    spread = signals["agreed-at-once"].spread
    assert spread is not None
    assert (spread.peers, spread.middle) == (len(VILLAGES), 0.0)


def test_a_leader_sees_them_opens_them_and_records_what_was_found(county):
    leader = county.as_("leader")
    top = next(one for one in alike(leader) if one["number"] == 271)
    assert len(top["cases"]) == 271
    assert top["stage"] == "open"

    pointed = {"signal": "alike-texts", "subject": top["subject"], **DAYS}
    account = "逐户核实，无此纠纷。"
    told = leader.post("/api/signals/record-finding", pointed=pointed, finding="confirmed", account=account)
    assert told.status_code == 201, told.text
    county.parts.projector.catch_up()
    (again,) = [one for one in alike(leader) if one["id"] == top["id"]]
    assert (again["stage"], again["finding"]["account"]) == ("confirmed", account)
    page = leader.get("/signals", {"Accept": "text/html"}, **DAYS)
    assert page.status_code == 200
    assert account in page.text


def alike(desk: Desk) -> list[dict[str, Any]]:
    told = desk.get("/api/signals", **DAYS).json()["signals"]
    return next(one["found"] for one in told if one["signal"] == "alike-texts")


def test_whoever_answers_for_no_place_sees_no_signals_and_records_nothing(county):
    desk = county.as_("med")
    assert desk.get("/api/signals").status_code == 403
    pointed = {"signal": "alike-texts", "subject": str(county.area(VILLAGES[0])), **DAYS}
    told = desk.post("/api/signals/record-finding", pointed=pointed, finding="explained", account="没有的事。")
    assert told.status_code == 403


def sheet(answer: Any) -> list[list[Any]]:
    assert answer.status_code == 200, answer.text
    return list(CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python())


def test_a_finding_is_recorded_only_of_what_lies_in_the_own_area(county):
    """Whoever answers for a town says nothing of the county, or of a body that sits in it."""
    town = county.as_("town")
    own, other = str(county.area("990101101201")), str(county.area("990101"))
    body = str(body_id("QX"))
    for signal, subject, status in (
        ("alike-texts", other, 403),
        ("bounced", body, 403),
        ("no-such-signal", own, 403),
        ("one-photo", own, 201),
        ("bounced", str(body_id("C202")), 201),
    ):
        pointed = {"signal": signal, "subject": subject, **DAYS}
        told = town.post("/api/signals/record-finding", pointed=pointed, finding="explained", account="已查。")
        assert told.status_code == status, (signal, told.text)


def test_the_official_form_adds_up_by_source_by_category_and_by_place(county):
    heads, whole, *places = sheet(county.as_("leader").get("/dashboard/official.xlsx", **DAYS))[1:-1]
    number = dict(zip(heads[1:], whole[1:], strict=True))

    assert number["调解案件总数"] == sum(FALSE.values()) + 24 * 20 + 160
    assert number["调解案件总数"] == sum(number[one] for one in ("主动调解", "依当事人申请", "接受委托移送"))
    assert number["调解案件总数"] == sum(number[one] for one in (*CATEGORIES.values(), "其他纠纷"))
    assert number["调解成功"] == number["口头协议"] + number["书面协议"]
    assert [sum(column) for column in zip(*(row[1:] for row in places), strict=True)] == whole[1:]


def test_a_list_of_subsidies_says_of_each_invented_case_why_it_is_looked_at_first(county):
    rows = sheet(county.as_("leader").get("/dashboard/subsidies.xlsx", **DAYS))[2:-1]
    doubted = [row for row in rows if "雷同" in row[-1] and "一部电话" in row[-1] and "一小时" in row[-1]]

    assert len(doubted) == sum(FALSE.values())
    assert all(row[1].startswith("张") for row in doubted)
    assert len(rows) > len(doubted)
