"""The rows that figures count of a case: what each of them says, and nothing personal."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

DISPUTE, MEDIATION, ANSWER, PAPER = "dispute", "mediation", "answer", "paper"


class DisputeRow(NamedTuple):
    """Ranks are those of Level; days are days in Asia/Shanghai; nothing in it is personal."""

    place: UUID
    category: str
    source: str
    registered_on: date
    registered_by: UUID
    holder: UUID
    status: str
    difficulty: str | None
    risk: str
    level: str
    highest_rank: int
    channel: str | None
    mediators: tuple[UUID, ...]
    result: str | None
    accepted_on: date | None
    agreed_on: date | None
    resolved_on: date | None
    closed_on: date | None
    reopened_on: date | None
    criminal_on: date | None
    """Since when it was a public-order or a criminal case."""
    followed_up_on: date | None
    raised_on: date | None
    """Since when it was at a higher level than it began at."""
    first_answer_on: date | None
    """When a party first said whether it is satisfied."""
    due_on: date | None
    """Until when the whole of it should be settled."""
    agreed_minutes: int | None
    """From the registration to the first agreement; negative: it was agreed before."""
    upgraded: bool
    """Rated more difficult than at first, or than it was taken for before anybody rated it."""
    late_days: int
    """How many days after it happened the registration was recorded."""
    bounces: int
    imported: bool


class MediationRow(NamedTuple):
    place: UUID
    category: str
    source: str
    registered_on: date
    body: UUID
    channel: str
    mandate: str
    mediators: tuple[UUID, ...]
    opened_on: date
    sessions: int
    agreed_on: date | None
    form: str | None
    effect_on: date | None
    ended_on: date | None
    """The day on which it ended without agreement."""
    ground: str | None
    concluded_on: date | None
    """It came to something, and was not only passed on."""
    due_on: date | None
    promised_until: date | None
    """The last day on which something promised is due."""
    promised: int
    """In fen."""
    performed_on: date | None
    performed_late: bool
    paid_in_time: int
    breached: bool
    confirmable: bool
    applied_on: date | None
    confirmed_on: date | None


class AnswerRow(NamedTuple):
    place: UUID
    category: str
    source: str
    registered_on: date
    holder: UUID
    answered_on: date
    side: str
    satisfaction: str


class PaperRow(NamedTuple):
    place: UUID
    category: str
    source: str
    registered_on: date
    holder: UUID
    filed_on: date
    sha256: str
