"""A page's form says which version was seen: without it nothing is recorded, as over the API."""

import pytest


@pytest.mark.parametrize("seen", [{}, {"version": ""}, {"version": "x"}, {"version": "9" * 12}, {"version": "-1"}])
def test_a_form_without_its_version_records_nothing_and_says_so(county, mediator, seen):
    case = mediator.register()
    before = county.events()

    answer = sent(mediator, case, {"note": "来访", **seen})

    assert answer.status_code in {409, 422, 428}
    assert "缺少所见版本" in answer.text
    assert "来访" in answer.text, "nothing typed is lost"
    assert county.events() == before


def test_with_its_version_it_is_recorded(county, mediator):
    case = mediator.register()
    before = county.events()

    answer = sent(mediator, case, {"note": "来访", "version": str(case.version)})

    assert (answer.status_code, county.events()) == (303, before + 1)


def sent(desk, case, form):
    headers = {"Authorization": f"Bearer {desk.county.tokens[desk.login]}", "Accept": "text/html"}
    return desk.county.http.post(f"/cases/{case.id}/do/write-note", data=form, headers=headers, follow_redirects=False)


@pytest.mark.parametrize("command", ["fix-due", "let-clock-run-out"])
def test_what_only_the_clock_asks_has_no_page(mediator, command):
    case = mediator.register()
    headers = {"Authorization": f"Bearer {mediator.county.tokens[mediator.login]}", "Accept": "text/html"}

    for answer in (
        mediator.get(f"/cases/{case.id}/do/{command}", headers),
        mediator.county.http.post(f"/cases/{case.id}/do/{command}", data={"version": "4"}, headers=headers),
    ):
        assert answer.status_code == 404
