"""`python -m bench`: all of it in one run; the figures go to docs/benchmarks.md."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.console import Lines
from bench import growth, machine, profiles, province
from bench.report import show, write, write_growth, write_profiles, write_province
from bench.run import Bench, run
from bench.sizes import FULL, QUICK, Sizes

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
PARTS = 5


def main() -> None:
    parser = ArgumentParser(prog="python -m bench", description="Measure, each figure beside its peer.")
    parser.add_argument("--quick", action="store_true", help="small sizes, one round, and nothing written")
    parser.add_argument("--rounds", type=int, help="how many rounds the medians are taken of")
    parser.add_argument("--growth", action="store_true", help="ten thousand cases and a million: takes half an hour")
    parser.add_argument("--cases", type=int, nargs=2, default=(10_000, 1_000_000), help="other sizes for --growth")
    parser.add_argument("--province", action="store_true", help="the board of a province's year: takes ten minutes")
    parser.add_argument("--profile", action="store_true", help="where the time goes: takes two minutes")
    asked = parser.parse_args()
    if asked.profile:
        profile()
        return
    if asked.growth:
        grow(tuple(asked.cases), asked.rounds or 5)
        return
    if asked.province:
        over_a_province(asked.rounds or 20)
        return
    sizes = QUICK if asked.quick else FULL
    sizes = replace(sizes, rounds=asked.rounds) if asked.rounds else sizes
    out = Lines()
    bench = measured(sizes, out)
    show(bench.figures, bench.machine, out)
    if not asked.quick:
        write(PAGE, bench.figures, bench.machine)


def grow(sizes: tuple[int, int], rounds: int) -> None:
    out = Lines()
    with TemporaryDirectory() as folder:
        small, large = growth.run(Path(folder), sizes, rounds, out.print)
    out.print(small, large)
    write_growth(PAGE, small, large, machine.hardware())


def over_a_province(rounds: int) -> None:
    out = Lines()
    with TemporaryDirectory() as folder:
        seen = province.run(Path(folder), rounds, out.print)
    out.print(seen)
    write_province(PAGE, seen, machine.hardware())


def profile() -> None:
    out = Lines()
    with TemporaryDirectory() as folder:
        found = list(profiles.run(Path(folder), out.print))
    write_profiles(PAGE, found, machine.hardware())


def measured(sizes: Sizes, out: Console) -> Bench:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with TemporaryDirectory() as folder, Progress(*columns, console=out) as progress:
        task = progress.add_task("PostgreSQL", total=1 + sizes.rounds * PARTS)
        done = iter(range(2 + sizes.rounds * PARTS))
        bench = run(sizes, Path(folder), lambda what: progress.update(task, description=what, completed=next(done)))
        progress.update(task, description="done", completed=1 + sizes.rounds * PARTS)
    return bench


if __name__ == "__main__":
    main()
