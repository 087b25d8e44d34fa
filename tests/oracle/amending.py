"""What an amendment of the record has to keep to, read from the record itself."""

from __future__ import annotations

from typing import Any

from domain.shared.decider import History
from tests.oracle.account import lines
from tests.oracle.rules import name_of

OF_THE_AGREEMENT = frozenset(
    f"case.{name}"
    for name in (
        *("agreement_reached", "agreement_signed", "agreement_signed_by_mediator", "agreement_sealed"),
        "court_document_issued",
    )
)


def binds_by_all(command: Any, before: History[Any], after: History[Any]) -> None:
    """What takes effect only by the amendment does so by the will of every party (人民调解法 29)."""
    added = [one.event for one in after.entries[before.version :]]
    places = sum(len(one.rewritten) for one in added if one.name in {"case.entry_corrected", "case.entry_struck"})
    newly = added[next(i for i, one in enumerate(added) if hasattr(one, "rewritten")) + 1 + places :]
    if any(one.name == "case.agreement_took_effect" for one in newly):
        assert set(before.state.present_parties) <= set(command.consented)


def consented_by_all(command: Any, history: History[Any]) -> None:
    """Nothing of an agreement that was ever signed, or bound, is changed without the consent of every party."""
    named = command.entries if name_of(command) == "StrikeEntry" else (command.entry,)
    read = lines(history.entries)
    for event in (read[version][0] for version in named):
        if event.name not in OF_THE_AGREEMENT:
            continue
        (reached,) = [
            version
            for version, (one, _) in read.items()
            if one.name == "case.agreement_reached" and one.mediation == event.mediation
        ]
        bound = [
            one.event
            for one in history.entries
            if one.event.name in {"case.agreement_signed", "case.agreement_took_effect"}
            if one.version > reached and one.event.mediation == event.mediation
        ]
        assert not bound or set(history.state.present_parties) <= set(command.consented)
