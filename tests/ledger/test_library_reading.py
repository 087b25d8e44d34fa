"""A user of the eventsourcing library reads our ledger: the same ids, names and bytes, with the keys and without."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import MapperDeserialisationError, Notification, ProgrammingError, StoredEvent
from eventsourcing.utils import get_topic, resolve_topic
from psycopg.conninfo import make_conninfo

from application.ports import NotOurs
from application.streams import CASES
from application.unfit import KeysAbsent, OtherKeys, UnsafeLedger
from domain.case.opening.intake import CaseRegistered
from domain.shared.values import ERASED
from infrastructure.ledger import Factory
from infrastructure.ledger.event_names import KINDS, UnknownForm
from infrastructure.ledger.library.recorded import Recorded, recorded
from infrastructure.ledger.schema import ROLE
from infrastructure.ledger.stored import SEALED
from infrastructure.privacy.ciphertext import Ciphertext
from infrastructure.privacy.erased_keys import ErasedKeys
from tests.api.conftest import County
from tests.conftest import MASTER
from tests.ledger.conftest import MakeLedger
from tests.ledger.feeds import told_county
from tests.ledger.samples import NOON, Noted, record, told
from tests.patience import eventually

Open = Callable[..., Application[UUID]]


class Reader(Application[UUID]):
    """As a user of the library writes one."""

    log_section_size = 100


@pytest.fixture(scope="module")
def county(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with told_county(postgres_url, tmp_path_factory.mktemp("county")) as told:
        yield told


@pytest.fixture
def opened() -> Iterator[Open]:
    made: list[Reader] = []

    def open_(url: str, **told: object) -> Application[UUID]:
        env = {"PERSISTENCE_MODULE": "infrastructure.ledger", "DATABASE_URL": url}
        made.append(Reader(env=env | {name: str(one) for name, one in told.items()}))
        return made[-1]

    yield open_
    for one in made:
        one.close()


@pytest.fixture
def with_keys(county: County, opened: Open) -> Application[UUID]:
    return opened(county.url, TIAOJIE_STATE=county.state)


@pytest.fixture
def without_keys(county: County, opened: Open) -> Application[UUID]:
    return opened(county.url)


def everything(app: Application[UUID]) -> list[Notification]:
    found, section = list[Notification](), "1,100"
    while section:
        found += (page := app.notification_log[section]).items
        section = page.next_id or ""
    return found


def rows_of(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        query = (
            "SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events"
            " ORDER BY notification_id"
        )
        return connection.execute(query).fetchall()


def as_rows(found: list[Notification]) -> list[tuple[Any, ...]]:
    return [(one.id, one.originator_id, one.originator_version, one.topic, one.state) for one in found]


def test_the_notification_log_tells_every_row_as_it_is_stored(county, with_keys, without_keys):
    stored = rows_of(county.url)

    assert len(stored) > 300
    assert as_rows(everything(with_keys)) == as_rows(everything(without_keys)) == stored


def test_with_the_keys_every_event_reads_as_the_product_reads_it(county, with_keys):
    read = [with_keys.mapper.to_domain_event(one).entry for one in everything(with_keys)]

    assert read == list(county.parts.ledger.feed(0, 100_000))


def test_without_keys_personal_text_is_ciphertext_by_its_type_and_all_else_is_as_it_was(county, without_keys):
    sealed = 0
    for one, ours in zip(everything(without_keys), county.parts.ledger.feed(0, 100_000), strict=True):
        read = without_keys.mapper.to_domain_event(one).entry
        texts = [text for text in strings(read.event) if isinstance(text, Ciphertext)]
        sealed += len(texts)
        assert len(texts) == one.state.count(SEALED)
        assert (read.stamp, read.id, read.position, read.recorded_at) == (
            ours.stamp,
            ours.id,
            ours.position,
            ours.recorded_at,
        )
        if not texts:
            assert read == ours
        else:
            assert all(text.encode() in one.state for text in texts)
            assert not {text for text in strings(read.event) if text == ERASED}
    assert sealed > 100


def strings(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict):
        for one in held.values():
            yield from strings(one)
    elif isinstance(held, list | tuple | frozenset):
        for one in held:
            yield from strings(one)
    elif hasattr(type(held), "model_fields"):
        yield from strings(vars(held))


def test_the_repository_answers_with_our_history_corrections_included(county, with_keys):
    streams = {one.stream: one for one in county.parts.ledger.feed(0, 100_000) if one.event.name.startswith("case.")}
    corrected = {one.stream for one in county.parts.ledger.feed(0, 100_000) if one.event.name == "case.entry_corrected"}

    assert corrected
    for id in [*list(streams)[:8], *corrected]:
        assert with_keys.repository.get(id) == county.parts.ledger.history(CASES, id)


def test_every_kind_of_stream_has_its_state_in_the_repository(county, with_keys):
    of_each = {
        one.topic.partition("_")[0].removesuffix(".registered"): one.originator_id for one in everything(with_keys)
    }

    assert of_each.keys() >= {"case", "jurisdiction.area", "jurisdiction.body"}
    assert all(with_keys.repository.get(id).version > 0 for id in of_each.values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.name)
def test_the_library_finds_the_class_of_an_event_by_its_stored_name_and_the_name_by_the_class(kind):
    assert get_topic(recorded(kind)) == kind.name
    assert resolve_topic(kind.name) is recorded(kind)


def test_topics_are_stored_names(with_keys):
    found = with_keys.notification_log.select(1, 100, topics=[get_topic(recorded(CaseRegistered))])

    assert found
    assert {one.topic for one in found} == {"case.registered"}
    assert {type(with_keys.mapper.to_domain_event(one)) for one in found} == {recorded(CaseRegistered)}


def test_what_was_read_is_handed_back_with_the_bytes_that_it_had(with_keys):
    for one in everything(with_keys)[:50]:
        again = with_keys.mapper.to_stored_event(with_keys.mapper.to_domain_event(one))

        assert (again.topic, again.state, again.originator_id) == (one.topic, one.state, one.originator_id)


def test_an_event_of_a_newer_program_is_read_as_bytes_and_refused_by_name_when_it_is_opened(with_keys):
    newer = replace(everything(with_keys)[0], topic="case.from_the_future")

    with pytest.raises(UnknownForm, match=r"case\.from_the_future"):
        with_keys.mapper.to_domain_event(newer)


def test_an_event_that_came_by_another_way_than_our_recorder_is_refused(with_keys):
    one = everything(with_keys)[0]
    elsewhere = StoredEvent(one.originator_id, one.originator_version, one.topic, one.state)

    with pytest.raises(MapperDeserialisationError, match=one.topic):
        with_keys.mapper.to_domain_event(elsewhere)


@pytest.fixture
def marked(make_database: Callable[[], str], make_ledger: MakeLedger, vault_folder: Path) -> str:
    """A ledger with one event of ours."""
    url = make_database()
    record(make_ledger(url), uuid4(), 0, Noted(), Noted())
    return url


KEY = b64encode(MASTER).decode()


def test_what_is_written_by_way_of_the_library_is_marked(marked, opened, make_ledger):
    app = opened(marked, TIAOJIE_MASTER_KEY=KEY)
    ledger = make_ledger(marked)

    app.save(Aggregate())

    with psycopg.connect(marked, row_factory=psycopg.rows.dict_row) as connection:
        (row,) = connection.execute("SELECT * FROM stored_events WHERE notification_id = 3").fetchall()
    assert ledger.recorder.marks.fits(row)
    assert [one.id for one in app.notification_log.select(1, 10)] == [1, 2, 3]


def test_without_the_master_key_writing_is_refused_by_name_and_writes_nothing(marked, opened):
    app = opened(marked)

    with pytest.raises(KeysAbsent) as refusal:
        app.save(Aggregate())

    assert refusal.value.details == {"absent": ["master.key"]}
    assert len(rows_of(marked)) == 2


def test_a_name_that_the_service_could_not_read_is_not_written_where_the_service_records(county, with_keys):
    head = county.parts.ledger.head()

    with pytest.raises(UnsafeLedger) as refusal:
        with_keys.save(Aggregate())

    assert "eventsourcing.domain:Aggregate.Created" in refusal.value.details["reason"]
    assert county.parts.ledger.head() == head


def test_keys_that_are_named_and_are_not_there_are_refused_before_anything_is_read(marked, opened, tmp_path):
    with pytest.raises(KeysAbsent):
        opened(marked, TIAOJIE_STATE=tmp_path)


def test_keys_of_another_ledger_are_refused_by_name(county, opened):
    with pytest.raises(OtherKeys) as refusal:
        opened(county.url, TIAOJIE_MASTER_KEY=b64encode(bytes(32)).decode())

    assert refusal.value.details == {"other": ["master"]}


def test_whoever_has_the_key_believes_no_row_that_somebody_else_wrote(marked, opened):
    forged = (
        "INSERT INTO stored_events SELECT gen_random_uuid(), 1, topic, state, notification_id + 2, gen_random_uuid(),"
        " recorded_at, mark FROM stored_events WHERE notification_id = 1 RETURNING originator_id"
    )
    app = opened(marked, TIAOJIE_MASTER_KEY=KEY)
    with psycopg.connect(marked) as connection:
        ((stream,),) = connection.execute(forged).fetchall()

    for read in (lambda: app.notification_log.select(1, 10), lambda: app.recorder.select_events(stream)):
        with pytest.raises(NotOurs) as refusal:
            read()
        assert refusal.value.details == {"position": 3}
    assert len(opened(marked).notification_log.select(1, 10)) == 3, "without a key nobody can tell"


def test_a_subscription_yields_what_nobody_told_of(marked, opened, make_ledger, monkeypatch):
    app, ledger = opened(marked), make_ledger(marked)
    monkeypatch.setattr(type(ledger.recorder), "telling", lambda self: ())
    found: list[int] = []
    with app.recorder.subscribe(gt=1) as subscription:
        reading = Thread(target=lambda: found.extend(one.id for one in subscription))
        reading.start()
        eventually(lambda: found == [2])

        record(ledger, uuid4(), 0, Noted())

        eventually(lambda: found == [2, 3])
    reading.join()


def test_the_text_of_whoever_is_erased_meanwhile_is_opened_no_more(marked, opened, make_ledger, vault_folder):
    story = told("他家的屋檐滴水")
    ledger = make_ledger(marked)
    record(ledger, uuid4(), 0, story)
    app = opened(marked, TIAOJIE_STATE=vault_folder, TIAOJIE_MASTER_KEY=KEY)
    (one,) = app.notification_log.select(3, 1)
    assert app.mapper.to_domain_event(one).event == story

    ErasedKeys(vault_folder / "erasures.db").add([story.story.id], NOON)
    ledger.coder.cipher.vault.destroy([story.story.id])

    eventually(lambda: app.mapper.to_domain_event(one).event.story.text == ERASED)


def test_the_whole_url_is_honoured(marked, opened):
    app = opened(make_conninfo(marked, application_name="the reader"))

    with app.recorder.datastore.get_connection() as connection:
        (row,) = connection.execute("SHOW application_name").fetchall()
    assert row == {"application_name": "the reader"}


@pytest.mark.parametrize("made", ["application_recorder", "process_recorder", "aggregate_recorder"])
def test_events_are_read_and_written_under_the_role_that_cannot_change_them(marked, made):
    with closing(Factory({"DATABASE_URL": marked})) as factory:
        recorder = getattr(factory, made)()
        with recorder.datastore.get_connection() as connection:
            (row,) = connection.execute("SELECT current_user").fetchall()

    assert row == {"current_user": ROLE}


def test_a_reader_who_makes_no_tables_makes_none(make_database, opened):
    url = make_database()

    with pytest.raises(ProgrammingError, match="does not exist"):
        opened(url, CREATE_TABLE="no")

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("told", "why"),
    [({"IS_SNAPSHOTTING_ENABLED": "y"}, "personal text in plain"), ({"ORIGINATOR_ID_TYPE": "text"}, "uuids alone")],
    ids=["snapshots", "ids that are text"],
)
def test_what_the_ledger_cannot_keep_its_word_with_is_refused_by_name(marked, opened, told, why):
    with pytest.raises(UnsafeLedger) as refusal:
        opened(marked, **told)

    assert why in refusal.value.details["reason"]


def test_a_database_that_nothing_names_is_asked_for_by_name():
    with pytest.raises(OSError, match="DATABASE_URL"):
        Factory({}).application_recorder()


def test_an_event_is_opened_only_when_somebody_asks_for_it(marked, opened):
    app = opened(marked)
    asked_for: list[Any] = []
    app.mapper.opening = lambda row: asked_for.append(row)
    (first, _) = everything(app)

    read = app.mapper.to_domain_event(first)

    assert isinstance(read, Recorded)
    assert (read.originator_id, read.originator_version) == (first.originator_id, 1)
    assert asked_for == []


def test_a_stream_whose_beginning_is_missing_has_no_state(county, with_keys):
    later = next(one for one in everything(with_keys) if one.topic == "jurisdiction.committee_constituted")

    with pytest.raises(UnknownForm, match="begins no stream"):
        with_keys.mapper.to_domain_event(later).mutate(None)
