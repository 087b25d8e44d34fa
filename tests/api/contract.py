"""Holds every answer to what /api/openapi.json says of its path and status: an undeclared one fails, field by field."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cached_property
from typing import Any
from unittest.mock import patch

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.contract import INSTANT

with patch.dict(sys.modules, {"rfc3987_syntax": None}):
    # its forty grammars take two seconds of each process, for a kind of address that the contract has none of
    from jsonschema import Draft202012Validator

_known: list[Contract] = []


class BrokenContract(AssertionError):
    """An answer is none that the contract tells of."""


class Contract:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._operations = [(_pattern(path), path, operations) for path, operations in document["paths"].items()]
        self._operations.sort(key=lambda one: one[1].count("{"))
        self._validators: dict[tuple[str, str, str, str], Draft202012Validator] = {}

    @classmethod
    def of(cls, app: FastAPI) -> Contract:
        """Made once: every application says the same."""
        if not _known:
            _known.append(cls(app.openapi()))
        return _known[0]

    def check(self, method: str, path: str, answer: Any) -> None:
        """Raises BrokenContract. What tells of a path, without its content, is held to what is told of that."""
        if method in ("HEAD", "OPTIONS"):
            assert not answer.content or answer.status_code == 404
            return
        found = next((one for one in self._operations if one[0].fullmatch(path)), None)
        if found is None or method.lower() not in found[2]:
            if path.startswith("/api/") and answer.status_code < 400 and path != "/api/openapi.json":
                raise BrokenContract(f"{method} {path}: in no contract, and answered {answer.status_code}")
            return
        _, template, operations = found
        where = f"{method} {template} {answer.status_code}"
        responses = operations[method.lower()]["responses"]
        if (declared := responses.get(str(answer.status_code))) is None:
            raise BrokenContract(f"{where}: only {', '.join(responses)} are declared; {answer.text[:300]}")
        self._check_content(where, (method, template, str(answer.status_code)), declared.get("content", {}), answer)

    def _check_content(self, where: str, key: tuple[str, str, str], content: dict[str, Any], answer: Any) -> None:
        if not content and not answer.content:
            return
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if kind not in content:
            raise BrokenContract(
                f"{where}: answered {kind or 'nothing'}, declared is {', '.join(content) or 'nothing'}"
            )
        if not kind.endswith("json"):
            return
        if elsewhere := [one for one in _texts(answer.json()) if INSTANT.fullmatch(one) and not one.endswith("+08:00")]:
            raise BrokenContract(f"{where}: times of another zone: {elsewhere[:5]}")
        faults = list(self._validator((*key, kind), content[kind]["schema"]).iter_errors(answer.json()))
        if faults:
            told = "\n".join(f"  {one.json_path}: {one.message[:300]}" for one in faults[:5])
            raise BrokenContract(f"{where}: not as declared\n{told}")

    def _validator(self, key: tuple[str, str, str, str], schema: dict[str, Any]) -> Draft202012Validator:
        if key not in self._validators:
            self._validators[key] = Draft202012Validator({**schema, "components": self._closed})
        return self._validators[key]

    @cached_property
    def _closed(self) -> dict[str, Any]:
        """A field that is not declared is a fault here; a client may well read on."""
        components = deepcopy(self.document["components"])
        for schema in components["schemas"].values():
            if "properties" in schema:
                schema.setdefault("additionalProperties", False)
        return components


def _texts(value: Any, key: str = "") -> Iterator[str]:
    """But for what somebody wrote."""
    match value:
        case dict():
            for name, one in value.items():
                yield from _texts(one, name)
        case list():
            for one in value:
                yield from _texts(one)
        case str() if key not in {"text", "instance"}:
            yield value


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    last = len(parts) - 2
    return re.compile(
        "".join(
            re.escape(part) if index % 2 == 0 else (".+" if part == "number" and index == last else "[^/]+")
            for index, part in enumerate(parts)
        )
    )


class ContractClient(TestClient):
    """A client of the tests: whatever it is answered is held to the contract."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app, raise_server_exceptions=False)
        self._contract = Contract.of(app)

    def request(self, method: str, url: Any, **more: Any) -> Any:  # type: ignore[override]
        answer = super().request(method, url, **more)
        if not answer.history:
            self._contract.check(method, answer.request.url.path, answer)
        return answer
