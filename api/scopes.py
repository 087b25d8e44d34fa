"""What service tokens open: these routes by these scopes, and no other route, whoever adds one.

Asked before a route is looked for: what nobody named here is refused to tokens, pages and files included."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import Pattern

from application.office import SessionFacts
from application.office_tokens import OutOfScope
from domain.office.scopes import TokenScope

REGISTERS = ("GET /api/me", "GET /api/areas", "GET /api/areas/{id}/bodies", "GET /api/bodies/{id}/members")
"""Who one is, and what places and bodies there are: every scope needs their ids."""
OPENED: dict[TokenScope, tuple[str, ...]] = {
    TokenScope.READ: (
        *REGISTERS,
        "GET /api/rules",
        "GET /api/cases",
        "POST /api/cases/search",
        "GET /api/cases/{id}",
        "GET /api/cases/{id}/actions",
        "GET /api/cases/{id}/history",
        "GET /api/cases/{id}/diff",
        "GET /api/referrals",
        "GET /api/cases/{case}/referrals",
        "GET /api/cases/{case}/referrals/{id}",
        "GET /api/escalations",
        "GET /api/cases/{case}/escalations",
        "GET /api/cases/{case}/escalations/{id}",
    ),
    TokenScope.FIGURES: (*REGISTERS, "GET /api/figures", "GET /api/figures/moving", "GET /api/figures/flow"),
    TokenScope.RECORD: (
        *REGISTERS,
        "POST /api/cases/receive-request",
        "POST /api/cases/register-case",
        "POST /api/cases/{id}/register-case",
    ),
}
_UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
"""What stands for an id: a path that is written out, and added later, is none."""


def _pattern(opened: Iterable[str]) -> Pattern[str]:
    return re.compile("|".join(re.sub(r"\\{\w+\\}", _UUID, re.escape(one)) for one in opened))


_PATTERNS = {scope: _pattern(opened) for scope, opened in OPENED.items()}


def check_scope(session: SessionFacts, method: str, path: str) -> None:
    """Raises OutOfScope."""
    if session.token and not any(_PATTERNS[scope].fullmatch(f"{method} {path}") for scope in session.scopes):
        raise OutOfScope(scopes=sorted(session.scopes))
