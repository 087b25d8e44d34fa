"""Every address of a story, at every moment, and every command: what is asked in a cell of the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from api.labels.names import kebab
from application.escalation.rights import BEGINNING, STEPS
from application.referral.rights import ANSWERS
from domain.case.commands import MediationCommand
from domain.case.lists import COMMANDS
from domain.office.officer import officer_id
from domain.shared.values import BodyId, CaseId, OfficerId
from tests.handover.matrix.least import FUTURE, least
from tests.handover.matrix.story import Story
from tests.referral.offices import body


@dataclass(frozen=True)
class Asked:
    """`kind`: which rule it is held against. `chapter`: whatever is recorded later is not of its moment; -1: it is of a
    moment before there was anything."""

    kind: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    chapter: int = 99
    content: Mapping[str, Any] | None = None
    command: str = ""

    @property
    def is_page(self) -> bool:
        return not self.path.startswith("/api/")


def moments(story: Story) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Each way to name a moment, and the chapter of which it is."""
    first, last = story.chapters[0], story.chapters[-1]
    middle = story.chapters[len(story.chapters) // 2]
    before = (story.born - timedelta(minutes=1)).isoformat()
    yield {}, 99
    yield {"version": 1}, 0
    for at in {0, len(story.chapters) // 2, len(story.chapters) - 1}:
        yield {"version": story.chapters[at].version}, at
    yield {"as_of": before}, -1
    yield {"effective_at": before}, -1
    for at, one in ((0, first), (len(story.chapters) // 2, middle), (len(story.chapters) - 1, last)):
        yield {"as_of": one.moment.isoformat()}, at
        yield {"effective_at": one.moment.isoformat()}, at
    yield {"as_of": middle.moment.isoformat(), "effective_at": first.moment.isoformat()}, 0


def of_case(story: Story) -> Iterator[Asked]:
    api, page = f"/api/cases/{story.case.id}", f"/cases/{story.case.id}"
    papers = [f"{page}/print/{one}" for one in ("record", "agreement", "rights")]
    for query, chapter in moments(story):
        for path in (api, f"{api}/actions", page):
            yield Asked("case", path, query, chapter)
        for path in (f"{api}/referrals", f"{api}/escalations"):
            yield Asked("case", path, query, chapter)
        for path in papers:
            yield Asked("paper", path, query, chapter)
    for path in (f"{api}/history", f"{page}/replay", f"{page}/refer", f"{page}/do/write-note", f"{api}/bundle"):
        yield Asked("case", path)
    for path in (f"{page}/do/correct-entry", f"{page}/do/strike-entry", f"{page}/do/correct-party"):
        yield Asked("case", path)
    yield Asked("case", f"{api}/diff", {"from": 1, "to": 3})
    yield Asked("case", f"{page}/replay", {"at": 2, "beside": 4})
    for number in (1, 3, 5, story.chapters[-1].version):
        yield Asked("receipt", f"{api}/entries/{number}/receipt")
        yield Asked("receipt", f"{api}/steps/{number}/receipt")


def beside(story: Story) -> Iterator[Asked]:
    for folder, one in (("referral", story.referral), ("escalation", story.escalation)):
        if one is None:
            continue
        api, page = (f"{root}/cases/{story.case.id}/{folder}s/{one.id}" for root in ("/api", ""))
        for query, chapter in moments(story):
            if "version" not in query or query["version"] == 1:
                at = 99 if "version" in query else chapter
                for path in (api, f"{api}/actions", page):
                    yield Asked(folder, path, query, at)


LISTS = ("/api/cases", "/api/figures", "/api/figures/moving", "/api/figures/flow", "/api/referrals", "/api/escalations")
PAGES = ("/", "/cases", "/referrals", "/levels", "/bridge", "/dashboard")


def lists() -> Iterator[Asked]:
    for path in (*LISTS, *PAGES):
        yield Asked("list", path)
    for path in ("/api/referrals", "/api/escalations", "/referrals"):
        for box in ("in", "out"):
            yield Asked("list", path, {"box": box, "open": "false"})
    for status in ("registered", "open", "closed", "archived", "merged"):
        yield Asked("list", "/api/cases", {"status": status, "limit": 200, "count": "true"})
    for risk in ("red", "low"):
        yield Asked("list", "/cases", {"risk": risk})


def searches(story: Story) -> Iterator[Asked]:
    """By each of its marks: what is found by a word that the reader may not read."""
    for number, mark in enumerate(story.marks.made):
        if mark.story == story.name and not mark.masked:
            for way in ("words", "party"):
                yield Asked("search", "/api/cases/search", {"mark": number}, content={way: f"密{number}密"})


def commands(story: Story) -> Iterator[Asked]:
    path, first, second = f"/api/cases/{story.case.id}", *story.parties
    content, known = contents(story.case.id, first, second), around(story.case.id, second)
    for one in COMMANDS:
        name, of_a_mediation = kebab(one), issubclass(one, MediationCommand)
        if one.for_officers() and name != "receive-request" and (story.mediation or not of_a_mediation):
            kind = "step" if of_a_mediation else "command"
            asked = {"mediation": story.mediation} if of_a_mediation else {}
            said = asked | least(one, content.get(name, {}), known)
            yield Asked(kind, f"{path}/{name}", content=said, command=name)
    evidence = {**content["file-evidence"], "party": second}
    yield Asked("command", f"{path}/file-evidence", content=evidence, command="file-evidence-of")
    opening = {"offer-referral": "referrals", **{kebab(one): "escalations" for one in BEGINNING}}
    for name, folder in opening.items():
        yield Asked("begin", f"{path}/{folder}/{name}", content=content[name], command=name)
    for folder, handover, known in (("referral", story.referral, ANSWERS), ("escalation", story.escalation, STEPS)):
        for step in known if handover else ():
            name = kebab(step)
            assert handover
            said = least(step, content.get(name, {}), known)
            yield Asked(f"on {folder}", f"{path}/{folder}s/{handover.id}/{name}", content=said, command=name)


def around(case: str, party: str) -> dict[Any, Any]:
    """What a command points at. Persons are those of whom a part's reader knows nothing."""
    me = str(officer_id("li.ming"))
    return {"party": party, "mediator": me, OfficerId: me, BodyId: body("QX"), CaseId: case}


def contents(case: str, first: str, second: str) -> dict[str, dict[str, Any]]:
    """What the least that a command says has, beside what its types tell."""
    me, why, party = str(officer_id("li.ming")), {"reason": "因为"}, {"party": second}
    given = {"parties": [first], "contacts": [], "facts": False, "amount": False, "entries": []}
    offer = {"kind": "transfer", "to": [body("SQ")], "content": given, "consented": [first, second]}
    other, mine, ruling, owed = {"because": "other", **why}, {"mediator": me}, {"ruling": "号"}, {"obligation": 1}
    return {
        "register-case": {"place": body("LW"), "facts": "事"},
        "decline-case": {"because": "no-party", "remedies_told": True},
        "add-party": {"side": "third", "name": "丙"},
        **dict.fromkeys(("correct-party", "withdraw-party", "check-identity", "refuse-mediation"), party),
        **dict.fromkeys(("give-consent", "withdraw-consent", "sign-agreement"), party),
        "represent-party": {**party, "name": "代理"},
        "tell-rights": {"parties": [second]},
        "succeed-party": {**party, "side": "applicant", "name": "继", "paper": "ab" * 32},
        "record-accident-finding": {"received_on": "2026-06-01"},
        "file-handover-letter": {"mandate": "transferred", "organ": "police", "sha256": "ab" * 32},
        "answer-risk-report": {"report": 1, "answer": "答"},
        "record-hearing": {"matter": 1, "first_day": FUTURE, "last_day": FUTURE},
        "refuse-to-sign": party,
        "amend-agreement": {"terms": "协议", "signed": [first, second], **mine},
        "extend-confirmation": {"until": FUTURE, "approved_by": "院长", **why},
        "withdraw-confirmation": {"parties": [first, second]},
        "revoke-confirmation": ruling,
        "seek-remedy": {"applicant": first, "remedy": "enforcement"},
        "decide-remedy": {"granted": True, **ruling},
        "classify-case": {"category": "other"},
        "rate-difficulty": {"difficulty": "complex"},
        "rate-risk": {"risk": "red"},
        "report-risk": {"recipient": "other", "recipient_name": "派出所"},
        "state-amount": {"amount": 1},
        "note-proceedings": {"organ": "other"},
        "end-proceedings": {"matter": 1, "settled": False},
        "extend-matter": {"matter": 1, "until": FUTURE, "approved_by": "院长", **why},
        **dict.fromkeys(("propose-mediator", "acknowledge-assignment", "recuse-mediator", "sign-as-mediator"), mine),
        "accept-mediator": {"mediator": me, "parties": [second]},
        "replace-mediator": {"mediator": me, "successor": str(officer_id("lw2"))},
        "join-participant": {"name": "参与", "consented": [first, second]},
        "pause-mediation": {"appraisal": "鉴定"},
        "end-mediation": {"because": "failed"},
        "extend-mediation": {"until": FUTURE, "consented": [first, second]},
        "schedule-session": {"at": f"{FUTURE}T10:00:00+08:00"},
        "hold-session": {"attended": [first, second], "record": "记录"},
        "adjourn-session": {"session": 1, "to": f"{FUTURE}T10:00:00+08:00"},
        "file-evidence": {"kind": "document", "sha256": "ab" * 32},
        "file-paper": {"paper": "evidence", "sha256": "ab" * 32},
        "write-note": {"note": "记"},
        "reach-agreement": {"terms": "协议"},
        "record-court-document": {"reference": "号"},
        "apply-for-confirmation": {"applicants": [first, second], "court": "法院"},
        **dict.fromkeys(("grant-confirmation", "dismiss-confirmation"), ruling),
        **dict.fromkeys(("perform-obligation", "breach-obligation"), owed),
        "appoint-lead": {"official": "镇长", "post": "镇长"},
        "follow-up": {"findings": "好"},
        "record-satisfaction": {**party, "satisfaction": "satisfied"},
        "close-case": {"result": "failed"},
        "reopen-case": why,
        "merge-case": {"into": case, **why},
        "split-case": {"parties": [second], "facts": "事", **why},
        "correct-entry": {"entry": 1, **why},
        "strike-entry": {"entries": [1], **why},
        "offer-referral": offer,
        "reroute-referral": {**offer, **why},
        **dict.fromkeys(("reject-referral", "send-back-escalation", "return-down"), other),
        **dict.fromkeys(("object-to-referral", "withdraw-referral", "withdraw-escalation"), why),
        "decide-objection": {"agreed": True},
        "ask-back": {"question": "问"},
        "answer-question": {"answer": "答"},
        "return-referral": {"outcome": "failed"},
        "request-escalation": {"to": body("QX"), "because": "too-complex"},
        "call-up-case": {"because": "risk", **why},
        "assign-case-down": {"to": body("LW"), **why},
        "supervise-case": {"because": "risk", "report_by": FUTURE, "demand": "办"},
        "urge-supervision": {"words": "催"},
        "report-supervision": {"account": "报"},
    }
