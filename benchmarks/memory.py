"""How much memory review, merge and report take at most, process by process, of 1,000, 10,000 and 50,000 workbooks.

    python benchmarks/memory.py FOLDER [--workbooks 1000 10000 50000] [--workers 2]

The workbooks are those of ``tools/province.py``, made once into FOLDER: 40 departments whatever the number, so that a department
of ten times as many projects is ten times as large. The commands run afresh as an office runs them, with lists, key, ledger and all
outputs; of reports those of a sample. What counts is the most that a process has had (Linux), and how that grows with the number.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

import province

COMMANDS = ("review", "merge", "report")


def measure(folder: Path, size: int, workers: int) -> dict[str, province.Phase]:
    """What ``province.py`` has measured of each command."""
    options = ["--base", "0", "--workbooks", str(size), "--workers", str(workers)]
    maker = [sys.executable, province.__file__, str(folder), *options]
    subprocess.run([*maker, "--until", "fill"], check=True, stdout=sys.stderr)
    subprocess.run([*maker, "--until", COMMANDS[-1], "--again", COMMANDS[0]], check=True, stdout=sys.stderr)
    return province.read_phases(folder / f"{size}.json")


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workbooks", type=int, nargs="+", default=[1000, 10_000, 50_000])
    parser.add_argument("--workers", type=int, default=0, help="processes; 0: one per core")
    options = parser.parse_args()
    print("| workbooks | command | its process, MB | largest other, MB | of the fewest | processor ms each |")
    print("|---|---|---|---|---|---|")
    fewest: dict[str, int] = {}
    for size in options.workbooks:
        measured = measure(options.folder, size, options.workers)
        for command in COMMANDS:
            took = measured[command]
            peak = max(took.first, took.other)
            grown = peak / fewest.setdefault(command, peak)
            each = 1000 * took.processor / (took.reports or size)
            print(
                f"| {size:,} | {command} | {took.first / 1e6:.0f} | {took.other / 1e6:.0f} | {grown:.2f} | {each:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
