"""Each rule that a history breaks: kept as it was told, and flagged with that rule and its article."""

from __future__ import annotations

from typing import Any

import pytest

from application.legacy.take_over import NoBodyThere, NoSuchArea
from domain.case.case import DisputeCase
from domain.case.opening.intake import CaseRegistered
from domain.case.record.importing import Breach, CaseImported, ImportFlagged
from tests.legacy.county import BOTH, CENTRE, ENTRIES, ORGAN, TOWN, VILLAGE, flags, step, taken, told

REGISTERED = step("registered", "2021-03-01")
ACCEPTED = step("accepted", "2021-03-02")
SESSION = step("session", "2021-03-03", note="双方到场")
AGREED = step("agreed", "2021-03-04")
UP = step("escalated", "2021-03-05", level="township", ground="mediation-failed")
ACROSS = step("referred", "2021-03-05", channel="administrative")
SUED = step("organ-took-it", "2021-03-02", organ="court")


def closed(result: str | None = "agreement-written", day: str = "2021-03-20") -> dict[str, Any]:
    return step("closed", day, **({"result": result} if result else {}))


def state(case: Any) -> DisputeCase:
    read = DisputeCase.blank(case.id)
    for stream, event, at in case.lines:
        if stream == case.id:
            read = event.evolve(read, at)
    return read


LAWFUL: dict[str, tuple[dict[str, Any], ...]] = {
    "settled in the village": (
        REGISTERED,
        ACCEPTED,
        SESSION,
        AGREED,
        step("performed", "2021-03-10"),
        closed("agreement-written"),
    ),
    "agreed after consent, orally": (
        REGISTERED,
        ACCEPTED,
        step("consented", "2021-03-02"),
        AGREED,
        closed("agreement-oral"),
    ),
    "failed below, agreed above": (
        REGISTERED,
        ACCEPTED,
        SESSION,
        UP,
        step("accepted", "2021-03-06"),
        step("session", "2021-03-07"),
        step("agreed", "2021-03-08"),
        closed(),
    ),
    "up and down again": (
        REGISTERED,
        UP,
        step("returned-down", "2021-03-06"),
        step("accepted", "2021-03-07"),
        step("failed", "2021-03-09"),
        closed("failed"),
    ),
    "transferred to an organ and settled there": (
        REGISTERED,
        ACROSS,
        step("session", "2021-03-08"),
        step("agreed", "2021-03-09"),
        step("returned", "2021-03-10", outcome="agreement"),
        closed(),
    ),
    "refused by its applicant before anything": (REGISTERED, step("withdrawn", "2021-03-02"), closed("withdrawn")),
    "a suit that ended before": (
        REGISTERED,
        SUED,
        step("organ-ended", "2021-03-03", organ="court"),
        step("accepted", "2021-03-04"),
    ),
    "not taken": (REGISTERED, closed("declined")),
    "only how it came out is told": (REGISTERED, AGREED, closed()),
    "past the township, and back in steps": (
        REGISTERED,
        step("escalated", "2021-03-05", level="county", ground="too-complex"),
        step("returned-down", "2021-03-06", body="HK"),
        step("returned-down", "2021-03-07"),
        step("accepted", "2021-03-08"),
        step("failed", "2021-03-09"),
        closed("failed"),
    ),
    "called up, assigned down, and on down": (
        REGISTERED,
        step("called-up", "2021-03-05", level="county", ground="risk"),
        step("assigned-down", "2021-03-06", level="township"),
        step("returned-down", "2021-03-07"),
        step("withdrawn", "2021-03-08"),
        closed("withdrawn"),
    ),
    "supervised until after its closing": (
        REGISTERED,
        step("supervised", "2021-03-02", level="county", ground="overdue", due="2021-03-12", kept=True),
        step("urged", "2021-03-04"),
        step("reported", "2021-03-12"),
        ACCEPTED,
        SESSION,
        AGREED,
        closed(),
        step("supervision-ended", "2021-03-25"),
        step("noted", "2021-03-26", note="回访，无反复"),
    ),
    "closed, reopened, and closed otherwise": (
        REGISTERED,
        ACCEPTED,
        step("failed", "2021-03-04"),
        closed("failed", "2021-03-05"),
        step("reopened", "2021-03-06", note="双方愿意再调"),
        step("accepted", "2021-03-06"),
        step("session", "2021-03-07"),
        step("agreed", "2021-03-08"),
        closed("agreement-oral"),
    ),
    "what came back without result goes to court": (
        REGISTERED,
        ACROSS,
        step("returned", "2021-03-09", outcome="failed"),
        closed("to-court"),
    ),
}


