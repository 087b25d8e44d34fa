"""Every command and every event of a referral, in the order of the process."""

from __future__ import annotations

from domain.referral import answering, offering, returning, running_out
from domain.referral.commands import ReferralCommand, ReferralEvent
from domain.shared.decider import defined

PHASES = (offering, answering, returning, running_out)

COMMANDS: tuple[type[ReferralCommand], ...] = tuple(one for phase in PHASES for one in defined(ReferralCommand, phase))
EVENTS: tuple[type[ReferralEvent], ...] = tuple(one for phase in PHASES for one in defined(ReferralEvent, phase))
