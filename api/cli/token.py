"""`tiaojie token`: other systems of the county that act for an officer, within scopes, until a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from api.cli.console import asked, day_of, opened, refuse, verbs
from api.cli.tables import Column, Tabular, show, tell
from api.wiring import Wired
from application.office_tokens import WantedToken
from domain.office.officer import officer_id
from domain.office.scopes import TokenScope
from domain.office.tokens import EndToken
from domain.shared.calendar import local_day
from domain.shared.values import OfficerId

token = verbs("Other systems of the county that act for an officer, within scopes, until a day.")
USUAL = timedelta(days=90)
COLUMNS = (
    Column("login", "officer", True),
    Column("number", "number", True),
    Column("label", "label"),
    Column("scopes", "scopes"),
    Column("ends_on", "ends on", True),
    Column("is_live", "live", True),
    Column("seen_at", "last used", True),
)


def _officer(parts: Wired, login: str) -> OfficerId:
    if parts.system.registers.office.officer(id := officer_id(login)) is None:
        refuse("no_login")
    return id


@token.command("issue", cls=Tabular)
def issue(
    login: Annotated[str, typer.Argument(help="The officer whose rights bound it.")],
    label: Annotated[str, typer.Option(help="Which program has it; no person's name.")],
    scope: Annotated[list[TokenScope], typer.Option(help="What it opens; may be said several times.")],
    until: Annotated[str, typer.Option(help="The first day on which it no longer holds; left out: in 90 days.")] = "",
    appointment: Annotated[int, typer.Option(help="Under which of the officer's appointments it acts.")] = 1,
) -> None:
    """Issues a token and shows it this once."""
    with opened() as parts:
        ends_on = day_of(until) if until else local_day(datetime.now(UTC)) + USUAL
        wanted = WantedToken(label=label, scopes=tuple(scope), appointment=appointment, ends_on=ends_on)
        number, made = parts.system.access.tokens.issue(asked(), _officer(parts, login), wanted)
    tell(f"token {number} of {login}, until {ends_on}; it is not shown again:", number=number, ends_on=ends_on)
    tell(made, token=made)


@token.command("list", cls=Tabular)
def list_tokens(login: Annotated[str, typer.Argument(help="Left out: of everybody.")] = "") -> None:
    """Lists tokens, with when each was last used."""
    with opened() as parts:
        tokens, now = parts.system.access.tokens, datetime.now(UTC)
        found = tokens.of(_officer(parts, login), now) if login else tokens.all(now)
        known = {one.officer: parts.system.registers.office.officer(one.officer) for one in found}
    rows = [
        one.model_dump(mode="json")
        | {"login": facts.login if (facts := known[one.officer]) else str(one.officer)}
        | {"scopes": " ".join(one.scopes)}
        for one in found
    ]
    show("tokens", COLUMNS, rows)


@token.command("end")
def end(login: str, number: Annotated[int, typer.Argument(help="Of the token.")]) -> None:
    """Ends a token, at once and everywhere."""
    with opened() as parts:
        parts.system.administering.officers.change(asked(), _officer(parts, login), EndToken(number=number))
