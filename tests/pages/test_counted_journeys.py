"""What a case costs a mediator on a phone: counted in a browser, written to docs/effort.md, and held there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.shared.calendar import SHANGHAI
from tests.api.conftest import County
from tests.pages.conftest import Visitor
from tests.pages.counting import Counted, Effort, table
from tests.referral.offices import body, case_at, offer, open_desks

Visit = Callable[..., Visitor]
PAGE = Path(__file__).parents[2] / "docs" / "effort.md"
COUNTED: dict[str, Effort] = {}
MOST_TAPS, MOST_LOADS = 20, 4
"""Of a written agreement, from the first word to the archive."""
HEAD = (
    "# Effort\n\n"
    "What a case costs a mediator on a phone without JavaScript, from the page of today to the archive, or to where it"
    " goes on elsewhere. Counted in a browser by `tests/pages/test_counted_journeys.py`, which writes this page and"
    " fails where it does not hold. A list, a day and a photograph count two taps each; a tap into a field that is"
    " typed into is part of the typing.\n\n"
)


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_desks(make_database(), tmp_path_factory.mktemp("desks")) as made:
        yield made


@pytest.fixture
def phone(visitor: Visit) -> Iterator[Callable[..., Counted]]:
    counted: list[Counted] = []

    def made(login: str = "li.ming") -> Counted:
        counted.append(Counted(visitor(login, phone=True)))
        return counted[-1]

    yield made
    for one in counted:
        one.stop()


@pytest.fixture(scope="module", autouse=True)
def told() -> Iterator[None]:
    """After all of them: the page says what was counted, or is renewed and the run fails."""
    yield
    if len(COUNTED) < len(JOURNEYS):
        return
    text = HEAD + table({name: COUNTED[name] for name in JOURNEYS})
    if PAGE.read_text("utf-8") != text:
        PAGE.write_text(text, "utf-8")
        raise AssertionError("docs/effort.md was not true any more: it is renewed, look at it and commit it")


def register(phone: Counted, applicant: str, then: str = "record-meeting", **more: str) -> None:
    phone.begin("/")
    phone.tap('main a[href="/new"]')
    phone.write(parties__0__name=applicant, parties__1__name=f"{applicant}的邻居", facts="两家为院墙争吵多日。", **more)
    phone.choose(category="neighbours")
    phone.send(then)


def day_in(county: County, days: int) -> str:
    return (county.clock().astimezone(SHANGHAI) + timedelta(days=days)).date().isoformat()


def both(phone: Counted, answer: str = "consents") -> None:
    phone.mark(**{"at_table__0__answer": answer, "at_table__1__answer": answer})


def agree(phone: Counted, county: County, what: str = "拆墙并清运") -> None:
    phone.mark(outcome="agreed")
    phone.write(record="双方到场，各让一步。", agreed__terms__0__what=what, agreed__terms__0__amount="1200")
    phone.choose(agreed__terms__0__due=day_in(county, 5))


def sign(phone: Counted) -> None:
    phone.mark("at_table.0.signed", "at_table.1.signed", "agreed.sealed")


def close(phone: Counted, tmp_path: Path) -> None:
    phone.mark("performed.0.done")
    phone.photograph(tmp_path)
    phone.send()


def status(county: County, phone: Counted, login: str = "li.ming") -> str:
    return str(county.as_(login).get(f"/api/cases/{phone.case()}").json()["state"]["status"])


def written(phone: Any, county: County, tmp_path: Path) -> Effort:
    one = phone()
    register(one, "赵甲")
    both(one)
    agree(one, county)
    sign(one)
    one.send("record-closing")
    close(one, tmp_path)
    assert status(county, one) == "archived"
    return one.effort


def oral(phone: Any, county: County, tmp_path: Path) -> Effort:
    one = phone()
    register(one, "赵乙")
    both(one)
    one.mark(outcome="agreed", agreed__form="oral")
    one.write(record="双方到场，各让一步。", agreed__terms__0__what="当场道歉")
    one.mark("agreed.terms.0.done")
    one.send("record-closing")
    one.photograph(tmp_path)
    one.send()
    assert status(county, one) == "archived"
    return one.effort


def failed(phone: Any, county: County, tmp_path: Path) -> Effort:
    one = phone()
    register(one, "赵丙")
    both(one)
    one.mark(outcome="ended")
    one.write(record="双方各执一词。")
    one.choose(because="failed")
    one.mark("remedies_told")
    one.send("record-closing")
    one.send()
    assert status(county, one) == "archived"
    return one.effort


def on_the_spot(phone: Any, county: County, tmp_path: Path) -> Effort:
    one = phone("grid")
    one.begin("/")
    one.tap('main a[href="/new"]')
    one.write(parties__0__name="赵丁", parties__1__name="赵丁的邻居", facts="为晾衣争吵。")
    one.choose(category="neighbours")
    one.open("发生时间")
    one.write(settled_on_the_spot="劝开，握手言和。")
    one.send()
    assert status(county, one) == "closed"
    return one.effort


def twice(phone: Any, county: County, tmp_path: Path) -> Effort:
    """Breached, mediated a second time, and done."""
    one = phone()
    register(one, "赵戊")
    both(one)
    agree(one, county)
    sign(one)
    one.send()
    county.clock.forward(days=9)
    case = one.case()
    one.begin_again(f"/cases/{case}")
    one.open("其他可办事项")
    one.tap('.actions a[href*="/do/breach-obligation"]')
    one.send()
    one.tap('.actions a[href$="/record-meeting"]')
    both(one)
    agree(one, county, "改为付钱")
    sign(one)
    one.send("record-closing")
    one.mark("performed.0.done")
    one.photograph(tmp_path)
    one.send()
    assert status(county, one) == "archived"
    return one.effort


def minor(phone: Any, county: County, tmp_path: Path) -> Effort:
    """One of ten years, whose guardian speaks for it."""
    one = phone()
    one.begin("/")
    one.tap('main a[href="/new"]')
    one.write(parties__0__name="赵己", parties__1__name="小庚", facts="孩子打破了窗。")
    one.page.locator("fieldset.rows .row").nth(1).locator("summary").click()
    one.effort.taps += 1
    one.write(parties__1__identity_number=CHILD)
    one.choose(category="neighbours")
    one.send()
    case = one.case()
    one.open("其他可办事项")
    one.tap('.actions a[href*="/do/represent-party"]')
    child = next(id for id, known in parties(county, case).items() if known["side"] == "respondent")
    one.choose(party=child, capacity="guardian")
    one.write(name="小庚妈")
    one.photograph(tmp_path)
    one.send()
    one.tap('.actions a[href$="/record-meeting"]')
    both(one)
    guardian = next(iter(parties(county, case)[child]["representatives"]))
    one.choose(at_table__1__given_by=guardian)
    agree(one, county, "赔玻璃")
    sign(one)
    one.send("record-closing")
    close(one, tmp_path)
    assert status(county, one) == "archived"
    return one.effort


def parties(county: County, case: str) -> dict[str, Any]:
    return dict(county.as_("li.ming").get(f"/api/cases/{case}").json()["state"]["parties"])


def escalated(phone: Any, county: County, tmp_path: Path) -> Effort:
    """Mediated in vain, then asked of the township."""
    one = phone()
    register(one, "赵辛")
    both(one)
    one.mark(outcome="again")
    one.write(record="谈不拢，请镇里来。")
    one.send()
    one.tap('.actions a[href$="/refer"]')
    one.tap('a[href*="request-escalation"]')
    one.choose(to=body("HK"), because="mediation-failed")
    one.send()
    return one.effort


def from_court(phone: Any, county: County, tmp_path: Path) -> Effort:
    """Delegated by a court before it files a suit: taken over, agreed, signed, and told to the court."""
    offered = offer(case_at(county, "FY", facts="两家为滴水争吵。"), "delegate", "LW")
    county.parts.projector.catch_up()
    one = phone()
    one.begin("/")
    one.tap(f'a[href$="/referrals/{offered.id}"]')
    one.tap('.actions a[href$="/do/accept-referral"]')
    one.send()
    one.tap(f'main a[href^="/cases/{offered.case}"]')
    one.tap('.actions a[href$="/record-meeting"]')
    both(one)
    agree(one, county)
    sign(one)
    one.send()
    one.begin_again(f"/cases/{offered.case}/referrals/{offered.id}")
    one.tap('.actions a[href$="/do/return-referral"]')
    one.choose(outcome="agreement")
    one.send()
    return one.effort


def group(phone: Any, county: County, tmp_path: Path) -> Effort:
    """Twelve villagers against one, with a spokesman."""
    one = phone()
    one.begin("/")
    one.tap('main a[href="/new"]')
    one.write(parties__0__name="柳湾一组村民", parties__1__name="砖厂", facts="粉尘落在菜地上。")
    one.page.locator("fieldset.rows .row").nth(0).locator("summary").click()
    one.effort.taps += 1
    one.choose(parties__0__kind="group")
    one.write(parties__0__head_count="12")
    one.choose(category="environment")
    one.send()
    case = one.case()
    one.open("其他可办事项")
    one.tap('.actions a[href*="/do/represent-party"]')
    all_of_them = next(id for id, known in parties(county, case).items() if known["side"] == "applicant")
    one.choose(party=all_of_them, capacity="group-spokesperson")
    one.write(name="柳老三")
    one.photograph(tmp_path)
    one.send()
    one.tap('.actions a[href$="/record-meeting"]')
    both(one)
    speaker = next(iter(parties(county, case)[all_of_them]["representatives"]))
    one.choose(at_table__0__given_by=speaker)
    agree(one, county, "装除尘")
    sign(one)
    one.send("record-closing")
    close(one, tmp_path)
    assert status(county, one) == "archived"
    return one.effort


def correction(phone: Any, county: County, tmp_path: Path) -> Effort:
    """A wrong word in the facts of a registration."""
    one = phone()
    register(one, "赵壬", then="")
    one.begin(f"/cases/{one.case()}")
    one.tap('#v1 a[href*="correct-entry"]')
    one.write(changes__facts="两家为院墙争吵一天。", reason="笔误")
    one.send()
    return one.effort


CHILD = "110101201601010019"
JOURNEYS: dict[str, Callable[..., Effort]] = {
    "written agreement": written,
    "oral agreement, done at once": oral,
    "failed": failed,
    "settled on the spot by the grid": on_the_spot,
    "referred by the court, told to it": from_court,
    "escalated after one meeting": escalated,
    "group with a spokesman": group,
    "minor with a guardian": minor,
    "breach and second mediation": twice,
    "correction": correction,
}


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_journey_costs_what_the_page_of_efforts_says(name, phone, county, tmp_path):
    COUNTED[name] = JOURNEYS[name](phone, county, tmp_path)

    if name == "written agreement":
        assert COUNTED[name].taps <= MOST_TAPS
        assert COUNTED[name].loads <= MOST_LOADS
