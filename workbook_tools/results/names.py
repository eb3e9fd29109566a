"""What a review's result is called on disk."""

from __future__ import annotations

from pathlib import Path

from workbook_tools.files.paths import is_aside

RESULT_NAME = "审核结果"
"""Of the workbook (.xlsx) and the data (.json)."""
DATA_FOLDER = "审核数据"
"""The same result beside them, a file for each department and kind of row."""
DEPARTMENTS_FOLDER = f"{RESULT_NAME}_各部门"
"""The departments' workbooks, where the result is too large for one."""


def list_workbooks(data: Path) -> list[Path]:
    """Every workbook there may be with yellow cells of a result: the one beside the .json, and those of the departments that are there."""
    return [data.with_suffix(".xlsx"), *(list_department_books(data.parent) if data.stem == RESULT_NAME else ())]


def list_department_books(folder: Path) -> list[Path]:
    """The departments' workbooks beside 审核结果.xlsx, without what was moved aside."""
    found = (folder / DEPARTMENTS_FOLDER).glob(f"{RESULT_NAME}_*.xlsx")
    return sorted(path for path in found if not is_aside(path))
