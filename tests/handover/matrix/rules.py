"""The rules of reading and acting, written a second time by hand: nothing here asks application/rights or the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.handover.matrix.marks import Mark

ALL = frozenset({"*"})
NOTHING = frozenset[str]()


@dataclass(frozen=True)
class Officer:
    """`area`: whether the place of every story, and of every holder's seat, lies in what they answer for."""

    login: str
    role: str
    body: str
    area: bool = False


OFFICERS = (
    Officer("li.ming", "mediator", "LW"),
    Officer("lw2", "mediator", "LW"),
    Officer("grid", "grid", "WG"),
    Officer("shi.qiao", "mediator", "SQ"),
    Officer("ping.tou", "mediator", "PT"),
    Officer("hk2", "mediator", "HK"),
    Officer("town", "coordinator", "HK", area=True),
    Officer("zong.zhi", "coordinator", "ZZ", area=True),
    Officer("xian", "coordinator", "QX", area=True),
    Officer("leader", "leader", "QX", area=True),
    Officer("auditor", "auditor", "QX", area=True),
    Officer("admin", "admin", "QX"),
    Officer("shi.jian", "mediator", "JY"),
    Officer("min.jing", "mediator", "GA"),
    Officer("fa.guan", "mediator", "FY"),
    Officer("", "nobody", ""),
)


@dataclass(frozen=True)
class Relations:
    """Of one story, as it stands at its end. `whole`, `part`: which bodies read the case, and of a part the labels;
    `acting`: those that record its steps; `mediating`: those of the mediation that commands are asked of."""

    whole: frozenset[str]
    part: Mapping[str, frozenset[str]]
    acting: frozenset[str]
    mediating: frozenset[str] = NOTHING
    holder: str = "LW"
    referral: Mapping[str, frozenset[str]] | None = None
    """What each side reads of the referral, and of the case on its page; whoever reads all of the case, all of it."""
    escalation: Mapping[str, frozenset[str]] | None = None
    roles: Mapping[str, str] | None = None
    """Of the referral or the escalation: who is its sender, receivers, acceptor; or above and below."""


def of(*bodies: str) -> frozenset[str]:
    return frozenset(bodies)


FIRST = of("first", "given")
OWN = Relations(of("LW"), {}, of("LW"), of("LW"))
TRANSFER = {"JY": "sender", "LW": "receiver", "SQ": "receiver"}
LEVELS = {"LW": "below", "HK": "above"}
RELATIONS: Mapping[str, Relations] = {
    "registered": Relations(of("LW", "WG"), {}, of("LW", "WG")),
    **dict.fromkeys(("under_way", "agreed", "closed", "archived"), OWN),
    "merged": Relations(of("LW"), {}, of("LW")),
    "requested": Relations(
        of("LW", "WG", "HK"), {}, of("LW", "WG"), of("LW"), escalation={"LW": ALL, "HK": ALL}, roles=LEVELS
    ),
    # HK was asked and said no: it read until then, and the village goes on alone.
    "sent_back": Relations(
        of("LW", "WG"),
        {"HK": FIRST | {"answer"}},
        of("LW", "WG"),
        of("LW"),
        escalation={"LW": ALL, "HK": FIRST | {"answer"}},
        roles=LEVELS,
    ),
    # The village held it until the town took it up; whoever registered for the village reads as the village does.
    "taken_up": Relations(
        of("HK"),
        {"LW": FIRST, "WG": FIRST},
        of("HK"),
        of("HK"),
        "HK",
        escalation={"LW": FIRST, "HK": ALL},
        roles=LEVELS,
    ),
    # Home again, with all that was done above; the town read until it gave it back.
    "sent_down": Relations(
        of("LW", "WG"),
        {"HK": FIRST | {"above"}},
        of("LW"),
        of("HK"),
        escalation={"LW": ALL, "HK": FIRST | {"above"}},
        roles=LEVELS,
    ),
    # Nobody but the market office reads the case; of the offer, its receivers what was given.
    "offered": Relations(
        of("JY"),
        {},
        of("JY"),
        of("JY"),
        "JY",
        referral={"JY": ALL, "LW": of("given", "offer"), "SQ": of("given", "offer")},
        roles=TRANSFER,
    ),
    "accepted": Relations(
        NOTHING,
        {"JY": FIRST, "LW": of("given", "LW", "LW-word")},
        of("LW"),
        of("LW"),
        "LW",
        referral={
            "JY": FIRST | {"offer", "SQ", "LW-word"},
            "LW": of("given", "offer", "LW", "LW-word"),
            "SQ": of("offer", "SQ"),
        },
        roles={**TRANSFER, "LW": "acceptor"},
    ),
    "returned": Relations(
        of("JY"),
        {"LW": of("given", "LW", "LW-word")},
        of("JY"),
        of("LW"),
        "JY",
        referral={"JY": ALL, "LW": of("given", "offer", "LW", "LW-word"), "SQ": of("offer", "SQ")},
        roles={**TRANSFER, "LW": "acceptor"},
    ),
    "joined": Relations(
        of("LW"),
        {"GA": of("given", "joint", "GA")},
        of("LW", "GA"),
        of("LW", "GA"),
        referral={"LW": ALL, "GA": of("given", "offer", "joint", "GA")},
        roles={"LW": "sender", "GA": "acceptor"},
    ),
}
LOOKS_ONLY = of("leader", "auditor")


