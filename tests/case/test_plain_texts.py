"""不加密的文字: a short text that stays as it was written names no party; a story, which is encrypted, may."""

from pathlib import Path

import pytest

from domain.case.beside.holder import AppointLead
from domain.case.kinds import Category, PartyKind
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.category import ClassifyCase
from domain.case.opening.parties import CorrectParty
from domain.case.record.correction import CorrectEntry
from domain.case.record.papers import WriteNote
from domain.case.record.plain_texts import NamedInPlain, plain_fields
from infrastructure.ledger.event_names import EVENTS
from tests.case.histories import APPLICANT, after, register, then
from tests.case.test_lifecycle import EVENTS as OF_CASES

COMMANDS = Path(__file__).resolve().parents[2] / "docs" / "commands.md"
NAME = after(register).state.parties[APPLICANT].details.name
PHONE, NUMBER = "13900271828", "990101198702283146"
known = CorrectParty(party=APPLICANT, phone=PHONE, identity_number=NUMBER, address="柳湾村三组")


@pytest.mark.parametrize("text", [NAME, f"据{NAME}说", f"电话{PHONE}", f"证件{NUMBER}"])
def test_a_text_that_is_not_encrypted_names_no_party(text):
    history = after(register, known)

    with pytest.raises(NamedInPlain) as refusal:
        then(history, AcceptCase(note=text))

    assert refusal.value.details == {"fields": ["note"]}
    assert then(history, WriteNote(note=text))


def test_a_place_and_a_short_number_are_nobodys_name():
    history = described(after(register, known), phone="12")

    assert then(history, AcceptCase(note="柳湾村三组12户"))


SPELLINGS = [
    "艾力•买买提",
    "艾力·买买提",
    "艾力・买买提",
    "艾力．买买提",
    "艾力‧买买提",
    "艾力 买买提",
    "艾力\u200b买买提",
]


@pytest.mark.parametrize("typed", SPELLINGS)
@pytest.mark.parametrize("noted", SPELLINGS)
def test_a_name_is_refused_in_whatever_spelling(typed, noted):
    history = described(after(register), name=typed)

    with pytest.raises(NamedInPlain):
        then(history, AcceptCase(note=f"已问过{noted}本人"))


@pytest.mark.parametrize(
    "text", ["138 0000 1111", "+86138-0000-1111", "１３８００００１１１１", "110101 19900307 803x", "110101900307803"]
)
def test_a_number_is_refused_in_whatever_spelling(text):
    history = described(after(register), phone="13800001111/13800002222", identity_number="11010119900307803X")
    if text == "110101900307803":
        history = described(history, identity_number=text)

    with pytest.raises(NamedInPlain):
        then(history, AcceptCase(note=f"号码{text}无人接"))


def test_a_short_name_in_letters_is_not_found_in_a_longer_word():
    history = described(after(register), name="An")

    assert then(history, AcceptCase(note="Annual report"))
    with pytest.raises(NamedInPlain):
        then(history, AcceptCase(note="called AN twice"))


def described(history, **facts):
    """As it was recorded before there was a check."""
    details = history.state.parties[APPLICANT].details.but(**facts)
    case = history.state.with_party(APPLICANT, details=details)
    return history.__class__(history.id, history.blank, history.entries, case)


def test_an_organisation_may_be_named():
    history = described(after(register), kind=PartyKind.ORGANISATION)

    assert then(history, AcceptCase(note=NAME))


def test_who_is_named_by_the_same_command_is_not_named_in_its_reason():
    with pytest.raises(NamedInPlain):
        then(after(register), CorrectParty(party=APPLICANT, name="欧阳慕雪", reason="应为欧阳慕雪"))


def test_somebody_in_office_may_be_called_as_a_party_is():
    assert then(after(register), AppointLead(official=NAME, post="副镇长"))


def test_a_correction_puts_no_name_into_a_text_that_is_not_encrypted():
    history = after(register, ClassifyCase(category=next(iter(Category)), subcategory="排水"))
    asked = CorrectEntry(entry=history.version, changes={"subcategory": f"{NAME}家的排水"}, reason="写得不全")

    with pytest.raises(NamedInPlain):
        then(history, asked)
    assert then(history, asked.but(changes={"subcategory": "屋檐排水"}))


def fields_of(event):
    """Also of the values that it holds."""
    found = {*plain_fields(event)}
    for field in event.model_fields.values():
        for inner in [field.annotation, *getattr(field.annotation, "__args__", ())]:
            found |= set(plain_fields(inner)) if hasattr(inner, "model_fields") else set()
    return found


def test_every_text_that_is_not_encrypted_is_named_where_privacy_is_told():
    lines = COMMANDS.read_text(encoding="utf-8").splitlines()
    told = {line.split("`")[1]: line for line in lines if line.startswith("| `case.")}

    lacking = {
        event.name: sorted(name for name in fields_of(event) if f"`{name}`" not in told[event.name])
        for event in OF_CASES
    }

    assert {name: fields for name, fields in lacking.items() if fields} == {}


def test_referrals_and_escalations_have_no_text_that_is_not_encrypted_but_the_basis_of_an_erasure():
    moving = [event for name, event in EVENTS.items() if name.partition(".")[0] in ("referral", "escalation")]

    assert {name for event in moving for name in fields_of(event)} == {"basis"}
