"""What names or describes a person is stored as ciphertext, bound to its owner and to the place where it stands."""

from __future__ import annotations

import json
import sqlite3
import string
from contextlib import closing
from dataclasses import replace
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from application.ports import NotOurs, OwnerErased
from domain.shared.values import Narrative, NarrativeId, PersonId, PersonName, Value
from infrastructure.privacy.cipher import ERASED, PersonalCipher, Place, owners, simhash
from infrastructure.privacy.key_file import KeyFile
from infrastructure.privacy.vault import KeyMissing, Vault
from tests.conftest import MASTER
from tests.ledger.samples import TALLIES, Noted, Person, Told, record, told

STORY, NAME, PHONE = "两家为滴水檐争吵, 互不相让。", "欧阳明月", "10098765432"
HERE = Place(ledger=UUID(int=1), stream=UUID(int=2), version=3, event=UUID(int=4))
PRINTABLE = st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t")


@pytest.fixture
def cipher(make_cipher) -> PersonalCipher:
    return make_cipher()


def sealed(cipher: PersonalCipher, event: Told, place: Place = HERE) -> dict:
    cipher.vault.ensure(owners(event))
    content = event.model_dump(mode="json")
    cipher.seal(event, content, place)
    return content


def test_nothing_personal_is_in_the_stored_row(ledger, owner):
    id = uuid4()
    record(ledger, id, 0, told(STORY, NAME, PHONE))

    row = owner.execute("SELECT state, e::text FROM stored_events e WHERE originator_id = %s", [id]).fetchone()

    stored = bytes(row[0]).decode() + row[1] + bytes(row[0]).hex()
    for secret in (STORY, STORY[:4], NAME, NAME[:2], PHONE, PHONE[-8:]):
        for form in (secret, json.dumps(secret).strip('"'), secret.encode().hex()):
            assert form not in stored


def test_personal_fields_come_back_as_they_were(ledger):
    id, event = uuid4(), told(STORY, NAME, PHONE)
    record(ledger, id, 0, event)

    assert ledger.feed(ledger.head() - 1, 1)[0].event == event
    assert ledger.history(TALLIES, id).entries[0].event == event


def test_each_person_and_each_narrative_has_a_key_of_its_own(ledger, vault_folder):
    one, other = told(STORY, NAME, PHONE), told(STORY, NAME, PHONE)
    record(ledger, uuid4(), 0, one, other)
    ids = [*owners(one), *owners(other)]

    with closing(sqlite3.connect(vault_folder / "keys.db")) as keys:
        found = keys.execute("SELECT owner, wrapped FROM key WHERE wrapped IS NOT NULL").fetchall()

    assert len(set(ids)) == 4
    wrapped = dict(found)
    assert len({wrapped[id.bytes] for id in ids}) == 4


def test_the_same_text_twice_is_not_the_same_ciphertext(cipher):
    event = told(STORY)

    assert sealed(cipher, event)["story"]["text"]["~"] != sealed(cipher, event)["story"]["text"]["~"]


@pytest.mark.parametrize(
    "elsewhere",
    [{"ledger": UUID(int=9)}, {"stream": UUID(int=9)}, {"version": 4}, {"event": UUID(int=9)}],
    ids=lambda change: next(iter(change)),
)
def test_a_ciphertext_moved_elsewhere_does_not_open(cipher, elsewhere):
    content = sealed(cipher, told(STORY))

    with pytest.raises(InvalidTag):
        cipher.open([(content, replace(HERE, **elsewhere))])


def test_a_ciphertext_moved_to_another_field_does_not_open(cipher):
    content = sealed(cipher, told(STORY))
    person = content["people"][0]

    person["name"], person["phone"] = person["phone"], person["name"]

    with pytest.raises(InvalidTag):
        cipher.open([(content, HERE)])


def test_a_ciphertext_said_to_be_somebody_elses_does_not_open(cipher):
    content = sealed(cipher, told(STORY))

    content["people"][0]["name"]["k"] = content["story"]["text"]["k"]

    with pytest.raises(InvalidTag):
        cipher.open([(content, HERE)])


def test_a_row_that_was_given_the_bytes_of_another_is_not_read(make_ledger, make_database):
    url = make_database()
    ledger, one, other = make_ledger(url), uuid4(), uuid4()
    record(ledger, one, 0, told("第一件"))
    record(ledger, other, 0, told("第二件"))
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        taken = "(SELECT state FROM stored_events WHERE originator_id = %s)"
        owner.execute(f"UPDATE stored_events SET state = {taken} WHERE originator_id = %s", [other, one])

    with pytest.raises(NotOurs):
        ledger.feed(0, 10)


