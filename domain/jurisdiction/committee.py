"""委员 Members of a body, and how a people's mediation committee is constituted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, ClassVar

from annotated_types import Len

from domain.jurisdiction.body import STANDING, Body, BodyCommand, BodyEvent, Member
from domain.shared.calendar import add_months
from domain.shared.errors import Conflict, Missing, Refused
from domain.shared.occasion import Occasion
from domain.shared.states import without
from domain.shared.values import BodyKind, Day, OfficerId
from domain.statutes import PEOPLES_MEDIATION_LAW

COMPOSITION = PEOPLES_MEDIATION_LAW["第八条"]
TERM = PEOPLES_MEDIATION_LAW["第九条"]
FEWEST_MEMBERS, MOST_MEMBERS = 3, 9
TERM_IN_MONTHS = 36

Members = Annotated[tuple[Member, ...], Len(1, 200)]


class NotACommittee(Refused):
    """Only a people's mediation committee is constituted."""


class WrongNumberOfMembers(Refused):
    """A committee has three to nine members (人民调解法 8)."""


class NoWomanAmongMembers(Refused):
    """A committee has women among its members (人民调解法 8)."""


class SeatedTwice(Refused):
    """An officer has one seat in a body."""


class AlreadySeated(Conflict):
    """The officer is a member of the body already."""


class NotAMember(Missing):
    """The body has no such member."""


def check_composition(members: Collection[Member]) -> None:
    if not FEWEST_MEMBERS <= len(members) <= MOST_MEMBERS:
        raise WrongNumberOfMembers(count=len(members), basis=str(COMPOSITION))
    if not any(member.woman for member in members):
        raise NoWomanAmongMembers(basis=str(COMPOSITION))


class ConstituteCommittee(BodyCommand):
    """推选产生人民调解委员会: all its members, for a term of three years."""

    allowed_in: ClassVar = STANDING
    members: Members
    term_from: Day

    def decide(self, body: Body, on: Occasion) -> tuple[BodyEvent, ...]:
        if body.kind is not BodyKind.COMMITTEE:
            raise NotACommittee(body=body.id)
        if len({member.officer for member in self.members}) < len(self.members):
            raise SeatedTwice(body=body.id)
        check_composition(self.members)
        until = add_months(self.term_from, TERM_IN_MONTHS)
        return (CommitteeConstituted(members=self.members, term_from=self.term_from, term_until=until),)


class CommitteeConstituted(BodyEvent):
    name: ClassVar = "jurisdiction.committee_constituted"
    members: Members
    term_from: date
    term_until: date

    def evolve(self, state: Body, at: datetime) -> Body:
        seated = {member.officer: member for member in self.members}
        return state.but(members=seated, term_until=self.term_until)


class SeatMember(BodyCommand):
    """增补成员"""

    allowed_in: ClassVar = STANDING
    member: Member
    seated_from: Day

    def decide(self, body: Body, on: Occasion) -> tuple[BodyEvent, ...]:
        if self.member.officer in body.members:
            raise AlreadySeated(officer=self.member.officer)
        if body.kind is BodyKind.COMMITTEE:
            check_composition([*body.members.values(), self.member])
        return (MemberSeated(member=self.member, seated_from=self.seated_from),)


class MemberSeated(BodyEvent):
    name: ClassVar = "jurisdiction.member_seated"
    member: Member
    seated_from: date

    def evolve(self, state: Body, at: datetime) -> Body:
        return state.but(members={**state.members, self.member.officer: self.member})


class UnseatMember(BodyCommand):
    """免去成员: of a committee that falls short by it, a successor is seated first."""

    allowed_in: ClassVar = STANDING
    officer: OfficerId
    seated_until: Day

    def decide(self, body: Body, on: Occasion) -> tuple[BodyEvent, ...]:
        if self.officer not in body.members:
            raise NotAMember(officer=self.officer)
        if body.kind is BodyKind.COMMITTEE:
            check_composition([one for id, one in body.members.items() if id != self.officer])
        return (MemberUnseated(officer=self.officer, seated_until=self.seated_until),)


class MemberUnseated(BodyEvent):
    name: ClassVar = "jurisdiction.member_unseated"
    officer: OfficerId
    seated_until: date

    def evolve(self, state: Body, at: datetime) -> Body:
        return state.but(members=without(state.members, self.officer))
