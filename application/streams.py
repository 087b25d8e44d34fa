"""The kinds of things that have a history, and meet each other in one transaction."""

from __future__ import annotations

from application.ports import Stream
from domain.case.case import DisputeCase
from domain.escalation.escalation import Escalation
from domain.referral.referral import Referral

CASES: Stream[DisputeCase] = Stream("case", DisputeCase.blank)
REFERRALS: Stream[Referral] = Stream("referral", Referral.blank)
ESCALATIONS: Stream[Escalation] = Stream("escalation", Escalation.blank)