@pytest.mark.parametrize("name", LAWFUL)
def test_a_lawful_history_has_no_flag(name):
    found = taken(told(*LAWFUL[name]))

    assert flags(found) == set()
    assert not any(isinstance(event, ImportFlagged) for _, event, _ in found.lines)


BROKEN: dict[Breach, tuple[tuple[dict[str, Any], ...], int | None]] = {
    Breach.NOT_REGISTERED: ((ACCEPTED,), None),
    Breach.REGISTERED_TWICE: ((REGISTERED, step("registered", "2021-03-09")), 2),
    Breach.BEFORE_REGISTRATION: ((step("accepted", "2021-02-20"), REGISTERED), 1),
    Breach.IN_THE_FUTURE: ((REGISTERED, step("accepted", "2027-01-01")), 2),
    Breach.AFTER_CLOSING: ((REGISTERED, closed("withdrawn"), step("accepted", "2021-04-01")), 3),
    Breach.MEDIATION_GOES_ON: ((REGISTERED, ACCEPTED, step("accepted", "2021-03-05")), 3),
    Breach.ALREADY_RESOLVED: ((REGISTERED, ACCEPTED, SESSION, AGREED, step("accepted", "2021-03-09")), 5),
    Breach.TAKEN_BY_ANOTHER_ORGAN: ((REGISTERED, SUED, step("accepted", "2021-03-05")), 3),
    Breach.NO_MEDIATION: ((REGISTERED, SESSION), 2),
    Breach.WITHOUT_SESSION_OR_CONSENT: ((REGISTERED, ACCEPTED, AGREED), 3),
    Breach.NOT_AGREED: ((REGISTERED, ACCEPTED, step("performed", "2021-03-09")), 3),
    Breach.TWO_HOLDERS: ((REGISTERED, step("accepted", "2021-03-02", body="HK")), 2),
    Breach.NOT_ABOVE: ((REGISTERED, step("escalated", "2021-03-05", level="village", ground="risk")), 2),
    Breach.NO_GROUND: ((REGISTERED, step("escalated", "2021-03-05", level="township")), 2),
    Breach.NOT_ESCALATED: ((REGISTERED, step("returned-down", "2021-03-05")), 2),
    Breach.NOT_COMPETENT: ((REGISTERED, step("referred", "2021-03-05", body="HK")), 2),
    Breach.NOT_REFERRED: ((REGISTERED, step("returned", "2021-03-05")), 2),
    Breach.NOT_CONCLUDED: ((REGISTERED, ACROSS, step("returned", "2021-03-09")), 3),
    Breach.OUTCOME_DOES_NOT_FIT: (
        (REGISTERED, ACROSS, step("failed", "2021-03-08"), step("returned", "2021-03-09", outcome="agreement")),
        4,
    ),
    Breach.STILL_MEDIATED: ((REGISTERED, ACCEPTED, closed("failed")), 3),
    Breach.STILL_ON_ITS_WAY: (
        (REGISTERED, ACROSS, step("session", "2021-03-08"), step("agreed", "2021-03-09"), closed()),
        5,
    ),
    Breach.NO_RESULT: ((REGISTERED, closed(None)), 2),
    Breach.RESULT_DOES_NOT_FIT: ((REGISTERED, closed("agreement-written")), 2),
    Breach.NO_SUCH_MATTER: ((REGISTERED, step("organ-ended", "2021-03-05", organ="court")), 2),
    Breach.NOT_BELOW: ((REGISTERED, step("assigned-down", "2021-03-05", level="county")), 2),
    Breach.TAKES_NOTHING_UP: ((REGISTERED, step("called-up", "2021-03-05", body="ZJ", ground="risk")), 2),
    Breach.NOT_SUPERVISED: ((REGISTERED, step("reported", "2021-03-05")), 2),
    Breach.NOT_CLOSED: ((REGISTERED, step("reopened", "2021-03-05")), 2),
    Breach.DAY_IS_OVER: ((REGISTERED, step("accepted", "2021-03-05", due="2021-03-04")), 2),
    Breach.KEPT_DOES_NOT_FIT: (
        (REGISTERED, step("accepted", "2021-03-02", due="2021-03-10", kept=True), step("failed", "2021-03-11")),
        2,
    ),
    Breach.NO_SUCH_BODY: ((REGISTERED, step("escalated", "2021-03-05", level="province", ground="risk")), 2),
}


