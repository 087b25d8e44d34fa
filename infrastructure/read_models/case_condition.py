"""The one condition for lists and figures of cases: what the reader may see, and what is wanted of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from application.case.row import bigrams, number_form
from application.figures.asking import Counting, Moment
from application.figures.board import OF_THE_DAY, counting, otherwise
from application.figures.case_figures import COLUMNS, CaseFilter
from application.figures.counting import RowKind
from application.figures.definitions import FIGURES
from application.figures.queues import Queue
from application.rights import Scope
from domain.case.opening.listed import LISTED_FIELDS
from domain.shared.errors import Refused
from infrastructure.privacy.person_tokens import PersonTokens
from infrastructure.read_models.case import BACKWARDS, PERSONS, READER, WORDS
from infrastructure.read_models.case_queues import QUEUES
from infrastructure.read_models.figure_query import LAST, LAST_DAY, FigureQuery

CHARACTERS_NEEDED = 2
IN_THE_WINDOW = "(%(since)s::date IS NULL OR {day} >= %(since)s) AND (%(until)s::date IS NULL OR {day} <= %(until)s)"
REGISTERED = "registered"
REGISTERED_ON = "b.registered_on"


class TooShortToSearch(Refused):
    """A search needs two characters or more."""


def condition(scope: Scope, wanted: CaseFilter, persons: PersonTokens) -> tuple[str, dict[str, Any]]:
    """WHERE and its values: of what the scope lets see, what is wanted. Every list goes through here. What a figure
    counts is found by the figure's own query."""
    if wanted.outcome or wanted.moved:
        which, more = _that_count(scope, wanted)
        where, values = common(scope, otherwise(scope, wanted), persons)
        return f"{where} AND b.id IN ({which})", values | more
    where, values = common(scope, wanted, persons)
    if wanted.since or wanted.until:
        where += f" AND {IN_THE_WINDOW.format(day=REGISTERED_ON)}"
    return where, values | {"since": wanted.since, "until": wanted.until}


def _that_count(scope: Scope, wanted: CaseFilter) -> tuple[str, dict[str, Any]]:
    """The cases of which the figure counts something, at the moment that is asked about."""
    figure = FIGURES[wanted.outcome or (wanted.moved.figure if wanted.moved else REGISTERED)]
    day = wanted.day or LAST_DAY
    moment = Moment(day, LAST if wanted.position is None else wanted.position, day == LAST_DAY)
    asked = FigureQuery(figure.unit, counting(scope, wanted, day), moment)
    where = f"{asked.where()} AND {asked.counted(figure.counts, wanted.cohort)}"
    return f"SELECT {asked.case_id} FROM {asked.tables()} WHERE {where}", asked.values


def common(scope: Scope, wanted: CaseFilter, persons: PersonTokens) -> tuple[str, dict[str, Any]]:
    """All but what is counted."""
    parts, values = ["true"], dict[str, Any]()
    _see(scope, parts, values)
    for column in COLUMNS:
        if (value := getattr(wanted, column)) is not None:
            parts.append(f"b.{column} = %({column})s")
            values[column] = str(value)
    _listed(wanted, parts, values)
    parts += _imported(wanted)
    if wanted.queue:
        parts.append(_waiting_in(scope, wanted.queue))
    values |= {"day": wanted.day, "mediator": wanted.mediator, "due_until": wanted.due_until}
    parts += _due(wanted)
    _lie_in(wanted, parts, values)
    _search(scope, wanted, parts, values, persons)
    values |= _on_the_day(wanted, parts)
    return " AND ".join(parts), values


def _on_the_day(wanted: CaseFilter, parts: list[str]) -> dict[str, Any]:
    """What only the dated rows keep, of cases that the reader reads all of."""
    wishes = {name: told for name in OF_THE_DAY if (told := getattr(wanted, name)) is not None}
    if not wishes:
        return {}
    day = wanted.day or LAST_DAY
    asked = FigureQuery(RowKind.DISPUTE, Counting(until=day, wishes=wishes), Moment(day, LAST, is_now=True))
    parts.append(f"{ALL_OF_IT} AND b.id IN (SELECT u.id FROM {asked.tables()} WHERE {asked.where()})")
    return {name: value for name, value in asked.values.items() if name == "day" or name.startswith("wish_")}


def _listed(wanted: CaseFilter, parts: list[str], values: dict[str, Any]) -> None:
    """As a whole."""
    for name, one in LISTED_FIELDS.items():
        if value := getattr(wanted, name):
            parts.append(f"b.{name} = %(listed_{name})s")
            values[f"listed_{name}"] = value.value if one.is_code else value


def _due(wanted: CaseFilter) -> Iterator[str]:
    if wanted.mediator:
        yield "%(mediator)s::uuid = ANY(b.mediators)"
    if wanted.overdue is not None:
        yield OVERDUE if wanted.overdue else f"NOT {OVERDUE}"
    if wanted.due_until:
        yield "b.due <= %(due_until)s"


OVERDUE = "(b.status IN ('registered', 'open') AND coalesce(b.due < %(day)s, false))"


def _imported(wanted: CaseFilter) -> Iterator[str]:
    if wanted.imported is not None:
        yield "b.imported" if wanted.imported else "NOT b.imported"
    if wanted.flagged is not None:
        yield f"b.flagged {'<>' if wanted.flagged else '='} '{{}}'"


def _waiting_in(scope: Scope, queue: Queue) -> str:
    """Whoever sees everything has no desk."""
    return "false" if scope.everything else QUEUES[queue]


