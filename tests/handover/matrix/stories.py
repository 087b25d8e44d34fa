"""The cases of the matrix: in each state that a case can be in, and in each relation that a body can have to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.case.kinds import Paper
from tests.api.conftest import County
from tests.handover.matrix.marks import ANEW, Marks
from tests.handover.matrix.story import Story
from tests.referral.offices import begin, body, offer

Tell = Callable[[Story], None]


def registered(story: Story) -> None:
    story.registered_at("LW", by="WG")
    story.ends_chapter()
    story.noted("LW", "first")
    story.ends_chapter()


def under_way(story: Story) -> None:
    story.registered_at("LW")
    story.ends_chapter()
    story.mediated("LW", "first")
    story.ends_chapter()


def agreed(story: Story) -> None:
    under_way(story)
    owed = {"obligor": story.parties[1], "what": story.word("first"), "amount": 5, "due": "2026-12-31"}
    terms = {"terms": story.word("first"), "obligations": [owed]}
    story.at("LW").act("reach-agreement", mediation=1, **terms)
    story.ends_chapter()


def closed(story: Story) -> None:
    under_way(story)
    end = {"because": "failed", "remedies_told": True, "account": story.word("first")}
    story.at("LW").act("end-mediation", mediation=1, **end)
    story.at("LW").act("close-case", result="failed", account=story.word("first"))
    story.ends_chapter()


def archived(story: Story) -> None:
    closed(story)
    for paper in Paper:
        story.at("LW").act("file-paper", paper=paper, sha256="ab" * 32)
    story.at("LW").act("archive-case")
    story.ends_chapter()


def merged(story: Story) -> None:
    story.registered_at("LW")
    story.ends_chapter()
    into = story.county.as_("li.ming").register(facts="另一件")
    story.at("LW").act("merge-case", into=into.id, reason=story.word("first"))
    story.ends_chapter()


def requested(story: Story) -> None:
    story.registered_at("LW", by="WG")
    story.mediated("LW", "first")
    story.ends_chapter()
    ask = {"to": body("HK"), "because": "too-complex", "account": story.word("first")}
    story.escalation = begin(story.at("LW"), "LW", "request-escalation", **ask)
    story.ends_chapter()


def sent_back(story: Story) -> None:
    requested(story)
    assert story.escalation
    story.escalation.act("HK", "send-back-escalation", because="other", reason=story.word("answer"))
    story.ends_chapter()
    story.noted("LW", "later")
    story.ends_chapter()


def taken_up(story: Story) -> None:
    requested(story)
    assert story.escalation
    story.escalation.act("HK", "accept-escalation")
    story.ends_chapter()
    story.noted("HK", "above")
    story.mediated("HK", "above", 2)
    correct_name(story, "HK", "above")
    story.ends_chapter()


def sent_down(story: Story) -> None:
    taken_up(story)
    assert story.escalation
    story.escalation.act("HK", "return-down", because="other", reason=story.word("above"))
    story.ends_chapter()
    story.noted("LW", "later")
    correct_name(story, "LW", "later")
    story.ends_chapter()


def correct_name(story: Story, code: str, label: str) -> None:
    phone, reason = story.phone(label), story.word(label)
    story.at(code).act("correct-party", party=story.parties[0], phone=phone, reason=reason)


def offered(story: Story) -> None:
    story.registered_at("JY")
    story.mediated("JY", "first")
    story.ends_chapter()
    first, second = story.parties
    at = story.at("JY")
    proof = {"party": first, "kind": "document", "description": story.word("given"), "sha256": "ab" * 32}
    entry = at.act("file-evidence", **proof)
    at.act("file-evidence", party=second, kind="document", description=story.word("first"), sha256="ef" * 32)
    content: dict[str, Any] = {"parties": [first], "contacts": [], "facts": False, "amount": False, "entries": [entry]}
    story.referral = offer(at, "transfer", "LW", "SQ", content=content, note=story.word("offer"))
    story.ends_chapter()


def accepted(story: Story) -> None:
    offered(story)
    assert story.referral
    story.referral.act("SQ", "reject-referral", because="other", reason=story.word("SQ"))
    story.referral.act("LW", "acknowledge-referral")
    story.referral.act("LW", "accept-referral", note=story.word("LW-word"))
    story.mediation = 2
    story.ends_chapter()
    story.noted("LW", "LW")
    told = {"name": "代理", "phone": story.phone("LW")}
    story.at("LW").act("represent-party", party=story.parties[0], **told)  # whose own number it was not told
    when = {"at": "2026-12-02T10:00:00+08:00", "where": story.word("LW")}
    story.entry = story.at("LW").act("schedule-session", mediation=2, **when)
    story.ends_chapter()


def returned(story: Story) -> None:
    accepted(story)
    end = {"because": "failed", "remedies_told": True, "account": story.word("LW")}
    story.at("LW").act("end-mediation", mediation=2, **end)
    story.ends_chapter()
    story.noted("JY", "later")
    anew = {"changes": {"where": story.word(ANEW)}, "reason": story.word("later")}
    story.at("JY").act("correct-entry", entry=story.entry, **anew)
    correct_name(story, "JY", "later")
    story.ends_chapter()


def joined(story: Story) -> None:
    story.registered_at("LW")
    story.mediated("LW", "first")
    story.ends_chapter()
    content = {"parties": story.parties[:1], "contacts": [], "facts": False, "amount": False, "entries": []}
    story.referral = offer(story.at("LW"), "invite", "GA", content=content, note=story.word("offer"))
    story.referral.act("GA", "accept-referral", note=story.word("GA"))
    story.ends_chapter()
    story.session("LW", "joint")
    story.noted("LW", "first")
    story.ends_chapter()


TOLD: dict[str, Tell] = {
    one.__name__: one
    for one in (registered, under_way, agreed, closed, archived, merged, requested, sent_back, taken_up, sent_down)
} | {one.__name__: one for one in (offered, accepted, returned, joined)}


def told(county: County, marks: Marks) -> dict[str, Story]:
    found = {}
    for name, tell in TOLD.items():
        tell(story := Story(name, county, marks))
        found[name] = story
    county.parts.projector.catch_up()
    county.parts.proof.seal()
    return found
