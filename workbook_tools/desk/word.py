"""Word for Windows prints documents into PDFs, by COM (pywin32, which the extra ``excel`` brings along)."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any, Self

from workbook_tools.desk.program import DeskError
from workbook_tools.files.package import read_file
from workbook_tools.word.contents import asks_for_update

ENDINGS = frozenset({".docx", ".doc"})
_PDF = 17
"""wdExportFormatPDF"""
_NO_ALERTS, _DISCARD, _FORCE_DISABLE = 0, 0, 3
"""wdAlertsNone, wdDoNotSaveChanges, msoAutomationSecurityForceDisable"""


def why_unavailable() -> str:
    """Empty if Word may be used here; else what is missing."""
    if sys.platform != "win32":
        return "只有 Windows 上能用 Word 转换文档。"
    if importlib.util.find_spec("win32com") is None:
        return "没有安装 pywin32。请运行 pip install workbook-tools[excel]。"
    return ""


class Word:
    """A Word of our own, unseen."""

    name = "Word"
    endings = ENDINGS

    def __init__(self) -> None:
        if trouble := why_unavailable():
            raise DeskError(trouble)
        self._app: Any = None

    def __enter__(self) -> Self:
        try:
            self._app = importlib.import_module("win32com.client").DispatchEx("Word.Application")
            self._app.Visible = False
            self._app.DisplayAlerts = _NO_ALERTS
            self._app.AutomationSecurity = _FORCE_DISABLE
        except Exception as exc:
            raise DeskError(f"无法启动 Word，是否已安装？（{type(exc).__name__}）") from exc
        return self

    def __exit__(self, *_: object) -> None:
        app, self._app = self._app, None
        if app is not None:
            app.Quit(_DISCARD)

    def to_pdf(self, source: Path, target: Path, password: str = "") -> None:
        """See :class:`~workbook_tools.desk.program.PdfMaker`."""
        try:
            document = self._app.Documents.Open(
                str(source.resolve()),
                ConfirmConversions=False,
                ReadOnly=True,
                AddToRecentFiles=False,
                # Without a password Word would ask for one, unseen; a wrong one is an error.
                PasswordDocument=password or "-",
            )
            try:
                if source.suffix.lower() == ".docx" and asks_for_update(read_file(source)):
                    for contents in document.TablesOfContents:
                        contents.Update()
                document.ExportAsFixedFormat(str(target.resolve()), _PDF)
            finally:
                document.Close(_DISCARD)
        except Exception as exc:
            raise DeskError(f"Word 无法把“{source}”转成 PDF，是否有打开密码或已损坏？（{type(exc).__name__}）") from exc
