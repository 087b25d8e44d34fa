"""New tables take the place of the old ones while others read, and apply: what somebody has seen does not go away."""

from __future__ import annotations

from threading import Thread
from uuid import uuid4

import pytest

from infrastructure.ledger.schema import prepare
from infrastructure.postgres.pool import Readers
from infrastructure.projection import rebuilding
from infrastructure.projection.projector import Projector
from tests.faults.test_writers import Followed
from tests.ledger.samples import Noted, record
from tests.patience import PATIENCE


@pytest.fixture
def shown(make_ledger, make_database):
    """A ledger, two processes that apply it, and what readers see."""
    url = make_database()
    ledger = make_ledger(url)
    with Readers(url, restricted=prepare(url)) as pool:

        def look():
            with pool.connection() as connection:
                ((position, rows),) = connection.execute(
                    "SELECT (SELECT position FROM projection WHERE name = 'followed'), count(*) FROM followed"
                ).fetchall()
            assert rows == position
            return rows

        yield ledger, [Projector(ledger, pool, [Followed()], url) for _ in range(2)], look


def test_what_is_applied_while_the_tables_change_places_is_there_afterwards(shown, monkeypatch):
    ledger, (rebuilds, applies), look = shown
    for _ in range(5):
        record(ledger, uuid4(), 0, Noted())
    rebuilds.prepare()
    rebuilds.catch_up()
    forget, seen = rebuilding.forget, []

    def meanwhile(*given):
        """The new tables have been given all that there is; the old ones are about to go."""
        record(ledger, uuid4(), 0, Noted())
        follower = Thread(target=applies.catch_up)
        follower.start()
        follower.join(1.0)
        seen.append((look(), follower))
        forget(*given)

    monkeypatch.setattr(rebuilding, "forget", meanwhile)
    rebuilds.rebuild()

    ((before, follower),) = seen
    assert before <= look()
    follower.join(PATIENCE)
    assert applies.catch_up() == look() == 6
