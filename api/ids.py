"""New ids: UUIDs of version 7, sorted by time, so that indexes grow at their end (RFC 9562)."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

RANDOM = 74
"""Bits beside the 48 of the milliseconds, the version and the variant."""


def uuid7(now: datetime) -> UUID:
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    random = secrets.randbits(RANDOM)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
