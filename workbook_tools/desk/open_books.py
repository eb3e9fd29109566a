"""The workbook as somebody has it open now, with what was typed and not saved yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook_tools.desk import excel
from workbook_tools.desk.libreoffice import LibreOffice
from workbook_tools.desk.program import DeskError, OpenBook, SpreadsheetProgram
from workbook_tools.files.leftovers import temporary_folder

OFFICE_VARIABLE = "WBT_OFFICE"
"""Says what a LibreOffice that is open on this computer listens to: ``pipe,name=wbt;urp;``."""


def attach_running() -> SpreadsheetProgram:
    """The LibreOffice that WBT_OFFICE names, or whatever Excel is open; it is left open. Raises DeskError."""
    if address := os.environ.get(OFFICE_VARIABLE):
        return LibreOffice(attach=address)
    if reason := excel.why_unavailable():
        raise DeskError(
            f"读不到打开着的工作簿：{reason}用 LibreOffice 打开的，照 docs/在Excel中使用.md 的“读正在打开的工作簿”"
            f"设好 {OFFICE_VARIABLE}；或者保存以后去掉 --open。"
        )
    return excel.Excel(attach=True)


def find_open(program: SpreadsheetProgram, path: Path) -> OpenBook | None:
    """The book of that file among those that are open. Raises DeskError."""
    wanted = path.resolve()
    return next((book for book in program.books() if book.path and book.path.resolve() == wanted), None)


@contextmanager
def copy_open_book(path: Path) -> Iterator[Path]:
    """A copy of the open workbook, under its own name, for the length of the block. Raises DeskError if it is not open."""
    with attach_running() as program, temporary_folder() as folder:
        book = find_open(program, path)
        if book is None:
            raise DeskError(f"“{path}”没有在 {program.name} 中打开。去掉 --open，读取保存在文件里的内容。")
        copy = Path(folder, path.name)
        book.save_copy(copy)
        yield copy
