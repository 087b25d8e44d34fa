"""The county's sign-on: whoever it vouches for is one of our officers, and nobody comes in by what it did not say."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from hmac import digest
from json import dumps
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey
from pydantic import ValidationError

from api.main import create_app
from api.settings import Settings
from domain.office.appointments import RevokeAppointment
from domain.office.officer import DisableOfficer, EnableOfficer, RegisterOfficer, officer_id
from infrastructure.sign_on import asking
from infrastructure.sign_on import provider as providers
from infrastructure.sign_on.county import AT_ONCE
from infrastructure.sign_on.provider import Provider
from tests.api.conftest import Clock, County, open_county
from tests.api.sign_on import SignOnOfTheCounty, new_key, settings_for, sign_on_of

COOKIE, SESSION = "tiaojie-sign-on-80", "tiaojie-session-80"


@pytest.fixture(scope="module")
def served(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    with (
        sign_on_of(Clock()) as there,
        open_county(make_database(), tmp_path_factory.mktemp("state"), **settings_for(there)) as county,
    ):
        there.now = county.clock
        yield county, there


@pytest.fixture
def county(served: tuple[County, SignOnOfTheCounty]) -> Iterator[County]:
    county, there = served
    before = county.events()
    county.http.cookies.clear()
    yield county
    county.http.cookies.clear()
    there.login, there.claims, there.signed, there.told, there.status = "li.ming", {}, None, {}, 200
    there.delay = 0
    there.published[1:], there.key = [], there.published[0]
    sign_on = county.parts.logins.sign_on
    assert sign_on
    object.__setattr__(sign_on, "provider", Provider(there.address))
    assert county.events() >= before


@pytest.fixture
def there(served: tuple[County, SignOnOfTheCounty]) -> SignOnOfTheCounty:
    return served[1]


def set_out(county: County, next: str = "/") -> httpx2.Response:
    return county.http.get("/login/sign-on", params={"next": next}, follow_redirects=False)


def sent_back(county: County, there: SignOnOfTheCounty, next: str = "/") -> str:
    """The address at which a browser comes back to us."""
    out = set_out(county, next)
    assert out.status_code == 303, out.text
    assert out.headers["location"].startswith(f"{there.address}/authorize?")
    asked = {name: told[0] for name, told in parse_qs(urlsplit(out.headers["location"]).query).items()}
    return there.authorized(asked)


def come_back(county: County, address: str) -> httpx2.Response:
    return county.http.get(address, follow_redirects=False)


def tried(county: County, there: SignOnOfTheCounty, next: str = "/") -> httpx2.Response:
    return come_back(county, sent_back(county, there, next))


def is_in(answer: httpx2.Response) -> bool:
    return answer.status_code == 303 and SESSION in answer.headers.get("set-cookie", "")


def check_refused(answer: httpx2.Response, status: int, words: str) -> None:
    assert (answer.status_code, SESSION in answer.headers.get("set-cookie", "")) == (status, False), answer.text
    assert words in answer.text


REFUSED = "统一登录没有成功"


def test_whoever_the_county_vouches_for_comes_in_as_our_officer(county, there):
    answer = tried(county, there, "/cases?status=registered")

    assert is_in(answer)
    assert answer.headers["location"] == "/cases?status=registered"
    assert "max-age=0" in next(one for one in answer.headers.get_list("set-cookie") if COOKIE in one).lower()
    token = county.http.cookies[SESSION]
    told = county.http.get("/api/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert (told["officer"], told["role"]) == (str(officer_id("li.ming")), "mediator")


def test_rights_come_from_our_events_and_never_from_claims(county, there):
    there.claims = {"role": "admin", "roles": ["admin"], "groups": ["auditor"], "realm_access": {"roles": ["admin"]}}

    assert is_in(tried(county, there))
    token = county.http.cookies[SESSION]
    assert county.http.get("/api/me", headers={"Authorization": f"Bearer {token}"}).json()["role"] == "mediator"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("login", "code", "words"),
    [
        ("nobody.here", 403, {"zh": "没有登记您的登录名", "en": "nobody is registered here"}),
        ("LI.MING", 403, {"zh": "没有登记您的登录名", "en": "nobody is registered here"}),
        ("off", 403, {"zh": "您的账号已经停用", "en": "has been disabled"}),
        ("new", 403, {"zh": "您今天没有任职", "en": "no appointment today"}),
        ("past", 403, {"zh": "您今天没有任职", "en": "no appointment today"}),
    ],
)
def test_who_is_no_officer_of_today_is_told_so_and_nothing_is_made(county, there, language, login, code, words):
    officers, past = county.parts.system.administering.officers, officer_id("tail")
    if not county.parts.system.registers.office.by_login("new"):
        for one in ("new", "off"):
            officers.register(county.asked(), RegisterOfficer(login=one, display_name="新人"))
        officers.change(county.asked(), officer_id("off"), DisableOfficer())
        officers.change(
            county.asked(), past, RevokeAppointment(number=1, in_force_until=county.clock().date().replace(day=4))
        )
        county.clock.forward(days=1)
        county.parts.projector.catch_up()
    before, there.login = county.events(), "tail" if login == "past" else login
    county.http.cookies.set("tiaojie-language-80", language)

    check_refused(tried(county, there), code, words[language])
    assert county.events() == before


def test_a_state_that_this_browser_did_not_set_out_with_is_refused(county, there):
    address = sent_back(county, there)
    forged = address.replace("state=", "state=x")

    check_refused(come_back(county, forged), 403, REFUSED)


def test_nobody_is_signed_in_as_somebody_else_by_a_link(county, there):
    """Login CSRF: the attacker's own answer in the victim's browser, which set out, or never did."""
    attackers = sent_back(county, there)
    county.http.cookies.clear()
    check_refused(come_back(county, attackers), 403, REFUSED)

    again = sent_back(county, there)
    set_out(county)
    check_refused(come_back(county, again), 403, REFUSED)


def test_what_the_browser_kept_is_good_once_and_for_ten_minutes(county, there):
    address = sent_back(county, there)
    county.clock.forward(seconds=601)
    check_refused(come_back(county, address), 403, REFUSED)

    address = sent_back(county, there)
    assert is_in(come_back(county, address))
    check_refused(come_back(county, address), 403, REFUSED)


def test_what_the_browser_kept_is_ours_or_nothing(county, there):
    address = sent_back(county, there, "/cases")
    kept = county.http.cookies[COOKIE]
    for forged in ("", "x", "...", kept[:-1] + ("A" if kept[-1] != "A" else "B"), "A" + kept, "钥匙"):
        cookie = f"{COOKIE}={forged}".encode()
        county.http.cookies.clear()
        answer = county.http.get(address, headers={b"Cookie": cookie}, follow_redirects=False)
        check_refused(answer, 403, REFUSED)


def test_a_code_is_redeemed_once_even_with_the_cookie_of_then(county, there):
    address = sent_back(county, there)
    kept = county.http.cookies[COOKIE]
    assert is_in(come_back(county, address))
    county.http.cookies.clear()

    answer = county.http.get(address, headers={"Cookie": f"{COOKIE}={kept}"}, follow_redirects=False)

    check_refused(answer, 403, REFUSED)


def test_an_id_token_of_another_sign_on_is_refused(county, there):
    """The nonce of a sign-on before, as whoever replays a token has it."""
    before = parse_qs(urlsplit(set_out(county).headers["location"]).query)["nonce"][0]
    there.claims = {"nonce": before}

    check_refused(tried(county, there), 403, REFUSED)


LIES = {
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another"},
    "no audience": {"aud": None},
    "two audiences and no party": {"aud": ["tiaojie", "another"]},
    "another party": {"aud": ["tiaojie", "another"], "azp": "another"},
    "another party alone": {"azp": "another"},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "no end": {"exp": None},
    "an end in words": {"exp": "2099-01-01"},
    "no begin": {"iat": None},
    "no login name": {"preferred_username": None},
    "a login name that is none": {"preferred_username": ["li.ming"]},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_is_not_for_us_is_refused(county, there, lie):
    there.claims = LIES[lie]

    check_refused(tried(county, there), 403, REFUSED)


def test_of_several_audiences_we_are_the_party(county, there):
    there.claims = {"aud": ["tiaojie", "another"], "azp": "tiaojie"}

    assert is_in(tried(county, there))


@pytest.mark.parametrize(
    ("claim", "seconds", "comes_in"),
    [(one, sign * by, by == 60) for one, sign in (("exp", -1), ("iat", 1), ("nbf", 1)) for by in (60, 61)],
)
def test_clocks_that_differ_by_a_minute_are_forgiven_and_no_more(county, there, claim, seconds, comes_in):
    there.claims = {claim: int(county.clock().timestamp()) + seconds}

    assert is_in(tried(county, there)) is comes_in


def encoded(told: bytes) -> str:
    return urlsafe_b64encode(told).decode().rstrip("=")


def by_nobody(there: SignOnOfTheCounty) -> Callable[[dict], str]:
    """alg none: no signature at all."""
    return lambda claims: ".".join([encoded(b'{"alg":"none"}'), encoded(dumps(claims).encode()), ""])


def by_the_public_key(there: SignOnOfTheCounty) -> Callable[[dict], str]:
    """HS256, with what everybody can read as the secret. By hand: the library refuses to."""

    def token(claims):
        told = encoded(b'{"alg":"HS256","kid":"first"}') + "." + encoded(dumps(claims).encode())
        return told + "." + encoded(digest(there.key.as_pem(private=False), told.encode(), sha256))

    return token


def by_a_stranger(there: SignOnOfTheCounty) -> Callable[[dict], str]:
    stranger = new_key("first")
    return lambda claims: jwt.encode({"alg": "RS256", "kid": "first"}, claims, stranger)


def by_an_unknown_key(there: SignOnOfTheCounty) -> Callable[[dict], str]:
    stranger = new_key("unknown")
    return lambda claims: jwt.encode({"alg": "RS256", "kid": "unknown"}, claims, stranger)


def by_a_key_that_it_brings(there: SignOnOfTheCounty) -> Callable[[dict], str]:
    stranger = new_key("unknown")
    header = {"alg": "RS256", "jwk": stranger.as_dict(private=False)}
    return lambda claims: jwt.encode(header, claims, stranger)


def with_another_kind_of_key(there: SignOnOfTheCounty) -> Callable[[dict], str]:
    stranger = ECKey.generate_key("P-256")
    return lambda claims: jwt.encode({"alg": "ES256", "kid": "first"}, claims, stranger)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # of the attacker's key
@pytest.mark.parametrize(
    "forged",
    [by_nobody, by_the_public_key, by_a_stranger, by_an_unknown_key, by_a_key_that_it_brings, with_another_kind_of_key],
)
def test_an_id_token_that_the_county_did_not_sign_is_refused(county, there, forged):
    there.signed = forged(there)

    check_refused(tried(county, there), 403, REFUSED)


def test_a_new_key_is_fetched_once_and_not_at_every_token_that_names_an_unknown_one(county, there, monkeypatch):
    assert is_in(tried(county, there))
    fetched = there.asked.count("/keys")
    there.key = new_key("second")
    there.published.append(there.key)
    assert not is_in(tried(county, there)), "within some seconds it is not asked again"
    assert there.asked.count("/keys") == fetched

    monkeypatch.setattr(providers, "NOT_BEFORE", 0.0)
    assert is_in(tried(county, there))
    assert there.asked.count("/keys") == fetched + 1
    there.signed = by_an_unknown_key(there)
    assert not is_in(tried(county, there))
    assert there.asked.count("/keys") == fetched + 2


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_where_one_wanted_to_go_is_ours(county, there, next):
    assert tried(county, there, next).headers["location"] == "/"


def test_what_a_provider_says_of_others_leads_nobody_there(county, there):
    there.told = {"authorization_endpoint": "http://evil.example/authorize"}

    check_refused(set_out(county), 503, "县统一登录现在没有应答")


UNFIT = {
    "another name": {"issuer": "https://evil.example"},
    "no PKCE": {"code_challenge_methods_supported": ["plain"]},
    "no keys": {"jwks_uri": None},
}


@pytest.mark.parametrize("unfit", UNFIT)
def test_a_provider_that_cannot_be_used_is_told_to_be_away(county, there, unfit):
    there.told = UNFIT[unfit]

    check_refused(set_out(county), 503, "县统一登录现在没有应答")


def test_a_provider_that_takes_too_long_is_away(county, there, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    there.delay = 1.0

    check_refused(set_out(county), 503, "县统一登录现在没有应答")


def test_a_provider_that_tells_without_end_is_away(county, there):
    there.told = {"more": "x" * 600_000}

    check_refused(set_out(county), 503, "县统一登录现在没有应答")


def test_what_is_asked_is_sent_nowhere_else(county, there):
    there.told = {"token_endpoint": f"{there.address}/elsewhere/token", "jwks_uri": f"{there.address}/elsewhere/keys"}

    check_refused(tried(county, there), 503, "县统一登录现在没有应答")
    assert "/token" not in there.asked[-2:]


def test_only_some_wait_for_the_provider_and_the_others_hear_at_once(county, there):
    places = county.parts.logins.sign_on.places
    with ExitStack() as taken:
        for _ in range(AT_ONCE):
            taken.enter_context(places.one())
        check_refused(set_out(county), 503, "现在登录的人太多")
    assert set_out(county).status_code == 303


def test_while_the_county_is_away_passwords_go_on_and_the_page_says_so(county, there):
    there.status = 500
    answer = set_out(county, "/cases")
    check_refused(answer, 503, "县统一登录现在没有应答")
    assert 'name="password"' in answer.text
    assert 'name="next" value="/cases"' in answer.text
    asked = len(there.asked)
    check_refused(set_out(county), 503, "县统一登录现在没有应答")
    assert len(there.asked) == asked, "it is not asked again at once"

    county.as_("lw2")


def test_whoever_comes_back_while_the_county_is_away_is_told(county, there):
    address = sent_back(county, there)
    there.status = 503

    check_refused(come_back(county, address), 503, "县统一登录现在没有应答")


def test_whoever_the_county_lets_not_in_begins_again(county, there):
    address = sent_back(county, there).replace("code=", "error=access_denied&error_description=")

    check_refused(come_back(county, address), 403, REFUSED)


def test_an_answer_that_names_another_issuer_is_refused(county, there):
    check_refused(come_back(county, sent_back(county, there) + "&iss=https://evil.example"), 403, REFUSED)
    assert is_in(come_back(county, sent_back(county, there) + f"&iss={there.address}"))


def test_a_session_by_sign_on_ends_as_every_other(county, there):
    def live():
        token = county.http.cookies[SESSION]
        return county.http.get("/api/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200

    officers, there.login = county.parts.system.administering.officers, "sq2"
    assert is_in(tried(county, there))
    assert live()
    officers.change(county.asked(), officer_id("sq2"), DisableOfficer())
    assert not live()
    officers.change(county.asked(), officer_id("sq2"), EnableOfficer())
    assert not live()
    county.parts.projector.catch_up()
    county.clock.forward(seconds=2)
    there.login = "sq3"
    assert is_in(tried(county, there))
    officers.change(
        county.asked(), officer_id("sq3"), RevokeAppointment(number=1, in_force_until=county.clock().date())
    )
    assert not live()


def test_signing_out_ends_ours_and_leads_to_the_countys(county, there):
    assert is_in(tried(county, there))
    token = county.http.cookies[SESSION]

    answer = county.http.post("/logout", headers={"Origin": "http://testserver"}, follow_redirects=False)

    assert answer.headers["refresh"].startswith(f"1; url={there.address}/leave?client_id=tiaojie")
    assert "testserver%2Flogin" in answer.headers["refresh"]
    assert county.http.get("/api/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_whoever_came_by_password_leaves_here_alone(county, there):
    sent = {"login": "lw2", "password": "correct horse battery"}
    county.http.post("/login", data=sent, headers={"Origin": "http://testserver"}, follow_redirects=False)

    answer = county.http.post("/logout", headers={"Origin": "http://testserver"}, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_behind_tls_what_the_browser_keeps_is_of_this_host_alone(county):
    answer = county.http.get("https://testserver/login/sign-on", follow_redirects=False)

    assert answer.headers["set-cookie"].startswith("__Host-tiaojie-sign-on=")
    assert all(word in answer.headers["set-cookie"] for word in ("Secure", "HttpOnly", "SameSite=lax", "Max-Age=600"))
    assert "redirect_uri=https%3A%2F%2Ftestserver%2Flogin%2Fsign-on%2Fback" in answer.headers["location"]


def test_under_a_prefix_one_comes_back_under_it(county, there):
    settings = Settings(state=county.state, root_path="/tiaojie", **settings_for(there))
    with TestClient(create_app(county.parts.system, settings)) as http:
        out = http.get("/tiaojie/login/sign-on?next=/cases", follow_redirects=False)
        asked = {name: told[0] for name, told in parse_qs(urlsplit(out.headers["location"]).query).items()}
        assert out.headers["set-cookie"].startswith("tiaojie.tiaojie-sign-on-80=")
        assert asked["redirect_uri"] == "http://testserver/tiaojie/login/sign-on/back"

        answer = http.get(there.authorized(asked), follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/tiaojie/cases")


def test_where_the_county_has_no_sign_on_there_is_no_way_to_it(county, there):
    access = county.parts.system.access
    without = replace(county.parts.system, access=replace(access, sign_on=None))
    with TestClient(create_app(without, Settings(state=county.state))) as http:
        assert "/login/sign-on" not in http.get("/login").text
        assert http.get("/login/sign-on", follow_redirects=False).status_code == 404
        assert http.get("/login/sign-on/back", follow_redirects=False).status_code == 404


def test_no_secret_stands_in_an_address_or_in_a_log(county, there, caplog):
    address = sent_back(county, there)
    verifier_free = set_out(county).headers["location"]
    there.signed = by_a_stranger(there)
    come_back(county, address)
    told = "\n".join(record.getMessage() for record in caplog.records)

    assert "code_verifier" not in verifier_free
    assert "a secret" not in told + verifier_free
    assert "li.ming" not in told


@pytest.mark.parametrize(
    "told",
    [
        {"oidc_issuer": "http://login.example", "oidc_client": "x"},
        {"oidc_issuer": "https://login.example"},
        {"oidc_issuer": "login.example", "oidc_client": "x"},
        {"oidc_issuer": "https://login.example", "oidc_client": "x", "oidc_claim": ""},
    ],
)
def test_a_sign_on_without_tls_or_without_a_client_is_refused_at_the_start(told):
    with pytest.raises(ValidationError):
        Settings(**told)
