"""The queues of the first page: for each, which lines of the board stand in it. Count and list ask the same words."""

from __future__ import annotations

from application.figures.queues import BY_WAITING, Queue

ON_DESK = "b.waits_for IS NOT NULL AND b.desks && %(seen_bodies)s::uuid[]"
"""By the index of what waits; whoever sees everything has no desk."""
MIDNIGHT = "((%(day)s::date + {days})::timestamp AT TIME ZONE 'Asia/Shanghai')"
MONDAY = "(7 - extract(isodow FROM %(day)s::date)::int + 1)"
LAST_OFFER = (
    "EXISTS (SELECT 1 FROM referral_board r WHERE r.case_id = b.id AND r.sender = ANY(%(seen_bodies)s::uuid[])"
    " AND r.stage IN ('rejected', 'upheld', 'lapsed', 'returned') AND NOT EXISTS (SELECT 1 FROM referral_board later"
    " WHERE later.case_id = b.id AND later.offered_at > r.offered_at))"
)
LAST_REQUEST = (
    "EXISTS (SELECT 1 FROM escalation_board e WHERE e.case_id = b.id AND e.below = ANY(%(seen_bodies)s::uuid[])"
    " AND e.stage IN ('sent-back', 'returned-down') AND NOT EXISTS (SELECT 1 FROM escalation_board later"
    " WHERE later.case_id = b.id AND later.began_at > e.began_at))"
)
QUEUES: dict[Queue, str] = {
    Queue.RISKS: "b.risk_for <> '{}' AND b.risk_for && %(seen_bodies)s::uuid[]",
    Queue.OVERDUE: f"{ON_DESK} AND b.status IN ('registered', 'open') AND b.due < %(day)s",
    Queue.SESSIONS: (
        f"{ON_DESK} AND b.session_at >= {MIDNIGHT.format(days='0')} AND b.session_at < {MIDNIGHT.format(days=MONDAY)}"
    ),
    Queue.CONFIRM: (
        f"{ON_DESK} AND b.confirm_by IS NOT NULL"
        " AND (b.confirmation = 'applied' OR b.confirmation IS NULL AND b.confirm_by >= %(day)s)"
    ),
    Queue.CAME_BACK: f"{ON_DESK} AND b.waits_for IN ('accept', 'close') AND ({LAST_OFFER} OR {LAST_REQUEST})",
    **{queue: f"{ON_DESK} AND b.waits_for = '{waits.value}'" for queue, waits in BY_WAITING.items()},
}


def counted() -> str:
    """A column for each queue: how many stand in it."""
    return ", ".join(f'count(*) FILTER (WHERE {where}) AS "{queue.value}"' for queue, where in QUEUES.items())


ANY_QUEUE = f"(({ON_DESK}) OR ({QUEUES[Queue.RISKS]}))"
"""Whatever can stand in one: only these lines are looked at."""
