"""当事人: how parties and signatures stand in the official forms."""

from __future__ import annotations

from collections.abc import Iterator

from application.papers.blocks import NO_DAY, Cell, Grid, Signing, label, row
from application.papers.telling import UNKNOWN, Telling, chinese
from domain.case.case import Party
from domain.case.kinds import PartyKind, Side
from domain.shared.values import PersonId


def parties(of: Telling) -> Grid:
    """Name, sex, age, telephone and address of each, and whoever speaks for them."""
    rows: list[list[Cell]] = []
    for id, party in of.present.items():
        rows += _party(of, id, party)
    return Grid(rows)


def _party(of: Telling, id: PersonId, party: Party) -> Iterator[list[Cell]]:
    details, side = party.details, of.say(party.side)
    if details.kind is PartyKind.PERSON:
        about = [label("性别"), Cell(of.sex(party)), label("年龄"), Cell(of.age(party))]
        yield [label(side), Cell(of.name(id), 3), *about]
    else:
        many = f"（{details.head_count}人）" if details.head_count > 1 else ""
        yield [label(side), Cell(of.name(id) + many, 5), label("性质"), Cell(of.say(details.kind))]
    yield row(("联系方式", details.phone or UNKNOWN), ("单位或住址", details.address or UNKNOWN))
    if speakers := "、".join(f"{one.name}（{of.say(one.capacity)}）" for one in of.read.representatives.get(id, [])):
        yield row(("代理人", speakers))


def to_be_signed(of: Telling, side: Side | None = None) -> list[Signing]:
    """By hand: a name, and a line."""
    wanted = ((id, party) for id, party in of.present.items() if side is None or party.side is side)
    return [Signing(f"{of.say(party.side)}　{of.name(id)}", SIGN) for id, party in wanted]


SIGN = "（签名、盖章或者按指印）"
SEAL = "（印章）"


def signed_by_parties(of: Telling, mediation: int) -> Iterator[Signing]:
    """As far as they have: the day on which each did."""
    state = of.case.mediations[mediation]
    signed = state.agreement.signed if state.agreement else {}
    for id, party in of.present.items():
        line = of.done("agreement_signed", mediation=mediation, party=id)
        through = f"（{of.name(line.event.signed_by, line)}代签）" if line and line.event.signed_by else ""
        how = f"{of.say(line.event.signing)}{through}" if line else SIGN
        yield Signing(f"{of.say(party.side)}　{of.name(id)}", how, chinese(signed.get(id)) or NO_DAY)


def signed_for_the_committee(of: Telling, mediation: int) -> Iterator[Signing]:
    state = of.case.mediations[mediation]
    for officer in state.mediators:
        line = of.done("agreement_signed_by_mediator", mediation=mediation, mediator=officer)
        day = chinese(line.occurred_at) if line else NO_DAY
        yield Signing(f"人民调解员　{of.name(officer, line)}", "签名" if line else SIGN, day)
    sealed = of.done("agreement_sealed", mediation=mediation)
    for body in (state.body, *sorted(state.joint)):
        day = chinese(sealed.occurred_at) if sealed and body == state.body else NO_DAY
        yield Signing(of.name(body, sealed), SEAL, day)
