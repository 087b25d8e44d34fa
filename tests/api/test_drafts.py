"""草稿: what is kept of forms is bounded, sealed, and only its writer's."""

from __future__ import annotations

from uuid import uuid4

import psycopg

from domain.office.officer import officer_id
from infrastructure.drafts import MOST

LI_MING, WANG = officer_id("li.ming"), officer_id("lw2")


def test_the_oldest_give_way_where_there_are_too_many(county):
    drafts = county.parts.system.drafts
    for number in range(MOST + 5):
        drafts.keep(LI_MING, f"/cases/{uuid4()}/do/write-note", "x", [("note", str(number))])

    kept = [one.typed[0][1] for one in drafts.all_of(LI_MING)]
    assert kept == [str(number) for number in range(MOST + 4, 4, -1)]
    assert drafts.count(LI_MING) == MOST
    assert drafts.count(WANG) == 0


def test_what_was_dropped_is_not_kept_by_what_comes_late_but_another_sending_is(county):
    drafts = county.parts.system.drafts
    drafts.keep(WANG, "/new", "first", [("facts", "一")])
    drafts.drop(WANG, "/new", "first")
    drafts.keep(WANG, "/new", "first", [("facts", "迟到的")])
    assert drafts.of(WANG, "/new") is None

    drafts.keep(WANG, "/new", "second", [("facts", "二")])
    assert drafts.of(WANG, "/new").typed == [("facts", "二")]


def test_nothing_of_it_is_read_in_the_table_and_a_renewed_key_ends_it(county):
    drafts = county.parts.system.drafts
    drafts.keep(WANG, "/new", "third", [("facts", "只给自己看的话")])
    with psycopg.connect(county.url) as owner:
        told = b"".join(bytes(row[0]) for row in owner.execute("SELECT sealed FROM draft").fetchall())
    assert "只给自己看的话".encode() not in told

    county.parts.logins.drafts._keys.renew()
    county.parts.logins.drafts._keys.destroy_earlier()
    assert drafts.of(WANG, "/new") is None
