"""The small county of the API, for whoever reports in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.api.conftest import County, open_county


@pytest.fixture
def county(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """One of its own for each test: who has reported is what they are about."""
    with open_county(make_database(), tmp_path_factory.mktemp("state")) as made:
        yield made