@pytest.mark.parametrize("rule", BROKEN, ids=lambda rule: rule.value)
def test_a_broken_rule_is_flagged_at_its_step_and_the_step_is_kept(rule):
    steps, number = BROKEN[rule]
    case = told(*steps)
    found = taken(case)

    assert flags(found) == {(number, rule.value)}
    for one in case.steps:
        kept = [event for _, event, at in found.lines if at == one.at]
        assert any(event.name in ENTRIES[one.step] or event.name == "case.step_told" for event in kept)


def test_every_rule_is_broken_once_above_but_those_about_the_parties():
    of_parties = {Breach.BOTH_SIDES_NEEDED, Breach.UNFIT_IDENTITY_NUMBER, Breach.UNFIT_PHONE, Breach.SEVERAL_NAMES}
    of_sheets = {Breach.DAY_IN_A_NOTE}

    assert set(Breach) - set(BROKEN) == of_parties | of_sheets


@pytest.mark.parametrize(
    ("told_of", "rule"),
    [
        ({"identity_number": "4.20583E+17"}, "unfit-identity-number"),
        ({"identity_number": "110101199003078000"}, "unfit-identity-number"),
        ({"identity_number": "11010119900307803"}, "unfit-identity-number"),
        ({"phone": "1.38E+10"}, "unfit-phone"),
    ],
)
def test_a_number_that_cannot_be_one_is_flagged_and_kept(told_of, rule):
    case = told(REGISTERED, parties=[{**BOTH[0], **told_of}, BOTH[1]])
    found = taken(case)

    assert flags(found) == {(None, rule)}
    (kept,) = [event.party for _, event, _ in found.lines if event.name == "case.party_added"][:1]
    assert {name: getattr(kept, name) for name in told_of} == told_of


SEVERAL = [
    "甲、乙、丙",
    "甲，乙",
    "周某，男，50岁",
    "张三等5人",
    "王村/李村",
    "某公司;某厂",
    "周大山 吴小河",
    "周山 吴河 郑江",
]
SEVERAL += [
    "周大山和吴小河",
    "周山与吴河",
    "周山（户主）、吴河",
    "周山&吴河",
    "周大山及其子",
    "周山及吴河",
    "周大山夫妇",
    "周氏兄弟",
]
SEVERAL += ["周大山13800138000", "周大山 138 0013 8000", "1.10101199003078E+17"]


@pytest.mark.parametrize("name", SEVERAL)
def test_a_name_that_holds_several_people_is_flagged_and_kept(name):
    found = taken(told(REGISTERED, parties=[{**BOTH[0], "name": name}, BOTH[1]]))

    assert flags(found) == {(None, "several-names")}


ONE = [
    "艾力·买买提",
    "John Smith, Jr.",
    "欧阳等等",
    "某村民委员会",
    "李和平",
    "王　五",
    "周山（户主）",
    "和平村和平社区",
    "朱及时",
]
ONE += ["第101中学", "36524便利店", "某某兄弟公司", "宏达公司 东区分店", "中国石油与化工公司"]


@pytest.mark.parametrize("name", ONE)
def test_a_name_of_one_is_not(name):
    assert flags(taken(told(REGISTERED, parties=[{**BOTH[0], "name": name}, BOTH[1]]))) == set()


def test_a_number_of_a_sheet_with_its_apostrophe_is_no_fault():
    case = told(REGISTERED, parties=[{**BOTH[0], "identity_number": "'11010119900307803X"}, BOTH[1]])

    assert flags(taken(case)) == set()


def test_a_mediation_without_a_respondent_is_flagged():
    assert flags(taken(told(REGISTERED, ACCEPTED, parties=BOTH[:1]))) == {(2, "both-sides-needed")}


@pytest.mark.parametrize(
    ("rule", "article"),
    [
        (Breach.TAKEN_BY_ANOTHER_ORGAN, "第二十二条"),
        (Breach.WITHOUT_SESSION_OR_CONSENT, "第二十三条"),
        (Breach.NO_MEDIATION, "第十七条"),
    ],
)
def test_a_flag_names_its_article_where_the_law_has_one(rule, article):
    (flag,) = taken(told(*BROKEN[rule][0])).flags

    assert article in flag.basis


def test_the_flags_stand_in_the_history_and_say_which_step():
    found = taken(told(REGISTERED, ACCEPTED, AGREED))
    (recorded,) = [event for _, event, _ in found.lines if isinstance(event, ImportFlagged)]

    assert recorded.flags == tuple(found.flags)
    assert [(flag.step, flag.rule) for flag in recorded.flags] == [(3, Breach.WITHOUT_SESSION_OR_CONSENT)]


