"""Tens of thousands of rows in the tables that hot queries read: a county's villages, and years of their cases."""

from __future__ import annotations

from typing import Any

import psycopg

from infrastructure.read_models.case import GENERATION, PERSONS, WORDS
from tests.api.conftest import County

VILLAGES, CASES = 190, 30_000
LARGE = (
    "stored_events",
    "idempotency",
    "case_board",
    "case_desk",
    "case_number",
    "case_clock",
    "referral_board",
    "referral_clock",
)

PLACES = """
INSERT INTO area SELECT md5('v' || n)::uuid, 'village', 1 FROM generate_series(1, %(villages)s) n;
INSERT INTO area_version SELECT md5('v' || n)::uuid, '990101102' || (300 + n), n || '村', parent_id, valid_from,
    valid_until FROM area_version, generate_series(1, %(villages)s) n WHERE code = '990101102201';
INSERT INTO area_closure SELECT md5('v' || n)::uuid, CASE WHEN ancestor_id = c.area_id THEN md5('v' || n)::uuid
    ELSE ancestor_id END, c.valid_from, c.valid_until
    FROM area_closure c JOIN area_version v USING (area_id), generate_series(1, %(villages)s) n
    WHERE v.code = '990101102201';
INSERT INTO body SELECT md5('b' || n)::uuid, 1, md5('v' || n)::uuid, level, kind, name || n, short_name || n,
    'V' || n, channel, md5('b' || n)::uuid, term_until, dissolved
    FROM body, generate_series(1, %(villages)s) n WHERE code = 'PT';
"""
"""Beside the three that there are, of which two are the township coordinator's."""
WHERE = """
CREATE TEMP TABLE lies AS SELECT n, md5('c' || n)::uuid AS id, b.id AS body, b.area_id AS place,
    CASE mod(n, 50) WHEN 0 THEN 'open' WHEN 1 THEN 'registered' ELSE 'closed' END AS status,
    now() - n * interval '20 minutes' AS at FROM generate_series(1, %(cases)s) n
    JOIN (SELECT row_number() OVER (ORDER BY code) - 1 AS place, id, area_id, count(*) OVER () AS villages FROM body
        WHERE level = 'village' AND kind = 'committee') b ON b.place = mod(n / 20, b.villages);
"""
"""One case of fifty is open, one is registered and not accepted: as in a county of some years."""
ROWS = f"""
INSERT INTO case_board (id, version, position, code, status, stage, place, holder, bodies, level, level_rank,
    highest_rank, source, category, risk, urgency, facts, applicants, respondents, registered_at, registered_on,
    due, due_what, session_at, mediators, bounces, held_since, seeing, organs, breach, imported, flagged,
    risk_for, waits_for, desks, {WORDS}, {PERSONS}, {GENERATION})
    SELECT id, 1, n, '案' || n, status, NULL, place, body, ARRAY[body], 'village', 1, 1,
    'walk-in', 'forest-land', 'low', 'ordinary', '', '', '', at, at::date,
    CASE WHEN status = 'open' THEN at::date + 600 END, 'holder',
    CASE WHEN status = 'open' THEN at + interval '600 days' END, '{{}}', 0, at, ARRAY[body], '{{}}', false,
    false, '{{}}', '{{}}', CASE status WHEN 'open' THEN 'meet' WHEN 'registered' THEN 'accept' END, ARRAY[body],
    ARRAY['\x01'::bytea], '{{}}', 1 FROM lies;
INSERT INTO case_number SELECT id, reverse('案' || n), true FROM lies;
INSERT INTO case_desk SELECT id, body, status, at FROM lies;
INSERT INTO case_clock SELECT id, clock, clock, at::date + 600, at + interval '600 days', 'flag', false
    FROM lies, unnest(ARRAY['holder', 'accept']) clock;
INSERT INTO referral_board (id, version, case_id, kind, stage, sender, receivers, waiting, offered_at, offered_on, late,
    silent, re_appointable, asked, due) SELECT id, 1, id, 'refer', 'returned', body, ARRAY[body], '{{}}', at, at::date,
    false, false, false, false, at::date + 600 FROM lies;
INSERT INTO referral_clock SELECT id, 'answer', 'answer', at::date + 600, at + interval '600 days', 'flag', false
    FROM lies;
INSERT INTO idempotency SELECT md5('o' || mod(n, 50))::uuid, md5('k' || n), '', '{{}}', at FROM lies;
INSERT INTO stored_events (originator_id, originator_version, topic, state, notification_id, event_id, recorded_at)
    SELECT id, 1, 'sample.noted', '{{}}', position + n, md5('e' || n)::uuid, now() FROM lies, feed_head;
UPDATE feed_head SET position = position + %(cases)s;
UPDATE lasting_projection SET position = (SELECT position FROM feed_head);
"""


def fill(county: County) -> None:
    numbers: dict[str, Any] = {"villages": VILLAGES, "cases": CASES}
    with psycopg.connect(county.url, autocommit=True) as owner, owner.transaction():
        for statement in f"{PLACES}{WHERE}{ROWS}".split(";"):
            if statement.strip():
                owner.execute(statement.encode(), numbers)
    with psycopg.connect(county.url, autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")
