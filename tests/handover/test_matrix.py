"""Officer × story × address × moment, and each command: nobody reads, finds or does more than the rules say.

A cell is asked over HTTP and held against rules that are written a second time by hand: tests/handover/matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from tests.api.conftest import County
from tests.effort import times
from tests.handover.matrix import addresses, rules
from tests.handover.matrix.addresses import Asked
from tests.handover.matrix.marks import ANEW, Mark, Marks
from tests.handover.matrix.rules import ALL, OFFICERS, Officer
from tests.handover.matrix.stories import TOLD, told
from tests.handover.matrix.story import Story

EVERY_NTH = times(test=41, soak=1)
LEAST = 20_000
STALE = {"If-Match": '"999999"'}
Cell = tuple[Officer, Story | None, Asked]


@pytest.fixture(scope="module")
def stories(county: County) -> dict[str, Story]:
    return told(county, Marks())


def of_story(story: Story) -> list[Cell]:
    asked = [*addresses.of_case(story), *addresses.beside(story), *addresses.commands(story)]
    asked += addresses.searches(story)
    return [(who, story, one) for who in OFFICERS for one in asked]


def of_lists() -> list[Cell]:
    return [(who, None, one) for who in OFFICERS for one in addresses.lists()]


@pytest.mark.parametrize("name", TOLD)
def test_each_cell_of_a_story(county: County, stories: dict[str, Story], name: str) -> None:
    before = county.events()
    cells = of_story(stories[name])

    wrong = [fault for at, cell in enumerate(cells) if at % EVERY_NTH == 0 for fault in faults(county, stories, cell)]

    assert not wrong, summed_up(wrong)
    assert county.events() == before


def test_each_cell_of_the_lists(county: County, stories: dict[str, Story]) -> None:
    wrong = [fault for cell in of_lists() for fault in faults(county, stories, cell)]

    assert not wrong, summed_up(wrong)


@pytest.mark.parametrize("who", OFFICERS[:-1], ids=lambda who: who.login)
def test_a_list_holds_just_the_cases_that_its_reader_reads(
    county: County, stories: dict[str, Story], who: Officer
) -> None:
    desk = county.as_(who.login)
    listed = desk.get("/api/cases", limit=200, count=True).json()
    found = {line["id"]: line["whole"] for line in listed["cases"]}

    for name, story in stories.items():
        told = rules.reads(who, name)
        assert found.get(story.case.id) == (None if not told else told == ALL), name
    assert listed["count"] == len(found)


def test_there_are_so_many_cells(stories: dict[str, Story]) -> None:
    count = sum(len(of_story(one)) for one in stories.values()) + len(of_lists())

    assert count > LEAST
    assert count // EVERY_NTH > 1_000


def summed_up(wrong: list[str]) -> str:
    kinds = Counter(one.split("|")[0] for one in wrong)
    return f"{len(wrong)} cells: {dict(kinds)}\n" + "\n".join(wrong[:40])


def faults(county: County, stories: dict[str, Story], cell: Cell) -> Iterator[str]:
    who, story, asked = cell
    answer = ask(county, who, asked)
    at = f"{who.login or 'nobody'} {story.name if story else ''} {asked.path.rpartition('/')[2]} {dict(asked.query)}"
    if answer.status_code not in (expected := statuses(who, story, asked)):
        yield f"status {asked.kind}|{at}: {answer.status_code} and not {expected} {asked.command} {answer.text[:150]}"
    text = unescape(f"{answer.headers} {answer.text}")
    for mark in marks(stories).found_in(text if asked.kind != "search" else ""):
        if not rules.may_be_shown(mark, who, chapter(story, asked, mark)):
            yield f"leak {asked.kind}|{at}: {mark}"
    if asked.kind == "search" and story:
        yield from wrongly_found(story, who, asked, answer, at)


def chapter(story: Story | None, asked: Asked, mark: Mark) -> int:
    known_now = mark.label == ANEW and "effective_at" in asked.query and "as_of" not in asked.query
    return 99 if story is None or mark.story != story.name or known_now else asked.chapter


def marks(stories: dict[str, Story]) -> Marks:
    return next(iter(stories.values())).marks


def ask(county: County, who: Officer, asked: Asked) -> Any:
    token = county.as_(who.login).county.tokens[who.login] if who.login else ""
    headers = {"Cookie": f"tiaojie-session-80={token}"} if asked.is_page else {"Authorization": f"Bearer {token}"}
    headers = headers if token else {}
    if asked.content is not None:
        return county.http.post(asked.path, json=dict(asked.content), headers={**headers, **STALE})
    return county.http.get(asked.path, params=dict(asked.query), headers=headers, follow_redirects=False)


def statuses(who: Officer, story: Story | None, asked: Asked) -> set[int]:
    if who.role == "nobody":
        return {303 if asked.is_page else 401}
    if story is None or asked.kind == "search":
        return {200, 303} if asked.path == "/" else {200}
    match asked.kind:
        case "command" | "step":
            return {rules.asked_of_case(who, story.name, asked.command, asked.kind == "step")}
        case "begin":
            return {rules.begun(who, story.name, asked.command)}
        case "on referral" | "on escalation":
            return {rules.gone_on(who, story.name, asked.command, asked.kind.removeprefix("on "))}
        case "referral" | "escalation":
            return of_handover(who, story, asked)
    return of_case(who, story, asked)


def of_case(who: Officer, story: Story, asked: Asked) -> set[int]:
    told = rules.reads(who, story.name)
    if not told or asked.chapter < 0:
        return {404}
    some = asked.kind == "paper" or (asked.kind == "receipt" and told != ALL)
    return {200, 404} if some else {200}


def of_handover(who: Officer, story: Story, asked: Asked) -> set[int]:
    """It began in the midst of the story."""
    told = rules.reads_beside(who, story.name, asked.kind)
    if not told or asked.chapter < 0:
        return {404}
    return {200} if asked.chapter == 99 else {200, 404}


def wrongly_found(story: Story, who: Officer, asked: Asked, answer: Any, at: str) -> Iterator[str]:
    mark: Mark = story.marks.made[asked.query["mark"]]
    if answer.status_code != 200:
        return
    found = story.case.id in {one["id"] for one in answer.json()["cases"]}
    if found and not rules.may_be_shown(mark, who, 99):
        yield f"found|{at}: {mark}"
