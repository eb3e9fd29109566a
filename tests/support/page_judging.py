"""A score that is judged on the page."""

from pathlib import Path

import httpx2 as httpx
from page_visitor import PageVisitor

from workbook_tools.results import read_results
from workbook_tools.results.facts import indicator_entries


def judged(visitor: PageVisitor, root: Path, score: str, reason: str = "现场核实", by: str = "王强") -> httpx.Response:
    """What the page answers when a score of 养护里程 is judged."""
    entry = next(
        e
        for e in indicator_entries(read_results(root / "审核").result)
        if e.project.code == "P01" and e.row.name == "养护里程"
    )
    key = "\x1f".join(map(str, entry.key))
    return visitor.post("project/P01/judge", {"key": key, "score": score, "reason": reason, "by": by})
