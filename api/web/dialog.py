"""A dialog: only a command's fields, its rule, errors beside the fields; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from api.deps import ask
from api.labels import first_word, words
from api.labels.names import kebab
from api.problems import BodyTooLarge, VersionNeeded, status, title
from api.web.choices import DialogContext, choices
from api.web.drafts import InOtherLanguage, draft_of, drop_draft, keep_draft
from api.web.fields import Field, fields
from api.web.page import names_of_case, text
from api.web.reading import moment, read
from api.web.refusals import refused
from api.web.sending import left
from api.web.sentences import NO_NAMES, Names, sentence
from api.web.uploads import bring_files, told_same
from application.files import LARGEST_FILE
from application.ports import Asked, Receipt, VersionMismatch
from domain.case.record.correction import CorrectEntry
from domain.shared.errors import DomainError, Unavailable
from domain.shared.values import Value

MANY_ROWS = 100


@dataclass
class Dialog:
    """What is shown and what was typed. `errors`: by field; the empty name is the whole."""

    command: type[Value]
    fields: list[Field]
    context: DialogContext
    version: int
    key: str
    typed: Any = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    meanwhile: list[str] = field(default_factory=list)
    draft_of: datetime | None = None
    """When what is shown was kept; None: nothing was kept of this form."""
    places: Mapping[type[DomainError], str] = field(default_factory=dict)
    """At which field a refusal is told that does not say so by itself."""

    def said(self, table: str, name: str) -> str:
        """The label or hint of a field: this command's own where it has one, else that of every field of the name."""
        return first_word(self.context.reader.language, table, f"{kebab(self.command)}.{name}", name)

    def choices(self, one: Field) -> Any:
        return choices(one, self.context)

    @property
    def address(self) -> str:
        """Of the form, by which its draft is kept."""
        request = self.context.reader.request
        entry = self.value("entry") or request.query_params.get("entry", "")
        return f"{request.url.path}?entry={entry}" if entry and self.command is CorrectEntry else request.url.path

    def options(self, name: str) -> Any:
        """The choices of a field of a group, by its whole name."""
        known, (*groups, last) = self.fields, name.split(".")
        for group in groups:
            known = next(one.rows for one in known if one.name == group)
        return self.choices(next(one for one in known if one.name == last))

    def bodies(self) -> Any:
        return choices(Field("body", "choice", False, source="body"), self.context)

    def value(self, name: str, default: Any = "") -> str:
        kept = self.typed.get(name)
        return str(kept) if kept is not None else str(default if default is not None else "")

    def chosen(self, name: str) -> list[str]:
        return [str(one) for one in self.typed.getlist(name)] if hasattr(self.typed, "getlist") else []

    def ticked(self, one: Field) -> bool:
        return self.is_ticked(one.name, bool(one.default))

    def is_ticked(self, name: str, default: bool) -> bool:
        return name in self.typed if self.typed else default

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """Of each error: the name of its field, what the field is called, and what is wrong."""
        return [(name, self._called(name), why) for name, why in self.errors.items() if name]

    def _called(self, name: str) -> str:
        """The last part is the field; a number before it is its row."""
        *before, last = name.split(".")
        row = next((f" {int(one) + 1}" for one in reversed(before) if one.isdecimal()), "")
        return f"{self.said('field', last) or last}{row}"


def opened(command: type[Value], context: DialogContext, version: int) -> Dialog:
    made = Dialog(command, fields(command), context, version, str(uuid4()))
    made.rows = {name: 2 for name in names_of_rows(made.fields)}
    if context.reader.request.method == "GET":
        _go_on(made)
    return made


def _go_on(made: Dialog) -> None:
    """With what was typed the last time and never recorded; and what others have recorded since."""
    reader = made.context.reader
    if not (kept := draft_of(reader, made.address)):
        return
    _take(made, kept.form)
    made.draft_of, seen = kept.saved_at, whole(kept.form, "version")
    if made.context.read and seen is not None and seen < made.version:
        made.meanwhile = newer(made.context, seen)
        made.key = str(uuid4())


def newer(context: DialogContext, seen: int) -> list[str]:
    """What somebody else recorded since the page was opened."""
    assert context.read
    names = names_of_case(context.reader, context.read)
    lines = [line for line in context.read.timeline if line.version > seen]
    return [sentence(line, names, context.reader.language) for line in lines]


def names_of_rows(known: list[Field], prefix: str = "") -> Iterator[str]:
    """Of every table of a form, also in its groups."""
    for one in known:
        if one.kind == "rows":
            yield prefix + one.name
        elif one.kind == "group":
            yield from names_of_rows(one.rows, f"{prefix}{one.name}.")


def keep(made: Dialog, form: FormData) -> bool:
    """Keeps what was typed. Answers whether only more of the form is asked for: a row, a choice, a date counted.

    Raises InOtherLanguage: it goes on there."""
    _take(made, form)
    if added := str(form.get("add") or ""):
        made.rows[added] = min(made.rows.get(added, 0) + 1, MANY_ROWS)
    if asked := bool(added) or "choose" in form:
        keep_draft(made.context.reader, form, made.address)
        if form.get("choose") == "language":
            raise InOtherLanguage(made.address)
    return asked


