"""Whether somebody who reads a part of a case may ask a command of it: nobody changes, joins or hands on what they
cannot read. Of its entries, nobody amends those of another body: see rights.amends."""

from __future__ import annotations

from typing import Any

from application.case.disclosure.masks import MASK
from domain.case.case import DisputeCase
from domain.case.commands import OF_PERSONS, CaseCommand, MediationCommand
from domain.case.mediating.consent import GiveConsent, WithdrawConsent
from domain.case.mediating.refusal import RefuseMediation
from domain.case.opening.classification import AmountStated, ConfirmDifficulty
from domain.case.opening.intake import CaseRegistered
from domain.case.opening.parties import CorrectParty, TellRights
from domain.case.record.correction import CorrectEntry, StrikeEntry
from domain.case.record.joining import MergeCase, SplitCase
from domain.shared.decider import History, standing
from domain.shared.errors import Forbidden
from domain.shared.references import references
from domain.shared.slices import Slice
from domain.shared.texts import parts
from domain.shared.values import PersonId

SAID_TO_US = (MediationCommand, GiveConsent, WithdrawConsent, RefuseMediation, TellRights, CorrectEntry, StrikeEntry)
"""What a person says, or is told, where it is mediated, whoever they are; and what amends that."""
OF_ALL_OF_IT = (MergeCase, SplitCase)
"""Commands that take all of a case along."""


class PersonNotTold(Forbidden):
    """Who this person is was not handed over to your body."""


class SeenInPart(Forbidden):
    """Your body reads a part of the case: this is for who reads all of it."""


def check_pointing(command: CaseCommand, read: DisputeCase, whole: DisputeCase) -> None:
    """`read`: the case as who reads a part of it does. Raises PersonNotTold, SeenInPart."""
    unread = isinstance(command, ConfirmDifficulty) and read.difficulty_proposal is None
    if isinstance(command, OF_ALL_OF_IT) or unread:
        raise SeenInPart
    if isinstance(command, SAID_TO_US):
        return
    if isinstance(command, CorrectParty):
        _refuse_unread(command, read, whole)
    named = [id for part in parts(command) for _, kind, id in references(part) if kind in OF_PERSONS]
    _refuse_hidden([*named, *([command.on_behalf_of] if command.on_behalf_of else [])], read)


def _refuse_hidden(persons: Any, read: DisputeCase) -> None:
    for person in persons:
        if _names(person, read) == MASK:
            raise PersonNotTold(person=person)


def _refuse_unread(command: CorrectParty, read: DisputeCase, whole: DisputeCase) -> None:
    """What they were not told of a person, they do not change."""
    if command.party not in whole.parties:
        return
    known, seen = whole.parties[command.party].details, read.parties[command.party].details
    for name in command.changes:
        if getattr(known, name) != getattr(seen, name):
            raise PersonNotTold(person=command.party, field=name)


def _names(person: PersonId, read: DisputeCase) -> str:
    return read.parties[person].details.name if person in read.parties else ""


def check_handed_on(content: Slice, read: History[DisputeCase], whole: History[DisputeCase]) -> None:
    """What is offered of a case, by who reads a part of it. Raises PersonNotTold, SeenInPart."""
    _refuse_hidden(content.parties, read.state)
    contacts = (read.state.parties[id].details for id in content.contacts)
    hidden = any(MASK in (one.phone, one.address) for one in contacts)
    facts = content.facts and _is_hidden(CaseRegistered, read, whole)
    if hidden or facts or (content.amount and _is_hidden(AmountStated, read, whole)):
        raise SeenInPart


def _is_hidden(kind: type[Any], read: History[DisputeCase], whole: History[DisputeCase]) -> bool:
    """Whether something of an entry of this kind that stands is kept from them."""
    shown = {one.version: one.event for one in standing(read.entries)}
    return any(isinstance(one.event, kind) and shown[one.version] != one.event for one in standing(whole.entries))
