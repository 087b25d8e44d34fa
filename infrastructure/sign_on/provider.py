"""A provider of OpenID Connect as it tells of itself: its addresses and its keys, remembered for an hour."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key
from joserfc.util import urlsafe_b64decode
from pydantic import BaseModel, ValidationError

from application.logs import get_logger
from application.office_sign_on import SignOnAway
from infrastructure.sign_on.asking import Declined, Unanswered, asked_for, is_safe

log = get_logger("tiaojie.sign_on")
T = TypeVar("T")
HOUR = 3600.0
NOT_BEFORE = 10.0
"""Seconds: keys are fetched for one that is not known, and what is away is asked again, no more often than this."""
WEAKEST_RSA = 256
"""Bytes of the modulus."""

Key = RSAKey | ECKey


class Told(BaseModel):
    """What a provider says at `/.well-known/openid-configuration`, as far as it is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    code_challenge_methods_supported: list[str] | None = None
    authorization_response_iss_parameter_supported: bool = False


@dataclass(frozen=True)
class Client:
    """Who we are there."""

    id: str
    secret: str

    def proof(self, told: Told) -> tuple[dict[str, str], dict[str, str]]:
        """Fields and headers: by Basic where the provider takes that; who has no secret is proven by PKCE alone."""
        if not self.secret:
            return {"client_id": self.id}, {}
        if "client_secret_basic" in told.token_endpoint_auth_methods_supported:
            pair = f"{quote(self.id, safe='')}:{quote(self.secret, safe='')}"
            return {}, {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        return {"client_id": self.id, "client_secret": self.secret}, {}


class _Remembered(Generic[T]):
    """What was fetched; and for some seconds that nobody answered, so that not everybody waits for it anew."""

    def __init__(self, fetch: Callable[[], T]) -> None:
        self._fetch, self._lock = fetch, Lock()
        self._found: T | None = None
        self._at = self._away_at = float("-inf")

    def get(self, at_most: float = HOUR) -> T:
        """`at_most`: seconds since it was fetched. Raises SignOnAway."""
        with self._lock:
            if self._found is not None and monotonic() - self._at < at_most:
                return self._found
            if monotonic() - self._away_at < NOT_BEFORE:
                raise SignOnAway
            try:
                self._found = self._fetch()
            except Unanswered as fault:
                self._away_at = monotonic()
                log.warning("the county's sign-on cannot be used", why=str(fault))
                raise SignOnAway from None
            self._at = monotonic()
            return self._found


class Provider:
    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._told = _Remembered(self._discovered)
        self._keys = _Remembered(self._fetched_keys)

    def told(self) -> Told:
        """Raises SignOnAway."""
        return self._told.get()

    def key(self, id: str | None) -> Key | None:
        """A key that is not known may have come since: it is looked for once more. Raises SignOnAway."""
        return _chosen(self._keys.get(), id) or _chosen(self._keys.get(NOT_BEFORE), id)

    def _discovered(self) -> Told:
        try:
            told = Told.model_validate(_json(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"))
        except ValidationError:
            raise Unanswered("what it tells of itself lacks something") from None
        addresses = [told.authorization_endpoint, told.token_endpoint, told.jwks_uri]
        if told.end_session_endpoint:
            addresses.append(told.end_session_endpoint)
        if told.issuer != self._issuer:
            raise Unanswered("it calls itself by another name")
        if not all(map(is_safe, addresses)):
            raise Unanswered("an address of it is not over TLS")
        if "S256" not in (told.code_challenge_methods_supported or ["S256"]):
            raise Unanswered("it knows no PKCE with S256")
        return told

    def _fetched_keys(self) -> list[tuple[str | None, Key]]:
        told = _json(self.told().jwks_uri)
        listed = told.get("keys")
        if not isinstance(listed, list):
            raise Unanswered("it has no list of keys")
        return [(one.get("kid"), key) for one in listed if isinstance(one, dict) and (key := _usable(one))]


def _json(url: str) -> dict[str, Any]:
    try:
        told = asked_for(url)
    except Declined as refusal:
        raise Unanswered(str(refusal)) from None
    if not isinstance(told, dict):
        raise Unanswered("it answers with no object")
    return told


def _usable(told: dict[str, Any]) -> Key | None:
    """A public key to verify with; keys that two sides share are none."""
    try:
        if told.get("kty") not in ("RSA", "EC") or told.get("use", "sig") != "sig":
            return None
        if told["kty"] == "RSA" and len(urlsafe_b64decode(told["n"].encode())) < WEAKEST_RSA:
            return None
        key = import_key(told)
    except (JoseError, ValueError, KeyError, AttributeError, TypeError):
        return None
    return key if isinstance(key, RSAKey | ECKey) else None


def _chosen(keys: list[tuple[str | None, Key]], id: str | None) -> Key | None:
    """A token that names no key is of the only one."""
    if id is None:
        return keys[0][1] if len(keys) == 1 else None
    return next((key for known, key in keys if known == id), None)
