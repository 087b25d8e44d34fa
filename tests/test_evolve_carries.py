"""`evolve` carries and never decides: it may look at what the event says, and chooses nothing by what the state holds.

So a rule that changes reads no old history otherwise. What is left of deciding at replay is fenced: modules of the
rules of their time, whose bytes are known here.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from domain.shared.decider import Event
from domain.shared.states import State, without
from tests.test_architecture import leaves

ROOT = Path(__file__).resolve().parents[1]
FENCED = {
    "domain.case.record.old_consents": "007389c81250d201",
    "domain.case.record.read_from_state": "f0b0867e4b3dfdae",
    "domain.referral.read_from_state": "3976e2c9b11f44cf",
}
"""Modules that decide at replay, for entries that were recorded without what followed. To change one is to change
history: its hash is not mended, but the change is taken back, and what is new gets another form of its event."""
COPIES = frozenset({"but", "with_fields", "entered", "changed", "ended"})
PUT_TOGETHER = frozenset({"frozenset", "dict", "tuple", "set", "isinstance"})
ASSERTED = frozenset({"reached"})
"""A property that only asserts what the stage says."""
CHOICES = (ast.If, ast.IfExp, ast.While, ast.BoolOp, ast.Compare, ast.Match, ast.For, ast.comprehension)


def below(cls: type[Any]) -> Iterator[type[Any]]:
    for child in cls.__subclasses__():
        yield child
        yield from below(child)


STATES = [one for one in below(State) if one.__module__.startswith("domain.")]
WORKED_OUT = {
    name for state in STATES for name, one in vars(state).items() if isinstance(one, property) and name not in ASSERTED
}


def is_copy(name: str) -> bool:
    return name in COPIES or name.startswith("with_")


class Carrying:
    """One function, read with some of its parameters holding state."""

    def __init__(self, function: FunctionType, cls: type[Any] | None, held: frozenset[str]) -> None:
        (self.tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
        self.function, self.cls, self.held = function, cls, set(held)
        while self._spread():
            pass

    def _spread(self) -> bool:
        """What is given a name that holds state holds it too."""
        before = len(self.held)
        for node in ast.walk(self.tree):
            match node:
                case ast.Assign(targets=targets, value=value) if self.holds(value):
                    self.held |= {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
                case ast.NamedExpr(target=ast.Name(id=name), value=value) if self.holds(value):
                    self.held.add(name)
                case ast.For() | ast.comprehension() if self.holds(node.iter):
                    self.held |= {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
        return len(self.held) > before

    def holds(self, node: ast.AST | None) -> bool:
        return node is not None and any(isinstance(one, ast.Name) and one.id in self.held for one in ast.walk(node))

    def faults(self) -> Iterator[str]:
        """What it chooses by the state, or asks the state to work out."""
        for node in ast.walk(self.tree):
            match node:
                case ast.Call():
                    yield from self._faults_of_call(node)
                case ast.Attribute(value=held, attr=name) if name in WORKED_OUT and self.holds(held):
                    yield self.told(node)
                case _ if isinstance(node, CHOICES) and any(map(self.holds, chosen_by(node))):
                    yield self.told(node)

    def _faults_of_call(self, call: ast.Call) -> Iterator[str]:
        given = [*call.args, *(one.value for one in call.keywords)]
        match call.func:
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if self.cls:
                yield from self._faults_within(getattr(self.cls, name), call, ["self", *given])
            case ast.Attribute(value=ast.Name(id=module), attr=name) if self._module(module):
                yield from self._faults_within(getattr(self._module(module), name), call, given)
            case ast.Attribute(value=held, attr=name) if self.holds(held):
                if not is_copy(name) and name not in {"items", "values"}:
                    yield self.told(call)
            case ast.Name(id=name) if any(map(self.holds, given)):
                called = self.function.__globals__.get(name)
                if called is not None:
                    yield from self._faults_within(called, call, given)
                elif name not in PUT_TOGETHER:
                    yield self.told(call)

    def _module(self, name: str) -> Any:
        found = self.function.__globals__.get(name)
        return found if inspect.ismodule(found) else None

    def _faults_within(self, called: Any, call: ast.Call, given: list[Any]) -> Iterator[str]:
        """Another function of the domain is read likewise, and so is its own way on."""
        if not inspect.isfunction(called) or called is without or called.__module__ in FENCED:
            return
        names = list(inspect.signature(called).parameters)
        positional = zip(names, given[: len(names)], strict=False)
        held = {name for name, one in positional if isinstance(one, ast.AST) and self.holds(one)}
        held |= {one.arg for one in call.keywords if one.arg and self.holds(one.value)}
        yield from Carrying(called, self.cls, frozenset(held)).faults()

    def told(self, node: ast.AST) -> str:
        return f"{self.function.__module__}.{self.function.__qualname__}: {ast.unparse(node)}"


def chosen_by(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.If() | ast.IfExp() | ast.While():
            return [node.test]
        case ast.Match():
            return [node.subject, *(one.guard for one in node.cases if one.guard)]
        case ast.For():
            return [node.iter]
        case ast.comprehension():
            return list(node.ifs)
    return [node]


@pytest.mark.parametrize("event", sorted(leaves(Event), key=lambda one: one.__qualname__), ids=lambda one: one.__name__)
def test_an_event_chooses_nothing_by_the_state(event: Any) -> None:
    names = list(inspect.signature(event.evolve).parameters)

    chosen = list(Carrying(event.evolve, event, frozenset({names[1]})).faults())

    assert chosen == [], (
        f"{chosen}: evolve copies and never asks or refuses, so that an old entry always reads the same."
        " Take a part by its key (case.mediations[self.mediation]), and let decide look and refuse (decision 22)."
    )


def test_a_copy_chooses_nothing_either() -> None:
    copies = [
        Carrying(one, None, frozenset({"self"}))
        for state in STATES
        for name, one in vars(state).items()
        if is_copy(name) and inspect.isfunction(one)
    ]

    assert [fault for one in copies for fault in one.faults()] == []


@pytest.mark.parametrize("module", FENCED)
def test_the_rules_of_their_time_are_never_changed(module: str) -> None:
    assert sha256((ROOT / f"{module.replace('.', '/')}.py").read_bytes()).hexdigest()[:16] == FENCED[module]
