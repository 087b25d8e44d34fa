"""The benchmarks still run against the code that they measure; what they measure is not judged here."""

import io

import pytest
from rich.console import Console

from bench.lines import sections
from bench.report import BEGIN, END, show, write
from bench.run import run
from bench.sizes import TINY

pytestmark = [pytest.mark.usefixtures("processes"), pytest.mark.soak]


def test_every_reported_figure_is_measured_in_a_tiny_run(tmp_path):
    out, page = io.StringIO(), tmp_path / "benchmarks.md"
    page.write_text(f"# By hand\n\n{BEGIN}\nof last time\n{END}\n\nalso by hand\n", encoding="utf-8")

    bench = run(TINY, tmp_path, lambda what: None)
    show(bench.figures, bench.machine, Console(file=out, width=200))
    write(page, bench.figures, bench.machine)

    lines = [line for section in sections(bench.figures) for line in section.lines]
    assert lines
    assert all(len(bench.figures.samples[key]) == TINY.rounds for line in lines for key in (line.key, line.peer))
    assert all(min(bench.figures.samples[line.key]) > 0 for line in lines)
    written = page.read_text(encoding="utf-8")
    assert written.startswith("# By hand\n")
    assert written.endswith("also by hand\n")
    assert "of last time" not in written
