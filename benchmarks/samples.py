"""What benchmarks work on: the projects of the example, so many times over, and their filled workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbook_tools.core.model import Project
from workbook_tools.form.identity import SigningKey
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.generating import generate

KEY = SigningKey(bytes(32))


def projects(count: int) -> list[Project]:
    """Copies of the example's projects that have indicators, with their answers, in twenty departments."""
    models = [project for project in load_example().projects if project.indicators]
    return [
        models[i % len(models)].model_copy(
            update={"code": f"B{i:06d}", "department": f"第{i % 20 + 1}局", "year": 2023}
        )
        for i in range(count)
    ]


def make_workbooks(listed: Sequence[Project], folder: Path) -> list[Path]:
    """Their workbooks with the answers filled in, as they come back from the units."""
    return [made.path for made in generate(listed, folder, KEY, prefill=True)]
