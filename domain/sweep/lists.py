"""Every command and every event of sweeps."""

from __future__ import annotations

from domain.shared.decider import defined
from domain.sweep import campaign, duty, meeting, reporting
from domain.sweep.campaign import CampaignCommand, CampaignEvent
from domain.sweep.meeting import MeetingCommand, MeetingEvent
from domain.sweep.sweep import SweepCommand, SweepEvent

_COMMANDS = (
    (SweepCommand, duty),
    (SweepCommand, reporting),
    (MeetingCommand, meeting),
    (CampaignCommand, campaign),
)
_EVENTS = ((SweepEvent, duty), (SweepEvent, reporting), (MeetingEvent, meeting), (CampaignEvent, campaign))

COMMANDS: tuple[type[SweepCommand | MeetingCommand | CampaignCommand], ...] = tuple(
    one for base, phase in _COMMANDS for one in defined(base, phase) if one is not base
)
EVENTS: tuple[type[SweepEvent | MeetingEvent | CampaignEvent], ...] = tuple(
    one for base, phase in _EVENTS for one in defined(base, phase) if one is not base
)
