"""How long the small commands take to start, beside the libraries of any command line: medians of one and the same run.

``python benchmarks/startup.py`` prints the CPU time of each process and its ratio to ``import typer, rich``; run it where
the package is installed. The goals are 1.5 for ``--version`` and ``--help``, and 2 for ``status``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from costs import measure_command

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.projects import project_list_workbook
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.shipped.example import load_example

PEER = "import typer, rich"
PEERS = ("pass", PEER, "import pydantic", "import sqlalchemy", "import pandas")
COMMANDS = {"--version": 1.5, "--help": 1.5, "status": 2.0}
"""With the goal of each."""


def working_folder(folder: Path) -> Path:
    """A working folder with the example on its list, and a ledger."""
    example = load_example()
    campaign = Campaign.create(folder / "自评", Settings(year=example.year))
    campaign.project_list.write_bytes(project_list_workbook(example, load_scheme(example.scheme)))
    campaign.open_ledger().close()
    return campaign.root


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="各命令的启动时间")
    parser.add_argument("--runs", type=int, default=15, help="每个命令运行几次，默认 15")
    runs = parser.parse_args().runs
    commands = {code: [sys.executable, "-c", code] for code in PEERS}
    commands |= {f"wbt {name}": [sys.executable, "-m", "workbook_tools", name] for name in COMMANDS}
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as place:
        folder = working_folder(Path(place))
        for _ in range(runs + 1):  # in turn, so that a busy moment spoils one round of all
            for name, command in commands.items():
                times[name].append(measure_command(command, folder).used)
    medians = {name: statistics.median(found[1:]) for name, found in times.items()}  # the first warms the disk
    for name, median in medians.items():
        goal = COMMANDS.get(name.removeprefix("wbt "))
        told = f"  目标 {goal:g}" if goal else ""
        print(f"{name:<20} {median * 1000:6.0f} ms  {median / medians[PEER]:5.2f}{told}")


if __name__ == "__main__":
    main()
