"""How much memory a review takes at most, process by process, of 1,000, 5,000 and 10,000 workbooks.

    python benchmarks/memory.py FOLDER [--workbooks 1000 5000 10000]

The workbooks are those of ``tools/province.py``, made once into FOLDER: 40 departments whatever the number, so that a department
of ten times as many projects is ten times as large. ``wbt review --fresh`` runs as an office runs it, with list, key, ledger and
workbooks of results. What counts is the most that a process has had (Linux).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from measured_run import Took, run_measured  # noqa: E402 - beside the province


def measure(folder: Path, command: list[str]) -> Took:
    """Run it; exit code 1 is that of findings."""
    took = run_measured(command, folder, folder / ".wbt" / "memory.log", lambda _: None)
    if took.code not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed, see {folder / '.wbt' / 'memory.log'}")
    return took


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workbooks", type=int, nargs="+", default=[1000, 5000, 10_000])
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    print("| workbooks | the command, MB | its largest other process, MB | seconds, clock | processor ms each |")
    print("|---|---|---|---|---|")
    for size in options.workbooks:
        sized = ["--base", "0", "--workbooks", str(size), "--until", "fill"]
        maker = [sys.executable, str(ROOT / "tools" / "province.py"), str(options.folder), *sized]
        subprocess.run(maker, check=True, stdout=subprocess.DEVNULL)
        took = measure(
            options.folder / str(size), [sys.executable, "-m", "workbook_tools", "review", "--fresh", "--quiet"]
        )
        each = 1000 * took.processor / size
        print(
            f"| {size:,} | {took.first / 1e6:.0f} | {took.other / 1e6:.0f} | {took.clock:.0f} | {each:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
