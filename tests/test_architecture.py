"""Conventions that a linter cannot know."""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import domain
from domain.shared.decider import Command, Event

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("domain", "application", "infrastructure", "api")
OF_PYDANTIC = {"pydantic", "pydantic_core", "annotated_types", "typing_extensions"}
OF_THE_DOMAIN = {"domain", *OF_PYDANTIC, *sys.stdlib_module_names}


class Source:
    """A file of the product, read and parsed once."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)

    def functions(self) -> list[Any]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    def imported(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.split(".")[0]


SOURCES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
READ = {path.relative_to(ROOT).as_posix(): Source(path) for path in SOURCES}

for module in pkgutil.walk_packages(domain.__path__, "domain."):
    importlib.import_module(module.name)


def leaves(base: type[Any]) -> set[type[Any]]:
    """Concrete classes of the domain; neither generic parametrisations nor what a context calls its own kind of."""
    below = {leaf for child in base.__subclasses__() for leaf in leaves(child)}
    if below or "[" in base.__name__ or base.__abstractmethods__:
        return below
    return {base} if base.__module__.startswith("domain.") else set()


def listed(context: str, what: str) -> set[type[Any]]:
    """What the context says it has: a union in its package, or a tuple in its module `lists`."""
    package = importlib.import_module(f"domain.{context}")
    if union := getattr(package, f"{context.title()}{what}", None):
        return set(get_args(union))
    return set(getattr(importlib.import_module(f"domain.{context}.lists"), f"{what.upper()}S"))


def context_of(leaf: type[Any]) -> str:
    return leaf.__module__.split(".")[1]


def named(leaf: type[Any]) -> str:
    return f"{context_of(leaf)}.{leaf.__name__}"


COMMANDS = sorted(leaves(Command), key=named)
EVENTS = sorted(leaves(Event), key=named)
CONTEXTS = sorted({context_of(leaf) for leaf in EVENTS})
"""The folders of the domain in which something happens; `shared` and `proof` serve all of them."""


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_command_and_event_is_in_its_contexts_union(context):
    """A module of phases is named in `PHASES` of domain/<context>/lists.py, or in the union of domain/<context>."""
    for kind, leaves_of_kind in (("Command", COMMANDS), ("Event", EVENTS)):
        here = {leaf for leaf in leaves_of_kind if context_of(leaf) == context}
        lacking = sorted(f"{leaf.__module__}.{leaf.__name__}" for leaf in here - listed(context, kind))

        assert lacking == [], f"add their module to domain/{context}/lists.py, or the union in domain/{context}"
        assert listed(context, kind) <= here


def test_every_command_says_when_it_is_allowed():
    assert [named(command) for command in COMMANDS if not command.allowed_in] == []


def test_stored_names_are_context_dot_past_tense():
    def fit(event: type[Any]) -> bool:
        context, _, what = event.name.partition(".")
        return context == context_of(event) and bool(what) and what == what.lower()

    assert [f"{named(event)} is stored as {event.name!r}" for event in EVENTS if not fit(event)] == []


def test_stored_names_are_given_once():
    assert len({event.name for event in EVENTS}) == len(EVENTS)


def test_every_event_can_be_stored():
    names = pytest.importorskip("infrastructure.ledger.event_names", reason="there is no store yet")

    assert set(EVENTS) <= set(names.EVENTS.values())


SHARED = {
    "application": {
        "directory",
        "drafts",
        "files",
        "ids",
        "logs",
        "looks",
        "ports",
        "privacy",
        "proof",
        "register_decisions",
        "rights",
        "streams",
    }
    | {"timers", "uploads", "rule_trial", "figures", "handover", "legacy", "sheets", "moments", "naming", "unfit"}
    | {"papers"},
    "infrastructure/read_models": {"area_closure", "clock_rows", "copied", "erasures", "handover", "remembered"}
    | {"running_clocks", "naming", "figure", "figures"},
    "api/routes": {"figures", "handovers", "health", "looks", "metrics", "proof", "replay"},
    "api/web": {
        "account",
        "administering",
        "amendments",
        "bodies",
        "bridge",
        "cases",
        "changes",
        "charts",
        "choices",
        "dialog",
        "facts",
        "fields",
        "figure",
        "figures",
    }
    | {
        "handovers",
        "imports",
        "listed",
        "moments",
        "namesakes",
        "onward",
        "page",
        "packaging",
        "pages",
        "reading",
        "refusals",
        "register",
        "replay",
        "sending",
    }
    | {
        "chosen",
        "drafts",
        "looks",
        "places",
        "sentences",
        "session",
        "static",
        "status",
        "templates",
        "timeline",
        "titles",
        "today",
        "uploads",
    },
    "api/web/templates": {
        "account",
        "administering",
        "base",
        "bridge",
        "kept",
        "drafts",
        "looks",
        "readers",
        "cards",
        "cases",
        "figures",
        "handover",
        "imports",
        "login",
        "moments",
        "print",
    }
    | {"problem", "status", "timeline", "today"},
    "api/labels": {
        "clocks",
        "figures",
        "handover",
        "language",
        "legacy",
        "names",
        "packaging",
        "pages",
        "papers",
        "privacy",
        "proof",
        "shared",
    },
    "tests": {
        "api",
        "bench",
        "cli",
        "faults",
        "figures",
        "handover",
        "journeys",
        "ledger",
        "legacy",
        "oracle",
        "packaging",
        "pages",
        "postgres",
    }
    | {"privacy", "proof", "recorded", "shared"},
}
"""Rooms of a layer that belong to no context alone. Whatever else is there has the name of a context."""
NO_LONGER = {
    "moving",
    "moves",
    "desks",
    "between",
    "handing",
    "dashboard",
    "matter",
    "matters",
    "together",
    "wire",
    "views",
}
"""Words that meant what has another name now: docs/decisions/0024 says which."""


def rooms(layer: str) -> set[str]:
    """What stands in the layer: a file by the first part of its name, a folder by its name."""
    found = {path for path in (ROOT / layer).iterdir() if not path.name.startswith(("_", "."))}
    code = {path for path in found if path.suffix in {".py", ".toml", ".html"} and layer != "tests"}
    folders = {path for path in found if path.is_dir() and any(path.iterdir())}
    return {re.split(r"[_.]", path.name)[0] if path.name not in kept_whole(layer) else path.stem for path in code} | {
        path.name for path in folders
    }


def kept_whole(layer: str) -> set[str]:
    return {f"{name}.py" for name in SHARED[layer]}


@pytest.mark.parametrize("layer", sorted(SHARED))
def test_a_context_has_one_name_in_every_layer_that_has_something_of_it(layer):
    assert rooms(layer) - SHARED[layer] - set(CONTEXTS) == set()


def test_no_module_has_a_word_that_has_given_way():
    templates = [path.relative_to(ROOT).as_posix() for path in (ROOT / "api/web/templates").rglob("*.html")]
    modules = {where: set(re.split(r"[/_.]", where)) for where in (*READ, *templates)}

    assert {where: words & NO_LONGER for where, words in modules.items() if words & NO_LONGER} == {}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_class_name_stands_once_in_a_layer(layer):
    where: dict[str, list[str]] = {}
    for path, source in READ.items():
        for node in source.tree.body if path.startswith(f"{layer}/") else ():
            if isinstance(node, ast.ClassDef):
                where.setdefault(node.name, []).append(path)

    assert {name: paths for name, paths in where.items() if len(paths) > 1} == {}


def test_a_statute_is_cited_from_the_one_list_of_them():
    made = [where for where, source in READ.items() if re.search(r"(?<!class )\bCitation\(", source.text)]

    assert sorted(made) == ["domain/rules/local.py", "domain/statutes.py"], "a county's own law is told by its pack"


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_context_has_its_use_cases_and_its_tests(context):
    assert (ROOT / "application" / f"{context}.py").is_file() or (ROOT / "application" / context).is_dir()
    assert list((ROOT / "tests" / context).glob("test_*.py"))


def test_files_and_functions_fit_on_a_screen_or_two():
    long = [f"{where}: {count} lines" for where, source in READ.items() if (count := source.text.count("\n")) > 300]
    for where, source in READ.items():
        for one in source.functions():
            if (count := one.end_lineno - one.lineno) >= 40:
                long.append(f"{where}:{one.lineno} {one.name}: {count} lines")

    assert long == []


def test_a_module_opens_with_what_it_is():
    assert [where for where, source in READ.items() if not ast.get_docstring(source.tree)] == []


def test_the_domain_imports_only_pydantic_and_the_standard_library():
    of_the_domain = {where: source for where, source in READ.items() if where.startswith("domain/")}
    foreign = {where: set(source.imported()) - OF_THE_DOMAIN for where, source in of_the_domain.items()}

    assert len(of_the_domain) > 50
    assert [f"{where} imports {', '.join(sorted(names))}" for where, names in foreign.items() if names] == []


def test_what_is_written_to_the_console_is_wrapped_by_nobody_but_a_terminal():
    """`api.cli.console.Lines` is the one way there; a console of rich's own breaks lines in a pipe, and in tests."""
    bench = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in (ROOT / "bench").rglob("*.py")}
    texts = bench | {where: source.text for where, source in READ.items()}

    assert [where for where, text in texts.items() if re.search(r"(?<!\(|\w)Console\(", text)] == []
