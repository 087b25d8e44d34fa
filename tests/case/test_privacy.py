"""个人信息: restricted while the file is kept, erased after that, and never while a text still names the person."""

from uuid import uuid4

import pytest

from domain.case.commands import PersonIsWithheld
from domain.case.kinds import EvidenceKind
from domain.case.record.papers import FileEvidence, WriteNote
from domain.case.record.privacy import (
    BasisNamesPerson,
    EraseNarrative,
    ErasePerson,
    RestrictPerson,
    RetentionRuns,
    UnknownPerson,
)
from domain.shared.erasing import Replacement, StillNamed, UnknownText, texts_of
from domain.shared.errors import NotAllowedNow
from tests.case.histories import APPLICANT, CLOSED, HASH, after, onward, register, then

BASIS = "本人申请"
LATER = 366 * 11
restrict = RestrictPerson(person=APPLICANT, basis=BASIS)
erase = ErasePerson(person=APPLICANT, basis=BASIS)


def name_of(history):
    return history.state.parties[APPLICANT].details.name


def test_a_restricted_person_is_named_by_no_further_command():
    restricted = after(register, restrict)

    with pytest.raises(PersonIsWithheld):
        then(restricted, FileEvidence(party=APPLICANT, kind=next(iter(EvidenceKind)), sha256=HASH))
    with pytest.raises(PersonIsWithheld):
        then(restricted, restrict)
    assert then(restricted, WriteNote(note="来访"))


def test_nothing_of_a_case_that_goes_on_is_erased():
    with pytest.raises(NotAllowedNow):
        then(after(register), erase)


def test_while_the_file_is_kept_nobody_is_erased():
    with pytest.raises(RetentionRuns):
        then(after(*CLOSED), erase)


def test_a_stranger_is_neither_restricted_nor_erased():
    with pytest.raises(UnknownPerson):
        then(after(register), restrict.but(person=uuid4()))


def test_the_basis_names_nobody():
    history = after(register)

    with pytest.raises(BasisNamesPerson):
        then(history, restrict.but(basis=f"{name_of(history)}申请"))


def test_a_person_is_erased_once():
    later = after(*CLOSED, WriteNote(note="来访"), days=LATER)

    erased = onward(later, erase)

    assert APPLICANT in erased.state.erased
    with pytest.raises(PersonIsWithheld):
        then(erased, erase)


def test_every_text_that_names_them_is_replaced_by_one_that_does_not():
    name = name_of(after(register))
    later = after(*CLOSED, WriteNote(note=f"{name}来访"), days=LATER)
    (text,) = [one for one in texts_of(later.entries) if name in one.text]

    with pytest.raises(StillNamed):
        then(later, erase)
    with pytest.raises(StillNamed):
        then(later, erase.but(replacements=(Replacement(narrative=text.id, told=f"{name}!"),)))
    replaced, erased = then(later, erase.but(replacements=(Replacement(narrative=text.id, told="[当事人]来访"),)))
    assert (replaced.narrative, replaced.instead.text, erased.person) == (text.id, "[当事人]来访", APPLICANT)


def test_a_text_that_is_not_there_is_not_replaced():
    gone = (Replacement(narrative=uuid4(), told="无"),)

    with pytest.raises(UnknownText):
        then(after(*CLOSED, WriteNote(note="来访"), days=LATER), EraseNarrative(basis=BASIS, replacements=gone))
