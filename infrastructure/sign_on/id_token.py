"""An ID token is believed where this provider signed it, for us, now, and for the browser that asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from infrastructure.sign_on.provider import Provider

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Of pairs of keys, all of them: with one that two sides share, whoever verifies could sign as well."""
LEEWAY = 60
"""Seconds: clocks drift."""
LONGEST_LOGIN = 60


class NotBelieved(Exception):
    """Says why in a word that names nobody."""


@dataclass(frozen=True)
class Expected:
    issuer: str
    client: str
    nonce: str
    claim: str
    """Which claim has the login name."""


def login_in(token: str, provider: Provider, expected: Expected, now: datetime) -> str:
    """Raises NotBelieved, SignOnAway."""
    claims = _signed(token, provider)
    _check_of_whom(claims, expected)
    _check_time(claims, now.timestamp())
    if not compare_digest(str(claims.get("nonce", "")).encode(), expected.nonce.encode()):
        raise NotBelieved("nonce")
    login = claims.get(expected.claim)
    if not isinstance(login, str) or not 0 < len(login) <= LONGEST_LOGIN or not login.isprintable():
        raise NotBelieved("no login name")
    return login


def _signed(token: str, provider: Provider) -> Mapping[str, Any]:
    try:
        header = jws.extract_compact(token.encode()).headers()
        if header.get("alg") not in ALGORITHMS:
            raise NotBelieved("algorithm")
        if (key := provider.key(header.get("kid"))) is None:
            raise NotBelieved("key")
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=ALGORITHMS).claims
        return claims
    except (JoseError, ValueError):
        raise NotBelieved("signature") from None


def _check_of_whom(claims: Mapping[str, Any], expected: Expected) -> None:
    told = claims.get("aud")
    audience = told if isinstance(told, list) else [told]
    if claims.get("iss") != expected.issuer:
        raise NotBelieved("issuer")
    if expected.client not in audience:
        raise NotBelieved("audience")
    if claims.get("azp", expected.client if len(audience) == 1 else None) != expected.client:
        raise NotBelieved("authorized party")


def _check_time(claims: Mapping[str, Any], now: float) -> None:
    if now > _time(claims, "exp") + LEEWAY:
        raise NotBelieved("expired")
    begins = _time(claims, "nbf") if "nbf" in claims else 0.0
    if max(_time(claims, "iat"), begins) > now + LEEWAY:
        raise NotBelieved("issued in the future")


def _time(claims: Mapping[str, Any], name: str) -> float:
    told = claims.get(name)
    if isinstance(told, bool) or not isinstance(told, int | float):
        raise NotBelieved("no times")
    return float(told)
