"""行为能力与代表 Capacity: who may act for a party: itself, or a person with the paper for it, named or on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
    """A minor acts by its guardian, or from eight years on itself with the guardian's agreement."""


class SpokespersonNeeded(Refused):
    """A group acts by a spokesperson whom it has chosen."""


class NotEmpowered(Refused):
    """This person does not speak for the party, or the paper that empowers them is not on file."""


@dataclass(frozen=True)
class Spoken:
    """Who acts for a party, as the command says."""

    by: PersonId | None
    """None: it does itself."""
    agreed: PersonId | None
    """The guardian who agrees that it does."""


def age(identity_number: str, day: date) -> int | None:
    """In full years, as the number says; None: it says nothing."""
    if (born := birthday(identity_number)) is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def refuse_unable(case: DisputeCase, parties: Iterable[PersonId], spoken: Spoken | None, day: date) -> None:
    """Whoever these parties are whose will a command tells. `spoken`: None where it does not name who acts for them:
    then somebody is on record with the paper, and acts. Raises NotEmpowered, GuardianNeeded, SpokespersonNeeded."""
    for id in parties:
        if id not in case.parties:
            continue
        if spoken:
            refuse_incapable(case, id, spoken.by, spoken.agreed, day)
        else:
            _refuse_unrepresented(case.parties[id], id, day)


def _refuse_unrepresented(party: Party, id: PersonId, day: date) -> None:
    empowered = [one.capacity for one in party.representatives.values() if one.on_paper]
    years = age(party.details.identity_number, day)
    if years is not None and years < OF_AGE and Capacity.GUARDIAN not in empowered:
        raise GuardianNeeded(parties=[id], basis=str(MINORS[years < OF_SOME_CAPACITY]))
    if party.details.kind is PartyKind.GROUP and not empowered:
        raise SpokespersonNeeded(parties=[id], basis=str(SPOKESPERSONS))


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
