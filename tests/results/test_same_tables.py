"""What is worked out once for all rows of a table changes nothing in the workbook: 审核结果 and 汇总 are the same to the last byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from plain_writing import by_plain_tables, by_xlsxwriter_alone
from result_builder import HOSTILE, hostile, pending, project, result, unscored

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.results.workbook import write_workbook
from workbook_tools.summary import write_summaries

RESULTS: dict[str, Callable[[], ReviewResult]] = {
    "usual": lambda: result([*map(project, range(40)), unscored(70), pending(71)]),
    "hostile": lambda: result([hostile(text, number) for number, text in enumerate(HOSTILE)]),
    "long texts": lambda: result([hostile("很长的文字，一行写不下。" * n, n) for n in (1, 3, 9, 40, 200, 2_000)]),
    "nothing": lambda: result([]),
}


def write(content: ReviewResult, folder: Path) -> dict[str, bytes]:
    inbox = folder / "回收"
    for row in content.projects[:20]:
        if row.file.startswith("单位"):
            (inbox / row.file).parent.mkdir(parents=True, exist_ok=True)
            (inbox / row.file).touch()
    write_workbook(content, folder / "审核结果.xlsx", inbox=inbox)
    write_summaries(content, folder / "汇总", inbox=inbox)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("汇总*.xlsx"))} | {
        "审核结果.xlsx": (folder / "审核结果.xlsx").read_bytes()
    }


@pytest.mark.parametrize("name", RESULTS)
def test_workbooks_are_the_same_as_drawn_cell_by_cell(name: str, tmp_path: Path) -> None:
    content = RESULTS[name]()
    ours = write(content, tmp_path / "一")
    with by_plain_tables():
        plain = write(content, tmp_path / "二")
    assert [path for path in ours if ours[path] != plain[path]] == []


def test_workbooks_are_the_same_as_xlsxwriter_alone_writes_them(tmp_path: Path) -> None:
    content = RESULTS["usual"]()
    ours = write(content, tmp_path / "一")
    with by_xlsxwriter_alone():
        plain = write(content, tmp_path / "二")
    assert [path for path in ours if ours[path] != plain[path]] == []
