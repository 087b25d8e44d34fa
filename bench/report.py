"""Figures as a table on the terminal, and as the generated part of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import Figures, Spread
from bench.growth import Grown
from bench.lines import Line, Section, sections
from bench.profiles import Profile
from bench.province import Seen

BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of the figures -->"
HEADINGS = ("what", "unit", "ours", "min–max", "beside", "peer", "min–max", "ours : peer")


def show(figures: Figures, machine: Mapping[str, str], out: Console) -> None:
    for name, value in machine.items():
        out.print(f"{name}: {value}")
    for section in sections(figures):
        table = Table(*HEADINGS, title=section.title)
        for line in section.lines:
            table.add_row(*_cells(line, figures))
        out.print(table)


def write(file: Path, figures: Figures, machine: Mapping[str, str]) -> None:
    _write_between(file, BEGIN, END, _markdown(figures, machine))


def _write_between(file: Path, mark: str, last: str, lines: Iterator[str]) -> None:
    """Replaces what stands between the marks; what was written by hand around them stays."""
    before, begin, rest = file.read_text(encoding="utf-8").partition(mark)
    _, end, after = rest.partition(last)
    if not (begin and end):
        raise ValueError(f"{file.name} has no place for it: {mark}")
    text = "\n".join(lines)
    file.write_text(f"{before}{mark}\n\n{text}\n{last}{after}", encoding="utf-8")


GROWTH_BEGIN, GROWTH_END = "<!-- growth: written by `python -m bench --growth` -->", "<!-- end of the growth -->"


def write_growth(file: Path, small: Grown, large: Grown, machine: Mapping[str, str]) -> None:
    _write_between(file, GROWTH_BEGIN, GROWTH_END, _growth(small, large, machine))


PROVINCE_BEGIN, PROVINCE_END = (
    "<!-- province: written by `python -m bench --province` -->",
    "<!-- end of the province -->",
)


def write_province(file: Path, seen: Seen, machine: Mapping[str, str]) -> None:
    _write_between(file, PROVINCE_BEGIN, PROVINCE_END, _province(seen, machine))


def _province(seen: Seen, machine: Mapping[str, str]) -> Iterator[str]:
    yield f"{machine['Date']}, {machine['Processor']}; {number(seen.cases)} cases with {number(seen.rows)} dated rows;"
    yield "p95 in milliseconds, by the area that is asked about."
    yield ""
    levels = list(next(iter(seen.p95.values())))
    yield f"| | {' | '.join(levels)} |"
    yield f"|---|{'--:|' * len(levels)}"
    yield from (
        f"| {what} | {' | '.join(f'{by_level[one]:.0f}' for one in levels)} |" for what, by_level in seen.p95.items()
    )


PROFILES_BEGIN, PROFILES_END = (
    "<!-- profiles: written by `python -m bench --profile` -->",
    "<!-- end of the profiles -->",
)
LEAST = 0.03
"""Of the time: what takes less is summed up."""


def write_profiles(file: Path, found: Sequence[Profile], machine: Mapping[str, str]) -> None:
    _write_between(file, PROFILES_BEGIN, PROFILES_END, _profiles(found, machine))


def _profiles(found: Sequence[Profile], machine: Mapping[str, str]) -> Iterator[str]:
    yield f"{machine['Date']}, {machine['Processor']}; where the innermost Python frame stood at each millisecond of"
    yield "processor time. What is written in C (JSON, validation, encryption, sockets) counts where it is called."
    for one in found:
        shares = one.sampled.shares(LEAST)
        rest = 1 - sum(share for _, share in shares)
        yield ""
        yield f"| {one.title}: {number(one.each)} µs of processor time a {one.unit} | share |"
        yield "|---|--:|"
        yield from (f"| {name} | {share:.0%} |" for name, share in [*shares, ("all others", rest)])


def _growth(small: Grown, large: Grown, machine: Mapping[str, str]) -> Iterator[str]:
    yield f"{machine['Date']}, {machine['Processor']}; medians of the rounds' p95 over HTTP, one connection."
    yield ""
    yield f"| p95, ms | {small.cases:,} cases | {large.cases:,} cases | growth |"
    yield "|---|--:|--:|--:|"
    for name, p95 in small.p95.items():
        yield f"| {name} | {number(p95)} | {number(large.p95[name])} | {number(large.p95[name] / p95)} × |"
    yield ""
    yield f"| | {small.cases:,} cases | {large.cases:,} cases |"
    yield "|---|--:|--:|"
    yield f"| events in the ledger | {small.events:,} | {large.events:,} |"
    yield f"| imported, events/s | {number(small.imported)} | {number(large.imported)} |"
    yield f"| all read models rebuilt, events/s | {number(small.rebuilt)} | {number(large.rebuilt)} |"
    yield f"| large tables read from end to end meanwhile | {small.scans} | {large.scans} |"


def _markdown(figures: Figures, machine: Mapping[str, str]) -> Iterator[str]:
    fact = figures.facts
    yield (
        f"Medians of {fact['rounds']:.0f} rounds; in each round ours and its peers took turns, {fact['seconds']:g} s"
        " for each throughput. The ratio is the median of the rounds' own ratios."
    )
    yield ""
    yield "| machine | |"
    yield "|---|---|"
    for name, value in machine.items():
        yield f"| {name} | {value} |"
    for section in sections(figures):
        yield from _section(section, figures)


def _section(section: Section, figures: Figures) -> Iterator[str]:
    yield ""
    yield f"### {section.title}"
    yield ""
    yield section.what
    yield ""
    yield f"| {' | '.join(HEADINGS)} |"
    yield "|---|---|--:|--:|---|--:|--:|--:|"
    for line in section.lines:
        yield f"| {' | '.join(_cells(line, figures))} |"
    yield ""


def _cells(line: Line, figures: Figures) -> tuple[str, ...]:
    ours, peer = figures.spread(line.key), figures.spread(line.peer)
    ratio = figures.ratio(line.key, line.peer)
    return (
        line.title,
        line.unit,
        number(ours.median),
        _between(ours),
        line.peer_title,
        number(peer.median),
        _between(peer),
        f"{number(ratio.median)} ×",
    )


def _between(spread: Spread) -> str:
    return f"{number(spread.low)}–{number(spread.high)}"


def number(value: float) -> str:
    """Three figures that count; no more is known."""
    if value >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f}"
