"""What every page has: its words, its names, its reader, and how it is rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from api import cookies
from api.addresses import linked, root_of
from api.deps import LanguageDep, caught_up_to, system_of, viewer
from api.labels import Language, labels, word
from api.labels.names import kebab
from api.problems import LoginNeeded
from api.system import Deciding, Reading, Registers, Seen, Standing
from api.web.bodies import chosen, hidden_inputs, marks_of
from api.web.listed import listed_words
from api.web.namesakes import names_in
from api.web.sentences import Names, enum_word, snake, yuan
from api.web.titles import cut, next_form, through, titled
from application.case.page import CasePage
from application.case.row import Card
from application.drafts import Drafts
from application.files import LARGEST_FILE, FileKind
from application.moments import PRESENT, KnownAt, Standpoint, known_at
from application.naming import named_in
from application.rights import ACTS_FOR_A_BODY, Viewer
from domain.office.officer import Role
from domain.shared.calendar import SHANGHAI, local_day
from domain.shared.decider import Entry, History

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["cut"] = cut
TEMPLATES.filters["enum_label"] = lambda value, language: enum_word(language, value)


@dataclass(frozen=True)
class InMenu:
    """How many offers and requests wait for an answer of the body for which the reader acts."""

    offers: int = 0
    requests: int = 0

    @property
    def total(self) -> int:
        return self.offers + self.requests


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
    drafts: Drafts
    now: Callable[[], datetime]
    asked: Standpoint = PRESENT
    past: KnownAt | None = None
    """The moment of which the page is, where it is not of now."""

    @cached_property
    def bodies(self) -> list[tuple[str, str]]:
        """Those for which they may act, where they are appointed to several."""
        held = self.registers.office.appointments(self.viewer.officer, local_day(self.now()))
        ids = list(dict.fromkeys(one.body for one in held))
        rows = self.reading.directory.body_rows(ids) if len(ids) > 1 else {}
        return chosen({id: rows[id].name for id in ids if id in rows})

    @cached_property
    def waiting(self) -> InMenu:
        """What the menu counts. The page of a past moment has today's menu: it leads to today's pages."""
        if self.viewer.role not in ACTS_FOR_A_BODY or self.viewer.body is None:
            return InMenu()
        awaited = self.reading.handovers.waiting(self.viewer.scope)
        return InMenu(offers=awaited.offers, requests=awaited.requests)

    @cached_property
    def who(self) -> tuple[str, str]:
        """The name of the reader, and of the body for which they act."""
        officer = self.registers.office.officer(self.viewer.officer)
        rows = self.reading.directory.body_rows([self.viewer.body]) if self.viewer.body else {}
        body = rows.get(self.viewer.body) if self.viewer.body else None
        return (officer.display_name if officer else "", body.name if body else "")

    @property
    def at(self) -> KnownAt:
        return self.past or KnownAt.now(self.now())

    @property
    def today(self) -> date:
        """The day of which the page is."""
        return self.at.day

    def as_of(self, asked: Standpoint, then: History[Any]) -> Reader:
        """The same reader, of a page as it was; `then`: what the page is about, as it was."""
        return self if asked == PRESENT else replace(self, asked=asked, past=known_at(then, asked, self.now()))


class NotSignedIn(LoginNeeded):
    """A page was asked for without a session: the login comes first."""


def reader(request: Request, language: LanguageDep) -> Reader:
    try:
        return reader_of(request, language, viewer(request))
    except LoginNeeded:
        raise NotSignedIn from None


def reader_of(request: Request, language: Language, who: Viewer) -> Reader:
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
        drafts=system.drafts,
        now=system.now,
    )


ReaderDep = Annotated[Reader, Depends(reader)]


def own_address(request: Request) -> str:
    """Where a reader comes back to after a word at the door: with what the address asks for."""
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query


def text(language: Language, key: str, **facts: Any) -> str:
    return str(labels(language)["page"][key]).format(**facts)


def render(to: Reader, template: str, status: int = 200, **content: Any) -> Response:
    """The reader's own last receipt is waited for before anything is read from the board: see `fresh`."""
    links: dict[str, Any] = {"here": partial(_here, to), "beside": partial(_beside, to)}
    links["waiting"] = to.waiting
    links["form_marks"] = lambda is_chosen=False: marks_of(to.viewer, is_chosen)
    return HTMLResponse(_html(to.request, to.at, to.language, template, reader=to, **links, **content), status)