def test_a_missing_key_stops_the_reader(ledger, make_ledger, vault_folder):
    id, event = uuid4(), told(STORY)
    record(ledger, id, 0, event)
    with closing(sqlite3.connect(vault_folder / "keys.db")) as keys, keys:
        keys.execute("DELETE FROM key WHERE owner = ?", [event.story.id.bytes])

    with pytest.raises(KeyMissing):
        make_ledger().history(TALLIES, id)


def test_whose_key_was_destroyed_reads_as_erased_and_is_not_recorded_again(ledger, make_ledger, vault_folder):
    id, event = uuid4(), told(STORY, NAME, PHONE)
    record(ledger, id, 0, event)
    destroy(vault_folder, event.people[0].person)
    after = make_ledger()

    read = after.history(TALLIES, id).entries[0].event
    with pytest.raises(OwnerErased):
        record(after, id, 1, Noted(), told("又来").but(people=event.people))

    person = read.people[0]
    assert (person.name, person.phone, read.story.text) == (ERASED, ERASED, STORY)
    assert make_ledger().history(TALLIES, id).version == 1


def destroy(folder, owner: UUID) -> None:
    with closing(sqlite3.connect(folder / "keys.db")) as keys, keys:
        assert keys.execute("UPDATE key SET wrapped = NULL WHERE owner = ?", [owner.bytes]).rowcount == 1


def test_personal_text_is_not_allowed_where_the_store_would_not_find_it():
    class Gathering(Value):
        id: UUID
        names: tuple[PersonName, ...]

    with pytest.raises(TypeError, match="not looked for"):
        list(owners(Gathering(id=uuid4(), names=(NAME,))))


def test_personal_text_says_whose_it_is():
    class Nameless(Value):
        name: PersonName

    with pytest.raises(TypeError, match="says not whose"):
        list(owners(Nameless(name=NAME)))


def test_empty_text_is_stored_as_empty(cipher):
    event = Told(
        story=Narrative(id=NarrativeId(uuid4()), text=""),
        people=(Person(person=PersonId(uuid4()), name=NAME, phone=""), Person(person=PersonId(uuid4()), name=NAME)),
    )

    content = sealed(cipher, event)

    assert (content["story"]["text"], content["people"][0]["phone"], content["people"][1]["phone"]) == ("", "", None)
    cipher.open([(content, HERE)])
    assert Told.model_validate(content) == event


@given(story=st.text(PRINTABLE, max_size=400), name=st.text(PRINTABLE, min_size=1, max_size=100))
def test_any_printable_text_comes_back(make_cipher_once, story, name):
    event = Told.model_construct(
        story=Narrative(id=NarrativeId(uuid4()), text=story),
        people=(Person.model_construct(person=PersonId(uuid4()), name=name, phone=story[:30]),),
    )

    content = sealed(make_cipher_once, event)

    read = json.loads(json.dumps(content))
    make_cipher_once.open([(read, HERE)])
    assert read == event.model_dump(mode="json")


@pytest.fixture(scope="module")
def make_cipher_once(make_cipher) -> PersonalCipher:
    return make_cipher()


def test_the_keyed_hash_tells_the_same_text_and_depends_on_purpose_and_master(cipher, tmp_path):
    name = NAME.encode()

    with closing(Vault(KeyFile.made(tmp_path / "keys.db"), b"another master".ljust(32))) as vault:
        other = PersonalCipher(vault, b"another master".ljust(32)).keyed_hash("person", name)

    hashes = [cipher.keyed_hash("person", name), cipher.keyed_hash("request", name), other]
    assert len(set(hashes)) == 3
    assert cipher.keyed_hash("person", name) == PersonalCipher(cipher.vault, MASTER).keyed_hash("person", name)


def test_near_texts_have_near_similarity_marks_and_far_ones_far(cipher):
    story = "周大山家的滴水檐伸到吴小河家院里，下雨时水流进堂屋，双方多次争吵，村干部劝说过两次没有结果。"
    near = story.replace("两次", "三次")
    far = "承包地的界石被移动了半尺，两兄弟为此打了起来，派出所出过警，要求重新丈量土地并赔偿医药费。"

    marks = [int(sealed(cipher, told(text))["story"]["text"]["s"], 16) for text in (story, near, far, story)]

    assert marks[0] == marks[3]
    assert distance(marks[0], marks[1]) < 16 < distance(marks[0], marks[2])


def test_similarity_marks_of_another_master_say_nothing():
    texts = [string.ascii_letters[at : at + 20] for at in range(30)]

    distances = [distance(simhash(text, b"one"), simhash(text, b"other")) for text in texts]

    assert 20 < sum(distances) / len(distances) < 44


def distance(one: int, other: int) -> int:
    return (one ^ other).bit_count()
