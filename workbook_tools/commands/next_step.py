"""``wbt`` without a command: how far the working folder is and what to do next; elsewhere how to begin."""

from __future__ import annotations

from pathlib import Path

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.next_steps import NextStep, Progress, find_next_steps
from workbook_tools.campaign.places import find_below
from workbook_tools.commands import clock
from workbook_tools.commands.terminal import print_line
from workbook_tools.commands.working_folder import find_campaign

_OTHERS = 4
"""So many steps are named beside the first; more would hide it."""


def show_next_step() -> None:
    """Print it. Raises SettingsError (wbt.toml is wrong), LedgerError."""
    campaign = find_campaign()
    if campaign is None:
        _show_beginning(Path.cwd())
    else:
        _show_progress(campaign, find_next_steps(campaign, clock.now()))
    print_line("全部命令：wbt --help。某个命令怎样用：wbt 命令 --help。")


def _show_beginning(here: Path) -> None:
    print_line("这里不是工作文件夹。")
    if below := next(find_below(here, depth=2), None):
        print_line(f"下面有一个：先进入“{below.relative_to(here)}”，再运行 wbt。")
    _show_steps(
        (
            NextStep(f"init {clock.now().year - 1}年自评", "建立一次自评的工作文件夹"),
            NextStep("demo 演示", "先看一遍：用内置的例子走完全过程"),
        )
    )


def _show_progress(campaign: Campaign, progress: Progress) -> None:
    print_line(f"{progress.title}　工作文件夹 {campaign.root.resolve()}")
    for line in (progress.counts, progress.note):
        if line:
            print_line(line)
    if progress.steps:
        _show_steps(progress.steps)
    else:
        print_line("没有要接着做的。看每个项目的情况用 wbt status。")


def _show_steps(steps: tuple[NextStep, ...]) -> None:
    """The first step, then some of the others."""
    first, *others = steps
    print_line(f"接着做：{_word(first)}")
    if others:
        print_line("另外：")
        for step in others[:_OTHERS]:
            print_line(f"  {_word(step)}")


def _word(step: NextStep) -> str:
    return f"wbt {step.command}　{step.reason}。" if step.command else step.reason
