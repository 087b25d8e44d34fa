"""What is stored of an event: our own names and plain JSON, read back as it was, older forms in today's."""

from __future__ import annotations

import json
import typing
from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.shared.decider import Event
from domain.shared.values import Personal, PersonId, Value
from infrastructure.ledger.event_names import EVENTS, UPCASTERS, UnknownForm
from infrastructure.ledger.marks import Marks
from infrastructure.ledger.stored import Coder, Draft, draft
from infrastructure.privacy.cipher import _plan
from tests.effort import times
from tests.ledger.anything import model
from tests.ledger.samples import NOON, TALLIES, Noted, asked, record, told

REAL = [event for event in EVENTS.values() if not event.name.startswith("sample.")]
MARKS = Marks(b"", UUID(int=1), after=9)
"""These rows were placed by nobody: they are read as those of before there were marks."""
RECORDED = datetime(2026, 3, 3, 5, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(scope="module")
def coder(make_cipher) -> Coder:
    return Coder(MARKS, make_cipher())


def drafted(event: Event[Any], on_behalf_of: PersonId | None = None) -> Draft:
    return draft(uuid4(), 3, event, NOON, on_behalf_of, asked())


def stored(coder: Coder, one: Draft) -> dict[str, Any]:
    """As a row of stored_events."""
    coder.make_keys([one])
    row = coder.row(one)
    place = {"originator_id": row.stream, "originator_version": row.version, "notification_id": 9}
    return {**place, "topic": row.name, "state": row.state, "recorded_at": RECORDED, "mark": None}


@pytest.mark.parametrize("event", REAL, ids=lambda event: event.name)
@settings(max_examples=times(quick=2, test=6, soak=45))
@given(data=st.data())
def test_every_event_is_read_as_it_was_recorded(coder, event, data):
    on_behalf_of = data.draw(st.one_of(st.none(), st.uuids()))
    one = drafted(data.draw(model(event)), on_behalf_of)

    read = coder.entry(stored(coder, one))

    assert read == one.entry(9, RECORDED)


@pytest.mark.parametrize("event", REAL, ids=lambda event: event.name)
@settings(max_examples=times(quick=2, test=3, soak=15))
@given(data=st.data())
def test_every_personal_field_of_every_event_is_encrypted(coder, event, data):
    one = drafted(data.draw(model(event)))

    content = json.loads(stored(coder, one)["state"])["event"]

    for text, path in personal(one.event):
        assert not text or set(at(content, path)) >= {"~", "k"}, path


def personal(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[str, tuple[Any, ...]]]:
    """The personal texts of a value wherever they stand: found by their types, apart from how the store finds them."""
    if isinstance(value, tuple):
        return [found for index, one in enumerate(value) for found in personal(one, (*path, index))]
    if not isinstance(value, Value):
        return []
    found = []
    for name, hint in typing.get_type_hints(type(value), include_extras=True).items():
        if name in type(value).model_fields:
            inner = getattr(value, name)
            found += [(inner, (*path, name))] if marked(hint) else personal(inner, (*path, name))
    return found


def marked(hint: Any) -> bool:
    return any(isinstance(one, Personal) for one in getattr(hint, "__metadata__", ())) or any(
        marked(one) for one in get_args(hint)
    )


def at(content: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        content = content[part]
    return content


@pytest.mark.parametrize("event", REAL, ids=lambda event: event.name)
def test_of_every_event_the_store_knows_whose_its_personal_fields_are(event):
    assert _plan(event).personal == ()


def test_stored_events_carry_our_names_and_no_path_of_a_class(coder):
    for event in (Noted(), told("一件事")):
        row = stored(coder, drafted(event))

        text = row["state"].decode()
        assert row["topic"] == event.name
        assert not any(word in text for word in ("tests.", "domain.", "__", type(event).__name__))
        assert text.isprintable()


@pytest.mark.parametrize("event", REAL, ids=lambda event: event.name)
def test_the_name_of_a_context_comes_first_so_that_streams_are_told_apart(event):
    assert event.name.split(".")[0] in (
        "case",
        "escalation",
        "jurisdiction",
        "office",
        "publication",
        "referral",
        "rules",
        "signal",
        "sweep",
    )
    assert EVENTS[event.name] is event


def test_an_older_form_is_read_in_todays(ledger, make_ledger, monkeypatch):
    id = uuid4()
    record(ledger, id, 0, Noted(what="in 2026"))
    monkeypatch.setattr(Noted, "schema_version", 3)
    monkeypatch.setitem(UPCASTERS, ("sample.noted", 1), lambda content: {"old": content["what"]})
    monkeypatch.setitem(UPCASTERS, ("sample.noted", 2), lambda content: {"what": f"{content['old']}, read later"})

    assert make_ledger().history(TALLIES, id).state.last == "in 2026, read later"


def test_a_form_that_nobody_can_read_stops_the_reader(ledger, make_ledger, monkeypatch):
    id = uuid4()
    record(ledger, id, 0, Noted())
    monkeypatch.setattr(Noted, "schema_version", 2)

    with pytest.raises(UnknownForm):
        make_ledger().history(TALLIES, id)


def test_a_form_newer_than_the_program_stops_the_reader(ledger, make_ledger, monkeypatch):
    id = uuid4()
    with monkeypatch.context() as newer:
        newer.setattr(Noted, "schema_version", 2)
        record(ledger, id, 0, Noted())

    with pytest.raises(UnknownForm):
        make_ledger().history(TALLIES, id)


def test_a_name_that_nobody_knows_stops_the_reader(make_ledger, make_database, monkeypatch):
    url = make_database()
    ledger, id = make_ledger(url), uuid4()
    record(ledger, id, 0, Noted())
    monkeypatch.delitem(EVENTS, "sample.noted")

    with pytest.raises(UnknownForm):
        ledger.feed(0, 10)


def test_an_unknown_field_stops_the_reader(coder):
    row = stored(coder, drafted(Noted(what="x")))

    with pytest.raises(ValidationError):
        coder.entry({**row, "state": row["state"].replace(b'"what":', b'"whatever":')})
