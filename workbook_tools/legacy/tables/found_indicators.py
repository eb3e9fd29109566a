"""What is gathered of one table of indicators while its rows are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbook_tools.legacy.tables.cell_account import CellAccount
from workbook_tools.legacy.tables.headers import Header
from workbook_tools.legacy.words.records import FormIndicator, Stated


@dataclass(kw_only=True)
class FoundIndicators(CellAccount):
    """What the rows of one table say."""

    header: Header
    entries: list[FormIndicator] = field(default_factory=list)
    template_rows: list[Stated] = field(default_factory=list)
    total: Stated | None = None
    total_weight: Stated | None = None
    grade: Stated | None = None
    points: dict[str, Stated] = field(default_factory=dict)
    """Label of a level or goal → the points that it states."""
    levels: dict[str, str] = field(default_factory=lambda: {"level1": "", "level2": ""})
    """一级指标 and 二级指标 as they stand at the row that is read."""
