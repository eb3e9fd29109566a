"""A review in which some files do harm by their names, in whatever process they are read."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from multiprocessing.context import SpawnProcess

from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.intake import Importing
from workbook_tools.review.batches import ReviewedFile, review_files
from workbook_tools.workbooks.reading import Keys


class StillbornProcess(SpawnProcess):
    """A process that ends before it has taken any work."""

    def run(self) -> None:
        os._exit(1)


def spring(name: str) -> None:
    """Die as a process does that has no memory left, or never come back."""
    if "致命" in name:
        os._exit(9)
    if "不返回" in name:
        time.sleep(3600)


def review_trapped_files(
    sources: Sequence[SourceFile], keys: Keys, importing: Importing | None = None
) -> list[ReviewedFile]:
    """As :func:`review_files`."""
    for source in sources:
        spring(source.name)
    return review_files(sources, keys, importing)


def double(numbers: Sequence[int | str]) -> list[int | str]:
    """Work whose items are numbers and names of traps."""
    for number in numbers:
        if isinstance(number, str):
            spring(number)
            if number == "故障":
                raise ValueError(number)
    return [number * 2 for number in numbers]
