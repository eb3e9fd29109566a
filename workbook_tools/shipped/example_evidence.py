"""What two units of the example send beside their workbooks as 佐证材料: a folder and a zip. Names and contents are thought up.

They list it on the sheet 佐证材料 (in projects.json). One file is listed and absent, one has come and is not listed, as it happens.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbook_tools.files.paths import replace_file
from workbook_tools.word.drawing import draw_document, paragraph
from workbook_tools.workbooks.generating import Generated

_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "QW2021-001": ("设备采购合同.docx", "系统验收单.docx", "企业满意度问卷汇总.docx", "会议纪要.docx")
}
_ZIPS: Mapping[str, tuple[str, ...]] = {"QW2021-002": ("监控点位验收单.docx", "群众满意度问卷汇总.docx")}
_SUFFIX = ".佐证"


def place_evidence(workbooks: Iterable[Generated]) -> None:
    """Put it beside the workbooks that came. Raises OutputError."""
    for item in workbooks:
        beside = item.path.with_name(item.path.stem + _SUFFIX)
        for name in _FOLDERS.get(item.code, ()):
            replace_file(beside / name, _draw_file(name))
        if names := _ZIPS.get(item.code):
            replace_file(beside.with_name(f"{beside.name}.zip"), _pack(names))


def _draw_file(name: str) -> bytes:
    title = Path(name).stem
    return draw_document([paragraph(f"{title}（演示用，没有内容）")], title=title)


def _pack(names: Iterable[str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), _draw_file(name))
    return buffer.getvalue()
