"""Excel for Windows or macOS as a spreadsheet program, through xlwings (extra ``excel``).

xlwings speaks with Excel by COM on Windows and by Apple events on macOS. What it has no word for (protection, refresh,
full calculation, copies) goes to the objects underneath, which differ between the two. The tests drive this module
against a stand-in for xlwings, up to the border of the application; Excel itself was not at hand when it was written.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

from workbook_tools.core.values import DAY_ZERO
from workbook_tools.desk.program import DeskError, Value

ENDINGS = frozenset({".xlsx", ".xlsm", ".xls"})
_FORCE_DISABLE = 3
"""msoAutomationSecurityForceDisable: no macro of a file runs, no question is asked."""
_LOW = 1
"""msoAutomationSecurityLow"""


def why_unavailable() -> str:
    """Empty if Excel may be used here; else what is missing and what to do."""
    if sys.platform not in ("win32", "darwin"):
        return "只有 Windows 和 macOS 上能用 Excel。"
    if importlib.util.find_spec("xlwings") is None:
        return "没有安装 xlwings。请运行 pip install workbook-tools[excel]。"
    return ""


class Excel:
    """An Excel of our own, unseen; with ``attach``, the Excels that are open on the desktop, which are left running."""

    name = "Excel"
    endings = ENDINGS

    def __init__(self, *, attach: bool = False) -> None:
        if trouble := why_unavailable():
            raise DeskError(trouble)
        self._xlwings: Any = importlib.import_module("xlwings")
        self._attach = attach
        self._app: Any = None

    def __enter__(self) -> Self:
        if not self._attach:
            with _translate_faults("无法启动 Excel，是否已安装？"):
                self._app = self._xlwings.App(visible=False, add_book=False)
                self._app.display_alerts = False
                self._app.screen_updating = False
        return self

    def __exit__(self, *_: object) -> None:
        app, self._app = self._app, None
        if app is not None:
            try:
                app.quit()
            except Exception:
                app.kill()

    def open(self, path: Path, password: str = "", *, macros: bool = False) -> ExcelBook:
        """See :class:`~workbook_tools.desk.program.SpreadsheetProgram`."""
        if not path.is_file():
            raise DeskError(f"找不到文件 {path}。")
        if self._app is None:
            raise DeskError("这里只读取已经打开的工作簿，不另外打开文件。")
        with _translate_faults(f"Excel 打不开“{path}”，是否有打开密码或已损坏？"):
            if _on_windows():
                self._app.api.AutomationSecurity = _LOW if macros else _FORCE_DISABLE
            book = self._app.books.open(
                str(path.resolve()),
                update_links=False,
                # Without a password Excel would ask for one, unseen; a wrong one is an error.
                password=password or "-",
                ignore_read_only_recommended=True,
                add_to_mru=False,
            )
        return ExcelBook(book)

    def books(self) -> list[ExcelBook]:
        """See :class:`~workbook_tools.desk.program.SpreadsheetProgram`."""
        with _translate_faults("无法读取 Excel 中打开的工作簿。是否有对话框还没有关闭，或正在编辑单元格？"):
            apps = self._xlwings.apps if self._app is None else [self._app]
            return [ExcelBook(book) for app in apps for book in app.books]

    def to_pdf(self, source: Path, target: Path, password: str = "") -> None:
        """See :class:`~workbook_tools.desk.program.PdfMaker`."""
        book = self.open(source, password)
        try:
            book.recalculate()
            book.export_pdf(target)
        finally:
            book.close()


@dataclass(slots=True)
class ExcelBook:
    """See :class:`~workbook_tools.desk.program.OpenBook`."""

    book: Any
    _place: str = field(init=False, default="")

    def __post_init__(self) -> None:
        with _translate_faults("无法读取工作簿的名称"):
            self._place = f"“{self.book.name}”："

    @property
    def path(self) -> Path | None:
        """The file, if it is one."""
        with _translate_faults(f"{self._place}无法读取文件位置"):
            found = Path(self.book.fullname)
        return found if found.is_absolute() else None

    def sheets(self) -> list[str]:
        """Names in their order."""
        with _translate_faults(f"{self._place}无法读取工作表"):
            return [sheet.name for sheet in self.book.sheets]

    def recalculate(self) -> None:
        """All formulas."""
        with _translate_faults(f"{self._place}重算失败"):
            if _on_windows():
                self.book.app.api.CalculateFull()
            else:
                self.book.app.api.calculate_full()

    def refresh(self) -> None:
        """Links, queries, pivot tables; queries that run in the background are waited for."""
        with _translate_faults(f"{self._place}刷新失败"):
            if _on_windows():
                self.book.api.RefreshAll()
                self.book.app.api.CalculateUntilAsyncQueriesDone()
            else:
                self.book.api.refresh_all()
        self.recalculate()

    def values(self, sheet: str, area: str) -> list[list[Value]]:
        """What the cells hold."""
        found = self._sheet(sheet)
        with _translate_faults(f"{self._place}单元格区域“{area}”写得不对"):
            rows = found.range(area).options(ndim=2, dates=_to_serial, err_to_str=True).value
        return [[_to_value(value) for value in row] for row in rows]

    def write(self, sheet: str, cell: str, rows: Sequence[Sequence[Value]]) -> None:
        """Put values in; the apostrophe keeps a text from being taken for a formula or a number."""
        found = self._sheet(sheet)
        if rows:
            with _translate_faults(f"{self._place}无法写入“{sheet}”。是否受保护，或正在编辑单元格？"):
                found.range(cell).value = [[f"'{v}" if isinstance(v, str) else v for v in row] for row in rows]

    def is_protected(self, sheet: str) -> bool:
        """Whether it is locked."""
        api = self._sheet(sheet).api
        with _translate_faults(f"{self._place}无法读取“{sheet}”的保护状态"):
            return bool(api.ProtectContents if _on_windows() else api.protect_contents.get())

    def protect(self, sheet: str, password: str = "") -> None:
        """Lock it."""
        api = self._sheet(sheet).api
        with _translate_faults(f"{self._place}无法保护工作表“{sheet}”"):
            if _on_windows():
                api.Protect(password)
            else:
                api.protect_worksheet(password=password)

    def unprotect(self, sheet: str, password: str = "") -> None:
        """Unlock it."""
        api = self._sheet(sheet).api
        with _translate_faults(f"{self._place}工作表“{sheet}”的保护密码不对"):
            if _on_windows():
                api.Unprotect(password)
            else:
                api.unprotect(password=password)
        if self.is_protected(sheet):
            raise DeskError(f"{self._place}工作表“{sheet}”的保护密码不对。")

    def run_macro(self, name: str, *arguments: float | str) -> Value:
        """``模块.过程``."""
        with _translate_faults(f"{self._place}没有宏“{name}”，或者它运行出错"):
            return _to_value(self.book.macro(name)(*arguments))

    def import_modules(self, sources: Sequence[Path]) -> None:
        """Have Excel itself compile VBA modules (.bas and .cls files in the system's code page) into the book."""
        if not _on_windows():
            raise DeskError("macOS 上的 Excel 不能由程序导入宏，请在 VBA 编辑器中用 文件 → 导入文件。")
        with _translate_faults(
            f"{self._place}Excel 不让程序导入宏。请在 文件 → 选项 → 信任中心 → 信任中心设置 → 宏设置 中"
            "勾选“信任对 VBA 工程对象模型的访问”，用完再去掉"
        ):
            for source in sources:
                self.book.api.VBProject.VBComponents.Import(str(source.resolve()))

    def export_pdf(self, path: Path) -> None:
        """All that prints."""
        with _translate_faults(f"{self._place}无法导出 PDF“{path}”，是否正在别处打开？"):
            self.book.to_pdf(str(path.resolve()), exclude_start_string="\0")

    def save(self) -> None:
        """In place."""
        with _translate_faults(f"{self._place}无法保存"):
            self.book.save()

    def save_as(self, path: Path) -> None:
        """From now on it is that file."""
        with _translate_faults(f"{self._place}无法保存为“{path}”，是否正在别处打开？"):
            self.book.save(str(path.resolve()))

    def save_copy(self, path: Path) -> None:
        """It stays what it is."""
        if not _on_windows():
            raise DeskError("macOS 上的 Excel 不能另存副本，请先保存工作簿，再处理文件。")
        with _translate_faults(f"{self._place}无法保存副本“{path}”，是否正在别处打开？"):
            self.book.api.SaveCopyAs(str(path.resolve()))

    def close(self) -> None:
        """Without saving."""
        with _translate_faults(f"{self._place}无法关闭"):
            self.book.close()

    def _sheet(self, name: str) -> Any:
        if name not in self.sheets():
            raise DeskError(f"{self._place}没有名为“{name}”的工作表。")
        return self.book.sheets[name]


def _on_windows() -> bool:
    return sys.platform == "win32"


def _to_serial(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, **_: object) -> float:
    """A date as the number that the cell holds."""
    return (date(year, month, day) - DAY_ZERO).days + (3600 * hour + 60 * minute + second) / 86400


def _to_value(found: Any) -> Value:
    if isinstance(found, int | float):
        return float(found)
    return str(found) if found not in (None, "") else None


@contextmanager
def _translate_faults(message: str) -> Iterator[None]:
    """Whatever COM or Apple events raise in the block (their classes exist on their systems only) is told in Chinese."""
    try:
        yield
    except DeskError:
        raise
    except Exception as exc:
        raise DeskError(f"{message.rstrip('。')}（{type(exc).__name__}）。") from exc
