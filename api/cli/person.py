"""`tiaojie person`: who is in a case; restricted while the file is kept, then erased (个人信息保护法 47)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic import TypeAdapter
from rich.markup import escape

from api.cli.console import asked, bar, opened, out, refuse, verbs
from api.cli.people import case_of, cases_of, list_people, person_of
from api.cli.tables import Tabular, tell
from api.settings import Settings
from api.wiring import Wired
from domain.case.record.privacy import EraseNarrative, ErasePerson, RestrictPerson
from domain.shared.erasing import Replacement
from domain.shared.values import NarrativeId

app = verbs("Personal data: found, restricted, erased.")
Case = Annotated[str, typer.Argument(help="Its code, another number of it, or its id as its address shows it.")]
Person = Annotated[str, typer.Argument(help="The row in `tiaojie person list`, or the id that it shows.")]
Basis = Annotated[str, typer.Option(help="The legal basis and the request, without the person's name: it is kept.")]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing: for scripts.")]
Texts = Annotated[
    Path | None, typer.Option(exists=True, help='The confirmed copies: {"narrative id": "text", …}; left out: asks.')
]

ANEW = "`person list` shows them as unrecorded, `person erase` and `person erase-text` record them anew."


@app.command("list", cls=Tabular)
def list_persons(case: Case, purpose: Annotated[str, typer.Option(help="Why the names are looked at.")] = "") -> None:
    """Everybody in the case, and until when the file is kept. Names only with a purpose, which is kept."""
    with opened() as parts:
        id, privacy = case_of(parts.system, case), parts.system.deciding.privacy
        people, until = privacy.people(id), privacy.kept_until(id, asked())
        if purpose:
            parts.proof.note_look(f"names of {id}: {purpose}", len(people))
    list_people(people, Settings().language, named=bool(purpose))
    kept = f"kept until {until}" if until else "the case goes on: its persons are restricted at most"
    tell(kept, kept_until=until)


@app.command("find")
def find(
    number: Annotated[
        str, typer.Option(prompt="name, phone, identity number or address", hide_input=True, help="As a whole.")
    ],
) -> None:
    """The cases that hold this name or number, however it was typed: also of a restricted person, of one who was
    corrected or struck out since, within texts, and in referrals and escalations. Reads the whole ledger."""
    if not number.strip():
        refuse("nothing_asked")
    with opened() as parts:
        with bar("the ledger is read") as tell:
            found = parts.finding.find(number, tell)
        cases = cases_of(parts.ledger, found.held)
    for line in cases:
        out.print(line)
    out.print(f"{len(cases)} cases")
    if found.unreadable:
        ids = ", ".join(map(str, sorted(found.unreadable)))
        refuse("unreadable_streams", count=len(found.unreadable), ids=ids)


@app.command("restrict")
def restrict(case: Case, person: Person, basis: Basis, yes: Yes = False) -> None:
    """Stores what is kept of the person, and shows it to nobody any more."""
    _confirm("nobody reads it any more, and no command names this person", yes)
    with opened() as parts:
        id = case_of(parts.system, case)
        command = RestrictPerson(person=person_of(parts.system, id, person), basis=basis)
        parts.system.deciding.privacy.restrict(id, command, asked())
        parts.projector.catch_up()
    out.print("restricted")


@app.command("erase")
def erase(case: Case, person: Person, basis: Basis, texts: Texts = None, yes: Yes = False) -> None:
    """Once retention is over: destroys the key, for good, and replaces the texts that name the person."""
    with opened() as parts:
        privacy, id = parts.system.deciding.privacy, case_of(parts.system, case)
        who = person_of(parts.system, id, person)
        if plain := privacy.plain_entries(id, who):
            out.print("[yellow]a field that is not encrypted, or is somebody else's, names the person and keeps it:")
            out.print(f"[yellow]entries {plain}")
        if texts:
            replacements = _read(texts)
        else:
            proposed = privacy.naming(id, who)
            replacements = tuple(_asked_about(one.text.id, one.proposed, yes) for one in proposed)
        _confirm("the key is destroyed: nobody can undo this", yes)
        command = ErasePerson(person=who, basis=basis, replacements=replacements)
        privacy.erase(id, command, asked())
        _carry_out(parts, who, *(one.narrative for one in replacements))
    out.print("erased")


@app.command("erase-text")
def erase_text(case: Case, basis: Basis, texts: Annotated[Path, typer.Option(exists=True)], yes: Yes = False) -> None:
    """Once retention is over: puts confirmed copies in the place of texts, and destroys the keys of the old ones."""
    _confirm("the keys of the old texts are destroyed: nobody can undo this", yes)
    with opened() as parts:
        command = EraseNarrative(basis=basis, replacements=_read(texts))
        parts.system.deciding.privacy.erase(case_of(parts.system, case), command, asked())
        _carry_out(parts, *(one.narrative for one in command.replacements))
    out.print("erased")


@app.command("finish")
def finish() -> None:
    """Carries out what was recorded as erased and broke off. The worker does so each second."""
    with opened() as parts:
        _carry_out(parts)
        lost = len(parts.erasing.unrecorded())
    if lost:
        out.print(f"{lost} persons and texts are erased, and a restore has lost the events: {ANEW}")


def _carry_out(parts: Wired, *owners: UUID) -> None:
    """Raises ErasureWaits. Where the worker, or somebody's rebuild, is at it already, it is waited for."""
    with bar("tables without it") as tell:
        parts.erasing.carry_out_in_turn(lambda _, done, of: tell(done, of))
    parts.erasing.check_listed(owners)


def _read(file: Path) -> tuple[Replacement, ...]:
    try:
        known: Any = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        refuse("no_json", file=file.name)
    copies = TypeAdapter(dict[UUID, str]).validate_python(known)
    return tuple(Replacement(narrative=NarrativeId(id), told=text) for id, text in copies.items())


def _asked_about(id: NarrativeId, proposed: str, yes: bool) -> Replacement:
    """What the officer confirms, or writes instead."""
    if yes:
        return Replacement(narrative=id, told=proposed)
    out.print(escape(proposed))
    return Replacement(narrative=id, told=typer.prompt("the copy that is kept", default=proposed, show_default=False))


def _confirm(what: str, yes: bool) -> None:
    if not yes and not typer.confirm(what):
        refuse("nothing_done")
