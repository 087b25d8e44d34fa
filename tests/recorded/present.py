"""A kept ledger, opened by the product as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from fastapi.testclient import TestClient

from api.main import create_app
from api.settings import Settings
from api.wiring import Wired, wired
from application import moments
from application.office import OFFICERS
from application.register_decisions import AREAS, BODIES
from application.rules import CALENDARS, PACKS
from application.streams import CASES, ESCALATIONS, REFERRALS
from tests.recorded.reading import NOW, Fold, Opened

KINDS: dict[str, Any] = {
    "case": CASES,
    "referral": REFERRALS,
    "escalation": ESCALATIONS,
    "jurisdiction.area": AREAS,
    "jurisdiction.body": BODIES,
    "office": OFFICERS,
    "rules.holidays": CALENDARS,
    "rules.pack": PACKS,
}


@contextmanager
def opened_now(url: str, state: Path, known: frozenset[str] = frozenset()) -> Iterator[Opened]:
    """Its boards are filled from the events first. `known`: the names of fields that are compared. Its entries were
    recorded by the clock of the machine, after the moment of which it is read: that moment to come is asked for too."""
    settings = Settings(state=state)
    with patch.object(moments, "SLACK", timedelta(days=3650)), wired(settings, url, lambda: NOW) as parts:
        parts.projector.catch_up()
        with TestClient(create_app(parts.system, settings), raise_server_exceptions=False) as http:
            yield Opened(url, http, folding(parts), known)


def folding(parts: Wired) -> Fold:
    def fold(kind: str, ids: Sequence[UUID]) -> Iterator[tuple[UUID, Sequence[Any]]]:
        for history in parts.ledger.histories(KINDS[kind], ids, parts.ledger.head()):
            yield history.id, [state_at(history, one.version) for one in history.entries]

    return fold


def state_at(history: Any, version: int) -> Any:
    return history.until(lambda entry: entry.version <= version).state
