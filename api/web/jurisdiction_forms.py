"""区划与机构 Forms on areas and bodies: founded, renamed, recoded, moved, merged, split, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import system_of
from api.labels import word
from api.labels.names import kebab
from api.web.administering import AdminDep, AdminSenderDep, BodyCodeTaken, RegisterForm, told_since
from api.web.case_dialog import NoSuchAction
from api.web.choices import Choices, every_body, tops
from api.web.jurisdiction_areas import area_history
from api.web.jurisdiction_bodies import body_history, open_cases
from api.web.page import Reader, names_of, text
from api.web.sending import FormDep
from api.web.sentences import enum_word
from application.directory import AreaRow
from application.jurisdiction import CodeTaken
from application.ports import Asked, Receipt
from domain.jurisdiction.area import Area, FoundArea, RecodeArea, RenameArea
from domain.jurisdiction.body import CHANNELS, Body, BodyCommand, DissolveBody, FoundBody, RenameBody
from domain.jurisdiction.lineage import AbolishArea, MergeArea, MoveArea, SplitArea
from domain.jurisdiction.merging import MergeBody
from domain.shared.decider import Command
from domain.shared.values import AreaId, BodyId, BodyKind, Level

router = APIRouter(include_in_schema=False)
OF_AREAS: Mapping[str, type[Command[Any]]] = {
    kebab(one): one
    for one in (FoundArea, FoundBody, RenameArea, RecodeArea, MoveArea, MergeArea, SplitArea, AbolishArea)
}
OF_BODIES: Mapping[str, type[BodyCommand]] = {kebab(one): one for one in (RenameBody, MergeBody, DissolveBody)}


def _in_area(reader: Reader, id: UUID, name: str) -> RegisterForm:
    """Raises NoSuchAction, UnknownStream."""
    if not (command := OF_AREAS.get(name)):
        raise NoSuchAction(command=name[:60])
    area = area_history(reader, id).state
    if command is FoundArea:
        return _founding_area(reader, area)
    return _founding_body(reader, area) if command is FoundBody else _changing_area(reader, id, command)


def _changing_area(reader: Reader, id: UUID, command: type[Command[Any]]) -> RegisterForm:
    history = area_history(reader, id)
    area, areas = history.state, system_of(reader.request).administering.areas
    usual = {"area_name": area.name, "code": area.code, "in_force_from": reader.today}
    return RegisterForm(
        reader,
        command,
        (f"/areas/{id}", area.name),
        lambda told, asked, seen: areas.change(asked, AreaId(id), told, seen),
        lambda receipt: f"/areas/{id}?saved={receipt.version}",
        version=history.version,
        now=_area_now(reader, area),
        choices=_other_areas(reader, area, command),
        usual=usual,
        newer=told_since(history, reader),
        places={CodeTaken: ("code",)},
    )


def _area_now(reader: Reader, area: Area) -> Sequence[tuple[str, str]]:
    directory, language = reader.reading.directory, reader.language
    bodies = [one.name for one in directory.bodies_in(area.id, reader.today) if one.area == area.id]
    inside = [one.name for one in directory.child_rows(area.id, reader.today)]
    return [
        (word(language, "field", "area_name"), area.name),
        (word(language, "field", "code"), area.code),
        (
            word(language, "field", "parent"),
            names_of(reader, {}, (), {area.parent} if area.parent else ()).of(area.parent),
        ),
        (text(language, "areas_in_it"), _told(inside)),
        (text(language, "bodies_in_it"), _told(bodies)),
    ]


def _told(names: Sequence[str]) -> str:
    return f"{len(names)}: {'、'.join(names[:10])}{'…' if len(names) > 10 else ''}" if names else "0"


def _other_areas(reader: Reader, area: Area, command: type[Command[Any]]) -> Mapping[str, Choices]:
    """Those that come into question: of its own level, or of one above."""
    rows = [row for top in tops(reader) for row in reader.reading.directory.tree(top, reader.today)]
    if command is MoveArea:
        return {"parent": _named(rows, [row for row in rows if area.level and row.level.rank > area.level.rank])}
    return {"into": _named(rows, [row for row in rows if row.level is area.level and row.id != area.id])}


def _named(all_of_them: Sequence[AreaRow], wanted: Sequence[AreaRow]) -> Choices:
    names = {row.id: row.name for row in all_of_them}
    above = {row.id: f"{names[row.parent]} · " if row.parent in names else "" for row in wanted}
    return [(str(row.id), f"{above[row.id]}{row.name} ({row.code})") for row in wanted]


def _founding_area(reader: Reader, parent: Area) -> RegisterForm:
    areas = system_of(reader.request).administering.areas
    below = [one for one in Level if parent.level and one.rank < parent.level.rank]
    return RegisterForm(
        reader,
        FoundArea,
        (f"/areas/{parent.id}", parent.name),
        lambda told, asked, seen: areas.found(asked, told),
        lambda receipt: f"/areas/{receipt.id}?saved={receipt.version}",
        now=[(word(reader.language, "field", "parent"), parent.name)],
        choices={"level": [(one.value, enum_word(reader.language, one)) for one in reversed(below)]},
        usual={"level": below[-1] if below else None, "in_force_from": reader.today},
        fixed={"parent": str(parent.id)},
        places={CodeTaken: ("code",)},
    )


def _founding_body(reader: Reader, area: Area) -> RegisterForm:
    bodies, register = system_of(reader.request).administering.bodies, reader.registers.register

    def send(command: FoundBody, asked: Asked, seen: int) -> Receipt:
        if register.body_by_code(command.code):
            raise BodyCodeTaken
        return bodies.found(asked, command)

    return RegisterForm(
        reader,
        FoundBody,
        (f"/areas/{area.id}", area.name),
        send,
        lambda receipt: f"/bodies/{receipt.id}?saved={receipt.version}",
        now=[(word(reader.language, "field", "area"), area.name)],
        choices={"answers_for": every_body(reader)},
        fixed={"area": str(area.id)},
        filled_in=_only_channel,
    )


def _only_channel(content: dict[str, Any]) -> None:
    """Nothing chosen: the only one that its kind has, as a sheet of bodies is read."""
    kind = content.get("kind")
    if "channel" not in content and kind in set(BodyKind) and len(CHANNELS[BodyKind(kind)]) == 1:
        content["channel"] = next(iter(CHANNELS[BodyKind(kind)]))


def _on_body(reader: Reader, id: UUID, name: str) -> RegisterForm:
    """Raises NoSuchAction, UnknownStream."""
    if not (command := OF_BODIES.get(name)):
        raise NoSuchAction(command=name[:60])
    history = body_history(reader, id)
    body, administering = history.state, system_of(reader.request).administering

    def send(told: BodyCommand, asked: Asked, seen: int) -> Receipt:
        if isinstance(told, MergeBody):
            return administering.mergers.merge(asked, BodyId(id), told)
        return administering.bodies.change(asked, BodyId(id), told, seen)

    return RegisterForm(
        reader,
        command,
        (f"/bodies/{id}", body.name),
        send,
        lambda receipt: f"/bodies/{id}?saved={receipt.version}",
        version=history.version,
        now=_body_now(reader, body),
        choices={"into": [one for one in every_body(reader) if one[0] != str(id)]},
        usual={"body_name": body.name, "short_name": body.short_name},
        newer=told_since(history, reader),
    )


def _body_now(reader: Reader, body: Body) -> Sequence[tuple[str, str]]:
    language = reader.language
    return [
        (word(language, "field", "body_name"), body.name),
        (word(language, "field", "code"), body.code),
        (word(language, "field", "kind"), enum_word(language, body.kind) if body.kind else ""),
        (word(language, "field", "area"), names_of(reader, {}, (), {body.area} if body.area else ()).of(body.area)),
        (text(language, "open_cases_held"), str(open_cases(reader, body.id))),
    ]


@router.get("/areas/{id:uuid}/{name}")
def area_form(id: UUID, name: str, reader: AdminDep) -> Response:
    return _in_area(reader, id, name).opened()


@router.post("/areas/{id:uuid}/{name}")
def change_area(id: UUID, name: str, reader: AdminSenderDep, form: FormDep) -> Response:
    return _in_area(reader, id, name).sent(form)


@router.get("/bodies/{id:uuid}/{name}")
def body_form(id: UUID, name: str, reader: AdminDep) -> Response:
    return _on_body(reader, id, name).opened()


@router.post("/bodies/{id:uuid}/{name}")
def change_body(id: UUID, name: str, reader: AdminSenderDep, form: FormDep) -> Response:
    return _on_body(reader, id, name).sent(form)
