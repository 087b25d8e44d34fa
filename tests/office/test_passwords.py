"""Passwords and the sessions that begin with them: as tables of a real PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from argon2 import PasswordHasher

from application.office import Crowded, Ended, PasswordLength, TooManyAttempts
from domain.office.officer import officer_id
from domain.shared.values import BodyId
from infrastructure import passwords as hashing
from infrastructure import wrong_passwords as slowing
from infrastructure.concurrency.turns import in_turn
from infrastructure.passwords import PasswordTable
from infrastructure.postgres.connecting import connect
from infrastructure.sessions import SessionTable, end_every_session
from infrastructure.wrong_passwords import OF_A_SOURCE, WrongPasswords
from tests.jurisdiction.memory import asked
from tests.jurisdiction.tables import schema
from tests.office.test_officers import COMMITTEE, LI

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
RIGHT, WRONG = "correct horse", "battery staple"
NOBODY = officer_id("nobody")
HOME = "192.0.2.1"


class Told:
    """What the events would tell."""

    def __init__(self):
        self.marks = {}

    def record(self, asked, officer, mark):
        self.marks[officer] = mark

    def last(self, officer):
        return self.marks.get(officer, "")


@pytest.fixture
def pool(postgres_url):
    with schema(postgres_url) as pool:
        yield pool


@pytest.fixture
def passwords(pool, postgres_url):
    wrong = WrongPasswords(pool, b"k" * 32)
    passwords = PasswordTable(pool, wrong, Told(), b"p" * 32, QUICK)
    with connect(postgres_url) as owner:
        for table in (passwords, SessionTable(pool, b"s" * 32, 12), wrong):
            table.prepare(owner)
    with pool.connection() as connection:
        connection.execute("TRUNCATE password, session, wrong_password")
    passwords.set(asked(), LI, RIGHT)
    yield passwords
    passwords.close()


@pytest.fixture
def sessions(pool, passwords):
    return SessionTable(pool, b"s" * 32, 12)


@pytest.fixture
def token(passwords, sessions):
    return sessions.begin(LI, None, passwords.check(LI, RIGHT, HOME), in_browser=True)


def test_a_password_fits_only_its_officer(passwords):
    assert passwords.check(LI, RIGHT, HOME)
    assert passwords.check(LI, WRONG, HOME) is None
    assert passwords.check(NOBODY, RIGHT, HOME) is None
    assert passwords.check(NOBODY, "nobody has this password", HOME) is None
    assert passwords.check(LI, "\ud800", HOME) is None


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_password_is_neither_short_nor_endless(passwords, password):
    with pytest.raises(PasswordLength):
        passwords.set(asked(), LI, password)


def test_a_source_that_guesses_is_refused_until_it_has_waited_and_others_get_in(passwords):
    spray(passwords, "198.51.100.7")

    with pytest.raises(TooManyAttempts) as refused:
        passwords.check(LI, RIGHT, "198.51.100.7")
    assert 0 < refused.value.details["retry_after"] <= 11
    assert passwords.check(LI, RIGHT, HOME)


def spray(passwords, source):
    """One password over many names."""
    for number in range(OF_A_SOURCE):
        assert passwords.check(officer_id(f"name{number}"), WRONG, source) is None


def test_a_source_is_let_in_again_when_it_has_waited(passwords, monkeypatch):
    monkeypatch.setattr(slowing, "FORGIVEN_AFTER", 0.05)
    spray(passwords, "198.51.100.7")
    time.sleep(0.2)

    assert passwords.check(LI, RIGHT, "198.51.100.7")


@pytest.mark.parametrize("name", [LI, NOBODY], ids=["known", "unknown"])
def test_a_name_that_is_guessed_from_everywhere_waits_and_is_never_refused(passwords, monkeypatch, name):
    waited: list[float] = []
    monkeypatch.setattr(slowing, "_pause", waited.append)
    for number in range(30):
        assert passwords.check(name, WRONG, f"198.51.100.{number}") is None

    assert waited[:5] == [0.0] * 5
    assert 0.4 < waited[5] <= 0.5
    assert max(waited) == waited[-1] == slowing.LONGEST_DELAY
    if name is LI:
        assert passwords.check(name, RIGHT, HOME), "the owner waits, and gets in"
        assert waited[-1] == slowing.LONGEST_DELAY


def test_the_right_password_forgives_what_was_typed_wrong_before(passwords, monkeypatch):
    waited: list[float] = []
    monkeypatch.setattr(slowing, "_pause", waited.append)
    for _ in range(3 * OF_A_SOURCE):
        assert passwords.check(LI, RIGHT, HOME)

    assert set(waited) == {0.0}


def test_many_attempts_at_once_count_as_many(passwords, monkeypatch):
    monkeypatch.setattr(slowing, "_pause", lambda seconds: None)

    def attempt(number: int) -> bool:
        try:
            return passwords.check(NOBODY, WRONG, "198.51.100.7") is None
        except TooManyAttempts:
            return False

    with ThreadPoolExecutor(16) as many:
        tried = sum(many.map(attempt, range(100)))

    assert tried <= OF_A_SOURCE


def test_neither_names_nor_addresses_stand_in_the_table(passwords, pool):
    passwords.check(LI, WRONG, HOME)
    with pool.connection() as connection:
        keys = [of for (of,) in connection.execute("SELECT of FROM wrong_password")]

    assert len(keys) == 2
    assert all(len(one) == 32 and HOME.encode() not in one and LI.bytes not in one for one in keys)


def test_a_few_passwords_are_checked_at_a_time_a_few_wait_and_the_rest_is_told(pool, passwords, monkeypatch):
    at_work, most = [], []

    class Slow(PasswordHasher):
        def verify(self, hash, password):
            at_work.append(password)
            most.append(len(at_work))
            time.sleep(0.02)
            at_work.pop()
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Slow(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(slowing, "AT_ONCE_FROM_A_SOURCE", 100)

    async def all_at_once():
        checks = (in_turn(lambda: passwords.check(LI, RIGHT, HOME)) for _ in range(60))
        return await asyncio.gather(*checks, return_exceptions=True)

    answers = asyncio.run(all_at_once())
    refused = [one for one in answers if isinstance(one, Crowded | TooManyAttempts)]

    assert max(most) <= hashing.AT_ONCE
    assert refused
    assert len(refused) + sum(isinstance(one, str) for one in answers) == 60


def test_a_session_is_found_by_its_token_and_by_nothing_else(sessions, token):
    found = sessions.find(token)

    assert (found.officer, found.is_live, found.in_browser) == (LI, True, True)
    for other in ("", "nonsense", token[:-4] + "AAAA", "A" * 64, token + "AAAA", "ü"):
        assert sessions.find(other) is None


def test_whoever_reads_or_writes_the_table_has_no_token(sessions, token, pool):
    """The mark is of the token's secret and of the officer: neither row nor mark moves to somebody else."""
    with pool.connection() as connection:
        ((mark,),) = connection.execute("SELECT mark FROM session").fetchall()
        connection.execute("UPDATE session SET officer_id = %s", [NOBODY])

    assert mark.hex() not in token
    assert sessions.find(token) is None


