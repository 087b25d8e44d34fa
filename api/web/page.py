"""What every page has: its words, its names, its reader, and how it is rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.deps import POSITION_COOKIE, LanguageDep, caught_up_to, system_of, viewer
from api.labels import Language, labels, word
from api.labels.names import kebab
from api.problems import LoginNeeded
from api.system import Deciding, Reading, Registers, Seen, Standing
from api.web.listed import listed_words
from api.web.sentences import Names, enum_word, snake, yuan
from application.case.page import CasePage
from application.case.row import Card
from application.rights import Viewer
from domain.office.officer import Role
from domain.shared.calendar import SHANGHAI, local_day

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["enum_label"] = lambda value, language: enum_word(language, value)


@dataclass(frozen=True)
class Reader:
    """Somebody who looks at a page, and what pages are made from."""

    request: Request
    language: Language
    viewer: Viewer
    deciding: Deciding
    reading: Reading
    registers: Registers
    standing: Standing
    seen: Seen
    now: Callable[[], datetime]

    @property
    def today(self) -> date:
        return local_day(self.now())


class NotSignedIn(LoginNeeded):
    """A page was asked for without a session: the login comes first."""


def reader(request: Request, language: LanguageDep) -> Reader:
    try:
        who = viewer(request)
    except LoginNeeded:
        raise NotSignedIn from None
    system = system_of(request)
    return Reader(
        request=request,
        language=language,
        viewer=who,
        deciding=system.deciding,
        reading=system.reading,
        registers=system.registers,
        standing=system.standing,
        seen=system.seen,
        now=system.now,
    )


ReaderDep = Annotated[Reader, Depends(reader)]


def to_login(request: Request, error: Exception) -> Response:
    return RedirectResponse(f"/login?{urlencode({'next': request.url.path})}", 303)


def text(language: Language, key: str, **facts: Any) -> str:
    return str(labels(language)["page"][key]).format(**facts)


def render(to: Reader, template: str, status: int = 200, **content: Any) -> Response:
    """The reader's own last receipt is waited for before anything is read from the board: see `fresh`."""
    return HTMLResponse(_html(to.request, to.now(), to.language, template, reader=to, **content), status)


def render_open(
    request: Request, now: datetime, language: Language, template: str, status: int = 200, **content: Any
) -> Response:
    """A page for somebody who is not signed in."""
    return HTMLResponse(_html(request, now, language, template, reader=None, **content), status)


def _html(request: Request, now: datetime, language: Language, template: str, **content: Any) -> str:
    return TEMPLATES.get_template(template).render(
        request=request,
        language=language,
        t=lambda key, **facts: text(language, key, **facts),
        w=lambda table, key: word(language, table, key) if key is not None else "",
        e=lambda value: enum_word(language, value) if value is not None else "",
        listed_words=lambda told: listed_words(told, language),
        phrases=lambda key: labels(language)["page"][key],
        yuan=yuan,
        clock=clock,
        kebab=kebab,
        snake=snake,
        now=now,
        today=local_day(now),
        Role=Role,
        query=lambda **values: urlencode({name: value for name, value in values.items() if value}),
        **content,
    )


def clock(moment: datetime | None) -> Markup:
    """A time as people read it, and as machines do."""
    if moment is None:
        return Markup("—")
    local = moment.astimezone(SHANGHAI)
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat(), f"{local:%Y-%m-%d %H:%M}")


def fresh(to: Reader) -> int:
    """The position that the board has read; waits for the reader's own last decision."""
    told = to.request.cookies.get(POSITION_COOKIE)
    return caught_up_to(to.standing, told, to.seen.last(to.viewer.officer)).position


def names_of_cards(to: Reader, cards: Iterable[Card]) -> Mapping[UUID, str]:
    """The areas and bodies that a list names."""
    known = list(cards)
    places = to.reading.directory.names([card.place for card in known], to.today)  # type: ignore[misc]
    bodies = to.reading.directory.body_rows([card.holder for card in known])  # type: ignore[misc]
    return _named(places) | {id: row.name for id, row in bodies.items()}


def _bodies_told(event: Any) -> Iterable[UUID]:
    """From whom it moved, and to whom."""
    for name in ("to", "was", "holder", "body"):
        value = getattr(event, name, None)
        yield from value if isinstance(value, tuple) else (value,) if isinstance(value, UUID) else ()


def _named(names: Mapping[Any, str]) -> dict[UUID, str]:
    return dict(names)


def names_of_case(to: Reader, read: CasePage, more: Iterable[UUID] = ()) -> Names:
    """The people, officers, bodies and areas that a case's page names; `more`: further bodies."""
    state = read.state
    bodies = {line.body for line in read.timeline} | {one.body for one in state.mediations.values()} | set(more)
    bodies |= {id for line in read.timeline for id in _bodies_told(line.event)}
    rows = to.reading.directory.body_rows(list(bodies | ({state.holder} if state.holder else set())))  # type: ignore[arg-type]
    mediators = {id for one in state.mediations.values() for id in (*one.mediators, *one.recused)}
    officers = to.reading.officer_names.officers(list({*(line.by for line in read.timeline), *mediators}))  # type: ignore[arg-type]
    places = to.reading.directory.names([state.place] if state.place else [], to.today)
    return Names(
        {
            **read.names,
            **{id: row.name for id, row in rows.items()},
            **{id: row.display_name for id, row in officers.items()},
            **_named(places),
        }
    )


def members_of(to: Reader, body: UUID) -> list[tuple[UUID, str]]:
    return [(one.officer, one.member_name) for one in to.reading.directory.members(body, to.today)]  # type: ignore[arg-type]
