"""Who reads the past: today's right and that of the day, both; whatever is read of a moment goes through here.

1. Whoever may not read a case today reads nothing of its past.
2. What a body was handed, it was handed with its past, and what it has lost, it has lost of the past as well: of a body
   the right of today is asked, at every moment.
3. Who answers for an area reads of a moment what lay in that area then. It is the post that is asked, not the person:
   whoever takes over a desk reads what the desk could read.
4. Of both the narrower one counts; where nothing is left there is no such case.
"""

from __future__ import annotations

from datetime import datetime

from application.case.disclosure.parts import part_of
from application.case.disclosure.slices import as_read
from application.moments import PRESENT, Standpoint, as_it_was, known_at
from application.rights import Reach, Rights, Viewer
from domain.case.case import DisputeCase
from domain.shared.calendar import local_day
from domain.shared.decider import History


def reach_of(rights: Rights, viewer: Viewer, history: History[DisputeCase], now: datetime, asked: Standpoint) -> Reach:
    """How much the viewer reads of the case at that moment. `history`: all that is recorded of it. Raises
    UnknownStream and UnknownVersion where the moment is none of the case's."""
    today = rights.reach(viewer, history.state, local_day(now))
    if asked == PRESENT or today is Reach.NOTHING:
        return today
    then = as_it_was(history, asked)
    state = then.effective_at(asked.effective_at) if asked.effective_at else then.state
    day = known_at(then, asked, now).day
    that_day = rights.by_post(rights.post_on(viewer, day), state, day)
    return min(today, max(rights.by_body(viewer, history.state), that_day))


def as_reached(history: History[DisputeCase], viewer: Viewer, reach: Reach) -> History[DisputeCase]:
    """All that is recorded of it until now, as far as it is read by whoever reads so much of it."""
    if reach is Reach.ALL:
        return history
    mine = sorted(viewer.scope.bodies & {*history.state.given, *history.state.seeing})
    return as_read(history, part_of(history, mine[0]))