def test_a_session_whose_row_has_vanished_is_none(sessions, token, pool):
    with pool.connection() as connection:
        connection.execute("DELETE FROM session")

    assert sessions.find(token) is None


def test_a_session_ends_by_itself(sessions, token, pool):
    with pool.connection() as connection:
        connection.execute("UPDATE session SET ends_at = now()")

    assert not sessions.find(token).is_live
    assert sessions.of(LI) == []


def test_a_session_ends_by_its_owners_word_and_by_nobody_elses(sessions, token):
    id = sessions.find(token).id

    assert not sessions.end(NOBODY, id, Ended.ENDED_BY_HAND)
    assert sessions.find(token).is_live
    assert sessions.end(LI, id, Ended.SIGNED_OUT)
    assert not sessions.find(token).is_live
    assert not sessions.end(LI, id, Ended.SIGNED_OUT)


def test_a_new_password_ends_all_sessions_but_the_one_that_set_it(passwords, sessions, token):
    other = sessions.begin(LI, None, passwords.check(LI, RIGHT, HOME), in_browser=False)

    passwords.set(asked(), LI, "another horse", but=sessions.find(token).id)

    assert (sessions.find(token).is_live, sessions.find(other).is_live) == (True, False)
    passwords.set(asked(), LI, "a third horse")
    assert not sessions.find(token).is_live


def test_no_session_begins_with_a_password_that_was_changed_meanwhile(passwords, sessions):
    proof = passwords.check(LI, RIGHT, HOME)
    passwords.set(asked(), LI, "another horse")

    assert sessions.begin(LI, None, proof, in_browser=True) is None


def test_after_a_restore_everybody_signs_in_anew(sessions, token, postgres_url):
    with psycopg.connect(postgres_url) as connection:
        end_every_session(connection)

    assert not sessions.find(token).is_live


def test_a_session_says_for_which_body_it_acts(sessions, token):
    found = sessions.find(token)
    sessions.act_for(found.id, BodyId(COMMITTEE))

    assert sessions.find(token).body == COMMITTEE


def test_it_is_kept_coarsely_when_somebody_was_last_there(sessions, token, pool):
    first = sessions.find(token).seen_at
    assert sessions.find(token).seen_at == first
    with pool.connection() as connection:
        connection.execute("UPDATE session SET seen_at = now() - interval '6 minutes'")
    sessions.find(token)

    assert sessions.find(token).seen_at > first


def test_what_ended_long_ago_is_forgotten(sessions, passwords, token, pool):
    ended = sessions.begin(LI, None, passwords.check(LI, RIGHT, HOME), in_browser=True)
    with pool.connection() as connection:
        connection.execute(
            "UPDATE session SET ended_at = now() - interval '31 days' WHERE id = %s", [sessions.find(ended).id]
        )
    sessions.forget()

    assert sessions.find(ended) is None
    assert sessions.find(token).is_live
