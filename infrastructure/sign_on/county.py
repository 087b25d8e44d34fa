"""The county's sign-on: setting out, coming back, leaving. Answers application.office_sign_on.SignOn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from application.logs import get_logger
from application.office import Crowded
from application.office_sign_on import CameBack, SetOut, SignOnAway, SignOnRefused, Vouched
from infrastructure.concurrency.places import Places
from infrastructure.sign_on import trips
from infrastructure.sign_on.asking import Declined, Unanswered, asked_for
from infrastructure.sign_on.id_token import Expected, NotBelieved, login_in
from infrastructure.sign_on.provider import Client, Provider
from infrastructure.sign_on.trips import Trip, read_trip

log = get_logger("tiaojie.sign_on")
AT_ONCE = 8
"""So many may wait for the provider at a time: the threads of the others go on serving."""


@dataclass(frozen=True)
class CountySignOn:
    provider: Provider
    client: Client
    claim: str
    button: str
    key: bytes
    """Of what browsers keep."""
    places: Places
    seconds: int = trips.SECONDS

    def set_out(self, next: str, back: str, now: datetime) -> SetOut:
        with self.places.one():
            told = self.provider.told()
        trip = Trip.new(self.key, next, now)
        asked = {
            "response_type": "code",
            "client_id": self.client.id,
            "redirect_uri": back,
            "scope": "openid profile",
            "state": trip.state,
            "nonce": trip.nonce,
            "code_challenge": trip.challenge,
            "code_challenge_method": "S256",
        }
        return SetOut(_with(told.authorization_endpoint, asked), trip.kept())

    def vouched(self, kept: str, came: CameBack, back: str, now: datetime) -> Vouched:
        trip = read_trip(kept, self.key, now)
        if trip is None or not compare_digest(trip.state.encode(), came.state.encode()):
            raise _refused("another browser, or too late")
        if not came.code:
            raise _refused("the provider let nobody in")
        with self.places.one():
            try:
                return Vouched(self._login(trip, came, back, now), trip.next)
            except NotBelieved as doubt:
                raise _refused(str(doubt)) from None

    def _login(self, trip: Trip, came: CameBack, back: str, now: datetime) -> str:
        told = self.provider.told()
        if came.issuer != told.issuer and (came.issuer or told.authorization_response_iss_parameter_supported):
            raise NotBelieved("issuer")
        token = self._redeemed(trip, came, back)
        return login_in(token, self.provider, Expected(told.issuer, self.client.id, trip.nonce, self.claim), now)

    def _redeemed(self, trip: Trip, came: CameBack, back: str) -> str:
        """The ID token that the code stands for. Raises NotBelieved, SignOnAway."""
        told = self.provider.told()
        fields, headers = self.client.proof(told)
        sent = {"grant_type": "authorization_code", "code": came.code, "redirect_uri": back}
        try:
            answer: Any = asked_for(told.token_endpoint, {**sent, "code_verifier": trip.verifier, **fields}, headers)
        except Declined:
            raise NotBelieved("code") from None
        except Unanswered as fault:
            log.warning("the county's sign-on cannot be used", why=str(fault))
            raise SignOnAway from None
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise NotBelieved("no ID token")
        return token

    def leave_at(self, back: str) -> str:
        try:
            with self.places.one():
                there = self.provider.told().end_session_endpoint
        except (SignOnAway, Crowded):
            return ""
        return _with(there, {"client_id": self.client.id, "post_logout_redirect_uri": back}) if there else ""


def _with(address: str, asked: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _refused(why: str) -> SignOnRefused:
    """Why is told to whoever runs the service: it says nothing of anybody. Nobody else learns how far they came."""
    log.warning("a sign-on was refused", why=why)
    return SignOnRefused()
