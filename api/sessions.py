"""Logins: a sealed token that names the officer and ends by itself; rights are looked up anew at each request."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from domain.shared.values import BodyId, OfficerId

COOKIE = "session"


class Sessions:
    def __init__(self, secret: bytes, hours: int) -> None:
        """`secret`: 32 bytes."""
        self._seal = Fernet(urlsafe_b64encode(secret))
        self.seconds = hours * 3600

    def begin(self, officer: OfficerId, body: BodyId | None) -> str:
        return self._seal.encrypt(f"{officer} {body or ''}".encode()).decode()

    def read(self, token: str) -> tuple[OfficerId, BodyId | None] | None:
        """Who it names and for which body they act; None where it is forged or has ended."""
        try:
            officer, body = self._seal.decrypt(token.encode(), ttl=self.seconds).decode().split(" ")
        except (InvalidToken, ValueError):
            return None
        return OfficerId(UUID(officer)), BodyId(UUID(body)) if body else None
