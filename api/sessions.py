"""Logins: a sealed token that names the officer and ends by itself; rights are looked up anew at each request."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from functools import lru_cache
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from domain.shared.values import BodyId, OfficerId

COOKIE = "session"


class Sessions:
    def __init__(self, secret: bytes, hours: int) -> None:
        """`secret`: 32 bytes."""
        self._seal = Fernet(urlsafe_b64encode(secret))
        self.seconds = hours * 3600
        self._opened = lru_cache(maxsize=10_000)(self._open)

    def begin(self, officer: OfficerId, body: BodyId | None) -> str:
        return self._seal.encrypt(f"{officer} {body or ''}".encode()).decode()

    def read(self, token: str) -> tuple[OfficerId, BodyId | None] | None:
        """Who it names and for which body they act; None where it is forged or has ended."""
        try:
            sealed_at, officer, body = self._opened(token)
        except (InvalidToken, ValueError):
            return None
        return (officer, body) if time.time() < sealed_at + self.seconds else None

    def _open(self, token: str) -> tuple[int, OfficerId, BodyId | None]:
        """What it says does not change, so it is opened once. Raises InvalidToken."""
        officer, body = self._seal.decrypt(token.encode()).decode().split(" ")
        sealed_at = self._seal.extract_timestamp(token.encode())
        return sealed_at, OfficerId(UUID(officer)), BodyId(UUID(body)) if body else None
