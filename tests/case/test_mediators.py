"""调解员: members of the body, accepted by every party, recused on request; participants with everyone's consent."""

import pytest

from domain.case.mediating.mediation import ConsentNeeded, NoMediatorAccepted
from domain.case.mediating.mediators import (
    AcknowledgeAssignment,
    AlreadyProposed,
    JoinParticipant,
    MediatorNotAMember,
    RecuseMediator,
    ReplaceMediator,
    WasRecused,
)
from domain.case.mediating.unanimous import ConsentMissing
from domain.case.opening.parties import AddParty
from domain.shared.values import PersonId
from tests.case.histories import (
    APPLICANT,
    CONSENTED,
    LI,
    RESPONDENT,
    UNDER_WAY,
    WANG,
    ZHOU,
    after,
    agree,
    both_accept,
    hold,
    onward,
    propose,
    start,
    tell_rights,
    then,
)

recuse = RecuseMediator(mediation=1, mediator=LI, requested_by=RESPONDENT)
replace_li = ReplaceMediator(mediation=1, mediator=LI, successor=WANG)


def test_only_members_of_the_body_mediate_for_it():
    consented, under_way = after(*CONSENTED), after(*UNDER_WAY)

    with pytest.raises(MediatorNotAMember):
        then(consented, propose.but(mediator=ZHOU))
    with pytest.raises(MediatorNotAMember):
        then(under_way, replace_li.but(successor=ZHOU))


def test_a_mediator_is_proposed_once():
    proposed = after(*CONSENTED, propose)

    with pytest.raises(AlreadyProposed):
        then(proposed, propose)


def test_nothing_starts_without_a_mediator_whom_every_party_accepts():
    proposed = after(*CONSENTED, propose)
    by_one = onward(proposed, both_accept.but(parties=(APPLICANT,)))

    for history in (after(*CONSENTED), proposed, by_one):
        with pytest.raises(NoMediatorAccepted) as refusal:
            then(history, start)
    assert refusal.value.details["parties"] == [RESPONDENT], "it says who has not accepted"
    assert then(onward(by_one, both_accept.but(parties=(RESPONDENT,)), tell_rights), start)


def test_two_mediators_each_accepted_by_one_party_are_not_enough():
    proposed = after(*CONSENTED, propose, propose.but(mediator=WANG))

    split = onward(
        proposed, both_accept.but(parties=(APPLICANT,)), both_accept.but(mediator=WANG, parties=(RESPONDENT,))
    )

    with pytest.raises(NoMediatorAccepted):
        then(split, start)


def test_whoever_was_recused_does_not_come_back():
    recused = onward(after(*UNDER_WAY), recuse)

    with pytest.raises(WasRecused):
        then(recused, propose)
    with pytest.raises(NoMediatorAccepted):
        then(recused, hold)
    with pytest.raises(NoMediatorAccepted):
        then(recused, agree)


def test_a_successor_is_accepted_anew():
    replaced = onward(after(*UNDER_WAY), replace_li)

    with pytest.raises(NoMediatorAccepted):
        then(replaced, hold)
    assert then(onward(replaced, both_accept.but(mediator=WANG)), hold)


def test_an_assignment_is_acknowledged_by_its_mediator():
    proposed = after(*CONSENTED, propose)

    mediator = onward(proposed, AcknowledgeAssignment(mediation=1, mediator=LI)).state.mediation(1).mediators[LI]

    assert mediator.acknowledged
    assert not mediator.accepted_by


def test_participants_join_with_the_consent_of_all():
    under_way = after(*UNDER_WAY)
    uncle = JoinParticipant(mediation=1, name="舅舅", consented=(APPLICANT,))

    with pytest.raises(ConsentMissing) as refusal:
        then(under_way, uncle)
    joined = onward(under_way, uncle.but(consented=(APPLICANT, RESPONDENT)))
    (participant,) = joined.state.mediation(1).participants

    assert refusal.value.details["parties"] == [RESPONDENT]
    assert then(joined, hold.but(participants=(PersonId(participant),)))


def test_a_party_that_joins_later_consents_and_accepts_the_mediator_before_it_goes_on():
    joined = onward(after(*UNDER_WAY), AddParty(side="third", name="王五"))
    newcomer = next(id for id in joined.state.parties if id not in {APPLICANT, RESPONDENT})
    consented = onward(joined, both_accept.but(parties=(newcomer,)))

    for command in (hold, agree):
        with pytest.raises(ConsentNeeded):
            then(consented, command)
