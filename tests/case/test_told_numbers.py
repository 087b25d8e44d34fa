"""证件号码、电话 What is newly told is checked, its field is named; what was recorded or told elsewhere is not."""

import pytest
from pydantic import ValidationError

from domain.case.kinds import PartyKind, Side
from domain.case.opening.intake import RegisterCase
from domain.case.opening.parties import AddParty, BornLater, CorrectParty, RepresentParty, UnfitIdentityNumber
from domain.case.people import NewParty, PartyDetails
from domain.shared.identity_numbers import check_digit
from domain.shared.values import AS_TOLD, RECORDED
from tests.case.histories import APPLICANT, VILLAGE, after, id_of, onward, register, then

OF_A_PERSON, CREDIT_CODE = "110101199003070097", "91350100M000100Y43"
TOLD = {"side": "applicant", "name": "钱七"}
UNFIT = [
    ("identity_number", "110101199003078031", "identity_number_check-digit"),
    ("identity_number", "110101199002308036", "identity_number_birthday"),
    ("identity_number", "1.10101E+17", "identity_number_damaged"),
    ("identity_number", "123", "identity_number_shape"),
    ("identity_number", CREDIT_CODE, "identity_number_shape"),
    ("phone", "139<b>", "phone_shape"),
    ("phone", "00000000000", "phone_shape"),
    ("phone", "11111111111", "phone_shape"),
    ("phone", "1.38E+10", "phone_damaged"),
]


def fault(refusal):
    return [(one["loc"], one["type"]) for one in refusal.value.errors()]


@pytest.mark.parametrize(("field", "text", "kind"), UNFIT)
def test_a_number_that_cannot_be_one_is_refused_at_its_field(field, text, kind):
    with pytest.raises(ValidationError) as refusal:
        RegisterCase(place=VILLAGE, facts="争吵", parties=[{**TOLD, field: text}])
    assert fault(refusal) == [(("parties", 0, field), kind)]

    with pytest.raises(ValidationError) as refusal:
        AddParty(**{**TOLD, field: text})
    assert fault(refusal) == [((field,), kind)]


@pytest.mark.parametrize(("field", "text", "kind"), [one for one in UNFIT if one[1] != CREDIT_CODE])
def test_a_correction_brings_none_in_either(field, text, kind):
    with pytest.raises(ValidationError) as refusal:
        CorrectParty(party=APPLICANT, **{field: text})
    assert fault(refusal) == [((field,), kind)]


def test_whoever_speaks_for_a_party_has_a_telephone_that_can_be_one():
    with pytest.raises(ValidationError) as refusal:
        RepresentParty(party=APPLICANT, name="律师甲", phone="139<b>")
    assert fault(refusal) == [(("phone",), "phone_shape")]


def test_what_was_typed_is_kept_as_it_was_typed():
    typed = {"name": "艾力 • 买买提", "phone": "+86 138-0000-1111", "identity_number": " 110101 19900307 803x"}

    told = onward(after(register), AddParty(**{**TOLD, **typed})).state.parties
    details = list(told.values())[-1].details

    assert {name: getattr(details, name) for name in typed} == typed


def test_an_organisation_has_its_credit_code_and_a_person_has_none():
    company = NewParty(side=Side.APPLICANT, name="某公司", kind=PartyKind.ORGANISATION, identity_number=CREDIT_CODE)

    assert company.identity_number == CREDIT_CODE
    with pytest.raises(ValidationError):
        NewParty(side=Side.APPLICANT, name="某公司", kind=PartyKind.ORGANISATION, identity_number=OF_A_PERSON)
    with pytest.raises(UnfitIdentityNumber) as refusal:
        then(after(register), CorrectParty(party=APPLICANT, identity_number=CREDIT_CODE))
    assert refusal.value.details["field"] == "identity_number"


def test_a_correction_of_something_else_does_not_ask_again_for_a_number_of_yesterday():
    history = after(register)
    party = history.state.parties[APPLICANT].details.but(identity_number="123", phone="abc")
    case = history.state.with_party(APPLICANT, details=party)
    yesterday = history.__class__(history.id, history.blank, history.entries, case)

    assert then(yesterday, CorrectParty(party=APPLICANT, name="钱七"))


def test_nobody_is_born_after_the_day_of_the_command():
    later = "11010120990101001"
    told = {**TOLD, "identity_number": later + check_digit(later)}

    with pytest.raises(BornLater):
        then(after(register), AddParty(**told))
    with pytest.raises(BornLater):
        then(after(register), CorrectParty(party=APPLICANT, identity_number=told["identity_number"]))


@pytest.mark.parametrize(("field", "text", "kind"), UNFIT)
def test_what_was_recorded_is_read_whatever_it_says(field, text, kind):
    recorded = {"person": str(id_of("somebody")), "name": "钱七", field: text}

    assert getattr(PartyDetails.model_validate(recorded, context=RECORDED), field) == text


@pytest.mark.parametrize(("field", "text", "kind"), UNFIT)
def test_what_another_system_told_is_taken_as_it_told_it(field, text, kind):
    assert getattr(NewParty.model_validate({**TOLD, field: text}, context=AS_TOLD), field) == text
