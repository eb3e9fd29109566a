"""What a command costs when it is run again, beside its first run: with nothing changed, and with one workbook in a hundred.

    python benchmarks/again.py [--workbooks 1000] [--share 0.01] [--profile]

A working folder is made with so many projects; its workbooks are issued, filled and sent back. Then ``wbt review``, ``report``,
``merge`` and ``generate`` run as an office runs them, a process each: first, again with nothing changed, and once more after some
units have sent another workbook (and after some projects of the list were renamed). The first run has ``--fresh``, so that each
of them writes the same outputs over those that are there. With nothing changed it runs twice: the first of these runs reads once what was just
written. ``--share 0.001`` of 1,000 is a single workbook.

What is counted is processor time, user and system, of the command and all processes that it starts (Linux).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from costs import measure_command
from samples import projects

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.core.model import Project, ProjectList
from workbook_tools.workbooks.generating import generate

ALIKE = {"CROSS02": "off", "CROSS03": "off"}
"""The projects are copies of a few: that their texts are alike would be most of what there is to tell."""
COMMANDS = ("review", "report", "merge", "generate")


class Office:
    """A working folder whose workbooks have come back."""

    def __init__(self, root: Path, count: int) -> None:
        self.root, self.listed = root, projects(count)
        root.parent.mkdir(parents=True, exist_ok=True)
        compiled = {"PYTHONPYCACHEPREFIX": str(root.parent / "compiled")}
        others = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.environment = others | compiled
        """The program's modules are compiled once, as they are where it is installed."""
        self.campaign = Campaign.create(root, Settings(year=2023, authority="示例县财政局", checks=ALIKE))
        self.write_list(self.listed)
        self.wbt("generate", "-q")
        self.send(self.listed)

    def write_list(self, listed: Sequence[Project]) -> None:
        plain = tuple(project.model_copy(update={"answers": None}) for project in listed)
        text = ProjectList(year=2023, projects=plain).model_dump_json()
        (self.root / "项目清单.json").write_text(text, "utf-8")

    def send(self, sent: Sequence[Project]) -> None:
        """Put filled workbooks of these projects into 回收, as what they were issued last."""
        from workbook_tools.campaign.ledger.keeping import find_last_issues

        last = find_last_issues(self.campaign, {2023}, [])
        key, inbox = self.campaign.signing_key(), self.campaign.folder("回收")
        generate(sent, inbox, key, self.campaign.notice, issues=last, prefill=True, overwrite=True)

    def change(self, share: float) -> None:
        """Some units send another workbook: they have spent less."""
        every = max(1, round(1 / share))
        changed = []
        for project in self.listed[::every]:
            given = project.answers
            assert given is not None
            first = given.indicators[0].model_copy(update={"deviation_reason": f"{datetime.now(UTC):%H%M%S}说明"})
            update = {"answers": given.model_copy(update={"indicators": (first, *given.indicators[1:])})}
            changed.append(project.model_copy(update=update))
        self.send(changed)

    def rename(self, share: float) -> None:
        """Some projects of the list are to be issued anew."""
        every = max(1, round(1 / share))
        contact = f"{datetime.now(UTC):%H%M%S}"
        self.write_list(
            [
                project.model_copy(update={"annual_goal": contact}) if number % every == 0 else project
                for number, project in enumerate(self.listed)
            ]
        )

    def wbt(self, *arguments: str, profile: str = "") -> float:
        """Run a command; the processor time that it took, with all that it started."""
        watched = ["-m", "cProfile", "-o", profile] if profile else []
        command = [sys.executable, *watched, "-m", "workbook_tools", *arguments]
        return measure_command(command, self.root, self.environment, findings=True).used


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workbooks", type=int, default=1000)
    parser.add_argument("--share", type=float, default=0.01)
    parser.add_argument("--commands", nargs="+", choices=COMMANDS, default=COMMANDS)
    parser.add_argument("--profile", type=Path, help="a folder for the profiles of the last runs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        office = Office(Path(temporary) / "自评2023", options.workbooks)
        print(
            f"| command, {options.workbooks} | first, s | nothing changed | of the first | once more | of the first "
            f"| {options.share:.1%} changed | of the first |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for name in options.commands:
            if name in ("report", "merge"):
                office.wbt("review", "-q")
            first, same, more = office.wbt(name, "-q", "--fresh"), office.wbt(name, "-q"), office.wbt(name, "-q")
            (office.rename if name == "generate" else office.change)(options.share)
            if name in ("report", "merge"):
                office.wbt("review", "-q")
            profile = str(options.profile / f"{name}.prof") if options.profile else ""
            some = office.wbt(name, "-q", *(["--overwrite"] if name == "generate" else []), profile=profile)
            again = " | ".join(f"{took:.2f} | {took / first:.1%}" for took in (same, more, some))
            print(f"| {name} | {first:.2f} | {again} |", flush=True)


if __name__ == "__main__":
    main()
