"""The demo, made once for all tests of a process, which takes seconds: to look at, or a copy of its folder to work in."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from workbook_tools.campaign import Campaign
from workbook_tools.shipped.demo import Demo, run_demo

NOW = datetime(2024, 3, 1, 1, tzinfo=UTC)


@cache
def show_demo() -> Demo:
    """To look at: nothing is changed in its folder."""
    place = tempfile.mkdtemp(prefix="wbt-demo-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return run_demo(Path(place) / "自评演示", NOW)


def copy_demo(folder: Path) -> Demo:
    """The demo in a folder of one's own, which is not there yet."""
    made = show_demo()
    shutil.copytree(made.campaign.root, folder)
    issued, summaries, reports = (
        [folder / path.relative_to(made.campaign.root) for path in paths]
        for paths in (made.issued, made.summaries, made.reports)
    )
    return replace(made, campaign=Campaign.open(folder), issued=issued, summaries=summaries, reports=reports)
