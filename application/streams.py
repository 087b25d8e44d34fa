"""The kinds of things that have a history, and meet each other in one transaction."""

from __future__ import annotations

from application.ports import Stream
from domain.case.case import DisputeCase
from domain.escalation.escalation import Escalation
from domain.referral.referral import Referral
from domain.sweep.campaign import Campaign
from domain.sweep.meeting import Meeting
from domain.sweep.sweep import SweepMonth

CASES: Stream[DisputeCase] = Stream("case", DisputeCase.blank)
REFERRALS: Stream[Referral] = Stream("referral", Referral.blank)
ESCALATIONS: Stream[Escalation] = Stream("escalation", Escalation.blank)
SWEEPS: Stream[SweepMonth] = Stream("sweep", SweepMonth.blank)
MEETINGS: Stream[Meeting] = Stream("sweep.meeting", Meeting.blank)
CAMPAIGNS: Stream[Campaign] = Stream("sweep.campaign", Campaign.blank)