LIES_IN_SCOPE = (
    "(b.place = ANY(%(seen_areas)s::uuid[]) OR b.holder IN"
    " (SELECT id FROM body WHERE area_id = ANY(%(seen_areas)s::uuid[])))"
)


KNOWN = f"(b.bodies && %(seen_bodies)s::uuid[] OR {LIES_IN_SCOPE})"
"""Whether the reader knows of a case at all: of the line of whoever sees all of it."""
OWN_LINE = (
    f"(b.{READER} IS NULL AND (b.seeing && %(seen_bodies)s::uuid[] OR {LIES_IN_SCOPE})"
    f" OR b.{READER} = ANY(%(seen_bodies)s::uuid[]) AND NOT {LIES_IN_SCOPE})"
)
"""Which line of a case the reader reads: that of all of it, or that of their own body."""
ALL_OF_IT = f"b.{READER} IS NULL"
"""Of a line that the reader reads: whether they see all of the case."""
ITS_SIDE = "{sides} && %(seen_bodies)s::uuid[]"


def known_line(scope: Scope) -> tuple[str, dict[str, Any]]:
    """Of any line: whether its reader is the one who asks, and reads no other line of the case."""
    if scope.everything:
        return ALL_OF_IT, {}
    return f"{KNOWN} AND {OWN_LINE}", {"seen_bodies": list(scope.bodies), "seen_areas": list(scope.areas)}


def _see(scope: Scope, parts: list[str], values: dict[str, Any]) -> None:
    own, more = known_line(scope)
    parts.append(own)
    values |= more


def of_referrals(scope: Scope) -> str:
    """Of a referral `r` of a line: who reads a part of the case is told of those that it sent or was offered."""
    own = f"r.sender = ANY(%(seen_bodies)s::uuid[]) OR {ITS_SIDE.format(sides='r.receivers')}"
    return ALL_OF_IT if scope.everything else f"({ALL_OF_IT} OR {own})"


def _lie_in(wanted: CaseFilter, parts: list[str], values: dict[str, Any]) -> None:
    if wanted.area:
        parts.append(
            "EXISTS (SELECT 1 FROM area_closure c WHERE c.area_id = b.place AND c.ancestor_id = %(area)s"
            f" AND c.valid_from <= {REGISTERED_ON} AND {REGISTERED_ON} < c.valid_until)"
        )
        values["area"] = wanted.area
    if wanted.body:
        parts.append("b.bodies && ARRAY[%(body)s]::uuid[]")
        values["body"] = wanted.body


def _search(scope: Scope, wanted: CaseFilter, parts: list[str], values: dict[str, Any], persons: PersonTokens) -> None:
    if words := wanted.words.strip():
        pairs, number = bigrams(words), number_asked(words)
        if not (pairs or number):
            raise TooShortToSearch(needed=CHARACTERS_NEEDED)
        parts.append(_by_number(scope, values) if number else OF_ITS_FACTS)
        values |= {"words": persons.pairs(pairs) or None, "number": number, "number_end": _beginning_with(number)}
    if party := wanted.party.strip():
        sought = persons.sought(party, with_numbers=scope.finds_by_number)
        each = [f"b.{PERSONS} @> %(person_parts_{at})s::bytea[]" for at in range(len(sought.parts))]
        parts.append(f"({' OR '.join([WHOLE_PERSON, *each])})")
        values |= {f"person_parts_{at}": tokens for at, tokens in enumerate(sought.parts)}
        values["person"] = sought.whole


def _beginning_with(number: str | None) -> str | None:
    return re.sub(r"([%_\\])", r"\\\1", number) + "%" if number else None


OF_ITS_FACTS = f"b.{WORDS} @> %(words)s::bytea[]"
WHOLE_PERSON = f"b.{PERSONS} && %(person)s::bytea[]"
NUMBERED = (
    f"EXISTS (SELECT 1 FROM case_number n WHERE n.id = b.id AND n.{BACKWARDS} LIKE %(number_end)s"
    f" AND (n.framed OR {ALL_OF_IT}))"
)
"""Whether it has the number that was typed, or one that ends so."""


def number_asked(words: str) -> str | None:
    """What was typed, read from its end, where it may be the number of a case or the end of one."""
    form = number_form(words)
    return form[::-1] if len(form) >= CHARACTERS_NEEDED and any(one.isdecimal() for one in form) else None


def _by_number(scope: Scope, values: dict[str, Any]) -> str:
    """By its number as a whole; where the reader sees none such, by the end of a number, or by words of the facts."""
    seen, more = known_line(scope)
    values |= more
    exact = (
        f"EXISTS (SELECT 1 FROM case_number n JOIN case_board b USING (id) WHERE n.{BACKWARDS} = %(number)s"
        f" AND {seen} AND (n.framed OR {ALL_OF_IT}))"
    )
    found = (
        f"SELECT n.id FROM case_number n WHERE n.{BACKWARDS} = %(number)s"
        f" UNION ALL SELECT n.id FROM case_number n WHERE n.{BACKWARDS} LIKE %(number_end)s AND NOT {exact}"
        f" UNION ALL SELECT b.id FROM case_board b WHERE {OF_ITS_FACTS} AND NOT {exact}"
    )
    return f"b.id IN ({found}) AND ({ALL_OF_IT} OR {NUMBERED})"


def first(wanted: CaseFilter) -> str | None:
    """Which of those that are found stand first: those with the number, or with just this name; None: no search."""
    ranks = [NUMBERED] if number_asked(wanted.words) else []
    ranks += [WHOLE_PERSON] if wanted.party.strip() else []
    return f"({' OR '.join(ranks)})" if ranks else None
