"""What the routes of referrals and escalations share: one POST for each command, lists of what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.commanding import AskingDep, add_command
from api.labels import Language
from api.labels.names import kebab
from api.problems import document, title
from api.routes.case import receipt_answer
from api.system import System
from application.ports import Asked, Receipt
from application.rights import Viewer
from domain.shared.errors import DomainError
from domain.shared.values import CaseId

Begin = Callable[[System, CaseId, Any, Viewer, Asked, int | None], Receipt]
Change = Callable[[System, CaseId, UUID, Any, Viewer, Asked, int | None], Receipt]


def add_beginning(router: APIRouter, folder: str, commands: Sequence[type[Any]], begin: Begin) -> None:
    """POST /api/cases/{case}/<folder>/<command>: If-Match carries the version of the case."""
    for command in commands:
        path = f"/cases/{{case}}/{folder}/{kebab(command)}"
        add_command(router, path, _beginning(command, folder, begin), 201, f"begin:{kebab(command)}")


def _beginning(command_type: type[Any], folder: str, begin: Begin) -> Callable[..., Response]:
    def begin_it(case: CaseId, command: Any, asking: AskingDep) -> Response:
        receipt = begin(asking.system, case, command, asking.viewer, asking.asked, asking.expected)
        asking.system.saw(asking.viewer.officer, receipt)
        return receipt_answer(receipt, 201, {"Location": f"/api/cases/{case}/{folder}/{receipt.id}"})

    begin_it.__annotations__["command"] = command_type
    begin_it.__doc__ = command_type.__doc__
    return begin_it


def add_changing(router: APIRouter, folder: str, commands: Sequence[type[Any]], change: Change) -> None:
    """POST /api/cases/{case}/<folder>/{id}/<command>: If-Match carries the version of the referral or escalation."""
    for command in commands:
        path = f"/cases/{{case}}/{folder}/{{id}}/{kebab(command)}"
        add_command(router, path, _changing(command, change), 200, f"change:{kebab(command)}")


def _changing(command_type: type[Any], change: Change) -> Callable[..., Response]:
    def change_it(case: CaseId, id: UUID, command: Any, asking: AskingDep) -> Response:
        receipt = change(asking.system, case, id, command, asking.viewer, asking.asked, asking.expected)
        asking.system.saw(asking.viewer.officer, receipt)
        return receipt_answer(receipt, 200)

    change_it.__annotations__["command"] = command_type
    change_it.__doc__ = command_type.__doc__
    return change_it


def listed(command: type[Any], blocked: DomainError | None, href: str, language: Language) -> dict[str, Any]:
    """An action with its schema, or with the rule that blocks it."""
    rule = getattr(command, "rule", None)
    shown: dict[str, Any] = {"name": kebab(command), "href": f"{href}/{kebab(command)}", "allowed": blocked is None}
    shown |= {"rule": str(rule) if rule else None}
    if blocked is None:
        return shown | {"schema": command.model_json_schema()}
    return shown | {"blocked": {**document(blocked, language, ""), "title": title(blocked, language)}}
