"""人员: whom the register holds, searched by login name, name and body."""

from __future__ import annotations

from collections.abc import Sequence

from application.office import HeldPost, OfficerFacts
from domain.shared.values import OfficerId
from infrastructure.postgres.rows import ReadsRows

_FOUND = """
    SELECT id, login, display_name, language, disabled FROM officer
    WHERE login > %(after)s AND (%(words)s = '' OR position(%(words)s IN lower(login || ' ' || display_name)) > 0
        OR EXISTS (SELECT 1 FROM appointment JOIN body ON body.id = body_id
            WHERE officer_id = officer.id AND position(%(words)s IN lower(body.name)) > 0))
    ORDER BY login LIMIT %(limit)s
"""
_POSTS = """
    SELECT officer_id AS officer, number, role, body_id AS body, area_id AS area, in_force_from, in_force_until
    FROM appointment WHERE officer_id = ANY(%(officers)s) ORDER BY officer_id, number
"""


class EverybodyInOffice(ReadsRows):
    """Answers application.office.OfficerLists."""

    def find(self, words: str, after: str, limit: int) -> Sequence[OfficerFacts]:
        return self._rows(OfficerFacts, _FOUND, words=words.strip().lower(), after=after, limit=limit)

    def posts(self, officers: Sequence[OfficerId]) -> Sequence[HeldPost]:
        return self._rows(HeldPost, _POSTS, officers=list(officers))
