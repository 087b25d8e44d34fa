"""tiaojie proof | export | verify: what shows to others that nothing was changed."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.cli.console import bar, fail, opened, out, refuse, verbs
from api.processes.supervisor import alone
from api.routes import proof as routes
from api.settings import Settings
from api.wiring import Wired
from api.wiring_ledgers import another_log_key, database, proof_desk, verify_bundle
from application.figures.case_figures import CaseFilter
from application.rights import Scope
from domain.proof.audit import Report
from domain.proof.notes import joined, parted
from domain.proof.tree import NotProven

proof = verbs("Receipts and proofs, for whoever wants to verify without us.")
export = verbs("Hand out what was recorded.")
Out = Annotated[Path | None, typer.Option("--out", help="A file; left out: on the screen.")]


@proof.command("key")
def key() -> None:
    """The key that verifies checkpoints (C2SP vkey): give it to others by a way of its own."""
    with opened() as parts:
        typer.echo(parts.system.reading.proof.key())


@proof.command("new-key")
def new_key(reason: Annotated[str, typer.Option(help="Why: it is noted with the exports.")]) -> None:
    """Another key signs from now on: the earlier one is lost, or in wrong hands. What it signed is signed again."""
    settings = Settings()
    with alone(settings.state), database(settings) as url, bar("events") as told:
        done = another_log_key(settings, url, reason, lambda count: told(count, count))
    tell(done.report)
    if done.report.faults:
        refuse("not_what_was_signed")
    out.print(f"replaced: {done.earlier}. Hand the new key out: tiaojie proof key")


@proof.command("checkpoints")
def checkpoints() -> None:
    """All that were ever signed and kept outside of the database, to be kept elsewhere too."""
    settings = Settings()
    with database(settings) as url:
        typer.echo(joined(proof_desk(settings, url).checkpoints()), nl=False)


@proof.command("receipt")
def receipt(position: int, file: Out = None) -> None:
    """Of what stands at a position: header and stored bytes, the way to the root, the signed checkpoint."""
    with opened() as parts:
        _put(parts.system.reading.proof.receipt(position), file)


@proof.command("inclusion")
def inclusion(position: int, size: Annotated[int | None, typer.Option(help="Of the tree.")] = None) -> None:
    """That the event at this position is in the tree."""
    with opened() as parts:
        told = {"position": position, **routes.represented(parts.system.reading.proof.inclusion(position, size))}
    typer.echo(json.dumps(told, ensure_ascii=False, indent=1))


@proof.command("consistency")
def consistency(old: int, new: int, file: Out = None) -> None:
    """That the tree of the one size is the beginning of that of the other."""
    with opened() as parts:
        told = {"from": old, **routes.represented(parts.system.reading.proof.consistency(old, new))}
    _put(json.dumps(told, ensure_ascii=False, indent=1) + "\n", file)


def _put(text: str, file: Path | None) -> None:
    if file is None:
        typer.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")


@export.command("bundle")
def bundle(
    file: Path,
    case: Annotated[str | None, typer.Option(help="Of one case: its code or its id. Left out: everything.")] = None,
) -> None:
    """Stored bytes, headers and checkpoints, or the receipts of one case, to be verified elsewhere."""
    if file.exists():
        refuse("file_exists", file=file)
    if case is not None:
        with opened() as parts:
            out.print(f"{parts.proof.export_case(file, _case(parts, case))} entries, in {file}")
        return
    settings = Settings()
    with database(settings) as url, bar("exported") as progress:
        done = proof_desk(settings, url).export(file, lambda done: progress(done, done))
    out.print(f"{done} events, in {file}")


def _case(parts: Wired, told: str) -> UUID:
    """Its id, by its code, which is searched for like other words, or by itself."""
    with suppress(ValueError):
        return UUID(told)
    found = parts.system.reading.board.cards(Scope(everything=True), CaseFilter(words=told)).cards
    return next((card.id for card in found if card.code == told), None) or refuse("no_case")


def verify(
    bundle: Annotated[Path | None, typer.Option(help="A bundle or a receipt, instead of the ledger here.")] = None,
    key: Annotated[str | None, typer.Option(help="The verifier key; left out: that of the ledger here.")] = None,
    checkpoints: Annotated[Path | None, typer.Option(help="Checkpoints that were kept elsewhere.")] = None,
) -> None:
    """Every stored byte against every checkpoint that was signed: whoever changed anything is found."""
    settings = Settings()
    try:
        if bundle is not None:
            report = verify_bundle(settings, bundle, key, checkpoints)
        else:
            report = _verified(settings, parted(checkpoints.read_text(encoding="utf-8")) if checkpoints else [])
    except NotProven as refusal:
        fail(str(refusal))
    tell(report)
    raise typer.Exit(report.outcome)


def _verified(settings: Settings, kept: list[str]) -> Report:
    with database(settings) as url, bar("verified") as progress:
        return proof_desk(settings, url).verify(kept, lambda done: progress(done, done))


def tell(report: Report) -> None:
    out.print(f"{report.events} events, {report.checkpoints} checkpoints, {report.unsealed} not sealed yet")
    for fork in report.forks:
        out.print(f"[yellow]gone[/yellow]: {fork.told}")
    for fault in report.faults:
        out.print(f"[red]{fault.kind}[/red] at {fault.position}: {fault.told}")
