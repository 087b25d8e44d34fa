"""The county's sign-on as people meet it: by a button, there and back, and out of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.api.conftest import Clock, open_county
from tests.api.sign_on import SignOnOfTheCounty, settings_for, sign_on_of
from tests.pages.conftest import served


@pytest.fixture(scope="module")
def there(processes: None) -> Iterator[SignOnOfTheCounty]:
    with sign_on_of(Clock()) as made:
        yield made


@pytest.fixture(scope="module")
def address(
    there: SignOnOfTheCounty, make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    set_to = settings_for(there)
    with open_county(make_database(), tmp_path_factory.mktemp("state"), **set_to) as county:
        there.now = county.clock
        with served(county, **set_to) as url:
            yield url


def test_one_signs_in_by_the_countys_login_comes_to_the_page_one_wanted_and_leaves_both(browser, address, there):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/cases?status=registered")
    page.click("a[href^='/login/sign-on']")

    assert page.url == f"{address}/cases?status=registered"
    assert "李明" in page.inner_text("header") or page.locator("form[action='/logout']").count()
    assert there.asked.count("/token") == 1
    assert not [one for one in context.cookies() if "sign-on" in one["name"]]

    page.click("form[action='/logout'] button")
    page.wait_for_url(f"{address}/login")
    assert "/leave" in there.asked
    page.goto(f"{address}/cases")
    assert page.url.startswith(f"{address}/login")
    context.close()
