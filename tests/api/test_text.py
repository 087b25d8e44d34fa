"""What is no text is refused wherever people type: a problem over the API, a message on the page, never a 500."""

import pytest

from tests.api.conftest import PASSWORD

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
PAGE = {"Accept": "text/html"}
NO_TEXT = {"NUL": "\\u0000", "half a character": "\\ud800", "turned round": "\\u202e"}
FORMS = pytest.mark.parametrize("typed", ["%00", "%E2%80%AE"], ids=["NUL", "turned round"])
WORDS = pytest.mark.parametrize("told", NO_TEXT.values(), ids=list(NO_TEXT))
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@WORDS
@pytest.mark.parametrize("field", ["login", "password"])
def test_a_login_over_the_api(county, told, field):
    sent = {"login": "sq2", "password": PASSWORD} | {field: "HERE"}
    body = str(sent).replace("'", '"').replace("HERE", f"甲{told}乙").encode()

    answer = county.http.post("/api/session", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (422, "unfit-request"), answer.text


@FORMS
@pytest.mark.parametrize("field", ["login", "password"])
def test_a_login_on_the_page(county, typed, field):
    sent = {"login": "sq2", "password": "x", "next": "/"} | {field: f"a{typed}b"}
    body = "&".join(f"{name}={value}" for name, value in sent.items())

    answer = county.http.post("/login", content=body, headers=FORM | PAGE)

    assert answer.status_code == 422
    assert "不能含控制字符" in answer.text


@WORDS
@pytest.mark.parametrize("field", ["words", "party"])
def test_a_search_over_the_api(mediator, told, field):
    body = f'{{"{field}": "周大{told}山"}}'.encode()
    headers = JSON | {"Authorization": f"Bearer {mediator.county.tokens[mediator.login]}"}

    answer = mediator.county.http.post("/api/cases/search", content=body, headers=headers)

    mediator.refused(answer, 422, "unfit-request")


@FORMS
@pytest.mark.parametrize("field", ["words", "party"])
def test_a_search_on_the_page(mediator, typed, field):
    headers = FORM | PAGE | {"Authorization": f"Bearer {mediator.county.tokens[mediator.login]}"}

    answer = mediator.county.http.post("/cases", content=f"{field}=a{typed}b", headers=headers)

    assert answer.status_code == 422
    assert "<main" in answer.text


@pytest.mark.parametrize("path", ["/login", "/cases"])
def test_half_a_character_in_a_form_breaks_nothing(mediator, path):
    headers = FORM | PAGE | {"Authorization": f"Bearer {mediator.county.tokens[mediator.login]}"}

    answer = mediator.county.http.post(path, content="login=%ED%A0%80&password=x&words=%ED%A0%80%ED", headers=headers)

    assert answer.status_code in {200, 401, 422}


@FORMS
def test_an_area_is_not_looked_for_by_what_is_no_code(mediator, typed):
    headers = {"Authorization": f"Bearer {mediator.county.tokens[mediator.login]}"}

    answer = mediator.county.http.get(f"/api/areas?code=99{typed}", headers=headers)

    assert answer.status_code in {404, 422}


@pytest.mark.parametrize("sign", BIDI, ids=[f"U+{ord(one):04X}" for one in BIDI])
def test_what_turns_a_text_round_is_no_text(mediator, sign):
    answer = mediator.post(
        "/api/cases/register-case", place=str(mediator.county.area("990101101201")), facts=f"甲{sign}乙"
    )

    mediator.refused(answer, 422, "unfit-request")
