"""What the routes of referrals and escalations share: one POST for each command, lists of what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.commanding import Asking, Done, add_command
from api.labels import Language
from api.labels.names import kebab
from api.problems import document, title
from api.system import Deciding
from application.ports import Asked, Receipt
from application.rights import Viewer
from domain.shared.errors import DomainError
from domain.shared.values import CaseId

Begin = Callable[[Deciding, CaseId, Any, Viewer, Asked, int | None], Receipt]
Change = Callable[[Deciding, CaseId, UUID, Any, Viewer, Asked, int | None], Receipt]


def add_beginning(router: APIRouter, folder: str, commands: Sequence[type[Any]], begin: Begin) -> None:
    """POST /api/cases/{case}/<folder>/<command>: If-Match carries the version of the case."""

    def begin_it(asking: Asking, command: Any, case: UUID) -> Done:
        receipt = begin(asking.deciding, CaseId(case), command, asking.viewer, asking.asked, asking.expected)
        return Done(receipt, f"/api/cases/{case}/{folder}/{receipt.id}")

    for command in commands:
        path = f"/cases/{{case}}/{folder}/{kebab(command)}"
        add_command(router, path, command, begin_it, 201, f"begin:{kebab(command)}", ids=("case",))


def add_changing(router: APIRouter, folder: str, commands: Sequence[type[Any]], change: Change) -> None:
    """POST /api/cases/{case}/<folder>/{id}/<command>: If-Match carries the version of the referral or escalation."""

    def change_it(asking: Asking, command: Any, case: UUID, id: UUID) -> Done:
        return Done(change(asking.deciding, CaseId(case), id, command, asking.viewer, asking.asked, asking.expected))

    for command in commands:
        path = f"/cases/{{case}}/{folder}/{{id}}/{kebab(command)}"
        add_command(router, path, command, change_it, 200, f"change:{kebab(command)}", ids=("case", "id"))


def listed(command: type[Any], blocked: DomainError | None, href: str, language: Language) -> dict[str, Any]:
    """An action with its schema, or with the rule that blocks it."""
    rule = getattr(command, "rule", None)
    shown: dict[str, Any] = {"name": kebab(command), "href": f"{href}/{kebab(command)}", "allowed": blocked is None}
    shown |= {"rule": str(rule) if rule else None}
    if blocked is None:
        return shown | {"schema": command.model_json_schema()}
    return shown | {"blocked": {**document(blocked, language, ""), "title": title(blocked, language)}}
