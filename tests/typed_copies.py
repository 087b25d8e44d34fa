"""A plugin of mypy: it reads `Changes[Party]` and `Given[Party]` as the fields of a Party.

Enter only to change how copies are checked. Python's types have no word for "any fields of that class by name", so a
typing error in `case.but(statsu=…)` would change nothing, and nobody would say so. tests/test_typed_copies.py holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mypy.nodes import ARG_NAMED, ARG_NAMED_OPT, ARG_STAR2, ArgKind, TypeInfo, Var
from mypy.plugin import FunctionSigContext, MethodSigContext, Plugin
from mypy.types import CallableType, FunctionLike, Instance, Type, TypeVarType, get_proper_type

CHANGES, GIVEN = "domain.shared.values.Changes", "domain.shared.values.Given"
STOP = {"builtins.object", "pydantic.main.BaseModel", "domain.shared.states.State"}


class TypedCopies(Plugin):
    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        return expanded

    def get_function_signature_hook(self, fullname: str) -> Callable[[FunctionSigContext], FunctionLike] | None:
        return expanded


def expanded(context: MethodSigContext | FunctionSigContext) -> CallableType:
    """The signature with `**changes` written out as one keyword for each field."""
    asked = context.default_signature
    if not asked.arg_kinds or asked.arg_kinds[-1] is not ARG_STAR2:
        return asked
    marker = get_proper_type(asked.arg_types[-1])
    if not isinstance(marker, Instance) or marker.type.fullname not in {CHANGES, GIVEN}:
        return asked
    of = get_proper_type(marker.args[0])
    if isinstance(of, TypeVarType):
        of = get_proper_type(of.upper_bound)
    if not isinstance(of, Instance):
        return asked
    whole = marker.type.fullname == GIVEN
    fields = list(_fields(of.type, whole))
    return asked.copy_modified(
        arg_names=[*asked.arg_names[:-1], *(name for name, _, _ in fields)],
        arg_types=[*asked.arg_types[:-1], *(type for _, type, _ in fields)],
        arg_kinds=[*asked.arg_kinds[:-1], *(kind for _, _, kind in fields)],
    )


def _fields(info: TypeInfo, whole: bool) -> Iterator[tuple[str, Type, ArgKind]]:
    seen: set[str] = set()
    for base in info.mro:
        if base.fullname in STOP:
            break
        for name, symbol in base.names.items():
            node = symbol.node
            if isinstance(node, Var) and _is_field(name, node) and name not in seen and node.type:
                seen.add(name)
                needed = whole and not node.has_explicit_value
                yield name, node.type, ARG_NAMED if needed else ARG_NAMED_OPT


def _is_field(name: str, node: Var) -> bool:
    return not node.is_classvar and not node.is_inferred and not name.startswith(("_", "model_"))


def plugin(version: str) -> type[Plugin]:
    return TypedCopies