def _take(made: Dialog, form: FormData) -> None:
    made.typed, made.key = form, str(form.get("key") or made.key)
    made.rows = {name: row_count(form, name) for name in names_of_rows(made.fields)}


def filled(made: Dialog, form: FormData) -> dict[str, Any]:
    content = read(form, made.fields)
    if when := str(form.get("occurred_at") or ""):
        content["occurred_at"] = moment(when)
    if whom := str(form.get("on_behalf_of") or ""):
        content["on_behalf_of"] = whom
    return content


def whole(form: FormData, name: str) -> int | None:
    """A number that a form sent, if it is one."""
    text = str(form.get(name) or "")
    return int(text) if text.isdecimal() and len(text) < 9 else None


@dataclass(frozen=True)
class Sending:
    """How a dialog's command is sent, what is shown where it is refused, and where it leads."""

    send: Callable[[Any, Asked, int], Receipt]
    shown: Callable[[int], Response]
    to: Callable[[Receipt], str]
    newer: Callable[[int], list[str]] = lambda seen: []
    """What was recorded after that version, in sentences."""


def attempt(made: Dialog, form: FormData, content: dict[str, Any], asking: Sending) -> Response:
    reader = made.context.reader
    keep_draft(reader, form, made.address)
    made.errors = too_large(made, form)
    if made.errors:
        return asking.shown(status(BodyTooLarge))
    try:
        command = made.command.model_validate(content)
        same = bring_files(reader, made.context.read, form)
        receipt = _sent(made, command, form, asking)
    except ValidationError as error:
        made.errors = field_errors(error, made)
        return asking.shown(422)
    except VersionMismatch as refusal:
        made.errors[""] = title(refusal, reader.language)
        made.meanwhile = asking.newer(whole(form, "version") or 0)
        made.key = str(uuid4())  # the next submit builds on what was recorded meanwhile
        return asking.shown(412)
    except DomainError as refusal:
        made.errors[refusal.details.get("field") or made.places.get(type(refusal), "")] = refused(
            refusal, _names(made), reader.language
        )
        return asking.shown(503 if isinstance(refusal, Unavailable) else 409)
    drop_draft(reader, made.address, form)
    return left(reader, receipt, asking.to(receipt) + told_same(same))


def _names(made: Dialog) -> Names:
    case = made.context.read
    return names_of_case(made.context.reader, case) if case else NO_NAMES


def _sent(made: Dialog, command: Value, form: FormData, asking: Sending) -> Receipt:
    reader = made.context.reader
    path, content = str(reader.request.url.path), command.model_dump_json().encode()
    asked = ask(reader.deciding, reader.now(), reader.viewer, path, content, made.key)
    if (seen := whole(form, "version")) is None:
        raise VersionNeeded
    return asking.send(command, asked, seen)


def too_large(made: Dialog, form: FormData) -> dict[str, str]:
    """Files of which there is more than is taken, at their fields."""
    language = made.context.reader.language
    sent = {one.name: form.get(f"{one.name}.file") for one in made.fields if one.kind == "hash"}
    return {
        name: text(language, "file_too_large", megabytes=LARGEST_FILE // 1_000_000)
        for name, file in sent.items()
        if isinstance(file, UploadFile) and (file.size or 0) > LARGEST_FILE
    }


def field_errors(error: ValidationError, made: Dialog) -> dict[str, str]:
    """By the field's name on the page; what stands in no field is said above."""
    known = {one.name for one in made.fields} | {"occurred_at"}
    found: dict[str, str] = {}
    for one in error.errors():
        place = ".".join(str(part) for part in one["loc"])
        name = place if place.split(".")[0] in known else ""
        found.setdefault(name, _in_plain_words(made, name, one))
    return found


PLAIN = {
    "money": "money_form",
    "date": "date_form",
    "moment": "date_form",
    "number": "number_form",
    "choice": "choose_one",
    "many": "choose_some",
}
"""What a person does, by the kind of the field: a program's words for what is wrong are for programs."""
SAID_BETTER = frozenset({"value_error", "greater_than_equal", "less_than_equal", "date_from_datetime_inexact"})
"""Faults that say themselves what would be right."""


def _in_plain_words(made: Dialog, name: str, error: Mapping[str, Any]) -> str:
    language, kind = made.context.reader.language, _kind_of(made.fields, name.split("."))
    if kind in PLAIN and error["type"] not in SAID_BETTER:
        return text(language, PLAIN[kind])
    return words(language, "invalid", error)


def _kind_of(known: list[Field], path: list[str]) -> str:
    """Of a field, also of one in a row or in a group; what is a row's number is passed over."""
    first, *rest = [one for one in path if not one.isdecimal()] or [""]
    field = next((one for one in known if one.name == first), None)
    if field is None:
        return "moment" if first == "occurred_at" else ""
    return _kind_of(field.rows, rest) if rest and field.rows else field.kind


def row_count(form: FormData, name: str) -> int:
    indexes = {key.removeprefix(f"{name}.").split(".")[0] for key in form if key.startswith(f"{name}.")}
    return min(max(len(indexes), 1), MANY_ROWS)
