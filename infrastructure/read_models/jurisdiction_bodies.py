"""管辖: bodies and their members: tables and filling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import psycopg

from domain.jurisdiction.body import BodyDissolved, BodyEvent, BodyFounded, BodyRenamed, Member
from domain.jurisdiction.committee import CommitteeConstituted, MemberSeated, MemberUnseated
from domain.jurisdiction.merging import BodyMerged
from domain.shared.decider import Entry


class BodyTables:
    name: ClassVar = "jurisdiction_bodies"
    contexts: ClassVar[tuple[str, ...]] = ("jurisdiction",)
    by_stream: ClassVar = False
    schema: ClassVar = """
        CREATE TABLE body (
            id uuid PRIMARY KEY, version integer NOT NULL, area_id uuid NOT NULL, level text NOT NULL,
            kind text NOT NULL, name text NOT NULL, short_name text NOT NULL, code text NOT NULL,
            channel text, answers_for uuid NOT NULL, term_until date, dissolved boolean NOT NULL,
            merged_into uuid);
        CREATE INDEX body_by_code ON body (code);
        CREATE INDEX body_by_merger ON body (merged_into);
        CREATE INDEX body_by_area ON body (area_id);
        CREATE TABLE body_member (
            body_id uuid NOT NULL, officer_id uuid NOT NULL, member_name text NOT NULL,
            woman boolean NOT NULL, seated_from date NOT NULL, seated_until date,
            PRIMARY KEY (body_id, officer_id, seated_from));
        CREATE INDEX body_member_by_officer ON body_member (officer_id);
    """

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        for entry in page:
            if isinstance(entry.event, BodyEvent):
                _apply(entry.stream, entry.event, to)
                to.execute("UPDATE body SET version = %s WHERE id = %s", [entry.version, entry.stream])


def _apply(body: UUID, event: BodyEvent, to: psycopg.Cursor[Any]) -> None:
    match event:
        case BodyFounded():
            _found(body, event, to)
        case BodyRenamed():
            to.execute(
                "UPDATE body SET name = %s, short_name = %s WHERE id = %s",
                [event.body_name, event.short_name, body],
            )
        case BodyDissolved():
            to.execute("UPDATE body SET dissolved = true WHERE id = %s", [body])
        case BodyMerged():
            to.execute("UPDATE body SET dissolved = true, merged_into = %s WHERE id = %s", [event.into, body])
            to.execute("UPDATE body SET merged_into = %s WHERE merged_into = %s", [event.into, body])
            to.execute("UPDATE body SET answers_for = %s WHERE answers_for = %s", [event.into, body])
        case CommitteeConstituted():
            _constitute(body, event, to)
        case MemberSeated():
            _seat(body, [event.member], event.seated_from, to)
        case MemberUnseated():
            _unseat(body, [event.officer], event.seated_until, to)


def _found(body: UUID, event: BodyFounded, to: psycopg.Cursor[Any]) -> None:
    to.execute(
        "INSERT INTO body (id, version, area_id, level, kind, name, short_name, code, channel,"
        " answers_for, dissolved) VALUES (%s, 1, %s, %s, %s, %s, %s, %s, %s, %s, false)",
        [
            body,
            event.area,
            event.level.value,
            event.kind.value,
            event.body_name,
            event.short_name,
            event.code,
            event.channel and event.channel.value,
            event.answers_for or body,
        ],
    )


def _constitute(body: UUID, event: CommitteeConstituted, to: psycopg.Cursor[Any]) -> None:
    to.execute("SELECT officer_id FROM body_member WHERE body_id = %s AND seated_until IS NULL", [body])
    _unseat(body, [officer for (officer,) in to.fetchall()], event.term_from, to)
    _seat(body, event.members, event.term_from, to)
    to.execute("UPDATE body SET term_until = %s WHERE id = %s", [event.term_until, body])


def _seat(body: UUID, members: Iterable[Member], since: date, to: psycopg.Cursor[Any]) -> None:
    to.executemany(
        "INSERT INTO body_member VALUES (%s, %s, %s, %s, %s, NULL)"
        " ON CONFLICT (body_id, officer_id, seated_from) DO UPDATE SET seated_until = NULL",
        [(body, one.officer, one.member_name, one.woman, since) for one in members],
    )


def _unseat(body: UUID, officers: list[UUID], until: date, to: psycopg.Cursor[Any]) -> None:
    to.execute(
        "UPDATE body_member SET seated_until = greatest(%s, seated_from)"
        " WHERE body_id = %s AND officer_id = ANY(%s) AND seated_until IS NULL",
        [until, body, officers],
    )
