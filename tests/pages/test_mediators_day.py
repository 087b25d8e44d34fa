"""A mediator's day in the browser, without JavaScript: from the first word to the archive, through the dialogs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from domain.office.officer import officer_id
from domain.shared.calendar import SHANGHAI
from tests.api.conftest import County
from tests.pages.conftest import Visitor

Visit = Callable[..., Visitor]
ME = str(officer_id("li.ming"))


def register(desk: Visitor, county: County, applicant: str = "郑大妈", facts: str = "两家为院墙争吵多日。") -> str:
    desk.go("/new")
    desk.fill(
        parties__0__name=applicant,
        parties__1__name=f"{applicant}的邻居",
        facts=facts,
        place=str(county.area("990101101201")),
        category="neighbours",
    )
    desk.submit()
    desk.saved()
    return desk.page.url.split("/cases/")[1].split("?")[0]


def test_a_dispute_is_mediated_from_the_first_word_to_the_archive(visitor: Visit, county: County, tmp_path: Path):
    desk = visitor("li.ming")
    case = register(desk, county)
    due = (county.clock().astimezone(SHANGHAI) + timedelta(days=5)).date().isoformat()
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(b"\xff\xd8\xff" + b"photo" * 400_000)

    def done(command: str, ticked: tuple[str, ...] = (), **values: str) -> None:
        desk.do(case, command, **values)
        for name in ticked:
            desk.tick_all(name)
        desk.submit()
        desk.saved()

    def filed(*papers: str) -> None:
        for paper in papers:
            desk.do(case, "file-paper", paper=paper)
            desk.page.set_input_files('input[type="file"]', str(scan))
            desk.submit()
            desk.saved()

    done("accept-case")
    done("tell-rights", ("parties",))
    for party in county.as_("li.ming").get(f"/api/cases/{case}").json()["state"]["parties"]:
        done("check-identity", party=party)
        done("give-consent", party=party)
    done("propose-mediator", mediator=ME)
    done("accept-mediator", ("parties",), mediator=ME)
    done("start-mediation")
    done("schedule-session", at=f"{due}T09:30", where="村委会")
    done("hold-session", ("attended",), session="1", record="双方到场，各让一步。")
    filed("application", "rights-notice", "identity", "mediation-record")
    parties = county.as_("li.ming").get(f"/api/cases/{case}").json()["state"]["parties"]
    done(
        "reach-agreement",
        terms="院墙各退一尺。",
        obligations__0__obligor=list(parties)[1],
        obligations__0__what="拆墙并清运",
        obligations__0__amount="1,200.50",
        obligations__0__due=due,
    )
    for party in parties:
        done("sign-agreement", party=party)
    done("sign-as-mediator", mediator=ME)
    done("seal-agreement")
    filed("agreement")
    done("perform-obligation", obligation="1")
    filed("performance-proof")
    done("close-case", result="agreement-written")
    done("archive-case")

    shown = desk.text()
    assert "已归档" in shown
    assert "1,200.50" in shown
    assert "院墙各退一尺" in shown
    for paper in ("record", "agreement", "rights"):
        desk.go(f"/cases/{case}/print/{paper}")
        assert "郑大妈" in desk.text()


def test_the_same_people_in_the_same_place_are_pointed_out_before_a_second_registration(visitor: Visit, county: County):
    desk = visitor("li.ming")
    register(desk, county, applicant="孙二娘")
    before = county.events()
    desk.go("/new")
    desk.fill(
        parties__0__name="孙二娘", parties__1__name="张青", facts="又吵了", place=str(county.area("990101101201"))
    )
    desk.submit()

    assert "孙二娘" in desk.page.inner_text(".note")
    assert county.events() == before
    desk.page.check('[name="known"]')
    desk.submit()
    desk.saved()


def test_what_was_typed_stays_when_something_is_wrong(visitor: Visit, county: County):
    desk = visitor("li.ming")
    before = county.events()
    desk.go("/new")
    desk.fill(parties__0__name="赵大", facts="话说到一半")
    desk.page.eval_on_selector('[name="occurred_at"]', "one => one.value = '2999-01-01T09:00'")
    desk.submit()

    assert desk.page.input_value('[name="facts"]') == "话说到一半"
    assert desk.page.input_value('[name="parties.0.name"]') == "赵大"
    assert desk.page.locator(".error").count() > 0
    assert county.events() == before
    desk.go("/new")
    desk.page.click('button[formaction^="/drafts/drop"]')


def test_a_colleague_was_faster_and_nothing_typed_is_lost(visitor: Visit, county: County):
    desk = visitor("li.ming")
    case = register(desk, county, applicant="武大")
    other = visitor("lw2")
    desk.do(case, "write-note", note="先记下来的话")
    other.do(case, "write-note", note="同事写的")
    other.submit()
    other.saved()
    desk.do(case, "classify-case", category="contract", subcategory="买卖")
    other.do(case, "rate-difficulty", difficulty="simple")
    other.submit()
    other.saved()
    desk.submit()

    assert "王芳" in desk.page.inner_text(".note")
    assert desk.page.input_value('[name="subcategory"]') == "买卖"
    desk.submit()
    desk.saved()
    assert "买卖" in desk.text()


def test_an_entry_is_corrected_and_the_old_one_stays_to_be_read(visitor: Visit, county: County):
    desk = visitor("li.ming")
    case = register(desk, county, applicant="鲁达", facts="写错了字")
    desk.go(f"/cases/{case}")
    desk.page.locator('a[href*="/do/correct-entry?entry=1"]').click()
    desk.fill(changes__facts="写对了字", reason="笔误")
    desk.submit()
    desk.saved()

    assert "写对了字" in desk.page.inner_text(".facts")
    desk.go(f"/cases/{case}?version=3")
    assert "写错了字" in desk.page.inner_text(".facts")
    assert desk.page.locator(".actions a").count() == 0


def test_a_late_entry_is_dated_when_it_happened_and_marked(visitor: Visit, county: County):
    desk = visitor("li.ming")
    happened = (county.clock().astimezone(SHANGHAI) - timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    desk.go("/new")
    desk.fill(
        parties__0__name="林冲", parties__1__name="高俅", facts="二十天前的事", place=str(county.area("990101101201"))
    )
    desk.page.locator("details.more summary").click()
    desk.fill(occurred_at=happened)
    desk.submit()
    desk.saved()

    assert happened.replace("T", " ") in desk.text()
    assert "补录" in desk.text()


def test_a_login_that_is_wrong_says_so_and_keeps_the_name(visitor: Visit):
    guest = visitor()
    guest.sign_in("li.ming", "not the password")

    assert guest.page.locator(".error").count() == 1
    assert guest.page.input_value("#login") == "li.ming"


def test_who_is_not_signed_in_comes_back_to_where_they_were_going(visitor: Visit, county: County):
    desk = visitor("li.ming")
    case = register(desk, county, applicant="宋江")
    guest = visitor()
    guest.go(f"/cases/{case}")

    assert "/login" in guest.page.url
    guest.page.fill("#login", "li.ming")
    guest.page.fill("#password", "correct horse battery")
    guest.page.click("form.card button.main")
    assert guest.page.url.endswith(f"/cases/{case}")
