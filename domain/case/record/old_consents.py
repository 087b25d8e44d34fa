"""同意的旧读法 Old consents: what followed from a consent before its consequences were entries of their own (0022).

Never change this: it reads entries that were recorded with no more than what a party said, and whose mediation was
moved by this rule whenever they were read. It asks nothing of today's rules, so that they may change. No new entry is
read by it.
"""

from __future__ import annotations

from datetime import datetime

from domain.case.case import DisputeCase
from domain.case.mediations import Mediation, Stage
from domain.shared.values import Channel, PersonId

_BEFORE_AGREEMENT = (Stage.OPENED, Stage.CONSENTED, Stage.UNDER_WAY, Stage.PAUSED)
_ACTIVE = (*_BEFORE_AGREEMENT, Stage.AGREED)


def _active(case: DisputeCase) -> Mediation | None:
    return next((one for one in case.mediations.values() if one.stage in _ACTIVE), None)


def given(case: DisputeCase, party: PersonId, channel: Channel, at: datetime) -> DisputeCase:
    """With the party's consent to the active mediation of that channel, if there is one."""
    active = _active(case)
    if not active or active.channel is not channel:
        return case
    since = max(active.since, at) if active.stage is Stage.OPENED else active.since
    consents, withdrawn = active.consents | {party}, active.withdrawn - {party}
    willing = case.with_mediation(active.number, since=since, consents=consents, withdrawn=withdrawn)
    return once_all_consent(willing, at)


def once_all_consent(case: DisputeCase, at: datetime) -> DisputeCase:
    """With the active mediation consented to, where it waited for nobody else; since the last of the consents."""
    active = _active(case)
    if not active or active.stage is not Stage.OPENED:
        return case
    if any(not party.withdrawn and id not in active.consents for id, party in case.parties.items()):
        return case
    return case.with_mediation(active.number, stage=Stage.CONSENTED, since=max(active.since, at))


def taken_back(case: DisputeCase, party: PersonId, channel: Channel, at: datetime) -> DisputeCase:
    """Without it: a mediation that has no agreement yet stops until the party consents again."""
    active = _active(case)
    if not active or active.channel is not channel or active.stage not in _BEFORE_AGREEMENT:
        return case
    consents, withdrawn, since = active.consents - {party}, active.withdrawn | {party}, max(active.since, at)
    return case.with_mediation(active.number, stage=Stage.OPENED, since=since, consents=consents, withdrawn=withdrawn)


def doors_closed(case: DisputeCase, party: PersonId) -> DisputeCase:
    if not (active := _active(case)):
        return case
    return case.with_mediation(active.number, closed_doors=active.closed_doors | {party})


def doors_opened(case: DisputeCase, party: PersonId) -> DisputeCase:
    if not (active := _active(case)):
        return case
    return case.with_mediation(active.number, closed_doors=active.closed_doors - {party})
