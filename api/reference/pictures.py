"""Pictures of docs/architecture.md: the house with its rooms, and the way of one command and of one event.

They are drawn from the code: a room is a folder with its own first sentence, an arrow an import that is there, a step
of the way a function that is there. What moves away is missed here, and named.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("api", "infrastructure", "application", "domain")
WIDTH, ROOM, GAP, HEIGHT = 1080, 172, 10, 40
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1d2329}.soft{fill:#5d6770;font-size:11px}"
    ".layer{fill:#f4f5f6;stroke:#d9dde1}.room{fill:#fff;stroke:#b9c0c7}.step{fill:#fff;stroke:#1f4e79}"
    ".name{font-weight:600}.arrow{stroke:#9b2d1f;stroke-width:1.5;marker-end:url(#tip)}"
)
TIP = (
    '<marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="#9b2d1f"/></marker>'
)

DECIDED = (
    ("the body of a request is the command", "domain.case.opening.acceptance", "AcceptCase"),
    ("a route for each command", "api.routes.case", "router"),
    ("the use case", "application.case.service", "Cases.change"),
    ("loads, lets decide, appends", "infrastructure.ledger.event_store", "PostgresLedger.carry_out"),
    ("is it allowed now?", "domain.shared.decider", "decide"),
    ("what happens", "domain.case.opening.acceptance", "AcceptCase.decide"),
)
SEEN = (
    ("the event is the stored JSON", "domain.case.opening.acceptance", "CaseAccepted"),
    ("what it changes", "domain.case.opening.acceptance", "CaseAccepted.evolve"),
    ("the feed, read in order", "infrastructure.projection.projector", "Projector.catch_up"),
    ("a row of the board", "infrastructure.read_models.case", "CaseTables.apply"),
    ("a list, one query", "infrastructure.read_models.case_lists", "CaseLists.cards"),
    ("a page", "api.web.cases", "cases"),
)


def house() -> str:
    """Each layer with its rooms; an arrow where one layer imports another."""
    parts: list[str] = []
    top, tops = 8, dict[str, int]()
    for layer in LAYERS:
        drawn = list(_rooms(layer))
        rows = -(-len(drawn) // 5)
        height = 34 + rows * (HEIGHT + GAP) + 4
        tops[layer] = top
        parts.append(_box(8, top, WIDTH - 16, height, "layer"))
        parts.append(_text(20, top + 21, layer, "name") + _text(150, top + 21, _first_line(ROOT / layer), "soft"))
        for place, (name, about) in enumerate(drawn):
            x, y = 20 + (place % 5) * (ROOM + GAP), top + 32 + (place // 5) * (HEIGHT + GAP)
            parts.append(_box(x, y, ROOM, HEIGHT, "room"))
            parts.append(_text(x + 8, y + 17, name, "name") + _text(x + 8, y + 32, _short(about, 27), "soft"))
        top += height + 26
    for place, (upper, lower) in enumerate(_imports()):
        x = WIDTH - 24 - place * 21
        parts.append(f'<line class="arrow" x1="{x}" y1="{tops[upper] + 28}" x2="{x}" y2="{tops[lower] - 1}"/>')
    return _svg(top, parts)


def way() -> str:
    """Draws the way of one command to its event, and of one event to a page."""
    return _svg(246, [*_chain(20, "decided", DECIDED), *_chain(136, "seen", SEEN)])


def _chain(top: int, title: str, steps: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    yield _text(8, top + 2, title, "name")
    for place, (about, module, name) in enumerate(steps):
        x = 8 + place * 178
        yield _box(x, top + 10, 164, 76, "step")
        yield _text(x + 8, top + 30, _short(name, 20), "name")
        for line, text in enumerate(_wrapped(_file_of(module, name), 24)):
            yield _text(x + 8, top + 45 + 12 * line, text, "soft")
        yield _text(x + 8, top + 80, _short(about, 26), "soft")
        if place:
            yield f'<line class="arrow" x1="{x - 13}" y1="{top + 48}" x2="{x - 1}" y2="{top + 48}"/>'


def _file_of(module: str, name: str) -> str:
    """Where the code of that name stands. Raises AttributeError where it moved away."""
    held: Any = import_module(module)
    found = held
    for part in name.split("."):
        found = getattr(found, part)
    return str(Path(held.__file__ or "").resolve().relative_to(ROOT))


def _rooms(layer: str) -> Iterator[tuple[str, str]]:
    """The folders, and as one room what stands beside them."""
    folders = sorted(one.parent for one in (ROOT / layer).glob("*/__init__.py"))
    yield from ((one.name, _first_line(one)) for one in folders)
    beside = sorted(one.stem for one in (ROOT / layer).glob("[!_]*.py"))
    yield "beside them", ", ".join(beside)


def _first_line(package: Path) -> str:
    told = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    return told.partition("\n")[0]


def _imports() -> Iterable[tuple[str, str]]:
    """Pairs of layers, of which the upper one imports the lower one."""
    found = {(layer, other) for layer in LAYERS for other in _imported(layer) if other != layer}
    return sorted(found, key=lambda pair: (LAYERS.index(pair[0]), LAYERS.index(pair[1])))


def _imported(layer: str) -> set[str]:
    nodes = (node for path in (ROOT / layer).rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    named = (node.module or "" for node in nodes if isinstance(node, ast.ImportFrom))
    return {name.partition(".")[0] for name in named} & set(LAYERS)


def _wrapped(path: str, width: int) -> list[str]:
    """In two lines at most, parted where a folder ends."""
    if len(path) <= width:
        return [path]
    head, _, tail = path.rpartition("/")
    return [_short(head + "/", width), _short(tail, width)]


def _short(text: str, width: int) -> str:
    """Cut to so many letters; a Chinese sign is as wide as two."""
    if _wide(text) <= width:
        return text
    while _wide(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _box(x: int, y: int, width: int, height: int, kind: str) -> str:
    return f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="5"/>'


def _text(x: int, y: int, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(text)}</text>'


def _svg(height: int, parts: Iterable[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
    return "\n".join([head, f"<style>{STYLE}</style><defs>{TIP}</defs>", *parts, "</svg>"]) + "\n"
