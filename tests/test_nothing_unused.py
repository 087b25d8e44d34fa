"""Whatever the product defines has a user in the product: a test alone keeps nothing alive."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("domain", "application", "infrastructure", "api")
PYTHON = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
OTHERS = [*sorted((ROOT / "api").rglob("*.html")), ROOT / "pyproject.toml", *sorted((ROOT / "requirements").glob("*"))]
WORD = re.compile(r"\w+")

FASTAPI, EVENTSOURCING = "FastAPI calls it of a route", "the library calls it of a persistence module"
LIBRARY = (
    *("aggregate_recorder", "tracking_recorder", "process_recorder"),
    *("select_events", "select_notifications", "mutate"),
)
CALLED_BY_OTHERS: dict[str, str] = {
    "get_route_handler": FASTAPI,
    "matches": FASTAPI,
    "url_path_for": FASTAPI,
    **dict.fromkeys(LIBRARY, EVENTSOURCING),
    "redirect_request": "urllib calls it where an answer leads elsewhere",
    "readinto": "what is buffered is read so, says io",
    "JurisdictionCommand": "the list of a context, which a test holds complete",
    "OfficeCommand": "the list of a context, which a test holds complete",
    "shape_faults": "what the house asks of every class, in a test",
    "TERM": "docs/law.md lists the article of every number, by its name",
}
"""By name: who calls it, where that is nobody of ours."""


def test_every_public_name_is_used_in_the_product():
    used = names_used()

    unused = [f"{path.relative_to(ROOT)}: {name}" for path in PYTHON for name in defined(path) if used[name] < 2]
    assert [one for one in unused if one.rpartition(" ")[2] not in CALLED_BY_OTHERS] == []


def test_whatever_is_said_to_be_called_by_others_is_used_by_nobody_of_ours():
    used = names_used()

    assert [name for name in CALLED_BY_OTHERS if used[name] != 1] == []


def names_used() -> Counter[str]:
    """How often each word stands in code, but for comments and what is said about it."""
    found = Counter[str]()
    for path in PYTHON:
        found.update(words_of(path))
    for path in OTHERS:
        found.update(WORD.findall(path.read_text("utf-8")))
    return found


def words_of(path: Path) -> Iterator[str]:
    told = documentation(path)
    with path.open("rb") as file:
        for token in tokenize.tokenize(io.BytesIO(file.read()).readline):
            if token.type == tokenize.NAME:
                yield token.string
            elif token.type == tokenize.STRING and token.start[0] not in told:
                yield from WORD.findall(token.string)


def documentation(path: Path) -> set[int]:
    """The lines on which texts begin that stand for themselves."""
    return {
        node.value.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def defined(path: Path) -> Iterator[str]:
    """What stands in a module, and the methods of its classes; a decorator has a use for what it is put on."""
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.ClassDef():
                yield node.name
                yield from (name for one in node.body for name in _functions(one))
            case ast.Assign(targets=targets):
                yield from (one.id for one in targets if isinstance(one, ast.Name) and not one.id.startswith("_"))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case _:
                yield from _functions(node)


def _functions(node: ast.stmt) -> Iterator[str]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
        return
    if all(isinstance(one, ast.Name) for one in node.decorator_list):
        yield node.name
