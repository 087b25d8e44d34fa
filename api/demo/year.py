"""Which disputes of the demo's year move, and how; and what lies open on the desks today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random

from api.demo.desks import Desks
from api.demo.mix import MOVES, UPWARD, draw
from api.demo.moves import Moved
from api.demo.steps import DAY
from domain.shared.values import ReferralKind


def moved(number: int, source: Random, desks: Desks, begin: datetime) -> Moved:
    """One that moves, in one of the ways that a county's cases do."""
    town = source.choice(sorted(desks.towns))
    village, other = source.sample(desks.villages[town], 2)
    made = Moved(number, source, village, begin)
    kinds = {"delegate": desks.court, "entrust": desks.court, "police": desks.police[town], "organ": desks.organ}
    how = draw(source, MOVES)
    if how in kinds:
        kind = ReferralKind(how) if how in {"delegate", "entrust"} else ReferralKind.TRANSFER
        made.refer(kind, kinds[how], village, other)
    elif how == "to-organ":
        made.refer(ReferralKind.TRANSFER, village, desks.organ, desks.police[town])
    elif how == "petition":
        made.petition(desks, village)
    elif how == "invite":
        made.invite(desks.towns[town], desks.police[town])
    else:
        made.escalate(draw(source, UPWARD), village, desks.towns[town], desks.county)
    return made


def recent(source: Random, desks: Desks, now: datetime) -> Iterator[Moved]:
    """Offers that lie open on the desks of those who can sign in: due today, tomorrow, and a while ago."""
    town = sorted(desks.towns)[0]
    village = desks.villages[town][0]
    for number, (days, sender, receiver) in enumerate(
        (
            (1, desks.court, village),
            (3, desks.police[town], village),
            (5, desks.court, village),
            (2, village, desks.organ),
        )
    ):
        made = Moved(900_000 + number, source, village, now - DAY * days)
        made.open(ReferralKind.DELEGATE if sender is desks.court else ReferralKind.TRANSFER, sender, receiver)
        yield made
