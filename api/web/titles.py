"""What a case is called on a page: by its people and its matter. Its number stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

from api.labels import Language, labels, word
from application.case.waiting import WaitsFor
from domain.case.case import DisputeCase
from domain.case.kinds import Side

FORMS = {
    WaitsFor.ACCEPT: "record-meeting",
    WaitsFor.MEET: "record-meeting",
    WaitsFor.SIGN: "record-signing",
    WaitsFor.PERFORM: "record-closing",
    WaitsFor.FOLLOW_UP: "record-closing",
    WaitsFor.CLOSE: "record-closing",
    WaitsFor.ARCHIVE: "record-closing",
}
EXCERPT = "…"


def next_form(waits_for: str | None) -> str | None:
    """The form by which that is done which the case waits for."""
    return FORMS[WaitsFor(waits_for)] if waits_for else None


def cut(text: str, longest: int) -> str:
    """With a mark where something is left out."""
    return text if len(text) <= longest else f"{text[: longest - 1]}{EXCERPT}"


def titled(applicants: str, respondents: str, category: str | None, language: Language) -> str:
    """Of names that are joined by 、, as a list has them."""
    return title_of(
        [*filter(None, applicants.split("、"))], [*filter(None, respondents.split("、"))], category, language
    )


def title_of(applicants: Sequence[str], respondents: Sequence[str], category: str | None, language: Language) -> str:
    words = labels(language)["page"]
    sides = [_first(names, str(words["and_others"])) for names in (applicants, respondents) if names]
    people = str(words["people_and"]).join(sides) if sides else str(words["nobody_named"])
    return f"{people} · {word(language, 'category', category)}" if category else people


def _first(names: Sequence[str], others: str) -> str:
    return names[0] if len(names) == 1 else others.format(name=names[0], number=len(names))


def title_of_case(case: DisputeCase, language: Language) -> str:
    """Of those who are in it, as its reader reads their names."""
    present = [case.parties[id] for id in case.parties if id in case.present_parties]
    sides = ([one.details.name for one in present if one.side is side] for side in (Side.APPLICANT, Side.RESPONDENT))
    applicants, respondents = sides
    return title_of(applicants, respondents, case.category, language)


THROUGH = (
    ("/print/", "print"),
    ("/papers/", "print"),
    ("/files/", "file"),
    ("/replay", "replay"),
    ("/history", "replay"),
    ("/diff", "replay"),
    ("bundle", "bundle"),
    (".{kind}", "export"),
    ("/looks", "looks"),
    ("/readers", "looks"),
    ("/do/", "form"),
    ("/record-", "form"),
    ("/new", "form"),
    ("/referrals", "handover"),
    ("/escalations", "handover"),
    ("/levels", "handover"),
    ("/amendments", "list"),
    ("/search", "list"),
    ("/cases/{id}", "case"),
    ("/cases", "list"),
)
"""By what a route is known, the narrowest first."""


def through(told: str, language: Language) -> str:
    """Of a method and a route: what somebody looked at a case through, in words; and whether by a program."""
    kind = next((kind for part, kind in THROUGH if part in told), "list")
    words = word(language, "through", kind)
    return f"{words} (API)" if " /api" in told else words
