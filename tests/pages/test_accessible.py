"""axe-core finds nothing serious on any page, at a desk and on a phone, error states included; no page is heavy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Response

from tests.api.conftest import County
from tests.pages.conftest import Visitor

Visit = Callable[..., Visitor]
HEAVIEST = 100_000
"""Bytes of a page with its styles and scripts, as they are sent, before pictures."""
PAGES = {
    "li.ming": (
        *(
            "/",
            "/cases",
            "/cases?queue=meet",
            "/new",
            "/referrals",
            "/levels",
            "/levels/requests",
            "/drafts",
            "/account",
        ),
        *(
            "/cases/{case}",
            "/cases/{case}/replay",
            "/cases/{case}/looks",
            "/cases/{case}/readers",
            "/cases/{case}/refer",
        ),
        *("/cases/{case}/record-meeting", "/cases/{signed}/record-signing", "/cases/{signed}/record-closing"),
        *("/cases/{case}/do/hold-session", "/cases/{case}/do/correct-entry?entry=1", "/cases/{case}/print/rights"),
    ),
    "leader": ("/dashboard", "/levels", "/bridge", "/amendments", "/rules", "/cases/{case}"),
    "auditor": ("/dashboard", "/looks", "/amendments", "/cases/{case}", "/cases/{case}/replay"),
    "admin": ("/", "/rules"),
}
VISITS = [(login, path) for login, paths in PAGES.items() for path in paths]


@pytest.fixture(scope="module")
def cases(county: County) -> dict[str, str]:
    village = county.as_("li.ming")
    case, signed = village.register(facts="一件调解中的纠纷"), village.register(facts="一件待签字的纠纷")
    case.under_way()
    parties = signed.under_way()
    signed.act("hold-session", mediation=1, attended=parties, record="谈成了。")
    promise = {"obligor": parties[1], "what": "道歉", "amount": 5_000}
    signed.act("reach-agreement", mediation=1, terms="当面道歉。", obligations=[promise])
    county.parts.projector.catch_up()
    return {"case": case.id, "signed": signed.id}


def serious(visitor: Visitor) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(visitor.page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize(("login", "path"), VISITS)
def test_a_page_is_light_and_has_no_serious_barrier(
    visitor: Visit, cases: dict[str, str], login: str, path: str, phone: bool
):
    one, sizes = visitor(login, phone=phone, script=True), list[int]()

    def heard(told: Response) -> None:
        if told.ok:
            sizes.append(len(told.body()))

    one.page.on("response", heard)
    assert one.go(path.format(**cases)).status == 200

    assert serious(one) == []
    one.page.wait_for_load_state("networkidle")
    one.page.remove_listener("response", heard)
    assert sum(sizes) <= HEAVIEST, sizes


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_form_that_was_refused_and_a_page_that_there_is_not_have_none(
    visitor: Visit, cases: dict[str, str], phone: bool
):
    one = visitor("li.ming", phone=phone, script=True)
    one.go(f"/cases/{cases['case']}/record-meeting")
    one.page.eval_on_selector("form.dialog", "form => form.noValidate = true")
    one.page.check('[name="outcome"][value="agreed"]')
    one.page.click("form.dialog button.main")
    one.page.wait_for_selector(".summary.error")
    assert serious(one) == []

    one.go("/nothing-here")
    assert serious(one) == []
    one.go("/cases?queue=nothing")
    assert serious(one) == []
