"""行为能力与代表 Capacity: who may consent and sign for a party: itself, or a named person with the paper for it."""

from __future__ import annotations

from datetime import date

from domain.case.case import DisputeCase, Party
from domain.case.kinds import Capacity, PartyKind
from domain.shared.errors import Refused
from domain.shared.identity_numbers import birthday
from domain.shared.values import PersonId
from domain.statutes import CIVIL_CODE, NINGBO_REGULATION

OF_AGE, OF_SOME_CAPACITY = 18, 8
MINORS = {True: CIVIL_CODE["第二十条"], False: CIVIL_CODE["第十九条"]}
"""Under eight, and from eight on."""
SPOKESPERSONS = NINGBO_REGULATION["第二十条"]


class GuardianNeeded(Refused):
    """A minor consents and signs by its guardian, or from eight years on itself with the guardian's agreement."""


class SpokespersonNeeded(Refused):
    """A group consents and signs by a spokesperson whom it has chosen."""


class NotEmpowered(Refused):
    """This person does not speak for the party, or the paper that empowers them is not on file."""


def age(identity_number: str, day: date) -> int | None:
    """In full years, as the number says; None: it says nothing."""
    if (born := birthday(identity_number)) is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def refuse_incapable(case: DisputeCase, id: PersonId, by: PersonId | None, agreed: PersonId | None, day: date) -> None:
    """`by`: who consents or signs for the party, None: itself; `agreed`: the guardian who agrees that it does.
    Raises NotEmpowered, GuardianNeeded, SpokespersonNeeded."""
    party = case.parties[id]
    for person in (by, agreed):
        if person is not None and not _is_empowered(party, person):
            raise NotEmpowered(parties=[id], person=person)
    years = age(party.details.identity_number, day)
    if years is not None and years < OF_AGE and not _by_guardian(party, by, agreed, years):
        raise GuardianNeeded(parties=[id], basis=str(MINORS[years < OF_SOME_CAPACITY]))
    if party.details.kind is PartyKind.GROUP and by is None:
        raise SpokespersonNeeded(parties=[id], basis=str(SPOKESPERSONS))


def _is_empowered(party: Party, person: PersonId) -> bool:
    known = party.representatives.get(person)
    return known is not None and known.on_paper


def _by_guardian(party: Party, by: PersonId | None, agreed: PersonId | None, years: int) -> bool:
    asked = by or (agreed if years >= OF_SOME_CAPACITY else None)
    return asked is not None and party.representatives[asked].capacity is Capacity.GUARDIAN
