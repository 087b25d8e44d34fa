"""一致同意 Unanimous: what only all parties together may do, recorded as a consent of each."""

from __future__ import annotations

from domain.case.case import DisputeCase
from domain.case.mediating.consent import ConsentGiven, Subject
from domain.shared.errors import Refused
from domain.shared.values import Form, PersonId


class ConsentMissing(Refused):
    """Not every party has consented."""


def consents_of_all(
    case: DisputeCase, parties: frozenset[PersonId], subject: Subject, form: Form
) -> tuple[ConsentGiven, ...]:
    """The consent of every present party, as events. Raises ConsentMissing."""
    if missing := sorted(case.present_parties - parties):
        raise ConsentMissing(parties=missing)
    return tuple(ConsentGiven(party=party, subject=subject, form=form) for party in sorted(parties))
