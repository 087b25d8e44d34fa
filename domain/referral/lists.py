"""Every command and every event of a referral, in the order of the process."""

from __future__ import annotations

from domain.referral import (
    acknowledging,
    answering,
    asking,
    body_merged,
    objecting,
    offering,
    privacy,
    returning,
    running_out,
    taking_back,
)
from domain.referral.commands import ReferralCommand, ReferralEvent
from domain.shared.decider import defined

PHASES = (offering, acknowledging, answering, objecting, asking, taking_back, returning, running_out, privacy)

COMMANDS: tuple[type[ReferralCommand], ...] = tuple(one for phase in PHASES for one in defined(ReferralCommand, phase))
EVENTS: tuple[type[ReferralEvent], ...] = tuple(
    one for phase in (*PHASES, body_merged) for one in defined(ReferralEvent, phase)
)
