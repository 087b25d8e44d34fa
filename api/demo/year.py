"""Which disputes of the demo's year move, and how; and what lies open on the bodies today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random

from api.demo.handovers import HandedOver
from api.demo.mix import MOVES, UPWARD, draw
from api.demo.other_bodies import OtherBodies
from api.demo.steps import DAY
from domain.shared.values import ReferralKind


def moved(number: int, source: Random, bodies: OtherBodies, begin: datetime) -> HandedOver:
    """One that moves, in one of the ways that a county's cases do."""
    town = source.choice(sorted(bodies.towns))
    village, other = source.sample(bodies.villages[town], 2)
    made = HandedOver(number, source, village, begin)
    kinds = {"delegate": bodies.court, "entrust": bodies.court, "police": bodies.police[town], "organ": bodies.organ}
    how = draw(source, MOVES)
    if how in kinds:
        kind = ReferralKind(how) if how in {"delegate", "entrust"} else ReferralKind.TRANSFER
        made.refer(kind, kinds[how], village, other)
    elif how == "to-organ":
        made.refer(ReferralKind.TRANSFER, village, bodies.organ, bodies.police[town])
    elif how == "petition":
        made.petition(bodies, village)
    elif how == "invite":
        made.invite(bodies.towns[town], bodies.police[town])
    else:
        made.escalate(draw(source, UPWARD), village, bodies.towns[town], bodies.county)
    return made


def recent(source: Random, bodies: OtherBodies, now: datetime) -> Iterator[HandedOver]:
    """Offers that lie open on the bodies of those who can sign in: due today, tomorrow, and a while ago."""
    town = sorted(bodies.towns)[0]
    village = bodies.villages[town][0]
    for number, (days, sender, receiver) in enumerate(
        (
            (1, bodies.court, village),
            (3, bodies.police[town], village),
            (5, bodies.court, village),
            (2, village, bodies.organ),
        )
    ):
        made = HandedOver(900_000 + number, source, village, now - DAY * days)
        made.open(ReferralKind.DELEGATE if sender is bodies.court else ReferralKind.TRANSFER, sender, receiver)
        yield made