def reads(who: Officer, story: str) -> frozenset[str]:
    """The labels of the case that they read."""
    relations = RELATIONS[story]
    if who.role in ("nobody", "admin"):
        return NOTHING
    if who.area or who.body in relations.whole:
        return ALL
    return relations.part.get(who.body, NOTHING)


def reads_beside(who: Officer, story: str, of_what: str) -> frozenset[str]:
    """The same of its referral or its escalation."""
    sides = getattr(RELATIONS[story], of_what) or {}
    if who.role in ("nobody", "admin"):
        return NOTHING
    return ALL if reads(who, story) == ALL else sides.get(who.body, NOTHING)


def may_be_shown(mark: Mark, who: Officer, chapter: int) -> bool:
    """On any path, by the end of that chapter: whatever is recorded later is of no moment before."""
    if mark.chapter > chapter or (mark.masked and who.role in LOOKS_ONLY):
        return False
    told = reads(who, mark.story) | reads_beside(who, mark.story, "referral")
    told |= reads_beside(who, mark.story, "escalation")
    return told >= ALL or mark.label in told


ACTS = of("mediator", "coordinator", "grid")
REFERS = of("mediator", "coordinator")
BY_THE_GRID = of("register-case", "write-note", "file-evidence", "file-evidence-of", "rate-risk", "report-risk")
BY_ALL = of("write-note", "rate-risk", "report-risk")
BY_ALL_OF_IT = of("accept-case", "appoint-lead", "confirm-difficulty")
OF_A_PERSON = of(
    "correct-party", "represent-party", "withdraw-party", "check-identity", "record-satisfaction", "succeed-party"
)
"""Of one whom a part's reader does not know by name; the commands of the matrix name the respondent."""
TAKES_ALL = of("merge-case", "split-case", "confirm-difficulty")
"""And what only somebody who reads of it can confirm."""
AMENDS = of("correct-entry", "strike-entry")
"""Of the entry of the registration."""
DONE, GONE, NOT_YOURS = 412, 404, 403
"""412: it would be done, had the asker seen the latest version."""


def asked_of_case(who: Officer, story: str, command: str, of_a_mediation: bool) -> int:
    relations, told = RELATIONS[story], reads(who, story)
    if who.role == "nobody":
        return 401
    if not told:
        return GONE
    if who.role not in ACTS or (who.role == "grid" and command not in BY_THE_GRID):
        return NOT_YOURS
    if of_a_mediation:
        return DONE if who.body in relations.mediating else NOT_YOURS
    whole = told == ALL
    if who.body not in relations.acting and not (command in BY_ALL or (whole and command in BY_ALL_OF_IT)):
        return NOT_YOURS
    hidden = not whole and command in OF_A_PERSON | TAKES_ALL | {"file-evidence-of"}
    entry = command in AMENDS and not (whole and who.body == relations.holder)
    return NOT_YOURS if hidden or entry else DONE


FROM_ABOVE = of("call-up-case", "supervise-case")


def begun(who: Officer, story: str, command: str) -> int:
    if who.role == "nobody":
        return 401
    if not reads(who, story):
        return GONE
    if who.role not in REFERS:
        return NOT_YOURS
    relations = RELATIONS[story]
    if command == "offer-referral":
        return DONE if who.body in {relations.holder, *relations.acting} - {"GA"} else NOT_YOURS
    if command in FROM_ABOVE:
        return DONE if who.role == "coordinator" and who.body != relations.holder else NOT_YOURS
    return DONE if who.body == relations.holder else NOT_YOURS


ASKERS = {
    **dict.fromkeys(("acknowledge-referral", "accept-referral", "reject-referral", "object-to-referral"), "receiver"),
    **dict.fromkeys(("decide-objection", "answer-question", "withdraw-referral", "reroute-referral"), "sender"),
    "ask-back": "receiver",
    "return-referral": "acceptor",
    **dict.fromkeys(("accept-escalation", "send-back-escalation", "return-down", "urge-supervision"), "above"),
    **dict.fromkeys(("withdraw-escalation", "report-supervision"), "below"),
    "end-supervision": "above",
}


def gone_on(who: Officer, story: str, command: str, of_what: str) -> int:
    if who.role == "nobody":
        return 401
    if not reads_beside(who, story, of_what):
        return GONE
    relations = RELATIONS[story]
    if who.role not in REFERS or (of_what == "escalation" and reads(who, story) != ALL):
        return NOT_YOURS
    role, needed = (relations.roles or {}).get(who.body, ""), ASKERS[command]
    if needed == "receiver":
        return DONE if role in ("receiver", "acceptor") else NOT_YOURS
    if needed in ("sender", "below"):
        holds = who.body == relations.holder and role not in ("receiver", "acceptor", "above")
        return DONE if role == needed or holds else NOT_YOURS
    return DONE if role == needed else NOT_YOURS