def test_what_breaks_a_rule_is_not_made_good():
    """Closed as agreed, and no agreement: the result is as it was told, and nothing counts as resolved."""
    read = state(taken(told(REGISTERED, closed("agreement-written"))))

    assert (read.status, read.result, read.resolved_at) == ("closed", "agreement-written", None)


def test_a_mediation_beside_a_suit_goes_on_as_it_was_told():
    read = state(taken(told(REGISTERED, ACCEPTED, step("organ-took-it", "2021-03-09", organ="court"))))

    assert read.active_mediation
    assert [one.organ for one in read.proceedings] == ["court"]


def test_a_case_begins_with_where_it_comes_from():
    found = taken(told(REGISTERED, number="2021-柳湾-7"))
    (_, imported, _), (_, registered, _) = found.lines[:2]

    assert isinstance(imported, CaseImported)
    assert isinstance(registered, CaseRegistered)
    assert (imported.system, imported.number, imported.row, imported.steps) == ("旧系统", "2021-柳湾-7", 2, 1)
    assert registered.foreign_number == "2021-柳湾-7"
    assert registered.code == "", "its own number is given when it is recorded"


def test_the_holder_is_the_places_committee_and_the_level_its_own():
    read = state(taken(told(REGISTERED)))

    assert (read.holder, read.level) == (VILLAGE.id, "village")


@pytest.mark.parametrize(
    ("named", "body", "level"),
    [
        ({"body": "HK"}, TOWN, "township"),
        ({"level": "township"}, TOWN, "township"),
        ({"level": "county"}, CENTRE, "county"),
        ({"body": "LW", "level": "township"}, VILLAGE, "township"),
    ],
)
def test_a_registration_may_name_body_and_level(named, body, level):
    read = state(taken(told(step("registered", "2021-03-01", **named))))

    assert (read.holder, read.level) == (body.id, level)


def test_a_place_or_a_body_that_nobody_knows_cannot_be_recorded():
    with pytest.raises(NoSuchArea):
        taken(told(REGISTERED, area="nowhere"))
    with pytest.raises(NoBodyThere):
        taken(told(REGISTERED, area="EMPTY"))
    with pytest.raises(NoBodyThere):
        taken(told(step("registered", "2021-03-01", body="NOBODY")))


def test_it_goes_up_and_comes_down_with_holder_and_level():
    up = state(taken(told(REGISTERED, ACCEPTED, UP)))
    down = state(taken(told(REGISTERED, ACCEPTED, UP, step("returned-down", "2021-03-09"))))

    assert (up.holder, up.level, up.highest, up.active_mediation) == (TOWN.id, "township", "township", None)
    assert (down.holder, down.level, down.highest, down.bounces) == (VILLAGE.id, "village", "township", 1)
    assert not down.escalations


def test_a_case_closed_above_leaves_no_escalation_open():
    found = taken(told(*LAWFUL["failed below, agreed above"]))

    assert not state(found).escalations
    assert [event.name for stream, event, _ in found.lines if stream != found.id][-1] == "escalation.resolved"


def test_a_referral_moves_the_matter_and_opens_the_mediation_of_its_channel():
    read = state(taken(told(REGISTERED, ACCEPTED, ACROSS)))

    assert read.holder == ORGAN.id
    assert read.last_mediation
    assert (read.last_mediation.channel, read.last_mediation.body) == ("administrative", ORGAN.id)


def test_what_failed_at_the_receiver_is_the_senders_again():
    read = state(taken(told(REGISTERED, ACROSS, step("failed", "2021-03-09"))))

    assert (read.holder, read.handed) == (VILLAGE.id, frozenset())


def test_steps_are_read_in_the_order_of_their_days_and_within_a_day_as_the_file_has_them():
    mixed = (closed("agreement-oral"), step("agreed", "2021-03-03"), ACCEPTED, REGISTERED)

    assert flags(taken(told(*mixed))) == {(2, "without-session-or-consent")}
    same_day = [step(kind, "2021-03-01") for kind in ("registered", "accepted", "session", "agreed")]
    assert flags(taken(told(*same_day))) == set()
    timed = [
        REGISTERED,
        step("accepted", "2021-03-02"),
        step("session", "2021-03-02T09:00"),
        step("agreed", "2021-03-02"),
    ]
    assert flags(taken(told(*timed))) == set()
