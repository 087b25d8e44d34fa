"""Figures of referrals and escalations: counted over the cases that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.figures.case_figures import CaseFilter
from application.figures.handover_figures import Counted, Crossing, HandoverFigures
from application.rights import Scope
from infrastructure.privacy.person_tokens import PersonTokens
from infrastructure.read_models.case_condition import condition, of_escalations, of_referrals

OFFERS = """
    count(*) AS offers,
    count(*) FILTER (WHERE r.acknowledged_at IS NOT NULL) AS acknowledged,
    count(*) FILTER (WHERE r.answered_in_time) AS in_time,
    count(*) FILTER (WHERE r.answered_in_time IS NOT NULL) AS timed,
    count(*) FILTER (WHERE r.silent) AS silent,
    count(*) FILTER (WHERE r.stage IN ('rejected', 'upheld') OR r.ground IS NOT NULL) AS rejected,
    count(*) FILTER (WHERE r.accepted_by IS NOT NULL) AS accepted,
    count(*) FILTER (WHERE r.late) AS accepted_late,
    count(*) FILTER (WHERE r.stage = 'returned') AS returned,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.answered_at - r.offered_at) / 86400)
        AS days_in_transit
"""
MOVES = """
    count(*) FILTER (WHERE e.kind = 'request') AS requests,
    count(*) FILTER (WHERE e.kind = 'request' AND e.stage IN ('accepted', 'returned-down', 'resolved')) AS taken_up,
    count(*) FILTER (WHERE e.stage = 'sent-back') AS sent_back,
    count(*) FILTER (WHERE e.stage = 'returned-down') AS returned_down,
    count(*) FILTER (WHERE e.by_clock) AS by_clock,
    count(*) FILTER (WHERE e.kind = 'call-up') AS called_up,
    count(*) FILTER (WHERE e.kind = 'assign-down') AS assigned_down,
    count(*) FILTER (WHERE e.kind = 'supervision') AS supervised
"""
CASES = """
    count(*) AS registered, count(*) FILTER (WHERE b.bounces > 0) AS bounced, coalesce(sum(b.bounces), 0) AS bounces
"""
SENDS = "CASE WHEN s.kind IN ('court', 'police', 'petition') THEN s.kind ELSE coalesce(s.channel, s.kind) END"


class HandoverCounts:
    def __init__(self, pool: ConnectionPool[Any], persons: PersonTokens) -> None:
        self._pool = pool
        self._persons = persons

    def figures(self, scope: Scope, wanted: CaseFilter) -> HandoverFigures:
        """By the day of the offer or the request; cases by the day of their registration."""
        offers, values = self._of(scope, wanted, "r.offered_on")
        moves, _ = self._of(scope, wanted, "e.began_on")
        cases, _ = self._of(scope, wanted, "b.registered_on")
        query = (
            f"SELECT * FROM (SELECT {OFFERS} FROM referral_board r JOIN case_board b ON b.id = r.case_id"
            f" WHERE {offers}) o, (SELECT {MOVES} FROM escalation_board e JOIN case_board b ON b.id = e.case_id"
            f" WHERE {moves}) m, (SELECT {CASES} FROM case_board b WHERE {cases}) c"
        )
        (found,) = self._rows(HandoverFigures, query, values)
        return found  # type: ignore[no-any-return]

    def _of(self, scope: Scope, wanted: CaseFilter, day: str) -> tuple[str, dict[str, Any]]:
        """WHERE of the cases in the area, and of the window by the day of what is counted; of a case of which the
        reader sees a part, what its body sent, was offered or asked for."""
        where, values = condition(scope, CaseFilter(area=wanted.area), self._persons)
        told = {"r": of_referrals(scope), "e": of_escalations(scope)}.get(day.partition(".")[0])
        where += f" AND {told}" if told else ""
        for name, sign in (("since", ">="), ("until", "<=")):
            if value := getattr(wanted, name):
                where += f" AND {day} {sign} %({name})s"
                values[name] = value
        return where, values

    def _rows(self, of: type[Any], query: str, values: dict[str, Any]) -> list[Any]:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(of)) as cursor:
            return list(cursor.execute(query, values).fetchall())

    def outcomes(self, scope: Scope, wanted: CaseFilter) -> Sequence[Counted]:
        where, values = self._of(scope, wanted, "r.offered_on")
        query = (
            "SELECT r.outcome AS key, count(*) AS number FROM referral_board r JOIN case_board b ON b.id = r.case_id"
            f" WHERE {where} AND r.outcome IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return self._rows(Counted, query, values)

    def grounds(self, scope: Scope, wanted: CaseFilter) -> Sequence[Counted]:
        where, values = self._of(scope, wanted, "e.began_on")
        query = (
            "SELECT e.ground AS key, count(*) AS number FROM escalation_board e JOIN case_board b ON b.id = e.case_id"
            f" WHERE {where} AND e.ground IS NOT NULL AND e.kind IN ('request', 'call-up')"
            " GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return self._rows(Counted, query, values)

    def channels(self, scope: Scope, wanted: CaseFilter) -> Sequence[Crossing]:
        where, values = self._of(scope, wanted, "r.offered_on")
        query = (
            f'SELECT {SENDS} AS start, t.channel AS "end", count(*) AS number FROM referral_board r'
            " JOIN case_board b ON b.id = r.case_id JOIN body s ON s.id = r.sender JOIN body t ON t.id = r.accepted_by"
            f" WHERE {where} AND t.channel IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
        )
        return self._rows(Crossing, query, values)

    def levels_crossed(self, scope: Scope, wanted: CaseFilter) -> Sequence[Crossing]:
        where, values = self._of(scope, wanted, "e.began_on")
        down = "e.kind = 'assign-down'"
        query = (
            f"SELECT CASE WHEN {down} THEN h.level ELSE l.level END AS start,"
            f' CASE WHEN {down} THEN l.level ELSE h.level END AS "end", count(*) AS number FROM escalation_board e'
            " JOIN case_board b ON b.id = e.case_id JOIN body l ON l.id = e.below JOIN body h ON h.id = e.above"
            f" WHERE {where} AND e.stage IN ('accepted', 'returned-down', 'resolved', 'assigned')"
            " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
        )
        return self._rows(Crossing, query, values)
