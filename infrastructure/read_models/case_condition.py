"""The one condition for lists and figures of cases: what the reader may see, and what is wanted of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from application.case.row import bigrams, number_form
from application.figures.case_figures import COLUMNS, CaseFilter, Move
from application.figures.definitions import FIGURES, CountedBy, Figure
from application.figures.queues import Queue
from application.rights import Scope
from domain.case.opening.listed import LISTED_FIELDS
from domain.shared.errors import Refused
from infrastructure.privacy.person_tokens import PersonTokens
from infrastructure.read_models.case import BACKWARDS, PERSONS, READER, WORDS
from infrastructure.read_models.case_queues import QUEUES

CHARACTERS_NEEDED = 2
REGISTERED = FIGURES["registered"]
DAYS = {
    CountedBy.REGISTERED: "b.registered_on",
    CountedBy.OPEN_AT_THE_END: "b.registered_on",
    CountedBy.RESOLVED: "b.resolved_on",
    CountedBy.CLOSED: "b.closed_on",
}
IN_THE_WINDOW = "(%(since)s::date IS NULL OR {day} >= %(since)s) AND (%(until)s::date IS NULL OR {day} <= %(until)s)"


class TooShortToSearch(Refused):
    """A search needs two characters or more."""


def condition(scope: Scope, wanted: CaseFilter, persons: PersonTokens) -> tuple[str, dict[str, Any]]:
    """WHERE and its values: of what the scope lets see, what is wanted. Every list and figure goes through here."""
    figure = FIGURES[wanted.outcome] if wanted.outcome else REGISTERED
    where, values = common(scope, wanted, day_of(figure, wanted.cohort), persons)
    parts = [where, "b.status <> 'merged'"] if wanted.outcome or wanted.cohort else [where]
    if wanted.moved is Move.BOUNCED:
        parts.append("b.bounces > 0")
    if wanted.moved and wanted.moved is not Move.BOUNCED:
        parts.append(_moved(scope, wanted.moved))
    elif wanted.since or wanted.until or wanted.outcome:
        parts.append(counts(figure, wanted.cohort))
    return " AND ".join(parts), values | {"since": wanted.since, "until": wanted.until}


def common(scope: Scope, wanted: CaseFilter, day: str, persons: PersonTokens) -> tuple[str, dict[str, Any]]:
    """All but what is counted. `day`: the column by which it is said in which area a case lay."""
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
    _lie_in(wanted, day, parts, values)
    _search(scope, wanted, parts, values, persons)
    return " AND ".join(parts), values


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


def of_escalations(scope: Scope, table: str = "e") -> str:
    """The same of an escalation, of its two sides."""
    sides = ITS_SIDE.format(sides=f"ARRAY[{table}.below, {table}.above]")
    return ALL_OF_IT if scope.everything else f"({ALL_OF_IT} OR {sides})"


def _lie_in(wanted: CaseFilter, day: str, parts: list[str], values: dict[str, Any]) -> None:
    if wanted.area:
        parts.append(
            "EXISTS (SELECT 1 FROM area_closure c WHERE c.area_id = b.place AND c.ancestor_id = %(area)s"
            f" AND c.valid_from <= {day} AND {day} < c.valid_until)"
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


def counts(figure: Figure, cohort: bool) -> str:
    """Which cases the figure counts. Period: the day of what is counted lies in the window. Cohort: the day of
    registration does. Its values are `since` and `until`; all else is ours, never a reader's."""
    parts = []
    if figure.counted_by is CountedBy.RESOLVED:
        parts.append("b.resolved_on IS NOT NULL")
    if figure.counted_by is CountedBy.CLOSED:
        parts.append("b.closed_on IS NOT NULL")
    if figure.counted_by is CountedBy.OPEN_AT_THE_END:
        parts.append(OPEN_AT_THE_END)
    if cohort or figure.counted_by is not CountedBy.OPEN_AT_THE_END:
        parts.append(IN_THE_WINDOW.format(day=day_of(figure, cohort)))
    if figure.highest:
        parts.append(f"b.highest_rank <= {figure.highest.rank:d}")
    if figure.results:
        parts.append("b.result IN ({})".format(", ".join(f"'{one.value}'" for one in sorted(figure.results))))
    return " AND ".join(parts)


def day_of(figure: Figure, cohort: bool) -> str:
    """The column whose day also says in which area the case lay."""
    return "b.registered_on" if cohort else DAYS[figure.counted_by]


REFERRALS = {
    Move.REFERRED: "true",
    Move.IN_TIME: "r.answered_in_time",
    Move.REJECTED: "(r.stage IN ('rejected', 'upheld') OR r.ground IS NOT NULL)",
    Move.SILENT: "r.silent",
    Move.RETURNED: "r.stage = 'returned'",
}
ESCALATIONS = {
    Move.ESCALATED: "r.kind IN ('request', 'call-up')",
    Move.SENT_BACK: "r.stage IN ('sent-back', 'returned-down')",
    Move.BY_CLOCK: "r.by_clock",
    Move.SUPERVISED: "r.kind = 'supervision'",
}


def _moved(scope: Scope, move: Move) -> str:
    """By the day of the offer, or of the request."""
    table, day = ("referral_board", "r.offered_on") if move in REFERRALS else ("escalation_board", "r.began_on")
    which, told = {**REFERRALS, **ESCALATIONS}[move], of_referrals(scope)
    told = told if move in REFERRALS else of_escalations(scope, "r")
    window = IN_THE_WINDOW.format(day=day)
    return f"EXISTS (SELECT 1 FROM {table} r WHERE r.case_id = b.id AND {which} AND {told} AND {window})"


OPEN_AT_THE_END = (
    "(%(until)s::date IS NULL AND b.closed_on IS NULL OR b.registered_on <= %(until)s"
    " AND (b.closed_on IS NULL OR b.closed_on > %(until)s))"
)
"""Registered and not yet closed when the window ends."""