def _here(to: Reader, **more: Any) -> str:
    """The query of a link to the same thing as it was at the moment of the page."""
    told = {name: value for name, value in to.asked.model_dump(mode="json").items() if value}
    return f"?{urlencode(told | more)}" if told or more else ""


def _beside(to: Reader) -> str:
    """The query of a link to another thing, as it stood beside what the page is about."""
    if to.past is None:
        return ""
    effective = to.asked.effective_at
    at = {"as_of": to.past.recorded.isoformat(), "effective_at": effective.isoformat() if effective else ""}
    return f"?{urlencode({name: value for name, value in at.items() if value})}"


def render_open(
    request: Request, now: datetime, language: Language, template: str, status: int = 200, **content: Any
) -> Response:
    """A page for somebody who is not signed in."""
    return HTMLResponse(_html(request, KnownAt.now(now), language, template, reader=None, **content), status)


def _html(request: Request, at: KnownAt, language: Language, template: str, **content: Any) -> str:
    page = TEMPLATES.get_template(template).render(
        request=request,
        language=language,
        t=lambda key, **facts: text(language, key, **facts),
        w=lambda table, key: word(language, table, key) if key is not None else "",
        e=lambda value: enum_word(language, value) if value is not None else "",
        listed_words=lambda told: listed_words(told, language),
        phrases=lambda key: labels(language)["page"][key],
        yuan=yuan,
        titled=lambda applicants, respondents, category: titled(applicants, respondents, category, language),
        next_form=next_form,
        through=lambda told: through(told, language),
        clock=clock,
        kebab=kebab,
        snake=snake,
        now=at.recorded,
        today=at.day,
        Role=Role,
        hidden_inputs=hidden_inputs,
        large=cookies.kept(request, cookies.TEXT) == "large",
        largest_file=LARGEST_FILE // 1_000_000,
        accepted_files=",".join(FileKind),
        this_page=own_address(request),
        query=lambda **values: urlencode({name: value for name, value in values.items() if value}),
        **content,
    )
    return linked(page, root_of(request))


def clock(moment: datetime | None) -> Markup:
    """A time as people read it, and as machines do."""
    if moment is None:
        return Markup("—")
    local = moment.astimezone(SHANGHAI)
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat(), f"{local:%Y-%m-%d %H:%M}")


def fresh(to: Reader) -> int:
    """The position that the board has read; waits for the reader's own last decision."""
    told = cookies.kept(to.request, cookies.POSITION)
    return caught_up_to(to.standing, told, to.seen.last(to.viewer.officer)).position


def names_of_cards(to: Reader, cards: Iterable[Card]) -> Mapping[UUID, str]:
    """The areas and bodies that a list names."""
    known = list(cards)
    places = to.reading.directory.names([card.place for card in known], to.today)  # type: ignore[misc]
    bodies = to.reading.directory.body_rows([card.holder for card in known])  # type: ignore[misc]
    return _named(places) | {id: row.name for id, row in bodies.items()}


def _named(names: Mapping[Any, str]) -> dict[UUID, str]:
    return dict(names)


def names_of_case(to: Reader, read: CasePage, more: Iterable[UUID] = ()) -> Names:
    """What the page of a case calls people, officers, bodies and areas; `more`: of what stands beside it."""
    state = read.state
    beside = {id for one in state.mediations.values() for id in (one.body, *one.joint, *one.mediators, *one.recused)}
    beside |= {id for id in (state.holder, state.place) if id}
    return names_of(to, names_in(read, to.language), (line.entry for line in read.timeline), {*beside, *more})


def names_of(to: Reader, persons: Mapping[Any, str], entries: Iterable[Entry[Any]], more: Iterable[UUID] = ()) -> Names:
    """Of entries, and of what else is named beside them, as the reader reads them."""
    return Names(persons, to.reading.names.book(named_in(entries) | set(more)), to.at)


def members_of(to: Reader, body: UUID) -> list[tuple[UUID, str]]:
    return [(one.officer, one.member_name) for one in to.reading.directory.members(body, to.today)]  # type: ignore[arg-type]
