"""Every command and every event of a publication."""

from __future__ import annotations

from domain.publication import publication
from domain.publication.commands import PublicationCommand, PublicationEvent
from domain.shared.decider import defined

COMMANDS: tuple[type[PublicationCommand], ...] = tuple(defined(PublicationCommand, publication))
EVENTS: tuple[type[PublicationEvent], ...] = tuple(defined(PublicationEvent, publication))
