"""The fold: corrections stand where the old entries stood, struck ones are gone, every way gives one state."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from domain.shared.decider import Amending, Entry, Event, History, Rewritten, Stamp, standing
from domain.shared.values import Value

ZERO = UUID(int=0)
START = datetime(2026, 3, 2, tzinfo=UTC)


class Told(Value):
    words: tuple[int, ...] = ()


class Said(Event[Told]):
    name = "test.said"
    word: int

    def evolve(self, state: Told, at: datetime) -> Told:
        return state.but(words=(*state.words, self.word))


class Amended(Amending[Told]):
    name = "test.amended"


def entry(version, event, occurred_at=None):
    stamp = Stamp(ZERO, ZERO, occurred_at or START + timedelta(hours=version), None, ZERO, ZERO, None)
    return Entry(uuid5(ZERO, str(version)), ZERO, version, version, START + timedelta(hours=version), event, stamp)


@st.composite
def records(draw):
    """Entries as they are recorded, and what is meant to stand: by version of the original entry."""
    entries, meant = [], {}
    for _ in range(draw(st.integers(0, 25))):
        version = len(entries) + 1
        known = sorted(meant)
        kind = draw(st.sampled_from(["say", "say", "say", "correct", "strike"])) if known else "say"
        word = draw(st.integers(0, 99))
        if kind == "say":
            entries.append(entry(version, Said(word=word)))
            meant[version] = word
            continue
        chosen = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
        if kind == "strike":
            entries.append(entry(version, Amended(struck=tuple(chosen), rewritten=())))
            for one in chosen:
                del meant[one]
            continue
        rewritten = tuple(Rewritten(entry=one, occurred_at=START) for one in chosen)
        entries.append(entry(version, Amended(struck=(), rewritten=rewritten)))
        for one in chosen:
            entries.append(entry(len(entries) + 1, Said(word=word)))
            meant[one] = word
    return entries, meant


@given(records())
def test_what_stands_is_in_the_order_of_the_original_entries(record):
    entries, meant = record

    said = [one for one in standing(entries) if isinstance(one.event, Said)]

    assert {one.version: one.event.word for one in said} == meant
    assert [one.version for one in said] == sorted(meant)


@given(records(), st.integers(0, 60))
def test_added_at_once_or_bit_by_bit_it_is_one_history(record, cut):
    entries, _ = record
    amending = next((n for n, one in enumerate(entries) if isinstance(one.event, Amended)), len(entries))
    cut = min(cut, amending)  # what one command recorded is never taken apart

    whole = History.of(ZERO, Told(), entries)
    bits = History.of(ZERO, Told(), entries[:cut]).then(entries[cut:])

    assert whole == bits
    assert whole.version == len(entries)


@given(records(), st.integers(-1, 40))
def test_an_earlier_state_knows_only_what_had_happened_by_then(record, hours):
    entries, _ = record
    moment = START + timedelta(hours=hours)

    state = History.of(ZERO, Told(), entries).effective_at(moment)

    happened = [one for one in standing(entries) if one.occurred_at <= moment and isinstance(one.event, Said)]
    assert state.words == tuple(one.event.word for one in happened)


def test_a_history_until_a_version_forgets_later_corrections():
    entries = [
        entry(1, Said(word=1)),
        entry(2, Amended(struck=(), rewritten=(Rewritten(entry=1, occurred_at=START),))),
        entry(3, Said(word=2)),
    ]

    history = History.of(ZERO, Told(), entries)

    assert history.state.words == (2,)
    assert history.until(lambda one: one.version <= 1).state.words == (1,)
