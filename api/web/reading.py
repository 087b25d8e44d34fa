"""What a person filled in, as the content of a command: yuan become fen, local times get their offset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from starlette.datastructures import FormData, UploadFile

from api.web.fields import Field
from domain.shared.calendar import SHANGHAI

ROWS = 100


def read(form: FormData, wanted: Sequence[Field], prefix: str = "") -> dict[str, Any]:
    """Only what was filled in: what is left out keeps the command's default."""
    content: dict[str, Any] = {}
    for one in wanted:
        value = _value(form, one, prefix + one.name)
        if value is not None:
            content[one.name] = value
    return content


def _value(form: FormData, one: Field, name: str) -> Any:  # noqa: C901 (a line a kind)
    match one.kind:
        case "rows":
            return _rows(form, one, name)
        case "group":
            return read(form, one.rows, f"{name}.")
        case "many":
            return [str(value) for value in form.getlist(name)]
        case "tick":
            return name in form
        case "hash":
            return _hash(form, name)
        case "subject":
            return _subject(form)
        case "changes":
            return {key.removeprefix("changes."): str(form[key]) for key in form if key.startswith("changes.")}
    text = str(form.get(name) or "").strip()
    if not text:
        return None
    return _converted(one.kind, text)


def _subject(form: FormData) -> dict[str, str]:
    """What is consented to: its parts have the names of the subject's own fields."""
    parts = ("about", "channel", "body")
    return {part: str(form[f"subject.{part}"]) for part in parts if form.get(f"subject.{part}")}


def _converted(kind: str, text: str) -> Any:
    """As it was, where it cannot be read: the command's type then says what is wrong."""
    if kind == "money":
        try:
            fen = Decimal(text.replace(",", "").replace("，", "")) * 100
            return int(fen) if fen == int(fen) else text
        except (InvalidOperation, ValueError, OverflowError):
            return text
    if kind == "moment":
        return moment(text)
    return text.replace("\r\n", "\n")


def moment(text: str) -> str:
    """A time without an offset is local."""
    try:
        read_as = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (read_as if read_as.tzinfo else read_as.replace(tzinfo=SHANGHAI)).isoformat()


def _rows(form: FormData, one: Field, name: str) -> list[dict[str, Any]]:
    """Rows in which something was told; a choice that has to be made, or what stood there from the start, does not
    count."""
    found = []
    for index in range(ROWS):
        prefix = f"{name}.{index}."
        if not any(key.startswith(prefix) for key in form):
            break
        if any(_is_told(form, row, prefix + row.name) for row in one.rows):
            found.append(read(form, one.rows, prefix))
    return found


def _is_told(form: Mapping[str, Any], row: Field, name: str) -> bool:
    text = form.get(name)
    match row.kind:
        case "text" | "area" | "money":
            return str(text or "").strip() not in ("", str(row.default))
        case "tick":
            return name in form
        case "hash":
            file = form.get(f"{name}.file")
            return bool(text) or (isinstance(file, UploadFile) and bool(file.filename))
        case "choice":
            return bool(text) and not row.required and row.default is None
    return False


def _hash(form: FormData, name: str) -> str | None:
    """The hash of the file that was chosen; or the hash itself, where somebody typed it."""
    given = form.get(f"{name}.file")
    if isinstance(given, UploadFile) and given.filename:
        digest = sha256()
        while chunk := given.file.read(1 << 16):
            digest.update(chunk)
        return digest.hexdigest()
    return str(form.get(name) or "").strip().lower() or None
