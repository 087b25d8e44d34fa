"""The figures of the board, as data. To add one: a row here, and its labels in each language.

Tiles, tables, lists, pictures, the API, the docs and the tests of labels read this table: a figure and the list behind
it are one definition, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from application.figures.counting import (
    Check,
    Condition,
    Count,
    Figure,
    FigureGroup,
    Measure,
    RowKind,
    When,
    at_least,
    at_most,
    by,
    is_,
    is_not,
    not_told,
    on,
    refuse_unfit,
    told,
    yes,
)
from domain.case.mediations import PASSED_ON
from domain.shared.errors import Missing
from domain.shared.values import Level

REGISTERED = Count(where=())
RESOLVED = Count("resolved_on", where=(told("resolved_on"),))
CONCLUDED = Count("concluded_on", where=(told("concluded_on"),))
IN_EFFECT = Count("effect_on", where=(told("effect_on"),))
PROMISED = Count("promised_until", where=(told("promised_until"),))
CONFIRMABLE = Count("effect_on", where=(yes("confirmable"),))
ACTIVE = Count(when=When.DURING)
OFFERED = Count("offered_on")
BEGAN = Count("began_on")
SEEN_ELSEWHERE = ("police-110", "hotline-12345", "court-guided", "court-delegated", "court-entrusted")
LATE_DAYS = 3
"""A registration that is recorded so many days after it happened is late."""


def _settled_within(level: Level) -> Figure:
    """L 级以内化解: of what was resolved, what never reached a higher level."""
    within = Count("resolved_on", where=(told("resolved_on"), at_most("highest_rank", level.rank)))
    settled = FigureGroup.SETTLED
    return Figure(level.value, RowKind.DISPUTE, within, of=RESOLVED, cohort_of=REGISTERED, under=settled)


def _of(count: Count, *more: Condition) -> Count:
    return Count(count.day, count.when, (*count.where, *more))


def _under(group: FigureGroup, *figures: Figure) -> Iterator[Figure]:
    """They stand elsewhere than the others of their kind."""
    return (replace(one, under=group) for one in figures)


_DISPUTES = (
    Figure("registered", RowKind.DISPUTE, REGISTERED),
    Figure("open", RowKind.DISPUTE, Count(when=When.AT_THE_END, where=(not_told("closed_on"),))),
    Figure("resolved", RowKind.DISPUTE, RESOLVED),
    _settled_within(Level.VILLAGE),
    _settled_within(Level.TOWNSHIP),
    _settled_within(Level.COUNTY),
    _settled_within(Level.GRID),
    Figure(
        "resolution",
        RowKind.DISPUTE,
        RESOLVED,
        of=Count(
            when=When.DURING,
            where=(
                (
                    Condition("resolved_on", Check.IN_THE_WINDOW),
                    Condition("due_on", Check.BY_THE_END),
                    not_told("due_on"),
                ),
            ),
        ),
        cohort_of=Count(where=((told("resolved_on"), Condition("due_on", Check.BY_THE_END), not_told("due_on")),)),
    ),
    Figure(
        "days_to_resolve", RowKind.DISPUTE, RESOLVED, measure=Measure.MEDIAN, measured=("registered_on", "resolved_on")
    ),
    Figure(
        "nine_of_ten_days",
        RowKind.DISPUTE,
        RESOLVED,
        measure=Measure.NINE_OF_TEN,
        measured=("registered_on", "resolved_on"),
    ),
    Figure("reopened", RowKind.DISPUTE, Count("reopened_on", where=(told("reopened_on"),))),
    *_under(
        FigureGroup.SETTLED,
        Figure("raised", RowKind.DISPUTE, Count("raised_on", where=(told("raised_on"),)), of=ACTIVE),
    ),
    *_under(
        FigureGroup.LASTING,
        Figure(
            "became_criminal",
            RowKind.DISPUTE,
            Count("criminal_on", where=(told("criminal_on"),)),
            of=ACTIVE,
        ),
        Figure("followed_up", RowKind.DISPUTE, _of(RESOLVED, told("followed_up_on")), of=RESOLVED),
        Figure("responded", RowKind.DISPUTE, _of(RESOLVED, told("first_answer_on")), of=RESOLVED),
    ),
    *_under(
        FigureGroup.RECORDED,
        Figure(
            "entered_late",
            RowKind.DISPUTE,
            Count(where=(at_least("late_days", LATE_DAYS),)),
            of=REGISTERED,
        ),
    ),
    *_under(
        FigureGroup.MOVED,
        Figure("bounced", RowKind.DISPUTE, Count(where=(at_least("bounces", 1),)), of=REGISTERED),
        Figure("bounces", RowKind.DISPUTE, REGISTERED, measure=Measure.SUM, measured=("bounces",)),
    ),
)
CLOSED = Count("closed_on", where=(told("closed_on"), told("accepted_on")))
AGREED = Count("agreed_on", where=(told("agreed_on"),))
WITHIN_THE_HOUR = 60
_SIGNALS = (
    Figure("closed_at_once", RowKind.DISPUTE, _of(CLOSED, on("closed_on", "registered_on")), of=CLOSED),
    Figure("agreed_at_once", RowKind.DISPUTE, _of(AGREED, at_most("agreed_minutes", WITHIN_THE_HOUR)), of=AGREED),
    Figure("upgraded", RowKind.DISPUTE, Count(where=(yes("upgraded"),)), of=REGISTERED),
    Figure("closed_again", RowKind.DISPUTE, _of(CLOSED, by("reopened_on", "closed_on")), of=CLOSED),
    Figure(
        "unsigned",
        RowKind.MEDIATION,
        Count("agreed_on", where=(told("agreed_on"), not_told("effect_on"), not_told("ended_on"))),
        of=Count("agreed_on", where=(told("agreed_on"),)),
    ),
)
_MEDIATIONS = (
    Figure("concluded", RowKind.MEDIATION, CONCLUDED),
    Figure("success", RowKind.MEDIATION, _of(CONCLUDED, told("effect_on")), of=CONCLUDED),
    Figure(
        "on_time",
        RowKind.MEDIATION,
        Count("due_on", where=(told("concluded_on"), by("concluded_on", "due_on"))),
        of=Count("due_on", where=(told("due_on"), is_not("ground", *sorted(PASSED_ON)))),
    ),
    Figure(
        "performed",
        RowKind.MEDIATION,
        _of(PROMISED, told("performed_on"), by("performed_on", "promised_until")),
        of=PROMISED,
    ),
    Figure(
        "performed_money",
        RowKind.MEDIATION,
        PROMISED,
        of=PROMISED,
        measure=Measure.SUM,
        measured=("paid_in_time",),
        measured_of="promised",
    ),
    Figure("breached", RowKind.MEDIATION, _of(PROMISED, yes("breached")), of=PROMISED),
    Figure("confirmation_applied", RowKind.MEDIATION, _of(CONFIRMABLE, told("applied_on")), of=CONFIRMABLE),
    Figure("confirmed", RowKind.MEDIATION, _of(CONFIRMABLE, told("confirmed_on")), of=CONFIRMABLE),
)
_ANSWERED = Count("answered_on")


def _satisfied(key: str, *whose: Condition) -> Figure:
    answered = _of(_ANSWERED, *whose)
    return Figure(key, RowKind.ANSWER, _of(answered, is_("satisfaction", "satisfied")), of=answered)


_ANSWERS = (
    Figure("answers", RowKind.ANSWER, _ANSWERED),
    _satisfied("satisfied_applicants", is_("side", "applicant")),
    _satisfied("satisfied_respondents", is_("side", "respondent")),
    Figure(
        "satisfaction",
        RowKind.ANSWER,
        _of(_ANSWERED, is_("satisfaction", "satisfied")),
        of=_ANSWERED,
        mean_of=("satisfied_applicants", "satisfied_respondents"),
    ),
)
_REFERRALS = (
    Figure("referred", RowKind.REFERRAL, OFFERED),
    Figure("acknowledged", RowKind.REFERRAL, _of(OFFERED, told("acknowledged_on"))),
    Figure("in_time", RowKind.REFERRAL, _of(OFFERED, yes("in_time")), of=_of(OFFERED, told("in_time"))),
    Figure("silent", RowKind.REFERRAL, _of(OFFERED, yes("silent")), of=OFFERED),
    Figure("rejected", RowKind.REFERRAL, _of(OFFERED, yes("rejected")), of=OFFERED),
    Figure("accepted", RowKind.REFERRAL, _of(OFFERED, told("accepted_by")), of=OFFERED),
    Figure("accepted_late", RowKind.REFERRAL, _of(OFFERED, yes("accepted_late"))),
    Figure("returned", RowKind.REFERRAL, _of(OFFERED, yes("returned")), of=OFFERED),
    Figure(
        "days_in_transit",
        RowKind.REFERRAL,
        _of(OFFERED, told("transit_days")),
        measure=Measure.MEDIAN,
        measured=("transit_days",),
    ),
)
_ESCALATIONS = (
    Figure("requests", RowKind.ESCALATION, _of(BEGAN, is_("kind", "request"))),
    Figure("escalated", RowKind.ESCALATION, _of(BEGAN, is_("kind", "request", "call-up"))),
    Figure(
        "taken_up",
        RowKind.ESCALATION,
        _of(BEGAN, is_("kind", "request"), is_("stage", "accepted", "returned-down", "resolved")),
        of=_of(BEGAN, is_("kind", "request")),
    ),
    Figure("sent_back", RowKind.ESCALATION, _of(BEGAN, is_("stage", "sent-back", "returned-down"))),
    Figure("returned_down", RowKind.ESCALATION, _of(BEGAN, is_("stage", "returned-down"))),
    Figure("by_clock", RowKind.ESCALATION, _of(BEGAN, yes("by_clock"))),
    Figure("called_up", RowKind.ESCALATION, _of(BEGAN, is_("kind", "call-up"))),
    Figure("assigned_down", RowKind.ESCALATION, _of(BEGAN, is_("kind", "assign-down"))),
    Figure("supervised", RowKind.ESCALATION, _of(BEGAN, is_("kind", "supervision"))),
)
ZERO_DAYS = 30
_HITS = Count(where=(is_("source", *SEEN_ELSEWHERE),))
"""Disputes that another organ saw first (漏排)."""
_DUE = Count(where=(yes("due"), Condition("registered_on", Check.BY_THE_END)))
_REPORTED = Count(where=(told("reported_on"),))
_REPORTS = (
    Figure("sweep_coverage", RowKind.REPORT, _of(_DUE, told("reported_on")), of=_DUE),
    Figure("zero_share", RowKind.REPORT, _of(_REPORTED, yes("zero")), of=_REPORTED),
    Figure("reported_late", RowKind.REPORT, _of(_REPORTED, at_least("late_days", 1)), of=_REPORTED),
    Figure("sweep_finds", RowKind.REPORT, _REPORTED, measure=Measure.SUM, measured=("found",)),
    *_under(
        FigureGroup.SWEPT,
        Figure(
            "missed_finds",
            RowKind.DISPUTE,
            _of(_HITS, Condition("place", Check.ZERO_BEFORE, (ZERO_DAYS,))),
            of=_HITS,
        ),
    ),
)
_ALL = (
    *(*_DISPUTES, *_MEDIATIONS, *_ANSWERS, *_REFERRALS, *_ESCALATIONS, *_REPORTS),
    *_under(FigureGroup.SIGNALS, *_SIGNALS),
)
FIGURES: dict[str, Figure] = {one.key: one for one in _ALL}
for _one in FIGURES.values():
    refuse_unfit(_one)
"""小事不出村 and 矛盾不出镇 are the shares of `village` and `township`."""
OF_PLACES = ("registered", "open", "resolved", "village", "township", "success", "on_time", "entered_late")
"""What tables of places show, and what is published of each."""
FORMER: tuple[Figure, ...] = ()
"""Definitions that were in force before: what was published by them is computed by them."""
HEADLINE = "village"


class NoSuchDefinition(Missing):
    """There is no definition of this name and version."""


def definition(key: str, version: int) -> Figure:
    """Raises NoSuchDefinition."""
    for one in (*FIGURES.values(), *FORMER):
        if (one.key, one.version) == (key, version):
            return one
    raise NoSuchDefinition(figure=key, version=version)


GROUPS: dict[FigureGroup, tuple[Figure, ...]] = {
    group: tuple(one for one in FIGURES.values() if one.group is group) for group in FigureGroup
}
"""In which order boards show them."""

if TYPE_CHECKING:
    FigureKey = str
else:
    FigureKey = Literal[tuple(FIGURES)]
