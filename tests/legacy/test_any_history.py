"""Any list of steps in any order is taken over without loss, and flagged with just the rules that it breaks."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from application.legacy.row_content import LegacyCase
from domain.case.case import DisputeCase
from domain.case.record.importing import StepKind, StepTold
from domain.shared.decider import Entry, History, Stamp
from infrastructure.ledger.event_names import EVENTS
from tests.effort import times
from tests.legacy.clerk import Clerk
from tests.legacy.county import AROUND, BOTH, ENTRIES, flags, id_of, taken, told

DAYS = st.integers(1, 28).map(lambda day: f"2021-03-{day:02d}") | st.sampled_from(["2020-12-31", "2027-01-01"])
BODIES = st.sampled_from(["", "", "", "LW", "HK", "QX", "ZJ", "FY", "XF", "NOBODY"])


def optional(*values: str | None) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *values])


DEADLINES: dict[str, Any] = {
    "due": optional("2021-03-01", "2021-03-15", "2021-04-15", "2027-06-01"),
    "kept": st.sampled_from([None, None, True, False]),
}
MORE: dict[str, dict[str, Any]] = {
    "accepted": {
        "body": BODIES,
        "channel": optional("people", "administrative"),
        "mandate": st.sampled_from(["own", "own", "delegated", "entrusted", "transferred"]),
        **DEADLINES,
    },
    "registered": DEADLINES,
    "session": {"body": BODIES, "note": st.sampled_from(["", "到场"])},
    "agreed": {"body": BODIES, "form": optional("oral", "written"), "extent": optional("partial", "all-claims")},
    "failed": {"body": BODIES},
    "withdrawn": {"body": BODIES},
    "escalated": {
        "body": BODIES,
        "level": optional("village", "township", "county", "province"),
        "ground": optional("mediation-failed", "risk"),
        **DEADLINES,
    },
    "returned-down": {"body": BODIES, "level": optional("village", "township")},
    "called-up": {
        "body": BODIES,
        "level": optional("village", "township", "county"),
        "ground": optional("risk", "overdue"),
    },
    "assigned-down": {"body": BODIES, "level": optional("village", "township", "county")},
    "supervised": {"body": BODIES, "level": optional("township", "county"), "ground": optional("risk"), **DEADLINES},
    "urged": {"body": BODIES},
    "reported": {"body": BODIES},
    "supervision-ended": {"body": BODIES},
    "reopened": {"note": st.sampled_from(["", "当事人反悔"])},
    "noted": {"note": st.sampled_from(["", "走访"])},
    "referred": {
        "body": BODIES,
        "channel": optional("people", "administrative", "litigation"),
        "kind": optional("transfer", "delegate", "entrust", "guide"),
    },
    "returned": {"outcome": optional("agreement", "failed", "withdrawn", "self-settled")},
    "organ-took-it": {"organ": st.sampled_from(["court", "police", "petition"]), "settled": st.booleans()},
    "organ-ended": {"organ": st.sampled_from(["court", "police"]), "settled": st.booleans()},
    "closed": {
        "result": optional(
            "agreement-written", "agreement-oral", "agreement-partial", "failed", "withdrawn", "to-court"
        )
        | optional("declined")
    },
    "performed": {"note": st.sampled_from(["", "付清"])},
}


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from([one.value for one in StepKind]))
    facts = {name: draw(values) for name, values in MORE.get(kind, {}).items()}
    return {"step": kind, "at": draw(DAYS), **{name: fact for name, fact in facts.items() if fact is not None}}


LAWFUL = [("registered", {}), ("accepted", {}), ("session", {}), ("agreed", {})]


@st.composite
def histories(draw: st.DrawFn) -> LegacyCase:
    """Often with a lawful beginning, so that what follows stands on something."""
    third = draw(st.sampled_from(["session", "consented"]))
    begins = [*LAWFUL[:2], (third, {}), LAWFUL[3]][: draw(st.integers(0, 4))]
    lawful = [{"step": kind, "at": f"2021-03-0{day}", **more} for day, (kind, more) in enumerate(begins, 1)]
    more = draw(st.lists(steps(), min_size=0 if lawful else 1, max_size=8))
    parties = draw(st.sampled_from([BOTH, BOTH, BOTH, BOTH[:1], []]))
    return told(*lawful, *more, parties=parties)


@settings(max_examples=times(quick=50, test=120, soak=1_200))
@given(histories())
def test_the_flags_are_those_of_an_independent_reading_and_no_step_is_lost(case):
    found = taken(case)

    assert flags(found) == Clerk(case).read()
    for one in case.steps:
        at_its_time = [event for _, event, at in found.lines if at == one.at]
        assert any(
            event.name in ENTRIES[one.step] or (isinstance(event, StepTold) and event.step is one.step)
            for event in at_its_time
        ), one
    kept = sum(one.step is StepKind.ACCEPTED for one in case.steps)
    entries = [event for _, event, _ in found.lines]
    referred = sum(event.name == "case.handed_over" for event in entries)
    accepted = sum(event.name == "case.accepted" for event in entries)
    told_only = sum(isinstance(event, StepTold) and event.step is StepKind.ACCEPTED for event in entries)
    untold = sum(event.name == "case.mediation_opened" for event in entries) if Clerk(case).bare else 0
    assert kept <= accepted + told_only <= kept + referred + untold


@settings(max_examples=times(quick=30, test=60, soak=600))
@given(histories())
def test_what_is_recorded_reads_as_it_was_recorded_and_folds_to_one_state(case):
    found = taken(case)
    entries = []
    for version, (stream, event, at) in enumerate(found.lines, 1):
        again = EVENTS[event.name].model_validate(event.model_dump(mode="json"))
        assert again == event, "nothing that a file tells is recorded in a form that cannot be read"
        stamp = Stamp(id_of("by"), id_of("body"), at, None, id_of("r"), id_of("c"), None)  # type: ignore[arg-type]
        if stream == found.id:
            entries.append(Entry(id_of(f"{version}"), stream, len(entries) + 1, version, AROUND.now, again, stamp))

    history = History.of(found.id, DisputeCase.blank(found.id), entries)
    moments = {entry.occurred_at for entry in entries}
    assert history.state.registered_at
    assert all(history.effective_at(moment).id == found.id for moment in moments), "every moment of it can be read"
