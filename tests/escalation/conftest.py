"""The desks of a county, whose cases do not touch each other. It is Tuesday 30 June 2026 there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.api.conftest import County
from tests.referral.offices import open_desks


@pytest.fixture(scope="module")
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with open_desks(make_database(), tmp_path_factory.mktemp("state")) as made:
        made.clock.moment = max(made.clock.moment, datetime(2026, 6, 30, 4, 0, tzinfo=UTC))
        yield made
