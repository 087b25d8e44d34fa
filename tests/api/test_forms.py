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
