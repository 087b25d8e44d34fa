"""A county's sign-on over a real socket: as good a provider as any, until a test tells it to lie."""

from __future__ import annotations

import json
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "tiaojie", "a secret: with % and :"
MINUTES = 300


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@dataclass
class SignOnOfTheCounty:
    now: Callable[[], datetime]
    login: str = "li.ming"
    key: RSAKey = field(default_factory=lambda: new_key("first"))
    published: list[RSAKey] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    """Told instead of what is true; None: not told at all."""
    signed: Callable[[dict[str, Any]], str] | None = None
    told: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    """Of whatever is asked."""
    delay: float = 0
    """Seconds before whatever is told."""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    address: str = ""

    def __post_init__(self) -> None:
        self.published.append(self.key)

    def discovery(self) -> dict[str, Any]:
        at = self.address
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys",
            "end_session_endpoint": f"{at}/leave",
            "code_challenge_methods_supported": ["S256"],
            **self.told,
        }

    def authorized(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        code = token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'session_state': 'x'})}"

    def redeemed(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """A code is good once, for this client, this address, and whoever has the verifier."""
        pair = b64decode(authorization.removeprefix("Basic ")).decode()
        if pair != f"{CLIENT}:a%20secret%3A%20with%20%25%20and%20%3A":
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form["code"], None)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if asked is None or form["redirect_uri"] != asked["redirect_uri"] or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"token_type": "Bearer", "access_token": "unused", "id_token": self.token(asked["nonce"])}

    def token(self, nonce: str) -> str:
        at = int(self.now().timestamp())
        true = {
            "iss": self.address,
            "sub": "0815",
            "aud": CLIENT,
            "iat": at,
            "exp": at + MINUTES,
            "nonce": nonce,
            "preferred_username": self.login,
        }
        claims = {name: value for name, value in (true | self.claims).items() if value is not None}
        if self.signed:
            return self.signed(claims)
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


class Answering(BaseHTTPRequestHandler):
    county: SignOnOfTheCounty

    def do_GET(self) -> None:
        county, asked = self.county, urlsplit(self.path)
        query = {name: told[0] for name, told in parse_qs(asked.query).items()}
        county.asked.append(asked.path)
        if asked.path == "/authorize" and county.status == 200:
            self._led(county.authorized(query))
        elif asked.path.startswith("/elsewhere"):
            self._led(county.address + asked.path.removeprefix("/elsewhere"))
        elif asked.path == "/leave":
            self._led(query["post_logout_redirect_uri"])
        elif asked.path == "/keys":
            self._told(county.status, {"keys": [one.as_dict(private=False) for one in county.published]})
        else:
            self._told(county.status, county.discovery())

    def do_POST(self) -> None:
        self.county.asked.append(self.path)
        content = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: told[0] for name, told in parse_qs(content).items()}
        status, told = self.county.redeemed(form, self.headers.get("Authorization", ""))
        self._told(status if self.county.status == 200 else self.county.status, told)

    def _led(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def _told(self, status: int, told: Any) -> None:
        time.sleep(self.county.delay)
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(ConnectionError):  # whoever waited no longer
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def sign_on_of(now: Callable[[], datetime]) -> Iterator[SignOnOfTheCounty]:
    county = SignOnOfTheCounty(now)
    answering = type("AnsweringForIt", (Answering,), {"county": county})
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering)
    county.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield county
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def settings_for(county: SignOnOfTheCounty) -> dict[str, Any]:
    return {"oidc_issuer": county.address, "oidc_client": CLIENT, "oidc_secret": SECRET}
